//! The figures of one project, some of which only its rows can tell.

use std::collections::HashSet;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, TimestampMillisecondType};
use arrow_array::{Array as _, RecordBatch};
use askfirst_store::{ProjectView, Retention, Segment, Tally};

use crate::failure::Failure;

/// What is said about a project.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) name: String,
    pub(super) host: String,
    pub(super) retention: Retention,
    pub(super) events: u64,
    /// Of sealed files.
    pub(super) bytes: u64,
    /// First and last day (since 1970, UTC) by corrected time.
    pub(super) days: Option<(i32, i32)>,
    /// The newest event's corrected time.
    pub(super) last_event_ms: Option<i64>,
    pub(super) installs: u64,
    pub(super) events_without_install: u64,
    pub(super) tally: Tally,
    /// Ids that were asked to be erased: masked, not rewritten yet.
    pub(super) masked: usize,
}

impl Figures {
    /// Reads two columns of every segment, and the times of those that reach the last day.
    pub(super) fn of(view: &ProjectView) -> Result<Self, Failure> {
        let filled: Vec<&Segment> = view
            .segments
            .iter()
            .filter(|segment| segment.rows() > 0)
            .collect();
        let first = filled.iter().map(|segment| segment.min_day()).min();
        let last = filled.iter().map(|segment| segment.max_day()).max();
        let mut installs = Installs::default();
        let mut last_event_ms = None;
        for segment in &filled {
            each(segment, &["install_id"], |batch| installs.add(batch))?;
            if Some(segment.max_day()) == last {
                each(segment, &["ts", "skew_s"], |batch| {
                    last_event_ms = last_event_ms.max(newest(batch));
                })?;
            }
        }
        Ok(Self {
            name: view.info.name.clone(),
            host: view.info.host.clone(),
            retention: view.info.retention,
            events: view.rows(),
            bytes: view.bytes(),
            days: first.zip(last),
            last_event_ms,
            installs: installs.seen.len() as u64,
            events_without_install: installs.without,
            tally: view.tally.clone(),
            masked: view.masked(),
        })
    }
}

fn each(
    segment: &Segment,
    columns: &[&str],
    mut take: impl FnMut(&RecordBatch),
) -> Result<(), Failure> {
    for batch in segment.scan(columns, None)? {
        take(&batch?);
    }
    Ok(())
}

#[derive(Default)]
struct Installs {
    seen: HashSet<[u8; 16]>,
    without: u64,
}

impl Installs {
    /// A value may stand in a batch's dictionary without a row that has it, so codes decide.
    fn add(&mut self, batch: &RecordBatch) {
        let Some(ids) = batch.column(0).as_dictionary_opt::<Int32Type>() else {
            self.without += batch.num_rows() as u64;
            return;
        };
        let Some(values) = ids.values().as_fixed_size_binary_opt() else {
            return;
        };
        let mut used = vec![false; values.len()];
        for row in 0..ids.len() {
            match ids.key(row).and_then(|code| used.get_mut(code)) {
                Some(used) => *used = true,
                None => self.without += 1,
            }
        }
        let used = used.iter().enumerate().filter(|(_, used)| **used);
        self.seen
            .extend(used.filter_map(|(code, _)| <[u8; 16]>::try_from(values.value(code)).ok()));
    }
}

fn newest(batch: &RecordBatch) -> Option<i64> {
    let times = batch
        .column(0)
        .as_primitive_opt::<TimestampMillisecondType>()?;
    let skews = batch.column(1).as_primitive_opt::<Int32Type>()?;
    let corrected = times.values().iter().zip(skews.values());
    corrected
        .map(|(ts, skew)| ts.saturating_add(i64::from(*skew) * 1000))
        .max()
}
