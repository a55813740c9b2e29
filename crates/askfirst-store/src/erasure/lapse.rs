//! When a tombstone goes: when it has nothing left to do.

use super::tombstones::Tombstone;
use crate::manifest::{Manifest, Project};
use crate::policy;

impl Project {
    /// Whether a tombstone can go on the day `today`. `unsealed` is the first day on which
    /// something arrived that is in no file yet.
    ///
    /// Nothing of the install comes any more: what a tool keeps longest has been refused as
    /// too old for weeks. And no file has a row of it: since the request none was taken, so a
    /// file all of whose rows arrived later has none. A day is left between, because a row
    /// that was being taken at midnight may carry the next one.
    fn lapses(&self, tombstone: &Tombstone, today: i32, unsealed: Option<i32>) -> bool {
        let later = |arrived: i32| arrived > tombstone.day.saturating_add(1);
        let over = tombstone.day.saturating_add(policy::TOMBSTONE_DAYS) <= today;
        over && unsealed.is_none_or(later) && self.segments.iter().all(|it| later(it.arrived.0))
    }

    /// Takes out the tombstones that can go.
    fn lapse(&mut self, today: i32, unsealed: Option<i32>) {
        if let Some(mut erasure) = self.erasure.take() {
            let stays = |it: &Tombstone| !self.lapses(it, today, unsealed);
            erasure.tombstones.retain(stays);
            self.erasure = Some(erasure);
        }
    }
}

impl Manifest {
    /// Takes out every tombstone that can go.
    pub(crate) fn lapse(&mut self, today: i32, unsealed: Option<i32>) {
        for project in &mut self.projects {
            project.lapse(today, unsealed);
        }
    }

    /// Whether a tombstone can go.
    pub(crate) fn has_lapsed(&self, today: i32, unsealed: Option<i32>) -> bool {
        self.projects.iter().any(|project| {
            let mut tombstones = project.erasure.iter().flat_map(|it| &it.tombstones);
            tombstones.any(|it| project.lapses(it, today, unsealed))
        })
    }
}
