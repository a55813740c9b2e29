//! The one writer of a data directory.

use std::path::Path;
use std::sync::Arc;

use askfirst_catalog::Catalog;

use crate::error::{AppendError, Error};
use crate::import::Importer;
use crate::options::Options;
use crate::project::{Key, OldKeys, ProjectInfo};
use crate::row::{Appended, Batch, ProjectId};
use crate::snapshot::Snapshot;

/// Called once with what became of a batch, on the writer's thread: it must not wait.
pub type Done = Box<dyn FnOnce(Result<Appended, AppendError>) + Send>;

/// Whether events can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Health {
    /// They can.
    Good,
    /// Not now: the disk is full (decision D21). Goes away by itself.
    DiskFull,
    /// Not any more: the disk failed (decision D20). A restart recovers from what is on it.
    Stopped {
        /// The first error.
        reason: String,
    },
    /// The store was closed.
    Closed,
}

/// The writer of a data directory: there is at most one, the others are readers
/// ([`Snapshot::open`]). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {}

impl Store {
    /// Opens a data directory, making it if there is none, and recovers what an earlier
    /// process left.
    ///
    /// # Errors
    ///
    /// [`Error::InUse`] if there is another writer; [`Error::NewerVersion`];
    /// [`Error::Missing`] or [`Error::Corrupt`] if files are not as they were left.
    pub fn open(_dir: &Path, _options: Options) -> Result<Store, Error> {
        Err(Error::Closed)
    }

    /// The time to stamp arrivals with, in milliseconds UTC: the clock's, but never less
    /// than a time stamped before, in this process or an earlier one (decision D34).
    pub fn now_ms(&self) -> i64 {
        0
    }

    /// The catalog rows must be admitted by.
    pub fn catalog(&self) -> &Arc<Catalog> {
        unreachable!("not opened")
    }

    /// Takes a batch: drops rows that were stored before, and calls `done` once the others
    /// are safely on disk (decision D19). Returns at once.
    pub fn append(&self, _batch: Batch, done: Done) {
        done(Err(AppendError::Closed));
    }

    /// [`Store::append`], and waits.
    ///
    /// # Errors
    ///
    /// Nothing of the batch counts as stored.
    pub fn append_wait(&self, _batch: Batch) -> Result<Appended, AppendError> {
        Err(AppendError::Closed)
    }

    /// Whether events can be taken.
    pub fn health(&self) -> Health {
        Health::Closed
    }

    /// Writes everything unsealed to segments, now.
    ///
    /// # Errors
    ///
    /// The rows stay where they are, in the WAL.
    pub fn seal(&self) -> Result<(), Error> {
        Err(Error::Closed)
    }

    /// Seals if a limit says so; what the sealing thread does by itself.
    ///
    /// # Errors
    ///
    /// As [`Store::seal`].
    pub fn seal_if_due(&self) -> Result<(), Error> {
        Err(Error::Closed)
    }

    /// Refuses further batches, seals what is there and lets the directory go. Dropping the
    /// last handle without it leaves the rows in the WAL, where the next start finds them.
    ///
    /// # Errors
    ///
    /// As [`Store::seal`]; the directory is let go all the same.
    pub fn close(&self) -> Result<(), Error> {
        Err(Error::Closed)
    }

    /// An import into a project: one at a time for each.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`], [`Error::ImportRunning`].
    pub fn importer(&self, _project: ProjectId) -> Result<Importer, Error> {
        Err(Error::Closed)
    }

    /// Everything stored so far, the unsealed rows included.
    ///
    /// # Errors
    ///
    /// If files cannot be opened.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        Err(Error::Closed)
    }

    /// Every project, by number.
    pub fn projects(&self) -> Vec<Arc<ProjectInfo>> {
        Vec::new()
    }

    /// The project of a number.
    pub fn project(&self, _id: ProjectId) -> Option<Arc<ProjectInfo>> {
        None
    }

    /// The project a sender's key leads to. One hash and one look-up.
    pub fn project_by_key(&self, _key: &str) -> Option<Arc<ProjectInfo>> {
        None
    }

    /// Makes a project, with its first key. `host` is the id of its profile, and
    /// `retention_days` says how long its events are kept (promise P17).
    ///
    /// # Errors
    ///
    /// [`Error::ProjectExists`], [`Error::ProjectName`].
    pub fn add_project(
        &self,
        _name: &str,
        _host: &str,
        _retention_days: u32,
    ) -> Result<(Arc<ProjectInfo>, Key), Error> {
        Err(Error::Closed)
    }

    /// Gives a project a new key.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`].
    pub fn rotate_key(&self, _id: ProjectId, _old: OldKeys) -> Result<Key, Error> {
        Err(Error::Closed)
    }

    /// Accepts a further key for a project, one that is not ours: the placeholder a shipped
    /// profile names (promise P13).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`]; [`Error::KeyTaken`] if it leads to another project.
    pub fn accept_key(&self, _id: ProjectId, _key: &str) -> Result<(), Error> {
        Err(Error::Closed)
    }

    /// Removes a project for good: its segments, its records in the WAL, its keys and its
    /// secrets.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`]. After any other error the project is still there, or
    /// what is left of its files is deleted at the next start.
    pub fn remove_project(&self, _id: ProjectId) -> Result<(), Error> {
        Err(Error::Closed)
    }
}
