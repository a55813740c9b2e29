//! Answers of one pass: groups with their measures.

use std::collections::HashMap;
use std::sync::Arc;

use crate::calendar::Day;
use crate::histogram::Histogram;
use crate::question::{Ask, Dimension};
use crate::scan::bitset::Bitset;
use crate::scan::codes::NONE;
use crate::scan::groups::{Groups, Key};
use crate::scan::hashing::Seeded;
use crate::scan::keyer::{Names, Texts};
use crate::scan::tally::Tally;

/// All groups of one ask.
#[derive(Clone, Debug, Default)]
pub struct Grouped {
    /// In no order.
    pub groups: Vec<Group>,
}

/// Rows with something in common.
#[derive(Clone, Debug)]
pub struct Group {
    /// Texts of the ask's dimensions, in order; `None` for rows without one. For the dimension install this is always
    /// `None`.
    pub names: Vec<Option<Arc<str>>>,
    /// The dense number of the dimension install, 0 for rows without an install.
    pub install: u32,
    /// First day of the bucket, if the ask has buckets.
    pub day: Option<Day>,
    /// The ask's measures, in order.
    pub cells: Vec<Cell>,
}

/// One measure of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A number of rows.
    Count(u64),
    /// A sum.
    Sum(i128),
    /// Distinct installs.
    Installs(Bitset),
    /// A distribution.
    Quantiles(Histogram),
    /// First and last corrected time in milliseconds.
    Span(i64, i64),
}

impl Cell {
    /// A count or sum.
    pub fn number(&self) -> i128 {
        match self {
            Cell::Count(count) => i128::from(*count),
            Cell::Sum(sum) => *sum,
            _ => 0,
        }
    }

    /// The number of distinct installs.
    pub fn installs(&self) -> u64 {
        match self {
            Cell::Installs(set) => set.count(),
            _ => 0,
        }
    }

    /// Adds the same measure of other rows.
    pub fn merge(&mut self, other: &Cell) {
        match (self, other) {
            (Cell::Count(mine), Cell::Count(theirs)) => *mine += theirs,
            (Cell::Sum(mine), Cell::Sum(theirs)) => *mine += theirs,
            (Cell::Installs(mine), Cell::Installs(theirs)) => mine.union(theirs),
            (Cell::Quantiles(mine), Cell::Quantiles(theirs)) => mine.merge(theirs),
            (Cell::Span(first, last), Cell::Span(other_first, other_last)) => {
                (*first, *last) = ((*first).min(*other_first), (*last).max(*other_last));
            }
            _ => {}
        }
    }
}

/// The groups of all threads, put together by key.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    at: HashMap<Key, usize, Seeded>,
    groups: Vec<(Key, Vec<Cell>)>,
}

impl Merged {
    pub(crate) fn add(&mut self, groups: &Groups, tallies: &[Tally]) {
        for (i, &key) in groups.keys().iter().enumerate() {
            let cells = tallies.iter().map(|tally| tally.cell(i));
            match self.at.get(&key) {
                Some(&at) => self.groups[at]
                    .1
                    .iter_mut()
                    .zip(cells)
                    .for_each(|(mine, cell)| mine.merge(&cell)),
                None => {
                    self.at.insert(key, self.groups.len());
                    self.groups.push((key, cells.collect()));
                }
            }
        }
    }

    /// The groups with what their codes stand for.
    pub(crate) fn named(self, ask: &Ask, names: &Names) -> Grouped {
        let values: Vec<Vec<Arc<str>>> = names.texts.iter().map(Texts::values).collect();
        let days = names.days.values();
        let name = |code: u32, place: usize| match code {
            NONE => None,
            code => values[place].get(code as usize - 1).cloned(),
        };
        let install = ask
            .by
            .iter()
            .position(|dimension| *dimension == Dimension::Install);
        let text = |key: Key, place: usize| match ask.by[place] {
            Dimension::Install => None,
            Dimension::Text(_) => name(key[place], place),
        };
        let group = |(key, cells): (Key, Vec<Cell>)| Group {
            names: (0..ask.by.len()).map(|place| text(key, place)).collect(),
            install: install.map_or(NONE, |place| key[place]),
            day: ask
                .bucket
                .and_then(|_| days.get(key[2] as usize - 1).copied()),
            cells,
        };
        Grouped {
            groups: self.groups.into_iter().map(group).collect(),
        }
    }
}
