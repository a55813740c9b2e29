//! Deleting: rows that have expired of files that have others.

use std::sync::Arc;

use crate::error::Error;
use crate::manifest::{Manifest, SegmentFile};
use crate::policy::REWRITE_DAYS;
use crate::project::Retention;
use crate::row::ProjectId;
use crate::segment::Origin;
use crate::segment::merge::Times;
use crate::store::{Replace, Shared};

impl Shared {
    /// Writes one file anew without its expired rows, if one has had some for a week and the
    /// clock is not doubted. Says whether there was one.
    pub(crate) fn rewrite_if_due(&self) -> Result<bool, Error> {
        let merging = self.merging();
        let state = self.state();
        state.check()?;
        if state.ending {
            return Ok(false);
        }
        let manifest = Arc::clone(&state.manifest);
        let going = |id: ProjectId| {
            let known = state.projects.get(&id);
            known.is_none_or(|it| it.removing || it.unreadable)
        };
        let now_ms = self.clock.now_ms();
        let belief = manifest.clock.look(now_ms);
        let today = belief.believed_day();
        let due = match belief.doubts(now_ms) {
            true => None,
            false => due(&manifest, today, going),
        };
        drop(state);
        let Some((project, retention, file)) = due else {
            return Ok(false);
        };
        if !self.room_to_merge(file.bytes)? {
            return Ok(false);
        }
        let first = retention.first_shown(file.origin, today);
        let kept = |times: Times| match file.origin {
            Origin::Received => times.day >= first,
            Origin::Imported => times.arrived >= first,
        };
        let replace = Replace {
            project,
            inputs: std::slice::from_ref(&file),
            levels: &[file.level],
            route: &|times| kept(times).then_some(0),
        };
        self.replace(&merging, &replace)
    }
}

/// The first file whose oldest rows expired a week ago, and that has others.
fn due(
    manifest: &Manifest,
    today: i32,
    going: impl Fn(ProjectId) -> bool,
) -> Option<(ProjectId, Retention, SegmentFile)> {
    let projects = manifest.projects.iter().filter(|it| !going(it.id()));
    projects
        .flat_map(|project| {
            let files = project.segments.iter();
            let due = files.filter(move |file| is_due(file, project.retention, today));
            due.map(|file| (project.id(), project.retention, file.clone()))
        })
        .next()
}

fn is_due(file: &SegmentFile, retention: Retention, today: i32) -> bool {
    let oldest = |(first, _): (i32, i32)| (first, first);
    let expires = retention.expires(file.origin, oldest(file.days), oldest(file.arrived));
    expires.saturating_add(REWRITE_DAYS) <= today && file.expires > today
}
