//! How many rows of each event have a value of each property: counted while a file is written, and kept in
//! its footer, so that nobody has to read the columns to know.
//!
//! JSON under [`KEY`]: `{"exit":{"p_reason":120}}`. Every event of a file that has a column of a property is
//! in it; a property that no row of an event has is not.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::Array;
use parquet::file::metadata::{FileMetaData, KeyValue};

/// The key in the footer.
const KEY: &str = "askfirst.values";

/// Columns of properties begin so.
const PROPERTY: &str = "p_";

/// Rows that have a value, by event and column.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Filled {
    by_event: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Filled {
    /// Counts the values of rows of a column. `first` is the place of the first of these rows in the file;
    /// `events` are the file's, in order, each with its number of rows.
    pub(crate) fn add<'e>(
        &mut self,
        column: &str,
        values: &dyn Array,
        first: u64,
        events: impl Iterator<Item = (&'e str, u64)>,
    ) {
        if !column.starts_with(PROPERTY) {
            return;
        }
        let end = first + values.len() as u64;
        let mut begins = 0;
        for (event, rows) in events {
            let (from, to) = (begins.max(first), (begins + rows).min(end));
            begins += rows;
            if from < to {
                let (at, rows) = ((from - first) as usize, (to - from) as usize);
                let without = values
                    .nulls()
                    .map_or(0, |it| it.slice(at, rows).null_count());
                self.note(event, column, (rows - without) as u64);
            }
        }
    }

    fn note(&mut self, event: &str, column: &str, rows: u64) {
        if !self.by_event.contains_key(event) {
            self.by_event.insert(event.to_owned(), BTreeMap::new());
        }
        let Some(columns) = self.by_event.get_mut(event).filter(|_| rows > 0) else {
            return;
        };
        match columns.get_mut(column) {
            Some(known) => *known += rows,
            None => drop(columns.insert(column.to_owned(), rows)),
        }
    }

    /// How it stands in a footer.
    pub(super) fn key_value(&self) -> KeyValue {
        let json = serde_json::to_string(&self.by_event).unwrap_or_default();
        KeyValue::new(KEY.to_owned(), json)
    }

    /// What a footer says; `None` if nothing, as in files of older versions.
    pub(crate) fn of(file: &FileMetaData) -> Option<Filled> {
        let mut pairs = file.key_value_metadata()?.iter();
        let pair = pairs.find(|pair| pair.key == KEY)?;
        let by_event = serde_json::from_str(pair.value.as_deref()?).ok()?;
        Some(Filled { by_event })
    }

    /// Rows of an event that have a value in a column; `None` if the event is not known, or the column is
    /// no property's.
    pub(crate) fn rows(&self, event: &str, column: &str) -> Option<u64> {
        let columns = self.by_event.get(event);
        let columns = columns.filter(|_| column.starts_with(PROPERTY))?;
        Some(columns.get(column).copied().unwrap_or(0))
    }

    /// Where it says otherwise than `rows`: event, column, how many of those, how many it says.
    pub(crate) fn wrong<'a>(&'a self, rows: &'a Filled) -> Vec<(&'a str, &'a str, u64, u64)> {
        let (said, are) = (self.pairs(), rows.pairs());
        let pairs: BTreeSet<_> = said.keys().chain(are.keys()).collect();
        let of = |all: &BTreeMap<_, u64>, pair| all.get(pair).copied().unwrap_or(0);
        let pairs = pairs.into_iter();
        let both = pairs.map(|pair| (pair.0, pair.1, of(&are, pair), of(&said, pair)));
        both.filter(|(_, _, are, said)| are != said).collect()
    }

    fn pairs(&self) -> BTreeMap<(&str, &str), u64> {
        let events = self.by_event.iter();
        let pairs = events.flat_map(|(event, columns)| {
            let columns = columns.iter();
            columns.map(move |(column, rows)| ((event.as_str(), column.as_str()), *rows))
        });
        pairs.collect()
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Int64Array;

    use super::*;

    #[test]
    fn values_are_counted_by_event_whatever_batches_they_come_in() {
        let values = [Some(1), None, Some(1), Some(1), None, None, Some(1)];
        let events = [("a", 3), ("b", 1), ("c", 2), ("d", 1)];
        for size in 1..=values.len() {
            let mut filled = Filled::default();
            for (at, part) in values.chunks(size).enumerate() {
                let part = Int64Array::from(part.to_vec());
                let first = (at * size) as u64;
                filled.add("p_n", &part, first, events.iter().copied());
                filled.add("seq", &part, first, events.iter().copied());
            }
            let rows = ["a", "b", "c", "d", "e"].map(|event| filled.rows(event, "p_n"));
            assert_eq!(rows, [Some(2), Some(1), Some(0), Some(1), None]);
            assert_eq!(filled.rows("a", "seq"), None);
        }
    }
}
