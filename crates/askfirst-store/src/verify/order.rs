//! What the rows of a segment say, to be compared with what the manifest says of them.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, TimestampMillisecondType};
use arrow_array::{ArrayRef, RecordBatch};

use crate::clock::day_of;

/// One row's place in the order.
type Key = (String, Option<[u8; 16]>, i64);

/// What was seen of the rows so far.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) rows: u64,
    pub(crate) events: Vec<(String, u64)>,
    pub(crate) received_rows: u64,
    pub(crate) imported_rows: u64,
    /// The first row that should stand before the one above it.
    pub(crate) out_of_order: Option<u64>,
    /// The first row without something every row has.
    pub(crate) fault: Option<(u64, &'static str)>,
    days: Option<(i32, i32)>,
    arrived: Option<(i32, i32)>,
    last: Option<Key>,
}

impl Rows {
    pub(crate) fn days(&self) -> (i32, i32) {
        self.days.unwrap_or_default()
    }

    pub(crate) fn arrived(&self) -> (i32, i32) {
        self.arrived.unwrap_or_default()
    }

    /// Looks at every row of a batch.
    pub(crate) fn add(&mut self, batch: &RecordBatch) {
        let Some(columns) = Columns::of(batch) else {
            self.fault
                .get_or_insert((self.rows, "a fixed column is missing or of another type"));
            self.rows += batch.num_rows() as u64;
            return;
        };
        for at in 0..batch.num_rows() {
            self.row(&columns, at);
            self.rows += 1;
        }
    }

    fn row(&mut self, columns: &Columns<'_>, at: usize) {
        let Some(event) = word(columns.event, at) else {
            self.fault
                .get_or_insert((self.rows, "a row without an event"));
            return;
        };
        let ts = columns.ts[at];
        let corrected = ts.saturating_add(i64::from(columns.skew_s[at]) * 1000);
        widen(&mut self.days, day_of(corrected));
        widen(&mut self.arrived, columns.received[at].div_euclid(24));
        match word(columns.consent, at) {
            Some("imported") => self.imported_rows += 1,
            _ => self.received_rows += 1,
        }
        let install = columns.install.and_then(|ids| id(ids, at));
        match &mut self.last {
            Some(last) if last.0 == event => {
                if (install, ts) < (last.1, last.2) {
                    self.out_of_order.get_or_insert(self.rows);
                }
                (last.1, last.2) = (install, ts);
            }
            last => {
                if last.as_ref().is_some_and(|last| last.0.as_str() > event) {
                    self.out_of_order.get_or_insert(self.rows);
                }
                *last = Some((event.to_owned(), install, ts));
                self.events.push((event.to_owned(), 0));
            }
        }
        if let Some((_, n)) = self.events.last_mut() {
            *n += 1;
        }
    }
}

/// The columns that are looked at.
struct Columns<'b> {
    event: &'b ArrayRef,
    consent: &'b ArrayRef,
    install: Option<&'b ArrayRef>,
    ts: &'b [i64],
    skew_s: &'b [i32],
    received: &'b [i32],
}

impl Columns<'_> {
    fn of(batch: &RecordBatch) -> Option<Columns<'_>> {
        let ints = |name| {
            let column = batch.column_by_name(name)?;
            Some(column.as_primitive_opt::<Int32Type>()?.values().as_ref())
        };
        let ts = batch.column_by_name("ts")?;
        Some(Columns {
            event: batch.column_by_name("event")?,
            consent: batch.column_by_name("consent")?,
            install: batch.column_by_name("install_id"),
            ts: ts.as_primitive_opt::<TimestampMillisecondType>()?.values(),
            skew_s: ints("skew_s")?,
            received: ints("received")?,
        })
    }
}

fn word(column: &ArrayRef, at: usize) -> Option<&str> {
    let coded = column.as_dictionary_opt::<Int32Type>()?;
    let words = coded.values().as_string_opt::<i32>()?;
    coded.key(at).map(|code| words.value(code))
}

fn id(column: &ArrayRef, at: usize) -> Option<[u8; 16]> {
    let coded = column.as_dictionary_opt::<Int32Type>()?;
    let ids = coded.values().as_fixed_size_binary_opt()?;
    coded
        .key(at)
        .and_then(|code| ids.value(code).try_into().ok())
}

fn widen(range: &mut Option<(i32, i32)>, day: i32) {
    let (min, max) = range.unwrap_or((day, day));
    *range = Some((min.min(day), max.max(day)));
}
