//! Segments: rows of one project, sorted by event, install and time (decision D8).

use std::ops::Range;

use arrow_array::RecordBatch;

use crate::error::Error;

/// Where the rows of a segment came from. Never mixed in one file: their retention counts
/// from different days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Over HTTP.
    Received,
    /// From a log.
    Imported,
}

/// Rows of one project: a sealed file, or the unsealed rows in memory.
///
/// Columns: `ts` Timestamp(ms, UTC), `skew_s` Int32, `received` Int32 (hours since 1970),
/// `event` text, `install_id` Dictionary(Int32, FixedSizeBinary(16)) nullable, `consent`
/// text, `session` UInt64 nullable, `seq` Int64 nullable, `since_start` Int64 (ms)
/// nullable, `catalog` text nullable (8 hex digits), then `p_*`, all nullable: Boolean, Int64
/// (counts; billionths for amounts; milliseconds for durations), or text. Text is
/// Dictionary(Int32, Utf8); the dictionary may differ from batch to batch.
#[derive(Debug)]
pub struct Segment {}

impl Segment {
    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        0
    }

    /// Bytes of the sealed file; 0 for unsealed rows.
    pub fn bytes(&self) -> u64 {
        0
    }

    /// Whether it is a sealed file.
    pub fn is_sealed(&self) -> bool {
        false
    }

    /// Where its rows came from.
    pub fn origin(&self) -> Origin {
        Origin::Received
    }

    /// The first day (since 1970-01-01, UTC, by corrected time) it has a row of.
    pub fn min_day(&self) -> i32 {
        0
    }

    /// The last day it has a row of.
    pub fn max_day(&self) -> i32 {
        0
    }

    /// The canonical names of the events it has rows of, sorted.
    pub fn events(&self) -> impl Iterator<Item = (&str, Range<u64>)> + '_ {
        std::iter::empty()
    }

    /// The rows of one event: they lie together.
    pub fn event_range(&self, _event: &str) -> Option<Range<u64>> {
        None
    }

    /// Reads `columns`, in that order, in batches of rows in the segment's order. With an
    /// `event`, only its rows are read. A column the segment does not have comes as nulls of
    /// the type it has elsewhere; one that nothing stored has comes as `Null`.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or is damaged.
    pub fn scan(&self, _columns: &[&str], _event: Option<&str>) -> Result<Scan, Error> {
        Err(Error::Closed)
    }
}

/// The batches of one [`Segment::scan`].
#[derive(Debug)]
pub struct Scan {}

impl Iterator for Scan {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}
