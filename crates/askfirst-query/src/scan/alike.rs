//! Rows in turn that are alike.
//!
//! A segment is sorted by event and install, so neighbours mostly have the install, the version, the platform and
//! the consent of each other. Questions that only count these look at one row of each such run and count it as
//! often as the run is long.

use arrow_array::Array;
use arrow_buffer::NullBuffer;

use crate::calendar::Bucket;
use crate::error::Error;
use crate::question::{Ask, Dimension, Measure};
use crate::scan::columns::{Chunk, dictionary};

/// What rows of a run have in common: what some asks tell rows apart by.
#[derive(Debug, Default)]
pub(crate) struct Alike<'a> {
    columns: Vec<&'a str>,
    install: bool,
    buckets: Vec<Bucket>,
    spans: bool,
}

impl<'a> Alike<'a> {
    /// Whether an ask can be answered from runs: not if it measures values of single rows, nor if days or
    /// weeks would end the runs, which are of an install and an event, whenever these were.
    pub(crate) fn answers(ask: &Ask) -> bool {
        let measured =
            |it: &Measure| matches!(it, Measure::Events | Measure::Installs | Measure::Span);
        let wide = ask
            .bucket
            .is_none_or(|it| matches!(it, Bucket::Sides { .. }));
        wide && ask.measures.iter().all(measured)
    }

    /// Runs for those of the asks that they answer; `None` if there are not several, because finding the
    /// runs costs about as much as answering one.
    pub(crate) fn of(asks: &'a [Ask]) -> Option<Alike<'a>> {
        let mut alike = Alike::default();
        let mut answered = 0;
        for ask in asks.iter().filter(|ask| Alike::answers(ask)) {
            answered += 1;
            for dimension in &ask.by {
                match dimension {
                    Dimension::Text(column) => alike.columns.push(column),
                    Dimension::Install => alike.install = true,
                }
            }
            alike.install |= ask.measures.contains(&Measure::Installs);
            alike.spans |= ask.measures.contains(&Measure::Span);
            alike.buckets.extend(ask.bucket);
        }
        alike.columns.sort_unstable();
        alike.columns.dedup();
        alike.buckets.dedup();
        (answered > 1).then_some(alike)
    }

    /// One row for each run of a chunk's rows, with how many there are of it; `None` if runs are so short
    /// that it would not pay.
    pub(crate) fn shorten<'b>(&self, chunk: &Chunk<'b>) -> Result<Option<Chunk<'b>>, Error> {
        let firsts = positions(&self.marked(chunk)?);
        let all = chunk.rows.len();
        if firsts.len() * 4 > all * 3 {
            return Ok(None);
        }
        let mut ends: Vec<u32> = firsts.get(1..).unwrap_or_default().to_vec();
        ends.push(all as u32);
        let mut short = Chunk {
            batch: chunk.batch,
            rows: picked(&chunk.rows, &firsts),
            whole: false,
            times: Vec::new(),
            last_times: Vec::new(),
            installs: picked(&chunk.installs, &firsts),
            weights: firsts
                .iter()
                .zip(&ends)
                .map(|(from, to)| to - from)
                .collect(),
            event: chunk.event,
        };
        if self.spans && !chunk.times.is_empty() {
            // in order of the sender's clock, which is not quite that of the corrected one
            let span = |(from, to): (&u32, &u32)| {
                let times = &chunk.times[*from as usize..*to as usize];
                let ends = (times[0], times[0]);
                let wider =
                    |(first, last): (i64, i64), &time: &i64| (first.min(time), last.max(time));
                times.iter().fold(ends, wider)
            };
            (short.times, short.last_times) = firsts.iter().zip(&ends).map(span).unzip();
        } else {
            short.times = picked(&chunk.times, &firsts);
        }
        Ok(Some(short))
    }

    /// For each of a chunk's rows: 1 if a run begins with it.
    ///
    /// As wide as codes and numbers are, so that several are compared at once.
    fn marked(&self, chunk: &Chunk<'_>) -> Result<Vec<u32>, Error> {
        let mut new = vec![0; chunk.rows.len()];
        new.first_mut().into_iter().for_each(|first| *first = 1);
        if self.install {
            differing(&chunk.installs, &mut new);
        }
        for bucket in &self.buckets {
            other_buckets(*bucket, &chunk.times, &mut new);
        }
        for column in &self.columns {
            let Some(codes) = dictionary(chunk.batch, column)? else {
                continue;
            };
            let keys = codes.keys().values();
            let nulls = codes.keys().nulls().filter(|nulls| nulls.null_count() > 0);
            if chunk.whole {
                differing(keys, &mut new);
                nulls.into_iter().for_each(|nulls| edges(nulls, &mut new));
            } else {
                let there = |row: usize| nulls.is_none_or(|nulls| nulls.is_valid(row));
                let code = |&row: &u32| match there(row as usize) {
                    true => keys[row as usize],
                    false => -1,
                };
                let chosen: Vec<i32> = chunk.rows.iter().map(code).collect();
                differing(&chosen, &mut new);
            }
        }
        Ok(new)
    }
}

/// The values at these positions; none of a column that was not read.
fn picked<T: Copy>(values: &[T], at: &[u32]) -> Vec<T> {
    match values {
        [] => Vec::new(),
        values => at.iter().map(|&at| values[at as usize]).collect(),
    }
}

