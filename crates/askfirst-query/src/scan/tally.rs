//! Measures of groups while they grow.

use crate::error::Error;
use crate::histogram::Histogram;
use crate::question::Measure;
use crate::scan::bitset::Bitset;
use crate::scan::codes::NONE;
use crate::scan::columns::{Chunk, numbers};
use crate::scan::grouped::Cell;

/// One measure over all groups; the position in the list is the position of the group.
#[derive(Debug)]
pub(crate) enum Tally {
    Events(Vec<u64>),
    Sum(String, Vec<i128>),
    Present(String, Vec<u64>),
    Absent(String, Vec<u64>),
    Zero(String, Vec<u64>),
    Installs(Vec<Bitset>),
    Quantiles(String, Vec<Histogram>),
    Span(Vec<(i64, i64)>),
}

impl Tally {
    pub(crate) fn new(measure: &Measure) -> Tally {
        match measure {
            Measure::Events => Tally::Events(Vec::new()),
            Measure::Sum(column) => Tally::Sum(column.clone(), Vec::new()),
            Measure::Present(column) => Tally::Present(column.clone(), Vec::new()),
            Measure::Absent(column) => Tally::Absent(column.clone(), Vec::new()),
            Measure::Zero(column) => Tally::Zero(column.clone(), Vec::new()),
            Measure::Installs => Tally::Installs(Vec::new()),
            Measure::Quantiles(column) => Tally::Quantiles(column.clone(), Vec::new()),
            Measure::Span => Tally::Span(Vec::new()),
        }
    }

    /// Adds the rows of a chunk to their groups, of which there are `groups` now.
    pub(crate) fn add(
        &mut self,
        chunk: &Chunk<'_>,
        positions: &[u32],
        groups: usize,
    ) -> Result<(), Error> {
        match self {
            Tally::Events(counts) => {
                counts.resize(groups, 0);
                match chunk.weights.as_slice() {
                    [] => positions
                        .iter()
                        .for_each(|&group| counts[group as usize] += 1),
                    weights => positions
                        .iter()
                        .zip(weights)
                        .for_each(|(&group, &n)| counts[group as usize] += u64::from(n)),
                }
            }
            Tally::Sum(column, sums) => {
                sums.resize(groups, 0);
                present(chunk, positions, column, |group, value| {
                    sums[group] += i128::from(value)
                })?;
            }
            Tally::Present(column, counts) => {
                counts.resize(groups, 0);
                present(chunk, positions, column, |group, _| counts[group] += 1)?;
            }
            Tally::Zero(column, counts) => {
                counts.resize(groups, 0);
                present(chunk, positions, column, |group, value| {
                    counts[group] += u64::from(value == 0)
                })?;
            }
            Tally::Absent(column, counts) => {
                counts.resize(groups, 0);
                absent(chunk, positions, column, counts)?;
            }
            Tally::Installs(sets) => {
                sets.resize_with(groups, Bitset::default);
                let known = positions
                    .iter()
                    .zip(&chunk.installs)
                    .filter(|&(_, &number)| number != NONE);
                known.for_each(|(&group, &number)| sets[group as usize].insert(number));
            }
            Tally::Quantiles(column, histograms) => {
                histograms.resize_with(groups, Histogram::default);
                present(chunk, positions, column, |group, value| {
                    histograms[group].add(value)
                })?;
            }
            Tally::Span(spans) => {
                spans.resize(groups, (i64::MAX, i64::MIN));
                let lasts = match chunk.last_times.as_slice() {
                    [] => &chunk.times,
                    lasts => lasts,
                };
                for ((&group, &from), &to) in positions.iter().zip(&chunk.times).zip(lasts) {
                    let (first, last) = &mut spans[group as usize];
                    (*first, *last) = ((*first).min(from), (*last).max(to));
                }
            }
        }
        Ok(())
    }

    /// The measure of one group.
    pub(crate) fn cell(&self, group: usize) -> Cell {
        match self {
            Tally::Events(counts)
            | Tally::Present(_, counts)
            | Tally::Absent(_, counts)
            | Tally::Zero(_, counts) => Cell::Count(counts[group]),
            Tally::Sum(_, sums) => Cell::Sum(sums[group]),
            Tally::Installs(sets) => Cell::Installs(sets[group].clone()),
            Tally::Quantiles(_, histograms) => Cell::Quantiles(histograms[group].clone()),
            Tally::Span(spans) => Cell::Span(spans[group].0, spans[group].1),
        }
    }
}

/// Hands every recorded value of a column to `add`, with its group.
fn present(
    chunk: &Chunk<'_>,
    positions: &[u32],
    column: &str,
    mut add: impl FnMut(usize, i64),
) -> Result<(), Error> {
    let numbers = numbers(chunk.batch, column)?;
    let values = &numbers.values;
    if numbers.complete() && chunk.whole {
        positions
            .iter()
            .zip(values.iter())
            .for_each(|(&group, &value)| add(group as usize, value));
    } else if numbers.complete() {
        let rows = positions.iter().zip(&chunk.rows);
        rows.for_each(|(&group, &row)| add(group as usize, values[row as usize]));
    } else {
        let rows = positions.iter().zip(&chunk.rows);
        let there = rows.filter_map(|(&group, &row)| Some((group, numbers.get(row)?)));
        there.for_each(|(group, value)| add(group as usize, value));
    }
    Ok(())
}

fn absent(
    chunk: &Chunk<'_>,
    positions: &[u32],
    column: &str,
    counts: &mut [u64],
) -> Result<(), Error> {
    let numbers = numbers(chunk.batch, column)?;
    let missing = positions
        .iter()
        .zip(&chunk.rows)
        .filter(|&(_, &row)| numbers.get(row).is_none());
    missing.for_each(|(&group, _)| counts[group as usize] += 1);
    Ok(())
}
