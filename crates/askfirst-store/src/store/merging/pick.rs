//! What is worth merging.
//!
//! Files of one origin, level and day or month that are about as large (within a factor of
//! eight) are merged once there are eight of them. What comes out is eight times as large,
//! or its rows have gone up a level for good, so a row is written again at most once for
//! every factor of eight its project grows by: O(log n). Files that are full are left alone.
//!
//! When a month closes, its days and what lies at level 0 from it are merged whatever their
//! number.

use std::collections::BTreeMap;

use crate::manifest::{Project, SegmentFile};
use crate::month::Month;
use crate::options::Limits;
use crate::policy;
use crate::segment::Origin;

/// Whether nothing of a month can come any more. What arrived on the last day of the
/// acceptance window may lie unsealed for an hour, hence the day after it.
pub(super) fn closed(month: Month, origin: Origin, today: i32) -> bool {
    let wait = match origin {
        Origin::Received => policy::ACCEPT_DAYS as i32 + 1,
        Origin::Imported => 0,
    };
    today > month.last_day().saturating_add(wait)
}

/// What the rows of a file have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Nothing,
    Day(i32),
    Month(Month),
}

impl Part {
    fn of(file: &SegmentFile) -> Part {
        match file.level {
            0 => Part::Nothing,
            1 => Part::Day(file.days.0),
            _ => Part::Month(Month::of(file.days.0)),
        }
    }
}

/// The files of a project to merge next, if any, in the order in which their rows arrived.
pub(super) fn inputs(project: &Project, today: i32, limits: &Limits) -> Option<Vec<SegmentFile>> {
    let files = &project.segments;
    same_size(files, limits).or_else(|| closing(files, today))
}

/// Eight files or more that belong together and are about as large. One that is half full
/// need not become larger.
fn same_size(files: &[SegmentFile], limits: &Limits) -> Option<Vec<SegmentFile>> {
    let full = limits.file_rows / 2;
    let at = limits.merge_at.max(2);
    let mut tiers: BTreeMap<_, Vec<&SegmentFile>> = BTreeMap::new();
    for file in files.iter().filter(|it| it.rows < full) {
        let size = file.rows.max(1).ilog2() / at.ilog2();
        let key = (Part::of(file), file.origin, size);
        tiers.entry(key).or_default().push(file);
    }
    let mut tiers = tiers.into_values();
    tiers.find(|it| it.len() >= at).map(some)
}

/// What there is of the oldest month that has closed and is not at level 2 yet. A few
/// imported files stay at level 0: cutting them up would make many of them.
fn closing(files: &[SegmentFile], today: i32) -> Option<Vec<SegmentFile>> {
    let mut months: BTreeMap<_, Vec<&SegmentFile>> = BTreeMap::new();
    for file in files {
        let month = Month::of(file.days.0);
        let waits = match (file.level, file.origin) {
            (0, Origin::Received) | (1, _) => closed(month, file.origin, today),
            _ => false,
        };
        if waits {
            months.entry((month, file.origin)).or_default().push(file);
        }
    }
    months.into_values().next().map(some)
}

/// As many as are merged at once.
fn some(files: Vec<&SegmentFile>) -> Vec<SegmentFile> {
    let files = files.into_iter().take(policy::MERGE_FILES);
    files.cloned().collect()
}
