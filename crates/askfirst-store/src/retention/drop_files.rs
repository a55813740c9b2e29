//! Deleting: files of which every row has expired, and the operator's word on both retention
//! and the clock.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use crate::belief::Belief;
use crate::error::Error;
use crate::manifest::{self, Manifest};
use crate::policy;
use crate::project::Retention;
use crate::row::ProjectId;
use crate::store::seal::Seal;
use crate::store::{Shared, locked};

impl Shared {
    /// Deletes every file of which all rows have expired, unless the clock is doubted. Says
    /// whether there was one.
    ///
    /// While the store is open it also commits what day it is once a day, so that a store in
    /// which nothing happens knows the next day that its clock went on and did not jump.
    pub(crate) fn expire_if_due(&self) -> Result<bool, Error> {
        let (due, moved) = self.expiry();
        if !due && !moved {
            return Ok(false);
        }
        let expired = self.delete_expired();
        expired.map_err(|error| self.note(error))
    }

    /// The same for a store that was opened a moment ago, and is perhaps closed in another: if
    /// there is nothing to delete, not a byte is changed.
    pub(crate) fn expire_at_start(&self) -> Result<bool, Error> {
        match self.expiry() {
            (true, _) => self.expire_if_due(),
            (false, _) => Ok(false),
        }
    }

    /// Whether there is something to delete, and whether the day that is believed has moved.
    fn expiry(&self) -> (bool, bool) {
        let state = self.state();
        if state.check().is_err() {
            return (false, false);
        }
        let known = state.manifest.clock;
        let now_ms = self.clock.now_ms();
        let belief = known.look(now_ms);
        let since = state.unsealed_since();
        let today = belief.believed_day();
        let due = !belief.doubts(now_ms)
            && (has_expired(&state.manifest, today) || state.manifest.has_lapsed(today, since));
        let moved =
            belief.believed_day() != known.believed_day() || seen_day(&belief) != seen_day(&known);
        (due, moved)
    }

    fn delete_expired(&self) -> Result<bool, Error> {
        let _commit = locked(&self.commit);
        self.state().check()?;
        let mut next = self.next_generation();
        let mut gone = Vec::new();
        if next.clock.doubted.is_none() && !next.clock.doubts(self.clock.now_ms()) {
            let today = next.clock.believed_day();
            self.take_out(&mut next, today, &mut gone);
            let since = self.state().unsealed_since();
            next.lapse(today, since);
        }
        manifest::commit(&self.dir, &next)?;
        self.install(next);
        for path in &gone {
            self.dir.remove(path)?;
        }
        Ok(!gone.is_empty())
    }

    /// Takes files out of a manifest of which every row has expired.
    fn take_out(&self, next: &mut Manifest, today: i32, gone: &mut Vec<PathBuf>) {
        for project in &mut next.projects {
            let id = project.id();
            let (expired, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut project.segments)
                .into_iter()
                .partition(|file| file.expires <= today);
            project.segments = kept;
            project.expired += expired.iter().map(|file| file.rows).sum::<u64>();
            gone.extend(expired.iter().map(|file| self.dir.segment(id, file.file)));
        }
    }

    /// Sets how long a project keeps its events. What has expired by that is hidden at once.
    pub(crate) fn set_retention(&self, id: ProjectId, retention: Retention) -> Result<(), Error> {
        self.change(|next| {
            let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
            project.retention = retention;
            for file in &mut project.segments {
                file.expires = retention.expires(file.origin, file.days, file.arrived);
            }
            Ok(())
        })
    }

    /// Goes by the clock from now on, wherever it stood before.
    pub(crate) fn accept_clock(&self) -> Result<(), Error> {
        let accepted = self.accept_clock_as_it_is();
        accepted.map_err(|error| self.note(error))
    }

    fn accept_clock_as_it_is(&self) -> Result<(), Error> {
        let _commit = locked(&self.commit);
        self.state().check()?;
        let now_ms = self.clock.now_ms();
        if self.stamp().saturating_sub(now_ms) > policy::CLOCK_JUMP_MS {
            // Times stamped by a clock that was wrong are in the log: a start would find them
            // there and go on from them.
            self.newest_stamp.store(now_ms, Ordering::Release);
            self.drain()?;
            self.seal_committing(Seal::EmptyLog)?;
        }
        let mut next = self.next_generation();
        next.stamp_ms = self.stamp();
        next.clock = Belief::of(now_ms);
        manifest::commit(&self.dir, &next)?;
        self.install(next);
        Ok(())
    }
}

/// The day on which a doubted clock was last seen.
fn seen_day(belief: &Belief) -> Option<i32> {
    let seen = belief.doubted.map(|it| it.seen_ms);
    seen.map(crate::clock::day_of)
}

fn has_expired(manifest: &Manifest, today: i32) -> bool {
    let files = manifest.projects.iter().flat_map(|it| &it.segments);
    files.into_iter().any(|file| file.expires <= today)
}
