//! Merging: few large files from many small ones (decision D11,
//! `docs/decisions/0009-merging.md`).
//!
//! [`pick`] says what is worth merging, [`route`] where its rows go, the core in
//! `segment::merge` writes the files, and [`Shared::replace`] commits them.

mod pick;
mod replace;
mod route;

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use super::locked;
use super::state::Shared;
use crate::error::Error;
use crate::manifest::{Manifest, Project, SegmentFile};
use crate::policy;
use crate::row::ProjectId;
use crate::segment::Origin;
use crate::segment::merge;
pub(crate) use replace::Replace;
use route::Plan;

/// The right to write sealed rows anew: one has it at a time. Taken before the commit lock.
pub(crate) type Merging<'s> = MutexGuard<'s, ()>;

/// Merges until the store ends.
pub(super) fn run(shared: &Shared) {
    step_back();
    loop {
        let state = shared.state();
        let poll = Duration::from_millis(policy::SEAL_POLL_MS);
        let waited = shared.merge_work.wait_timeout(state, poll);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.ending || state.stopped.is_some() {
            return;
        }
        drop(state);
        // An input that cannot be read ends the merging of its project; a full disk passes;
        // any other error stops the store.
        while matches!(shared.merge_if_due(), Ok(true)) {}
        while matches!(shared.rewrite_if_due(), Ok(true)) {}
    }
}

/// Lets the threads go first that answer senders (D23).
pub(super) fn step_back() {
    // Elsewhere than on Linux this would be about the whole process.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, policy::SEAL_NICE);
}

impl Shared {
    /// Waits for the right to write sealed rows anew.
    pub(crate) fn merging(&self) -> Merging<'_> {
        locked(&self.merging)
    }

    /// One merge, if one is due and there is room for it.
    pub(crate) fn merge_if_due(&self) -> Result<bool, Error> {
        let merging = self.merging();
        let state = self.state();
        state.check()?;
        if state.ending {
            return Ok(false);
        }
        let manifest = Arc::clone(&state.manifest);
        let out: BTreeSet<ProjectId> = (state.projects.iter())
            .filter(|(_, it)| it.removing || it.unreadable)
            .map(|(id, _)| *id)
            .collect();
        drop(state);
        let today = manifest.clock.look(self.clock.now_ms()).believed_day();
        let Some((id, inputs)) = self.due(&manifest, &out, today) else {
            return Ok(false);
        };
        let bytes: u64 = inputs.iter().map(|it| it.bytes).sum();
        if !self.room_to_merge(bytes)? {
            return Ok(false);
        }
        self.merge(&merging, id, &inputs, today)
    }

    /// The first project that has something to merge, and what.
    fn due(
        &self,
        manifest: &Manifest,
        out: &BTreeSet<ProjectId>,
        today: i32,
    ) -> Option<(ProjectId, Vec<SegmentFile>)> {
        let inputs = |project: &Project| {
            let inputs = pick::inputs(project, today, &self.limits)?;
            Some((project.id(), inputs))
        };
        let projects = manifest.projects.iter();
        projects
            .filter(|project| !out.contains(&project.id()))
            .find_map(inputs)
    }

    /// Whether so many bytes can be written anew: they may be as many again before the old
    /// ones are gone, and the log goes first (D21).
    pub(crate) fn room_to_merge(&self, bytes: u64) -> Result<bool, Error> {
        let free = self.dir.disk.free_bytes(&self.dir.root);
        let free =
            free.map_err(|error| Error::io("measure the free space of", &self.dir.root, error))?;
        Ok(free >= policy::MERGE_FREE_BYTES && free >= bytes.saturating_mul(2))
    }

    fn merge(
        &self,
        merging: &Merging<'_>,
        id: ProjectId,
        inputs: &[SegmentFile],
        today: i32,
    ) -> Result<bool, Error> {
        let days = match merge::days(&self.dir, id, inputs) {
            Ok(days) => days,
            Err(error) => return self.unreadable(id, inputs, error),
        };
        let origin = inputs.first().map_or(Origin::Received, |it| it.origin);
        let plan = Plan::of(&days, origin, today, self.limits.day_rows);
        let replace = Replace {
            project: id,
            inputs,
            levels: plan.levels(),
            route: &|times| plan.output(times.day),
        };
        self.replace(merging, &replace)
    }

    /// Notes that a project has files that cannot be read: what is damaged must not stop the
    /// store from taking events. `false` if they are only not there any more.
    fn unreadable(
        &self,
        id: ProjectId,
        inputs: &[SegmentFile],
        error: Error,
    ) -> Result<bool, Error> {
        let mut state = self.state();
        let named = (state.manifest.project(id)).is_some_and(|it| it.has_all(inputs));
        match state.projects.get_mut(&id) {
            Some(project) if named => project.unreadable = true,
            _ => return Ok(false),
        }
        Err(error)
    }
}
