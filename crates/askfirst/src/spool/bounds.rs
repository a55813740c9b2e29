//! How much may wait: looked at when a file is rotated, not at every event, because a system
//! call for each would cost more than the event (decision D4). So a bound is soft by one file
//! for each living process.

use std::fs;
use std::path::Path;

use super::{Binding, Waiting, claim};
use crate::policy;

/// Events that were dropped, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) expired: u64,
    pub(crate) full_bytes: u64,
    pub(crate) full_events: u64,
}

/// Drops the oldest files while more waits than may, and those too old to be accepted.
pub(crate) fn keep_within_bounds(folder: &Path, binding: &Binding, now_ms: i64) -> Dropped {
    let waiting = Waiting::look(folder);
    let sizes: Vec<u64> = waiting
        .files
        .iter()
        .map(|path| fs::metadata(path).map_or(0, |it| it.len()))
        .collect();
    let mut bytes: u64 = sizes.iter().sum();
    let mut files = waiting.files.len();
    let mut dropped = Dropped::default();
    for (path, size) in waiting.files.iter().zip(sizes) {
        let too_many = files > policy::SPOOL_FILES;
        let too_large = bytes > policy::SPOOL_BYTES;
        let Ok(Some(file)) = claim(path, binding) else {
            continue;
        };
        let events = file.len() as u64;
        let old = file
            .modified_ms()
            .is_some_and(|at| now_ms.saturating_sub(at) > policy::SPOOL_AGE_MS);
        let counted = match (old, too_large, too_many) {
            (true, _, _) => &mut dropped.expired,
            (_, true, _) => &mut dropped.full_bytes,
            (_, _, true) => &mut dropped.full_events,
            _ => return dropped,
        };
        if file.remove().is_ok() {
            *counted = counted.saturating_add(events);
            bytes = bytes.saturating_sub(size);
            files = files.saturating_sub(1);
        }
    }
    dropped
}
