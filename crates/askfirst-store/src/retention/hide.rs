//! Hiding: which rows of a file are still shown.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, TimestampMillisecondType};
use arrow_array::{BooleanArray, RecordBatch};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use arrow_select::filter::filter_record_batch;

use crate::clock::day_of;
use crate::erasure::mask::Mask;
use crate::error::Error;
use crate::manifest::SegmentFile;
use crate::project::Retention;
use crate::segment::Origin;
use crate::segment::sealed::Sealed;

/// How much of a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    All,
    /// Rows from this day on.
    From(i32),
    Nothing,
}

/// How much of a file is shown on `today`, as far as the manifest tells.
pub(crate) fn shown(file: &SegmentFile, retention: Retention, today: i32) -> Shown {
    let first = retention.first_shown(file.origin, today);
    let (oldest, newest) = match file.origin {
        Origin::Received => file.days,
        Origin::Imported => file.arrived,
    };
    match () {
        () if newest < first => Shown::Nothing,
        () if oldest >= first => Shown::All,
        () => Shown::From(first),
    }
}

/// The rows of a file of which some have expired or are erased.
#[derive(Debug)]
pub(crate) struct Visible {
    /// For each row of the file: whether it is shown.
    rows: BooleanBuffer,
    /// First and last day, by corrected time, of those that are.
    pub(crate) days: (i32, i32),
    /// Each event's rows in the file.
    events: Vec<(Arc<str>, Range<u64>)>,
}

impl Visible {
    /// Reads from a file which of its rows are shown: those from the day `first` on, if that is
    /// given, of installs that no `mask` hides. `None` if that is all of them.
    pub(crate) fn read(
        sealed: &Sealed,
        first: Option<i32>,
        mask: Option<&Mask>,
    ) -> Result<Option<Visible>, Error> {
        let file = sealed.file();
        let hidden = match mask {
            Some(mask) => hidden(sealed, mask)?,
            None => None,
        };
        if hidden.is_none() && first.is_none() {
            return Ok(None);
        }
        let first = first.unwrap_or(i32::MIN);
        let mut rows = BooleanBufferBuilder::new(file.rows as usize);
        let mut days: Option<(i32, i32)> = None;
        let mut scan = sealed.scan(&["ts", "skew_s", "received"], 0..file.rows)?;
        while let Some(batch) = scan.next() {
            each_day(&batch?, |happened, arrived| {
                let counted = match file.origin {
                    Origin::Received => happened,
                    Origin::Imported => arrived,
                };
                let masked = hidden.as_ref().is_some_and(|it| it.value(rows.len()));
                let shown = counted >= first && !masked;
                rows.append(shown);
                if shown {
                    let (min, max) = days.unwrap_or((happened, happened));
                    days = Some((min.min(happened), max.max(happened)));
                }
            });
        }
        let named = file.ranges();
        Ok(Some(Visible {
            rows: rows.finish(),
            days: days.unwrap_or(file.days),
            events: named
                .map(|(name, range)| (Arc::from(name), range))
                .collect(),
        }))
    }

    /// Whether no row is shown.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.count_set_bits() == 0
    }

    /// Each event that is shown, and where its rows lie among those that are.
    pub(crate) fn events(&self) -> Vec<(Arc<str>, Range<u64>)> {
        let mut at = 0;
        let counted = self.events.iter().map(|(name, range)| {
            let rows = self.slice(range.start, range.end).count_set_bits() as u64;
            let shown = at..at + rows;
            at = shown.end;
            (Arc::clone(name), shown)
        });
        counted.filter(|(_, range)| !range.is_empty()).collect()
    }

    /// Where the rows of an event lie in the file.
    pub(crate) fn in_file(&self, event: &str) -> Option<Range<u64>> {
        let at = self
            .events
            .binary_search_by(|(name, _)| (**name).cmp(event));
        Some(self.events[at.ok()?].1.clone())
    }

    /// The rows that are shown of a batch that begins at row `at` of the file.
    pub(crate) fn filter(&self, batch: &RecordBatch, at: u64) -> Result<RecordBatch, Error> {
        let rows = self.slice(at, at + batch.num_rows() as u64);
        filter_record_batch(batch, &BooleanArray::new(rows, None)).map_err(|source| Error::Arrow {
            path: "rows that are shown".into(),
            source,
        })
    }

    fn slice(&self, start: u64, end: u64) -> BooleanBuffer {
        let len = self.rows.len() as u64;
        let (start, end) = (start.min(len), end.min(len));
        self.rows.slice(start as usize, (end - start) as usize)
    }
}

/// For each row of a file: whether its install is erased. `None` if no row's is, which of most
/// files is found out by reading one column.
fn hidden(sealed: &Sealed, mask: &Mask) -> Result<Option<BooleanBuffer>, Error> {
    let all = sealed.file().rows;
    let mut rows = BooleanBufferBuilder::new(all as usize);
    let mut any = false;
    let mut scan = sealed.scan(&["install_id"], 0..all)?;
    while let Some(batch) = scan.next() {
        mask.hidden(&batch?, |hidden| {
            rows.append(hidden);
            any |= hidden;
        });
    }
    // A file that is shorter than it says is found out when it is read.
    rows.resize(all as usize);
    Ok(any.then(|| rows.finish()))
}

/// The day each row happened, by corrected time, and the day it arrived.
fn each_day(batch: &RecordBatch, mut take: impl FnMut(i32, i32)) {
    let ints = |name: &str| {
        let column = batch.column_by_name(name)?;
        column.as_primitive_opt::<Int32Type>()
    };
    let ts = batch
        .column_by_name("ts")
        .and_then(|it| it.as_primitive_opt::<TimestampMillisecondType>());
    let (Some(ts), Some(skew), Some(received)) = (ts, ints("skew_s"), ints("received")) else {
        return;
    };
    let rows = ts.values().iter().zip(skew.values()).zip(received.values());
    for ((ts, skew_s), received) in rows {
        let corrected = ts.saturating_add(i64::from(*skew_s) * 1000);
        take(day_of(corrected), received.div_euclid(24));
    }
}
