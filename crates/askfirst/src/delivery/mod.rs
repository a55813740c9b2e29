//! How waiting events leave.
//!
//! Never at exit, never by a child process, never in the way of the host: a background thread
//! that starts only when there is something to send and the session lasts, and the next run
//! for what short sessions leave.
//!
//! 1. [`thread`] looks for files nobody is writing and takes them, one at a time.
//! 2. Before every batch it asks [`Permission`] whether the answer is still yes, and holds it
//!    until the reply is in (decision D5): a no in another process is a barrier.
//! 3. [`sending::Sending`] says which events go into the next request and what a reply means,
//!    without doing any of it.
//! 4. [`Transport`](crate::transport::Transport) makes the request.

pub(crate) mod body;
pub(crate) mod round;
pub(crate) mod sending;
pub(crate) mod thread;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::record::Word;

/// The file, beside the spool's folders, that holds what delivery said last.
pub(crate) const SAID: &str = "last-error";

/// Whether events may be sent, asked again before every batch.
pub(crate) trait Permission: Send + fmt::Debug {
    /// A yes that cannot be taken back while it is held: whoever says no waits for it.
    fn hold(&self) -> Result<Box<dyn Held + '_>, NoYes>;

    /// Whether the answer is still yes, under the same id. It may be another the moment after.
    fn still(&self) -> bool;

    /// The folders of `spool` that belong to an id there is; `None` if that cannot be known.
    fn live(&self, spool: &Path) -> Option<Vec<PathBuf>>;
}

/// Why nothing may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoYes {
    /// The answer is being changed: ask again.
    Busy,
    /// It cannot be locked, or a no could not be stored: the disk takes nothing, and says why.
    Disk(String),
    /// The answer is not yes any more, or not under this id.
    Withdrawn,
}

/// A yes, held.
pub(crate) trait Held {}

/// Why events were dropped: the words of the catalog's `loss`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Loss {
    /// The receiver refuses them for good.
    BatchRefused,
    /// A single event the receiver finds too large.
    BatchTooLarge,
    /// They waited too long.
    Expired,
    /// Too many bytes wait.
    SpoolFullBytes,
    /// Too many events wait.
    SpoolFullEvents,
    /// They could not be written.
    WriteFailed,
}

impl Loss {
    /// The catalog's word.
    pub(crate) fn word(self) -> Word {
        const BATCH_REFUSED: Word = Word::of_the_catalog("batch_refused");
        const BATCH_TOO_LARGE: Word = Word::of_the_catalog("batch_too_large");
        const EXPIRED: Word = Word::of_the_catalog("expired");
        const SPOOL_FULL_BYTES: Word = Word::of_the_catalog("spool_full_bytes");
        const SPOOL_FULL_EVENTS: Word = Word::of_the_catalog("spool_full_events");
        const WRITE_FAILED: Word = Word::of_the_catalog("write_failed");
        match self {
            Loss::BatchRefused => BATCH_REFUSED,
            Loss::BatchTooLarge => BATCH_TOO_LARGE,
            Loss::Expired => EXPIRED,
            Loss::SpoolFullBytes => SPOOL_FULL_BYTES,
            Loss::SpoolFullEvents => SPOOL_FULL_EVENTS,
            Loss::WriteFailed => WRITE_FAILED,
        }
    }
}

#[cfg(test)]
mod tests;
