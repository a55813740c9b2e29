//! What readers see: everything committed at one moment.

use std::path::Path;
use std::sync::Arc;

use crate::disk::Disk;
use crate::error::Error;
use crate::project::ProjectInfo;
use crate::row::ProjectId;
use crate::segment::Segment;
use crate::tally::Tally;

/// Everything stored at one moment. Later writes do not show in it.
#[derive(Debug, Clone)]
pub struct Snapshot {
    views: Vec<Arc<ProjectView>>,
}

impl Snapshot {
    /// Reads a data directory beside its writer, if there is one; takes no lock and writes
    /// nothing (decision D17).
    ///
    /// # Errors
    ///
    /// [`Error::NoData`] if there is no store; [`Error::NewerVersion`]; damage.
    pub fn open(_dir: &Path, _disk: Arc<dyn Disk>) -> Result<Snapshot, Error> {
        Err(Error::Closed)
    }

    /// Every project, by number.
    pub fn projects(&self) -> Vec<Arc<ProjectInfo>> {
        self.views
            .iter()
            .map(|view| Arc::clone(&view.info))
            .collect()
    }

    /// What one project has. There is no view of several (decision D28).
    pub fn project(&self, id: ProjectId) -> Option<Arc<ProjectView>> {
        self.views.iter().find(|view| view.info.id == id).cloned()
    }
}

/// What one project has stored.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProjectView {
    /// The project.
    pub info: Arc<ProjectInfo>,
    /// Outcomes by day of arrival.
    pub tally: Tally,
    /// Sealed files, and the unsealed rows, with one interface.
    pub segments: Vec<Segment>,
}

impl ProjectView {
    /// Rows of all segments.
    pub fn rows(&self) -> u64 {
        self.segments.iter().map(Segment::rows).sum()
    }

    /// Bytes of all sealed files.
    pub fn bytes(&self) -> u64 {
        self.segments.iter().map(Segment::bytes).sum()
    }
}
