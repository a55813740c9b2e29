//! Rows in memory with the columns a store has, for tests of what is asked of them.

pub(crate) mod log;
pub(crate) mod stored;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::{FixedSizeBinaryDictionaryBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Int32Array, Int64Array, RecordBatch, TimestampMillisecondArray, UInt64Array,
};
use arrow_schema::{Field, Schema};
use askfirst_query::Error;
use askfirst_query::calendar::Day;
use askfirst_query::reports::Project;
use askfirst_query::source::{Batches, Part};

/// One event as it would be stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    pub(crate) event: String,
    pub(crate) ts: i64,
    pub(crate) skew_s: i32,
    pub(crate) install: Option<[u8; 16]>,
    pub(crate) consent: &'static str,
    pub(crate) session: Option<u64>,
    pub(crate) seq: Option<i64>,
    pub(crate) texts: Vec<(&'static str, String)>,
    pub(crate) numbers: Vec<(&'static str, i64)>,
}

impl Line {
    fn corrected(&self) -> i64 {
        self.ts + i64::from(self.skew_s) * 1000
    }
}

/// A sorted segment in memory, read in small batches.
pub(crate) struct Memory {
    lines: Vec<Line>,
    batch: usize,
}

impl Memory {
    pub(crate) fn new(mut lines: Vec<Line>, batch: usize) -> Memory {
        lines.sort_by(|a, b| (&a.event, a.install, a.ts).cmp(&(&b.event, b.install, b.ts)));
        Memory { lines, batch }
    }

    /// The lines cut into segments as arrival would.
    pub(crate) fn segments(lines: Vec<Line>, each: usize) -> Vec<Memory> {
        lines
            .chunks(each)
            .map(|lines| Memory::new(lines.to_vec(), 100))
            .collect()
    }
}

/// The project of these segments.
pub(crate) fn project<'a>(host: &'a str, segments: &'a [Memory]) -> Project<'a> {
    let days = segments.iter().map(Memory::days);
    Project {
        host,
        parts: segments
            .iter()
            .map(|segment| segment as &dyn Part)
            .collect(),
        days: days.reduce(|(a, b), (c, d)| (a.min(c), b.max(d))),
        simulated: None,
        recorded: Box::new(|event, property| recorded(segments, event, property)),
        tally: None,
    }
}

/// The first day of an event or of a property of it, as a store's manifest says it.
fn recorded(segments: &[Memory], event: &str, property: Option<&str>) -> Option<Day> {
    let carries = |line: &&Line| {
        let column = |property| format!("p_{property}");
        property.map(column).is_none_or(|column| {
            let texts = line.texts.iter().map(|(name, _)| *name);
            let numbers = line.numbers.iter().map(|(name, _)| *name);
            texts.chain(numbers).any(|name| name == column)
        })
    };
    let lines = segments.iter().flat_map(|segment| &segment.lines);
    lines
        .filter(|line| line.event == event)
        .filter(carries)
        .map(|line| Day::of_ms(line.corrected()))
        .min()
}

impl Part for Memory {
    fn days(&self) -> (Day, Day) {
        let days = || self.lines.iter().map(|line| Day::of_ms(line.corrected()));
        (days().min().unwrap(), days().max().unwrap())
    }

    /// Runs of lines of the event: these segments are in no order.
    fn pieces(&self, event: Option<&str>) -> Vec<Range<u64>> {
        let asked = |line: &Line| event.is_none_or(|event| line.event == event);
        let mut at = 0;
        let runs = self.lines.chunk_by(|a, b| asked(a) == asked(b));
        let pieces = runs.map(|run| {
            let piece = at..at + run.len() as u64;
            at = piece.end;
            (asked(&run[0]), piece)
        });
        let asked = pieces.filter(|(asked, _)| *asked);
        asked.map(|(_, piece)| piece).collect()
    }

    fn scan<'a>(&'a self, columns: &[&str], piece: Range<u64>) -> Result<Batches<'a>, Error> {
        let lines = &self.lines[piece.start as usize..piece.end as usize];
        let lines: Vec<&Line> = lines.iter().collect();
        let columns: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
        let batches: Vec<RecordBatch> = lines
            .chunks(self.batch)
            .map(|lines| batch(lines, &columns))
            .collect();
        Ok(Box::new(batches.into_iter().map(Ok)))
    }
}

const TEXTS: [&str; 5] = [
    "p_main_model",
    "p_edit_format",
    "p_name",
    "p_version",
    "p_os_platform",
];
const NUMBERS: [&str; 4] = ["p_total_tokens", "p_applied", "p_failed", "p_retries"];

/// Rows as Arrow arrays; columns no store has are left out.
fn batch(lines: &[&Line], columns: &[String]) -> RecordBatch {
    let there: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    let arrays = there
        .into_iter()
        .filter_map(|name| Some((name, array(name, lines)?)));
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = arrays
        .map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array))
        .unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn array(name: &str, lines: &[&Line]) -> Option<ArrayRef> {
    let text = |line: &&'_ Line| {
        line.texts
            .iter()
            .find(|(column, _)| *column == name)
            .map(|(_, text)| text.clone())
    };
    let number = |line: &&Line| {
        line.numbers
            .iter()
            .find(|(column, _)| *column == name)
            .map(|(_, value)| *value)
    };
    Some(match name {
        "ts" => Arc::new(
            TimestampMillisecondArray::from_iter_values(lines.iter().map(|line| line.ts))
                .with_timezone("UTC"),
        ),
        "skew_s" => Arc::new(Int32Array::from_iter_values(
            lines.iter().map(|line| line.skew_s),
        )),
        "session" => Arc::new(UInt64Array::from_iter(
            lines.iter().map(|line| line.session),
        )),
        "seq" => Arc::new(Int64Array::from_iter(lines.iter().map(|line| line.seq))),
        "event" => texts(lines.iter().map(|line| Some(line.event.as_str()))),
        "consent" => texts(lines.iter().map(|line| Some(line.consent))),
        "install_id" => ids(lines),
        name if TEXTS.contains(&name) => {
            let values: Vec<Option<String>> = lines.iter().map(text).collect();
            texts(values.iter().map(Option::as_deref))
        }
        name if NUMBERS.contains(&name) => {
            Arc::new(Int64Array::from_iter(lines.iter().map(number)))
        }
        _ => return None,
    })
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

fn ids(lines: &[&Line]) -> ArrayRef {
    let mut builder = FixedSizeBinaryDictionaryBuilder::<Int32Type>::new(16);
    for line in lines {
        match line.install {
            Some(id) => drop(builder.append(id).unwrap()),
            None => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}
