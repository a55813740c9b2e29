//! Imports that go on over several requests.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use askfirst_store::{Error, Importer, ProjectId, Store};

use crate::policy;

/// An import between two of its chunks: at most one for each project.
#[derive(Debug, Default)]
pub(crate) struct Imports(Mutex<HashMap<ProjectId, Paused>>);

/// An import of which a chunk is being taken.
#[derive(Debug)]
pub(crate) struct Run {
    /// What the client calls it by.
    pub(crate) id: String,
    pub(crate) importer: Importer,
}

#[derive(Debug)]
struct Paused {
    run: Run,
    heard_ms: i64,
}

impl Imports {
    /// Begins an import. One that has not been heard of for a while gives way.
    pub(crate) fn begin(&self, store: &Store, project: ProjectId) -> Result<Run, Error> {
        let mut paused = self.lock();
        if let Some(other) = paused.get(&project) {
            if store.now_ms() - other.heard_ms < policy::IMPORT_SILENCE_MS {
                return Err(Error::ImportRunning(project));
            }
            paused.remove(&project);
        }
        let mut id = [0; 8];
        getrandom::fill(&mut id).map_err(|error| Error::Random(error.to_string()))?;
        let id = format!("{:016x}", u64::from_be_bytes(id));
        Ok(Run {
            id,
            importer: store.importer(project)?,
        })
    }

    /// The import that waits for its next chunk under this id. Dropping it gives it up.
    pub(crate) fn resume(&self, project: ProjectId, id: &str) -> Option<Run> {
        let mut paused = self.lock();
        if paused.get(&project)?.run.id != id {
            return None;
        }
        paused.remove(&project).map(|paused| paused.run)
    }

    /// Lets an import wait for its next chunk.
    pub(crate) fn pause(&self, project: ProjectId, run: Run, heard_ms: i64) {
        self.lock().insert(project, Paused { run, heard_ms });
    }

    /// Gives up the import into a project, if one waits.
    pub(crate) fn forget(&self, project: ProjectId) {
        self.lock().remove(&project);
    }

    /// Gives up every import.
    pub(crate) fn forget_all(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ProjectId, Paused>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
