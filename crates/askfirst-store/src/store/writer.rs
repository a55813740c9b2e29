//! The writer's thread: group commit without a timer (decision D19).
//!
//! It takes whatever is pending, writes it, syncs it, and tells everyone who waited for it.
//! What arrives meanwhile is the next group, so groups grow with the load and the latency of
//! the disk, and nobody waits longer than for two syncs.

use super::locked;
use super::state::{Pending, Shared, State};
use crate::error::{AppendError, Error};
use crate::wal::log::Failure;
use crate::wal::{Group, Position};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Writes groups until the store ends.
pub(super) fn run(shared: &Shared) {
    while let Some(mut pending) = shared.next_group() {
        let written = shared.write(&mut pending);
        shared.settle(pending, written);
    }
}

impl Shared {
    /// Waits for something to write; `None` at the end.
    fn next_group(&self) -> Option<Pending> {
        let mut state = self.state();
        loop {
            let waits = !state.pending.waiting.is_empty();
            if waits && !state.paused {
                state.writing = true;
                return Some(std::mem::take(&mut state.pending));
            }
            if state.ending && !waits {
                return None;
            }
            state = wait(&self.work, state);
        }
    }

    /// Makes a group durable; `None` if there was nothing to write.
    fn write(&self, pending: &mut Pending) -> Result<Option<Position>, Failure> {
        if let Some(reason) = &self.state().stopped {
            return Err(Failure::Final(Error::Stopped {
                reason: reason.clone(),
            }));
        }
        if pending.entries.is_empty() {
            return Ok(None);
        }
        let stamp = self.newest_stamp.load(Ordering::Acquire);
        let mut log = locked(&self.log);
        log.append(&mut pending.bytes, &pending.entries, stamp)
            .map(Some)
    }

    /// Shows what was written, takes back what was not, and tells everyone who waited.
    fn settle(&self, mut group: Pending, written: Result<Option<Position>, Failure>) {
        // It stays in memory until it is sealed: without the room it could have grown into.
        group.bytes.shrink_to_fit();
        group.entries.shrink_to_fit();
        let mut state = self.state();
        state.writing = false;
        let (told, error) = match written {
            Ok(end) => {
                if let Some(end) = end {
                    state.disk_full = false;
                    state.end = end;
                    state.active.push(Arc::new(Group {
                        bytes: group.bytes,
                        entries: group.entries,
                        end,
                        received_ms: group.received_ms.unwrap_or_default(),
                    }));
                }
                (vec![group.waiting], None)
            }
            Err(failure) => {
                // What came meanwhile was compared with keys that are now taken back, so it
                // has to go too.
                let next = std::mem::take(&mut state.pending);
                let error = fail(&mut state, failure);
                let lost = [group, next].map(|pending| {
                    take_back(&mut state, &pending);
                    pending.waiting
                });
                (lost.into(), Some(error))
            }
        };
        if state.unsealed_rows() >= self.limits.seal_rows {
            self.sealing.notify_all();
        }
        drop(state);
        self.written.notify_all();
        for (done, appended) in told.into_iter().flatten() {
            done(error.clone().map_or(Ok(appended), Err));
        }
    }
}

fn fail(state: &mut State, failure: Failure) -> AppendError {
    match failure {
        Failure::Full => {
            state.disk_full = true;
            AppendError::DiskFull
        }
        Failure::Final(error) => {
            let reason = match error {
                Error::Stopped { reason } => reason,
                error => error.to_string(),
            };
            let reason = state.stopped.get_or_insert(reason).clone();
            AppendError::Stopped { reason }
        }
    }
}

fn take_back(state: &mut State, pending: &Pending) {
    for (project, key) in &pending.keys {
        if let Some(known) = state.projects.get_mut(project) {
            known.dedup.remove(key);
        }
    }
}

/// Waits on a condition variable; a panic of another thread does not matter here either.
pub(super) fn wait<'s>(
    condition: &std::sync::Condvar,
    state: std::sync::MutexGuard<'s, State>,
) -> std::sync::MutexGuard<'s, State> {
    condition
        .wait(state)
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
