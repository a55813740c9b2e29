//! What the threads of a store share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};

use askfirst_catalog::Catalog;

use super::projects::Directory;
use super::{Done, Health, locked};
use crate::belief::Doubt;
use crate::clock::{Clock, day_of};
use crate::dedup::Dedup;
use crate::dir::Dir;
use crate::disk::LockGuard;
use crate::erasure::mask::Mask;
use crate::error::{AppendError, Error};
use crate::keys::EventKey;
use crate::keys::cache::Cache;
use crate::manifest::Manifest;
use crate::options::Limits;
use crate::policy;
use crate::row::{Appended, ProjectId};
use crate::segment::types::Types;
use crate::shape::{Shape, Shapes};
use crate::wal::log::Log;
use crate::wal::{Entry, Position, Unsealed};

/// What the threads share. Locks are taken in the order `merging`, `commit`, `state`, `log`.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) dir: Dir,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: Limits,
    pub(crate) catalog: Arc<Catalog>,
    /// The catalog of rows that come in.
    pub(crate) shape: Arc<Shape>,
    pub(crate) shapes: Arc<Shapes>,
    pub(crate) types: Arc<Types>,
    /// What was read last of key runs.
    pub(crate) cache: Arc<Cache>,
    /// Held while sealed rows are written anew: one at a time.
    pub(crate) merging: Mutex<()>,
    /// Held while a manifest generation is made: one at a time.
    pub(crate) commit: Mutex<()>,
    pub(crate) state: Mutex<State>,
    pub(crate) log: Mutex<Log>,
    /// The next WAL file is ready.
    pub(crate) reserve: Arc<AtomicBool>,
    /// Something is pending, or the threads are to end.
    pub(crate) work: Condvar,
    /// A group was written, or could not be.
    pub(crate) written: Condvar,
    /// It may be time to seal, or to end.
    pub(crate) sealing: Condvar,
    /// There may be something to merge, or it is time to end.
    pub(crate) merge_work: Condvar,
    pub(crate) directory: RwLock<Arc<Directory>>,
    pub(crate) newest_stamp: AtomicI64,
    /// Requests to erase that were accepted by this process.
    pub(crate) erasures: AtomicU64,
    pub(crate) guard: Mutex<Option<Box<dyn LockGuard>>>,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    /// The generation on disk.
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) projects: HashMap<ProjectId, ProjectState>,
    /// Waiting for the writer.
    pub(crate) pending: Pending,
    /// The writer has taken a group and is not done with it.
    pub(crate) writing: bool,
    /// The writer is to take no further group.
    pub(crate) paused: bool,
    /// Durable, and behind what is being sealed.
    pub(crate) active: Unsealed,
    /// Being sealed, or to be sealed again after a full disk.
    pub(crate) frozen: Unsealed,
    /// Where the durable log ends.
    pub(crate) end: Position,
    pub(crate) disk_full: bool,
    pub(crate) stopped: Option<String>,
    pub(crate) closed: bool,
    pub(crate) ending: bool,
}

/// What is known of a project while the store is open.
#[derive(Debug, Default)]
pub(crate) struct ProjectState {
    pub(crate) dedup: Dedup,
    /// The next number in order of arrival.
    pub(crate) next_seq: u64,
    pub(crate) importing: bool,
    /// It is going away: nothing more is taken for it.
    pub(crate) removing: bool,
    /// A file of it is not what it was: nothing is merged.
    pub(crate) unreadable: bool,
    /// Its received files at level 0, in the generation on disk.
    pub(crate) level_0: usize,
    /// What is erased of it, in the generation on disk.
    pub(crate) mask: Option<Arc<Mask>>,
    /// The hour of the last request to erase, since 1970, and how many it had.
    pub(crate) forgets: (i64, u32),
}

