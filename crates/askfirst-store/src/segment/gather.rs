//! Rows, gathered into columns until they are sealed or read.
//!
//! A row costs about 50 bytes, 4 or 8 more for each of its properties, and two bits for every property
//! that any gathered row has.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use crate::clock::day_of;
use crate::codec::Fault;
use crate::recorded::Recorded;
use crate::row::Consent;
use crate::shape::{Physical, Shape};
use crate::wal::record::{RowView, Stored};

/// Distinct values, numbered as they come.
#[derive(Debug)]
pub(super) struct Distinct<T> {
    pub(super) list: Vec<T>,
    positions: HashMap<T, u32>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Distinct<T> {
        Distinct {
            list: Vec::new(),
            positions: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Distinct<T> {
    fn position<Q>(&mut self, value: &Q, owned: impl FnOnce(&Q) -> T) -> u32
    where
        T: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(position) = self.positions.get(value) {
            return *position;
        }
        let position = self.list.len() as u32;
        let value = owned(value);
        self.list.push(value.clone());
        self.positions.insert(value, position);
        position
    }
}

/// A column in which rows may have no value: most events have few of the properties there are, so
/// only values that are there take room. Only as long as its last value needs.
#[derive(Debug)]
pub(super) struct Sparse<T> {
    values: Vec<T>,
    /// Which of 64 rows have a value, and how many rows before them have one.
    present: Vec<(u64, u32)>,
}

impl<T> Default for Sparse<T> {
    fn default() -> Sparse<T> {
        Sparse {
            values: Vec::new(),
            present: Vec::new(),
        }
    }
}

impl<T: Copy> Sparse<T> {
    /// Adds the value of a row behind all that have one.
    fn put(&mut self, row: usize, value: T) {
        let before = self.values.len() as u32;
        let of = row / 64;
        if of >= self.present.len() {
            self.present.resize(of + 1, (0, before));
        }
        self.present[of].0 |= 1 << (row % 64);
        self.values.push(value);
    }

    pub(super) fn get(&self, row: u32) -> Option<T> {
        let (bits, before) = *self.present.get(row as usize / 64)?;
        let below = bits & ((1 << (row % 64)) - 1);
        let there = bits >> (row % 64) & 1 == 1;
        there.then(|| self.values[(before + below.count_ones()) as usize])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// A column of text.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) distinct: Distinct<Arc<str>>,
    pub(super) codes: Sparse<u32>,
}

impl Texts {
    fn put(&mut self, row: usize, text: &str) {
        let code = self.distinct.position(text, |text: &str| Arc::from(text));
        self.codes.put(row, code);
    }
}

/// The values of a property.
#[derive(Debug)]
pub(super) enum Values {
    Bool(Sparse<bool>),
    Int(Sparse<i64>),
    Text(Texts),
}

/// Rows as columns, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(super) ts: Vec<i64>,
    pub(super) skew_s: Vec<i32>,
    pub(super) received: Vec<i32>,
    pub(super) event: Vec<u32>,
    pub(super) events: Distinct<Arc<str>>,
    pub(super) install: Sparse<u32>,
    pub(super) installs: Distinct<[u8; 16]>,
    pub(super) consent: Vec<Consent>,
    pub(super) session: Sparse<u64>,
    pub(super) seq: Sparse<i64>,
    pub(super) since_start: Sparse<i64>,
    pub(super) catalog: Texts,
    pub(super) properties: Vec<(Arc<str>, Values)>,
    by_name: HashMap<Arc<str>, usize>,
    /// For the catalog last seen: the column of each of its properties.
    of_shape: Option<(Arc<Shape>, Vec<Option<usize>>)>,
    catalogs: BTreeSet<[u8; 32]>,
    days: Option<(i32, i32)>,
    arrived: Option<(i32, i32)>,
    /// For each event, as in `events`: since when it is recorded.
    first: Vec<First>,
}

/// The first day of an event, and of its values in each column.
#[derive(Debug)]
struct First {
    day: i32,
    columns: Vec<i32>,
}

/// No day: there is no value.
const NEVER: i32 = i32::MAX;

impl First {
    fn note(&mut self, column: usize, day: i32) {
        if self.columns.len() <= column {
            self.columns.resize(column + 1, NEVER);
        }
        self.columns[column] = self.columns[column].min(day);
    }
}

impl Gathered {
    /// With room for what every row has: growing step by step, it would hold twice as much.
    pub(crate) fn with_room(rows: usize) -> Gathered {
        Gathered {
            ts: Vec::with_capacity(rows),
            skew_s: Vec::with_capacity(rows),
            received: Vec::with_capacity(rows),
            event: Vec::with_capacity(rows),
            consent: Vec::with_capacity(rows),
            ..Gathered::default()
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ts.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ts.is_empty()
    }

    /// The catalogs that made the rows.
    pub(crate) fn catalogs(&self) -> Vec<[u8; 32]> {
        self.catalogs.iter().copied().collect()
    }

    /// First and last day of corrected time.
    pub(crate) fn days(&self) -> (i32, i32) {
        self.days.unwrap_or_default()
    }

    /// First and last day of arrival.
    pub(crate) fn arrived(&self) -> (i32, i32) {
        self.arrived.unwrap_or_default()
    }

    /// Adds a row whose numbers are of `shape`.
    pub(crate) fn push(
        &mut self,
        shape: &Arc<Shape>,
        received_ms: i64,
        row: &RowView<'_>,
    ) -> Result<(), Fault> {
        let at = self.len();
        let event = shape
            .event(row.event)
            .ok_or("an event its catalog does not have")?;
        self.know(shape);
        let corrected = row.day();
        let code = self.events.position(&**event, |_| Arc::clone(event));
        self.first_of(code, corrected);
        for (property, value) in &row.values {
            let column = self.column(shape, property.index())?;
            match (&mut self.properties[column].1, value) {
                (Values::Bool(values), Stored::Bool(on)) => values.put(at, *on),
                (Values::Int(values), Stored::Int(n)) => values.put(at, *n),
                (Values::Text(texts), Stored::Text(text)) => texts.put(at, text),
                _ => return Err("a value that is not of its property's kind"),
            }
            self.first[code as usize].note(column, corrected);
        }
        self.event.push(code);
        if let Some(install) = row.install {
            let code = self.installs.position(&install, |id| *id);
            self.install.put(at, code);
        }
        self.consent.push(row.consent);
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        row.session.inspect(|n| self.session.put(at, *n));
        row.seq.inspect(|n| self.seq.put(at, signed(*n)));
        row.since_start
            .inspect(|n| self.since_start.put(at, signed(*n)));
        row.catalog
            .inspect(|short| self.catalog.put(at, &crate::hex::encode(short)));
        self.skew_s.push(row.skew_s);
        self.received
            .push(i32::try_from(received_ms.div_euclid(3_600_000)).unwrap_or(i32::MAX));
        self.ts.push(row.ts);
        widen(&mut self.days, corrected);
        widen(&mut self.arrived, day_of(received_ms));
        Ok(())
    }

    fn first_of(&mut self, event: u32, day: i32) {
        match self.first.get_mut(event as usize) {
            Some(first) => first.day = first.day.min(day),
            // Events are numbered as they come.
            None => self.first.push(First {
                day,
                columns: Vec::new(),
            }),
        }
    }

    /// Since when the events and properties of the rows are recorded.
    pub(crate) fn recorded(&self) -> Recorded {
        let mut recorded = Recorded::default();
        for (name, first) in self.events.list.iter().zip(&self.first) {
            let columns = first.columns.iter().zip(&self.properties);
            let columns = columns.filter(|(day, _)| **day != NEVER);
            recorded.add(
                name,
                first.day,
                columns.map(|(day, (name, _))| (&**name, *day)),
            );
        }
        recorded
    }

    /// Notes the catalog of a row, also of one without a value.
    fn know(&mut self, shape: &Arc<Shape>) {
        let known = self.of_shape.as_ref();
        if !known.is_some_and(|(it, _)| Arc::ptr_eq(it, shape)) {
            self.catalogs.insert(shape.sha256);
            self.of_shape = Some((Arc::clone(shape), vec![None; shape.columns.len()]));
        }
    }

    /// The column of a property of `shape`, which is the catalog last noted.
    fn column(&mut self, shape: &Arc<Shape>, property: usize) -> Result<usize, Fault> {
        let known = self
            .of_shape
            .as_mut()
            .and_then(|(_, it)| it.get_mut(property));
        let known = known.ok_or("a property its catalog does not have")?;
        if let Some(column) = known {
            return Ok(*column);
        }
        let wanted = &shape.columns[property];
        let next = self.properties.len();
        let column = *self.by_name.entry(Arc::clone(&wanted.name)).or_insert(next);
        if column == next {
            let values = match wanted.physical {
                Physical::Bool => Values::Bool(Sparse::default()),
                Physical::Int => Values::Int(Sparse::default()),
                Physical::Text => Values::Text(Texts::default()),
            };
            self.properties.push((Arc::clone(&wanted.name), values));
        }
        *known = Some(column);
        Ok(column)
    }

    /// The rows in the order of a segment: by event, install (none first) and time; equal
    /// ones as they came.
    pub(crate) fn order(&self) -> Vec<u32> {
        let events = ranks(&self.events.list);
        let installs = ranks(&self.installs.list);
        let key = |row: &u32| {
            let install = self.install.get(*row).map(|code| installs[code as usize]);
            let event = events[self.event[*row as usize] as usize];
            (event, install, self.ts[*row as usize])
        };
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_by_cached_key(|row| (key(row), *row));
        order
    }

    /// Each event and its number of rows, sorted by name.
    pub(crate) fn event_rows(&self, order: &[u32]) -> Vec<(Arc<str>, u64)> {
        let of = |row: &u32| self.event[*row as usize];
        let runs = order.chunk_by(|a, b| of(a) == of(b));
        let name = |run: &[u32]| Arc::clone(&self.events.list[of(&run[0]) as usize]);
        runs.map(|run| (name(run), run.len() as u64)).collect()
    }
}

fn widen(range: &mut Option<(i32, i32)>, day: i32) {
    let (min, max) = range.unwrap_or((day, day));
    *range = Some((min.min(day), max.max(day)));
}

/// For each value, its position among all of them in order.
fn ranks<T: Ord>(list: &[T]) -> Vec<u32> {
    let mut sorted: Vec<usize> = (0..list.len()).collect();
    sorted.sort_by(|a, b| list[*a].cmp(&list[*b]));
    let mut ranks = vec![0; list.len()];
    for (rank, at) in sorted.into_iter().enumerate() {
        ranks[at] = rank as u32;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_own_value_or_none() {
        let mut column = Sparse::default();
        let rows = [0, 1, 63, 64, 65, 130, 700];
        rows.iter()
            .for_each(|row| column.put(*row, *row as i64 * 3));
        for row in 0..1000_u32 {
            let expected = rows.contains(&(row as usize)).then_some(i64::from(row) * 3);
            assert_eq!(column.get(row), expected, "row {row}");
        }
        assert_eq!(column.values.len(), rows.len());
    }

    #[test]
    fn a_column_without_values_is_empty() {
        let column: Sparse<u32> = Sparse::default();
        assert!(column.is_empty());
        assert_eq!(column.get(7), None);
    }
}
