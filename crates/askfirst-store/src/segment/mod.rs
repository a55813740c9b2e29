//! Segments: rows of one project, sorted by event, install and time (decision D8).
//!
//! [`gather`] collects rows into columns, [`arrays`] turns them into Arrow arrays in order,
//! [`write`] makes Parquet of those, [`sealed`] reads it back, [`merge`] makes few files of
//! many, and [`Segment`] is what
//! readers hold, whether it lies on disk or in memory.

mod arrays;
mod chunks;
pub(crate) mod filled;
pub(crate) mod gather;
pub(crate) mod merge;
pub(crate) mod sealed;
pub(crate) mod types;
pub(crate) mod write;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow_schema::{Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::policy;
use crate::retention::hide::Visible;
use gather::Gathered;
use sealed::{Sealed, SealedScan};
use types::Types;

/// Where the rows of a segment came from. Never mixed in one file: their retention counts
/// from different days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
pub struct Segment {
    origin: Origin,
    days: (i32, i32),
    events: Vec<(Arc<str>, Range<u64>)>,
    types: Arc<Types>,
    source: Source,
    /// If some rows of the file have expired or are erased: which are not.
    visible: Option<Arc<Visible>>,
}

enum Source {
    File(Box<Sealed>),
    Memory(RecordBatch),
}

impl Segment {
    pub(crate) fn sealed(sealed: Sealed, types: Arc<Types>) -> Segment {
        let file = sealed.file();
        Segment {
            origin: file.origin,
            days: file.days,
            events: file
                .ranges()
                .map(|(name, range)| (Arc::from(name), range))
                .collect(),
            types,
            source: Source::File(Box::new(sealed)),
            visible: None,
        }
    }

    /// The same file, of which only these rows are shown (promise P17, decision D29).
    pub(crate) fn only(self, visible: Arc<Visible>) -> Segment {
        Segment {
            days: visible.days,
            events: visible.events(),
            visible: Some(visible),
            ..self
        }
    }

    /// Unsealed rows.
    pub(crate) fn unsealed(rows: &Gathered, types: Arc<Types>) -> Result<Segment, Error> {
        let order = rows.order();
        Ok(Segment {
            origin: Origin::Received,
            days: rows.days(),
            events: ranges(rows.event_rows(&order)),
            types,
            source: Source::Memory(arrays::batch(rows, &order, arrays::Form::Read)?),
            visible: None,
        })
    }

    /// How many rows it has, those that have expired left out.
    pub fn rows(&self) -> u64 {
        self.events.last().map_or(0, |(_, range)| range.end)
    }

    /// Bytes of the sealed file; 0 for unsealed rows.
    pub fn bytes(&self) -> u64 {
        match &self.source {
            Source::File(sealed) => sealed.file().bytes,
            Source::Memory(_) => 0,
        }
    }

    /// Whether it is a sealed file.
    pub fn is_sealed(&self) -> bool {
        matches!(self.source, Source::File(_))
    }

    /// How far it is merged: 0 as sealed or imported, 1 a day, 2 a calendar month.
    pub fn level(&self) -> u8 {
        match &self.source {
            Source::File(sealed) => sealed.file().level,
            Source::Memory(_) => 0,
        }
    }

    /// Where its rows came from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The first day (since 1970-01-01, UTC, by corrected time) it has a row of.
    pub fn min_day(&self) -> i32 {
        self.days.0
    }

    /// The last day it has a row of.
    pub fn max_day(&self) -> i32 {
        self.days.1
    }

    /// The canonical names of the events it has rows of, sorted, and where their rows lie.
    pub fn events(&self) -> impl Iterator<Item = (&str, Range<u64>)> + '_ {
        self.events
            .iter()
            .map(|(name, range)| (name.as_ref(), range.clone()))
    }

    /// The rows of one event: they lie together.
    pub fn event_range(&self, event: &str) -> Option<Range<u64>> {
        let at = self
            .events
            .binary_search_by(|(name, _)| (**name).cmp(event));
        Some(self.events[at.ok()?].1.clone())
    }

    /// Reads `columns`, in that order, in batches of rows in the segment's order. With an
    /// `event`, only its rows are read. A column the segment does not have comes as nulls of
    /// the type it has elsewhere; one that nothing stored has comes as `Null`.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or is damaged.
    pub fn scan(&self, columns: &[&str], event: Option<&str>) -> Result<Scan, Error> {
        self.scan_rows(columns, self.in_source(event))
    }

    /// The rows of one event, or all, in pieces that several threads can read: what
    /// [`Segment::scan_rows`] takes. None if there are no such rows.
    pub fn pieces(&self, event: Option<&str>) -> Vec<Range<u64>> {
        let rows = self.in_source(event);
        let first = rows.start / policy::PIECE_ROWS;
        let last = rows.end.div_ceil(policy::PIECE_ROWS);
        let piece = |at| {
            let start = at * policy::PIECE_ROWS;
            rows.start.max(start)..rows.end.min(start + policy::PIECE_ROWS)
        };
        let pieces = (first..last).map(piece);
        pieces.filter(|piece| !piece.is_empty()).collect()
    }