/// A group in the making.
#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) bytes: Vec<u8>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) rows: u64,
    pub(crate) received_ms: Option<i64>,
    pub(crate) waiting: Vec<(Done, Appended)>,
    /// What to forget if it cannot be written.
    pub(crate) keys: Vec<(ProjectId, EventKey)>,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending")
            .field("bytes", &self.bytes.len())
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl State {
    /// Rows that are not in a segment yet.
    pub(crate) fn unsealed_rows(&self) -> u64 {
        self.active.rows + self.frozen.rows + self.pending.rows
    }

    /// Why nothing can be appended to a project, if so.
    pub(crate) fn refusal(&self, project: ProjectId) -> Option<AppendError> {
        if let Some(reason) = &self.stopped {
            return Some(AppendError::Stopped {
                reason: reason.clone(),
            });
        }
        if self.closed || self.ending {
            return Some(AppendError::Closed);
        }
        match self.projects.get(&project) {
            Some(state) if !state.removing => None,
            _ => Some(AppendError::UnknownProject),
        }
    }

    /// Shows a committed generation.
    pub(crate) fn show(&mut self, committed: Manifest) {
        for project in &committed.projects {
            if let Some(state) = self.projects.get_mut(&project.id()) {
                state.level_0 = project.level_0_files();
                let erasure = project.erasure.as_ref();
                if !state.mask.as_ref().is_some_and(|it| it.is_of(erasure)) {
                    state.mask = Mask::of(erasure);
                }
            }
        }
        self.manifest = Arc::new(committed);
    }

    /// What is erased of a project.
    pub(crate) fn mask(&self, project: ProjectId) -> Option<Arc<Mask>> {
        self.projects.get(&project)?.mask.clone()
    }

    /// The first day on which something arrived that is in no file yet.
    pub(crate) fn unsealed_since(&self) -> Option<i32> {
        let since = [&self.frozen, &self.active].map(|it| it.since_ms());
        since.into_iter().flatten().min().map(day_of)
    }

    /// Whether anything can be committed.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.stopped {
            Some(reason) => Err(Error::Stopped {
                reason: reason.clone(),
            }),
            None if self.closed => Err(Error::Closed),
            None => Ok(()),
        }
    }
}

impl Shared {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// The time, never less than before (D34).
    pub(crate) fn stamp(&self) -> i64 {
        let now = self.clock.now_ms();
        self.newest_stamp.fetch_max(now, Ordering::AcqRel).max(now)
    }

    /// Why the clock is not gone by, if it is not (D34).
    pub(crate) fn doubt(&self) -> Option<Doubt> {
        let manifest = Arc::clone(&self.state().manifest);
        let stamp_ms = self.newest_stamp.load(Ordering::Acquire);
        Doubt::of(&manifest, stamp_ms, self.clock.now_ms())
    }

    pub(crate) fn directory(&self) -> Arc<Directory> {
        let directory = self.directory.read();
        Arc::clone(&directory.unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn health(&self) -> Health {
        let state = self.state();
        if let Some(reason) = &state.stopped {
            return Health::Stopped {
                reason: reason.clone(),
            };
        }
        if state.closed || state.ending {
            return Health::Closed;
        }
        let full = state.disk_full;
        drop(state);
        // The next append will tell; until there is room for a WAL file it would fail.
        let room = policy::RESERVED_FILES * self.limits.wal_file_bytes;
        let free = || self.dir.disk.free_bytes(&self.dir.root).unwrap_or(0);
        match full && free() < room {
            true => Health::DiskFull,
            false => Health::Good,
        }
    }

    /// Makes an error of the disk final (D20): from now on nothing is written. A full disk
    /// is only noted (D21).
    pub(crate) fn note(&self, error: Error) -> Error {
        let mut state = self.state();
        match &error {
            Error::DiskFull { .. } => state.disk_full = true,
            Error::Stopped { .. } | Error::Closed => {}
            fatal => {
                state.stopped.get_or_insert_with(|| fatal.to_string());
                self.work.notify_all();
                self.written.notify_all();
            }
        }
        error
    }

    pub(crate) fn shut_down(&self) {
        self.state().ending = true;
        self.work.notify_all();
        self.sealing.notify_all();
        self.merge_work.notify_all();
    }

    /// Gives the directory to the next writer.
    pub(crate) fn let_go(&self) {
        let _merging = self.merging();
        let _commit = locked(&self.commit);
        self.state().closed = true;
        locked(&self.guard).take();
    }
}
