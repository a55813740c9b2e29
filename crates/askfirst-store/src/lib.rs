//! Where admitted events live.
//!
//! # The way of one event
//!
//! A [`Row`] comes in a [`Batch`] and goes through
//!
//! 1. **Refusal** ([`Store::append`]): the project must exist, fewer rows may wait than
//!    [`policy`] says, the row must be of the store's catalog. Else the whole batch is given
//!    back with an [`AppendError`], and none of it counts as stored.
//! 2. **Deduplication**: project, raw time and key tell an event from every other. One that
//!    was stored in the last 36 days is dropped here and counted as [`Reason::Duplicate`].
//! 3. **The log**: the batch is encoded and written to the write-ahead log with whatever else
//!    is waiting, and synced. Now the sender is told; from here on the event is never lost.
//! 4. **Waiting**: until it is sealed it stays in memory in its encoded form.
//!    [`Snapshot`]s show it already.
//! 5. **Sealing**: at 131,072 rows, after an hour, or when the store is closed, what waits
//!    becomes one Parquet file for each project, sorted by event, install and time. One
//!    manifest generation makes file, keys and counts visible and the log unneeded.
//! 6. **Merging**: in the background sealed files become larger ones, by size, by day, and by
//!    month once it has closed (decision 0009); [`Retention`] says when rows are hidden and deleted.
//!
//! A line of a log takes another way: an [`Importer`] recognises it by its place among equal
//! lines of its file, gathers rows, and writes a segment directly.
//!
//! Readers, in this process or another, take a [`Snapshot`]: everything stored at one moment,
//! as a [`ProjectView`] with its [`Segment`]s.
//!
//! # What may go wrong
//!
//! The machine may stop at any byte: at the next start what was acknowledged is there once,
//! and what was half-written is gone. A full disk is a state that passes; a failed sync is
//! final, and the store stops. A file that is not as it was left is a refusal that changes
//! nothing. [`Error::remedy`] says what an operator can do. Everything that is done to a disk
//! goes through [`Disk`], so that [`testing::FakeDisk`] can show all of this.
//!
//! The bytes are described in `docs/formats/`.

mod belief;
pub mod clock;
mod codec;
mod dedup;
mod dir;
pub mod disk;
mod erasure;
mod error;
mod hex;
mod import;
mod inspect;
mod keys;
mod lines;
mod manifest;
mod month;
mod options;
mod outcome;
pub mod policy;
mod project;
mod recorded;
mod retention;
mod row;
mod segment;
mod shape;
mod snapshot;
mod store;
mod tally;
pub mod testing;
mod verify;
mod wal;

pub use belief::Doubt;
pub use clock::{Clock, SystemClock};
pub use disk::{Disk, DiskFile, LockGuard, RealDisk};
pub use error::{AppendError, Error};
pub use import::{Imported, Importer, LineKey, Pushed};
pub use inspect::{FileKind, Inspected, List, RECEIPT_KEY, inspect};
pub use options::{Limits, Options};
pub use outcome::{Note, Outcome, Reason};
pub use project::{Key, NewProject, OldKeys, ProjectInfo, Retention};
pub use recorded::Recorded;
pub use row::{Appended, Batch, Consent, ProjectId, Row};
pub use segment::{Origin, Scan, Segment};
pub use snapshot::{ProjectView, Snapshot};
pub use store::{Done, Health, Store};
pub use tally::Tally;
pub use verify::{Counted, Finding, Progress, Verified, verify};
