//! One snapshot for requests that come close together: taking one decodes every unsealed row.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

use askfirst_query::calendar::Day;
use askfirst_store::{Error, ProjectView, Snapshot, Store};

use crate::policy;

/// A snapshot, when it was taken, and how much had been erased then.
type Held = (i64, u64, Snapshot);

/// The snapshot taken last, as long as it is young and shows nothing that was erased since.
#[derive(Debug)]
pub(super) struct Snapshots {
    store: Store,
    held: Mutex<Option<Held>>,
}

impl Snapshots {
    pub(super) fn new(store: Store) -> Snapshots {
        Snapshots {
            store,
            held: Mutex::new(None),
        }
    }

    /// A snapshot that is not older than [`policy::SNAPSHOT_SHARED`]. Whoever comes while one is taken waits
    /// for it instead of taking another.
    pub(super) fn get(&self) -> Result<Snapshot, Error> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.store.now_ms();
        let young =
            |taken: i64| (0..policy::SNAPSHOT_SHARED.as_millis() as i64).contains(&(now - taken));
        let erasures = self.store.erasures();
        if let Some((taken, erased, snapshot)) = &*held
            && young(*taken)
            && *erased == erasures
        {
            return Ok(snapshot.clone());
        }
        // the old one first: two would hold the unsealed rows twice
        *held = None;
        let snapshot = self.store.snapshot()?;
        *held = Some((now, erasures, snapshot.clone()));
        Ok(snapshot)
    }

    /// Lets go of it: it holds the unsealed rows in memory, and files that were merged away on disk.
    pub(super) fn forget(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Keeps everybody waiting for a snapshot until it is dropped.
    #[cfg(test)]
    pub(super) fn hold(&self) -> std::sync::MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap()
    }
}

/// Differs when a report about the project could: by rows, by counts, by day, by what is erased.
pub(super) fn stamp(view: &ProjectView, today: Day) -> u64 {
    let mut hasher = DefaultHasher::new();
    (view.info.id.0, today.0, view.info.simulated).hash(&mut hasher);
    view.masked().hash(&mut hasher);
    for segment in &view.segments {
        (
            segment.rows(),
            segment.bytes(),
            segment.min_day(),
            segment.max_day(),
        )
            .hash(&mut hasher);
    }
    for (day, reason, count) in view.tally.reasons() {
        (day, reason, count).hash(&mut hasher);
    }
    for (day, note, count) in view.tally.notes() {
        (day, note, count).hash(&mut hasher);
    }
    hasher.finish()
}

/// The last day the project has events of.
pub(super) fn last_event(view: &ProjectView) -> Option<Day> {
    let filled = view.segments.iter().filter(|segment| segment.rows() > 0);
    filled.map(|segment| Day(segment.max_day())).max()
}
