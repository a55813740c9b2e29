//! The sealing thread: seals when a limit says so, and makes the next WAL file ready.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::locked;
use super::merging::step_back;
use super::state::Shared;
use crate::error::Error;
use crate::policy;
use crate::wal::log::make_reserve;

/// Looks after the store until it ends.
pub(super) fn run(shared: &Shared) {
    step_back();
    // Not only after a while: a store may be opened for a moment, each time.
    let _ = shared.expire_at_start();
    loop {
        let state = shared.state();
        let poll = Duration::from_millis(policy::SEAL_POLL_MS);
        let waited = shared.sealing.wait_timeout(state, poll);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.ending || state.stopped.is_some() {
            return;
        }
        drop(state);
        // Errors are noted: a full disk is tried again, any other stops the store.
        let _ = shared.seal_if_due();
        let _ = shared.make_ready();
        while let Ok(true) = shared.merge_keys_if_due() {}
        let _ = shared.expire_if_due();
    }
}

impl Shared {
    /// Makes the next WAL file ready, if the current one is half used.
    fn make_ready(&self) -> Result<(), Error> {
        if locked(&self.log).wants_reserve() {
            make_reserve(&self.dir, self.limits.wal_file_bytes)
                .map_err(|error| self.note(error))?;
            self.reserve.store(true, Ordering::Release);
        }
        Ok(())
    }

    pub(crate) fn seal_if_due(&self) -> Result<(), Error> {
        let state = self.state();
        let since = state.frozen.since_ms().or_else(|| state.active.since_ms());
        let rows = state.active.rows + state.frozen.rows;
        drop(state);
        let old = |since: i64| self.stamp() - since >= self.limits.seal_after_ms;
        match rows >= self.limits.seal_rows || since.is_some_and(old) {
            true => self.seal(super::seal::Seal::InPassing),
            false => Ok(()),
        }
    }
}
