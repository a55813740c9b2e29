//! How much may wait: looked at when a file is rotated, not at every event, because a system
//! call for each would cost more than the event (decision D4), and not at every rotation while
//! there is room. So a bound is soft, by one file for each living process and by what several
//! long sessions write at the same time.

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

/// Drops the oldest files where more waits than may, and those too old to be accepted. Says
/// besides how many bytes this process may write before it is to look again.
///
/// Where files have to go, as many go as make room for a few more: looking costs a system call
/// for each file.
pub(crate) fn keep_within_bounds(folder: &Path, binding: &Binding, now_ms: i64) -> (Dropped, u64) {
    let waiting = Waiting::look(folder);
    let (mut bytes, mut files) = (waiting.bytes, waiting.files.len());
    let mut dropped = Dropped::default();
    let spare = match bytes > policy::SPOOL_BYTES {
        true => policy::SPOOL_SPARE,
        false => 0,
    };
    for path in &waiting.files {
        let too_many = files > policy::SPOOL_FILES;
        let too_large = bytes.saturating_add(spare) > policy::SPOOL_BYTES;
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
            _ => break,
        };
        let size = file.bytes();
        if file.remove().is_ok() {
            *counted = counted.saturating_add(events);
            bytes = bytes.saturating_sub(size);
            files = files.saturating_sub(1);
        }
    }
    // Others write too: half of what is free is ours.
    (dropped, policy::SPOOL_BYTES.saturating_sub(bytes) / 2)
}