/// Where the marks are.
fn positions(marks: &[u32]) -> Vec<u32> {
    // without a branch for each, which the processor could not foresee
    let mut found = vec![0; marks.len() + 1];
    let mut count = 0;
    for (at, mark) in (0..).zip(marks) {
        found[count] = at;
        count += *mark as usize;
    }
    found.truncate(count);
    found
}

/// Marks values that are not the one before.
fn differing<T: PartialEq>(values: &[T], new: &mut [u32]) {
    let (Some((_, later)), Some((_, new))) = (values.split_first(), new.split_first_mut()) else {
        return;
    };
    for (new, (value, before)) in new.iter_mut().zip(later.iter().zip(values)) {
        *new |= u32::from(value != before);
    }
}

/// Marks where rows that have a value and rows that have none meet.
fn edges(nulls: &NullBuffer, new: &mut [u32]) {
    for (from, to) in nulls.valid_slices() {
        for at in [from, to] {
            new.get_mut(at).into_iter().for_each(|new| *new = 1);
        }
    }
}

/// Marks rows of another bucket than the row before.
fn other_buckets(bucket: Bucket, times: &[i64], new: &mut [u32]) {
    let mut shared = 0..0;
    for (time, new) in times.iter().zip(new) {
        if !shared.contains(time) {
            shared = bucket.around(*time);
            *new = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::StringDictionaryBuilder;
    use arrow_array::types::Int32Type;
    use arrow_array::{ArrayRef, RecordBatch};

    use super::*;
    use crate::calendar::{Day, Period};

    const DAY: i64 = 86_400_000;

    fn ask(measures: Vec<Measure>, bucket: Option<Bucket>) -> Ask {
        Ask {
            by: vec![Dimension::Text("word".into()), Dimension::Install],
            bucket,
            measures,
        }
    }

    fn batch(words: &[Option<&str>]) -> RecordBatch {
        let mut column = StringDictionaryBuilder::<Int32Type>::new();
        words.iter().for_each(|word| column.append_option(*word));
        RecordBatch::try_from_iter([("word", Arc::new(column.finish()) as ArrayRef)]).unwrap()
    }

    fn chunk<'a>(batch: &'a RecordBatch, rows: Vec<u32>, times: Vec<i64>) -> Chunk<'a> {
        Chunk {
            batch,
            whole: rows.len() == batch.num_rows(),
            installs: vec![7; rows.len()],
            rows,
            times,
            last_times: Vec::new(),
            weights: Vec::new(),
            event: 0,
        }
    }

    #[test]
    fn rows_that_share_all_that_is_asked_for_become_one_that_weighs_as_much() {
        let asks = [
            ask(vec![Measure::Events, Measure::Span], None),
            ask(vec![Measure::Installs], None),
        ];
        let batch = batch(&[
            Some("a"),
            Some("a"),
            Some("a"),
            None,
            None,
            Some("a"),
            Some("a"),
        ]);
        let whole = chunk(&batch, (0..7).collect(), vec![3, 9, 1, 4, 4, 5, 6]);
        let runs = Alike::of(&asks).unwrap().shorten(&whole).unwrap().unwrap();
        assert_eq!(runs.rows, [0, 3, 5]);
        assert_eq!(runs.weights, [3, 2, 2]);
        assert_eq!(runs.installs, [7, 7, 7]);
        assert_eq!(
            (runs.times, runs.last_times),
            (vec![1, 4, 5], vec![9, 4, 6])
        );
    }

    #[test]
    fn rows_that_a_filter_left_out_are_between_no_rows_alike() {
        let asks = [(); 2].map(|()| ask(vec![Measure::Events], None));
        let batch = batch(&[Some("a"), None, Some("a"), Some("b"), Some("a"), None]);
        let some = chunk(&batch, vec![0, 2, 4, 5], vec![1, 1, 1, 1]);
        let runs = Alike::of(&asks).unwrap().shorten(&some).unwrap().unwrap();
        assert_eq!((runs.rows, runs.weights), (vec![0, 5], vec![3, 1]));
    }

    #[test]
    fn no_run_lies_in_two_buckets() {
        let period = |from, to| Period {
            from: Day(from),
            to: Day(to),
        };
        let sides = Bucket::Sides {
            now: period(5, 6),
            before: period(2, 3),
        };
        let batch = batch(&[Some("a"); 9]);
        let days = [0, 1, 2, 3, 3, 4, 5, 6, 6];
        let asks = [(); 2].map(|()| ask(vec![Measure::Events], Some(sides)));
        let rows = chunk(&batch, (0..9).collect(), days.map(|day| day * DAY).to_vec());
        let marks = Alike::of(&asks).unwrap().marked(&rows).unwrap();
        assert_eq!(marks, [1, 1, 1, 0, 0, 1, 1, 0, 0]);
    }

    #[test]
    fn a_measure_of_single_rows_is_not_answered_from_runs() {
        let cost = || Measure::Sum("cost".into());
        assert!(Alike::of(&[(); 2].map(|()| ask(vec![cost()], None))).is_none());
        assert!(!Alike::answers(&ask(
            vec![Measure::Events, Measure::Absent("x".into())],
            None
        )));
    }

    #[test]
    fn days_would_end_every_run_and_one_ask_alone_is_not_worth_it() {
        let daily = ask(vec![Measure::Installs], Some(Bucket::Day));
        let count = ask(vec![Measure::Events], None);
        assert!(!Alike::answers(&daily));
        assert!(Alike::of(&[daily.clone(), count.clone()]).is_none());
        assert!(Alike::of(&[daily, count.clone(), count]).is_some());
    }
}
