//! The one writer of a data directory.

mod append;
mod background;
mod files;
mod keys;
mod merging;
mod open;
mod projects;
pub(crate) mod seal;
pub(crate) mod state;
mod writer;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use askfirst_catalog::Catalog;

use crate::belief::Doubt;
use crate::error::{AppendError, Error};
use crate::import::Importer;
use crate::options::Options;
use crate::project::{Key, NewProject, OldKeys, ProjectInfo, Retention};
use crate::row::{Appended, Batch, ProjectId};
use crate::snapshot::Snapshot;
pub(crate) use merging::Replace;
use seal::Seal;
pub(crate) use state::Shared;

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
pub struct Store {
    handle: Arc<Handle>,
}

/// Held by every clone of a store and by its importers; the threads end with the last one.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Store {
    /// Opens a data directory, making it if there is none, and recovers what an earlier
    /// process left.
    ///
    /// # Errors
    ///
    /// [`Error::InUse`] if there is another writer; [`Error::NewerVersion`];
    /// [`Error::Missing`] or [`Error::Corrupt`] if files are not as they were left.
    pub fn open(dir: &Path, options: Options) -> Result<Store, Error> {
        let background = options.background;
        let shared = Arc::new(open::open(dir, options)?);
        let handle = Handle {
            threads: Mutex::new(Vec::new()),
            shared,
        };
        handle.start("askfirst-wal", writer::run)?;
        if background {
            handle.start("askfirst-seal", background::run)?;
            handle.start("askfirst-merge", merging::run)?;
        }
        Ok(Store {
            handle: Arc::new(handle),
        })
    }

    /// The time to stamp arrivals with, in milliseconds UTC: the clock's, but never less
    /// than a time stamped before, in this process or an earlier one (decision D34).
    pub fn now_ms(&self) -> i64 {
        self.shared().stamp()
    }

    /// The catalog rows must be admitted by.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.shared().catalog
    }

    /// Takes a batch: drops rows that were stored before, and calls `done` once the others
    /// are safely on disk (decision D19). Returns at once. `done` may run before it returns,
    /// if the batch is refused.
    pub fn append(&self, batch: Batch, done: Done) {
        self.shared().append(batch, done);
    }

    /// [`Store::append`], and waits.
    ///
    /// # Errors
    ///
    /// Nothing of the batch counts as stored.
    pub fn append_wait(&self, batch: Batch) -> Result<Appended, AppendError> {
        let (sender, receiver) = mpsc::channel();
        let done = move |result| drop(sender.send(result));
        self.append(batch, Box::new(done));
        receiver.recv().unwrap_or(Err(AppendError::Closed))
    }

    /// Whether events can be taken.
    pub fn health(&self) -> Health {
        self.shared().health()
    }

    /// Writes everything unsealed to segments, now.
    ///
    /// # Errors
    ///
    /// The rows stay where they are, in the WAL.
    pub fn seal(&self) -> Result<(), Error> {
        self.shared().seal(Seal::InPassing)
    }

    /// Seals if a limit says so; what the sealing thread does by itself.
    ///
    /// # Errors
    ///
    /// As [`Store::seal`].
    pub fn seal_if_due(&self) -> Result<(), Error> {
        self.shared().seal_if_due()
    }

    /// Merges key runs where there are too many; what the sealing thread does by itself.
    /// Returns whether it did anything.
    ///
    /// # Errors
    ///
    /// Nothing is lost, and what was stored is still recognised.
    pub fn merge_keys_if_due(&self) -> Result<bool, Error> {
        self.shared().merge_keys_if_due()
    }

    /// Does one merge, if one is due and the disk has room for it; what the merging thread
    /// does by itself. Says whether it did, so that a caller can go on until nothing is left.
    ///
    /// # Errors
    ///
    /// If a file is damaged: nothing is changed then, and nothing more of its project is
    /// merged until the next start. If the disk is full or failed.
    pub fn merge_if_due(&self) -> Result<bool, Error> {
        self.shared().merge_if_due()
    }

    /// Refuses further batches, seals what is there and lets the directory go. Dropping the
    /// last handle without it leaves the rows in the WAL, where the next start finds them.
    ///
    /// # Errors
    ///
    /// As [`Store::seal`]; the directory is let go all the same.
    pub fn close(&self) -> Result<(), Error> {
        let sealed = self.shared().close();
        self.handle.stop();
        self.shared().let_go();
        sealed
    }

    /// An import into a project: one at a time for each.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`], [`Error::ImportRunning`].
    pub fn importer(&self, project: ProjectId) -> Result<Importer, Error> {
        Importer::begin(Arc::clone(&self.handle), project)
    }

    /// Everything stored so far, the unsealed rows included.
    ///
    /// # Errors
    ///
    /// If files cannot be opened.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        Snapshot::of(self.shared())
    }

    /// Every project, by number.
    pub fn projects(&self) -> Vec<Arc<ProjectInfo>> {
        self.shared().directory().list.clone()
    }

    /// The project of a number.
    pub fn project(&self, id: ProjectId) -> Option<Arc<ProjectInfo>> {
        let directory = self.shared().directory();
        directory.list.iter().find(|it| it.id == id).cloned()
    }

    /// The project a sender's key leads to. One hash and one look-up.
    pub fn project_by_key(&self, key: &str) -> Option<Arc<ProjectInfo>> {
        self.shared().directory().by_key(key)
    }

    /// Makes a project, with its first key.
    ///
    /// # Errors
    ///
    /// [`Error::ProjectExists`], [`Error::ProjectName`].
    pub fn add_project(&self, new: NewProject<'_>) -> Result<(Arc<ProjectInfo>, Key), Error> {
        self.shared().add_project(new)
    }

    /// Sets how long a project keeps its events (promise P17). What has expired by that is
    /// hidden from the next snapshot on, and deleted as whatever expires. Whether the
    /// operator may is asked before, with [`Retention::within`].
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`].
    pub fn set_retention(&self, id: ProjectId, retention: Retention) -> Result<(), Error> {
        self.shared().set_retention(id, retention)
    }

    /// Deletes files of which every row has expired, unless the clock is doubted (decision
    /// D34); what the background thread does by itself. Says whether there was one.
    ///
    /// # Errors
    ///
    /// The files are still there, or are deleted at the next start.
    pub fn expire_if_due(&self) -> Result<bool, Error> {
        self.shared().expire_if_due()
    }

    /// Writes one file anew without its expired rows, if one has had some for a week; what the
    /// merging thread does by itself. Says whether there was one.
    ///
    /// # Errors
    ///
    /// As for a merge.
    pub fn rewrite_if_due(&self) -> Result<bool, Error> {
        self.shared().rewrite_if_due()
    }

    /// Why the clock is not gone by, if it is not (decision D34).
    pub fn doubt(&self) -> Option<Doubt> {
        self.shared().doubt()
    }

    /// Takes the operator's word that the clock is right: from now on the store goes by it,
    /// forward or back.
    ///
    /// # Errors
    ///
    /// As [`Store::seal`], if times stamped by a clock that was wrong had to be sealed first.
    pub fn accept_clock(&self) -> Result<(), Error> {
        self.shared().accept_clock()
    }

    /// Erases what an install sent (decision D29): once this returns, no snapshot taken from
    /// now on shows a row of it, and none is taken any more, whatever happens to this process.
    /// The same for an id that was never seen. Returns the day, in days since 1970.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`]; [`Error::ForgetLater`] and [`Error::TombstonesFull`], by
    /// which strangers who draw keys can neither fill the disk nor slow the readers.
    pub fn forget(&self, id: ProjectId, install: [u8; 16]) -> Result<i32, Error> {
        self.shared().forget(id, install)
    }

    /// How many requests to erase this process has accepted: who keeps a snapshot, or anything
    /// made of one, keeps it no longer than this stays the same.
    pub fn erasures(&self) -> u64 {
        self.shared().erasures.load(Ordering::Acquire)
    }

    /// Gives a project a new key.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`].
    pub fn rotate_key(&self, id: ProjectId, old: OldKeys) -> Result<Key, Error> {
        self.shared().rotate_key(id, old)
    }

    /// Accepts a further key for a project, one that is not ours: the placeholder a shipped
    /// profile names (promise P13).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`]; [`Error::KeyTaken`] if it leads to another project.
    pub fn accept_key(&self, id: ProjectId, key: &str) -> Result<(), Error> {
        self.shared().accept_key(id, key)
    }

    /// Removes a project for good: its segments, its records in the WAL, its keys and its
    /// secrets. What other projects have unsealed is sealed on the way.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownProject`], [`Error::ImportRunning`]. After any other error the
    /// project is still there, or what is left of its files is deleted at the next start.
    pub fn remove_project(&self, id: ProjectId) -> Result<(), Error> {
        self.shared().remove_project(id)
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }
}

impl Handle {
    fn start(&self, name: &str, run: fn(&Shared)) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || run(&shared))
            .map_err(|error| Error::io("start a thread for", &self.shared.dir.root, error))?;
        locked(&self.threads).push(thread);
        Ok(())
    }

    /// Ends the threads; what was appended is written first.
    fn stop(&self) {
        self.shared.shut_down();
        for thread in locked(&self.threads).drain(..) {
            // A panic there has been reported by the panic hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A lock whose holder panicked is taken all the same: what it guards is only ever changed
/// in steps that leave it whole.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
