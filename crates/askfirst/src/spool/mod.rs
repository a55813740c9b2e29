//! Where events wait until they are delivered.
//!
//! A folder for each destination and install id, so that what waits is delivered there or
//! nowhere; in it one file for each process, never shared (decision D1): a killed write into a
//! shared file is glued to the next writer's line. The writer holds a lock on its file for
//! life, and whoever delivers takes only files whose lock it gets (D3): the kernel lets go at
//! `kill -9`, so there are no stale claims.
//!
//! A file is one header line, then one line for each event, each the very bytes that are sent:
//!
//! ```text
//! {"askfirst_spool":1,"destination":"https://...","install_id":"...","catalog":"1a2b3c4d"}
//! {"event":"launched","properties":{...},"distinct_id":"...","uuid":"...","timestamp":"..."}
//! ```
//!
//! Whole lines count. A line that is not whole is an event whose `record` never returned.

mod binding;
mod bounds;
mod claim;
mod keep;
mod lines;
mod peek;
mod sweep;
mod writer;

pub(crate) use binding::Binding;
pub(crate) use bounds::{Dropped, keep_within_bounds};
pub(crate) use claim::{Claimed, Waiting, claim};
pub(crate) use keep::{Keep, OnDisk};
pub(crate) use peek::{Peeked, peek};
pub(crate) use sweep::sweep;
pub(crate) use writer::{Appended, Writer};

/// Writes what delivery said last, for its owner alone.
pub(crate) fn write_note(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let beside = path.with_extension("new");
    let _ = std::fs::remove_file(&beside);
    let mut file = writer::private()
        .write(true)
        .create_new(true)
        .open(&beside)?;
    file.write_all(text.as_bytes())?;
    std::fs::rename(&beside, path)
}

/// What spool files end with.
const EXTENSION: &str = "spool";
