//! Existing logs, read once or many times, stored once (decision D18).

use crate::error::Error;
use crate::outcome::{Note, Reason};
use crate::row::{ProjectId, Row};

/// What tells a line of a log from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKey {
    /// A hash of its bytes. Equal lines of one file are different events: the k-th equal
    /// line of a file is the k-th event.
    Line(u64),
    /// A hash of the `uuid` it carries. The same uuid is the same event.
    Uuid(u64),
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It is new and will be stored with the next commit.
    Stored,
    /// An earlier import stored it, or this one has.
    AlreadyThere,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Lines stored.
    pub stored: u64,
    /// Lines refused for the first time.
    pub refused: u64,
    /// Lines an earlier import had dealt with.
    pub already_there: u64,
}

/// An import into one project. Writes segments directly, past the WAL; holds at most
/// [`policy::SEAL_ROWS`](crate::policy::SEAL_ROWS) rows. What is not committed when it is
/// dropped is as if it had never been pushed, and the next import finds it missing.
#[derive(Debug)]
pub struct Importer {
    project: ProjectId,
}

impl Importer {
    /// The project it imports into.
    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// Begins another file: equal lines are counted from one again.
    pub fn next_file(&mut self) {}

    /// Takes a line that was admitted. The store sets the row's consent and order.
    ///
    /// # Errors
    ///
    /// If what was gathered had to be committed and could not be.
    pub fn push(
        &mut self,
        _key: LineKey,
        _row: Row,
        _notes: &[(Note, u32)],
    ) -> Result<Pushed, Error> {
        Err(Error::Closed)
    }

    /// Counts a line that was refused, once however often it is imported. It is looked at
    /// again in every import: a later catalog may admit it.
    ///
    /// # Errors
    ///
    /// As [`Importer::push`].
    pub fn refuse(&mut self, _key: LineKey, _reason: Reason) -> Result<Pushed, Error> {
        Err(Error::Closed)
    }

    /// Makes everything pushed so far durable and visible, with one manifest generation.
    ///
    /// # Errors
    ///
    /// The rows stay gathered; the call can be repeated once there is room.
    pub fn commit(&mut self) -> Result<(), Error> {
        Err(Error::Closed)
    }

    /// Commits, and says what was done.
    ///
    /// # Errors
    ///
    /// As [`Importer::commit`].
    pub fn finish(mut self) -> Result<Imported, Error> {
        self.commit()?;
        Ok(Imported::default())
    }
}
