//! Merging: sorted files in, sorted files out, whatever their size, in bounded memory
//! (decision D11, `docs/decisions/0009-merging.md`).
//!
//! [`run`] is the core that everything shares that writes sealed rows again: *these input
//! files, this filter, these outputs*. Merging by size and age, and retention, which leaves
//! rows out, differ only in the [`Job`] they hand it. It commits nothing:
//! `Shared::replace` does, which is what callers outside of this module use.
//!
//! # Memory
//!
//! Of each input (at most [`policy::MERGE_FILES`]) the page and the dictionary of every
//! column that the reader is at, and of all inputs together at most twice as many batches of
//! [`policy::MERGE_BATCH_ROWS`] rows. At most [`policy::MERGE_WRITERS`] outputs are written
//! at a time, each with one row group of at most about [`policy::MERGE_GROUP_BYTES`], all of
//! them with at most [`policy::MERGE_BYTES`]; if there are more, the inputs are read again for
//! the next ones. None of it grows with the number of rows.

mod days;
mod input;
mod output;
mod pass;

use crate::dir::Dir;
use crate::error::Error;
use crate::manifest::SegmentFile;
use crate::policy;
use crate::row::ProjectId;

pub(crate) use days::days;

/// What decides where a row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times {
    /// The day it happened, by corrected time.
    pub(crate) day: i32,
    /// The day it arrived.
    pub(crate) arrived: i32,
}

/// Which output a row goes to, by its position; `None` leaves it out.
pub(crate) type Route<'a> = &'a dyn Fn(Times) -> Option<usize>;

/// What to merge, and where to.
pub(crate) struct Job<'a> {
    pub(crate) dir: &'a Dir,
    pub(crate) project: ProjectId,
    /// Files of one origin, those whose rows arrived first in front: rows equal in event,
    /// install and time come out in this order, and within a file in the file's.
    pub(crate) inputs: &'a [SegmentFile],
    /// The level of each output. One that gets no row becomes no file, one that gets many
    /// becomes several.
    pub(crate) levels: &'a [u8],
    pub(crate) route: Route<'a>,
    /// Rows of a file after which another is begun.
    pub(crate) file_rows: u64,
    /// A number for a new file, never used before.
    pub(crate) number: &'a dyn Fn() -> Result<u64, Error>,
    /// Whether to give up.
    pub(crate) stop: &'a dyn Fn() -> bool,
}

/// Why there are no outputs. What was written of them is gone.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was told to stop.
    Stopped,
    /// An input is not what it was written as, or cannot be read.
    Input(Error),
    /// An output cannot be written.
    Output(Error),
}

/// Writes the outputs and syncs them, but not yet the directory. `expires` of what it
/// returns is for the caller to set, who knows how long rows are kept.
pub(crate) fn run(job: &Job<'_>) -> Result<Vec<SegmentFile>, Failure> {
    for file in job.inputs {
        input::verify(job, file)?;
    }
    let mut written = Vec::new();
    let mut first = 0;
    while first < job.levels.len() {
        let end = job.levels.len().min(first + policy::MERGE_WRITERS);
        if let Err(failure) = pass::run(job, first..end, &mut written) {
            discard(job.dir, job.project, &written);
            return Err(failure);
        }
        first = end;
    }
    Ok(written)
}

/// Removes outputs that nothing names. One that cannot be removed is at the next start.
pub(crate) fn discard(dir: &Dir, project: ProjectId, files: &[SegmentFile]) {
    for file in files {
        let _ = dir.remove(&dir.segment(project, file.file));
    }
}
