//! That every event that was accepted is stored, or was deleted for a reason.

use super::{Check, REPORT};
use crate::manifest::{Manifest, Project};
use crate::outcome::Reason;

/// What became of the accepted events of a project that are in segments.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counted {
    /// The project's name.
    pub name: String,
    /// Events accepted, over all days, those still in the log left out.
    pub accepted: u64,
    /// Rows of its segments.
    pub stored: u64,
    /// Rows deleted because they had expired (promise P17).
    pub expired: u64,
}

pub(super) fn check(check: &mut Check<'_>, manifest: &Manifest) {
    for project in &manifest.projects {
        let counted = of(project);
        if counted.accepted != counted.stored + counted.expired {
            let what = format!(
                "project {}: {} events were accepted, but {} are stored and {} have expired",
                counted.name, counted.accepted, counted.stored, counted.expired
            );
            let path = check.dir.manifest();
            check.problem(&path, what, REPORT);
        }
        check.done.projects.push(counted);
    }
}

fn of(project: &Project) -> Counted {
    Counted {
        name: project.name.clone(),
        accepted: project.tally.total(Reason::Accepted),
        expired: project.expired,
        stored: project.segments.iter().map(|it| it.rows).sum(),
    }
}