    /// Reads `columns` of one of the [`pieces`](Segment::pieces), as [`Segment::scan`] does.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or is damaged.
    pub fn scan_rows(&self, columns: &[&str], range: Range<u64>) -> Result<Scan, Error> {
        let from = range.start;
        let names = columns.iter().map(|name| Arc::from(*name)).collect();
        let batches = match &self.source {
            _ if range.is_empty() => Batches::Nothing,
            Source::File(sealed) => Batches::File(sealed.scan(columns, range)?),
            Source::Memory(batch) => {
                let rows = (range.end - range.start) as usize;
                Batches::Memory(Some(batch.slice(range.start as usize, rows)))
            }
        };
        Ok(Scan {
            names,
            types: Arc::clone(&self.types),
            batches,
            visible: self.visible.clone().map(|rows| (rows, from)),
            schema: None,
        })
    }

    /// Rows of an event that have a value, for each of these columns of properties, if the file tells
    /// without its rows being read: a file of an older version does not, nor one of which some rows
    /// have expired or are erased, nor unsealed rows.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or is damaged.
    pub fn values(&self, event: &str, columns: &[&str]) -> Result<Option<Vec<u64>>, Error> {
        let (Source::File(sealed), None) = (&self.source, &self.visible) else {
            return Ok(None);
        };
        let filled = sealed.filled()?;
        Ok(filled.and_then(|it| {
            columns
                .iter()
                .map(|column| it.rows(event, column))
                .collect()
        }))
    }

    /// The rows of an event, or all, where they lie in the file: also those that have expired.
    fn in_source(&self, event: Option<&str>) -> Range<u64> {
        match (event, &self.visible, &self.source) {
            (None, Some(_), Source::File(sealed)) => 0..sealed.file().rows,
            (None, ..) => 0..self.rows(),
            (Some(event), Some(visible), _) => visible.in_file(event).unwrap_or(0..0),
            (Some(event), None, _) => self.event_range(event).unwrap_or(0..0),
        }
    }
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment")
            .field("origin", &self.origin)
            .field("rows", &self.rows())
            .field("days", &self.days)
            .field("sealed", &self.is_sealed())
            .finish_non_exhaustive()
    }
}

fn ranges(rows: Vec<(Arc<str>, u64)>) -> Vec<(Arc<str>, Range<u64>)> {
    let mut at = 0;
    let range = |(name, n)| {
        let range = at..at + n;
        at = range.end;
        (name, range)
    };
    rows.into_iter().map(range).collect()
}

/// The batches of one [`Segment::scan`].
#[derive(Debug)]
pub struct Scan {
    names: Vec<Arc<str>>,
    types: Arc<Types>,
    batches: Batches,
    /// Which rows are shown, and how far the file was read.
    visible: Option<(Arc<Visible>, u64)>,
    schema: Option<SchemaRef>,
}

#[derive(Debug)]
enum Batches {
    Nothing,
    Memory(Option<RecordBatch>),
    File(SealedScan),
}

impl Iterator for Scan {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let batch = match &mut self.batches {
                Batches::Nothing => None,
                Batches::Memory(batch) => batch.take().map(Ok),
                Batches::File(scan) => scan.next(),
            };
            let batch = batch?.and_then(|batch| self.shown(batch));
            match batch {
                Ok(batch) if batch.num_rows() == 0 => {}
                batch => return Some(batch.and_then(|batch| self.arrange(&batch))),
            }
        }
    }
}

impl Scan {
    /// The rows of a batch that have not expired.
    fn shown(&mut self, batch: RecordBatch) -> Result<RecordBatch, Error> {
        let Some((visible, at)) = &mut self.visible else {
            return Ok(batch);
        };
        let from = *at;
        *at += batch.num_rows() as u64;
        visible.filter(&batch, from)
    }

    /// The asked columns in the asked order, nulls for those that are not there.
    fn arrange(&mut self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        let column = |name: &Arc<str>| -> ArrayRef {
            match batch.column_by_name(name) {
                Some(column) => Arc::clone(column),
                None => new_null_array(&self.types.of(name), batch.num_rows()),
            }
        };
        let columns: Vec<ArrayRef> = self.names.iter().map(column).collect();
        let schema = self.schema.get_or_insert_with(|| {
            let field = |(name, array): (&Arc<str>, &ArrayRef)| {
                Field::new(name.as_ref(), array.data_type().clone(), true)
            };
            let fields: Vec<Field> = self.names.iter().zip(&columns).map(field).collect();
            Arc::new(Schema::new(fields))
        });
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options).map_err(|source| {
            Error::Arrow {
                path: "scan".into(),
                source,
            }
        })
    }
}
