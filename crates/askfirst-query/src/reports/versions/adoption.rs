//! Which version line an install last reported in each bucket of the period.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow_array::Array;

use crate::calendar::{Bucket, Day};
use crate::error::Error;
use crate::reports::Context;
use crate::reports::errors::Line;
use crate::reports::names::line;
use crate::scan::{Chunk, NONE, Needs, Remap, Seeded, Texts, Visitor, dictionary, texts};

/// Installs by the line they last reported.
pub(super) type ByLine = BTreeMap<Line, u64>;

/// Installs by line, in every bucket and in the whole period.
#[derive(Debug, Default)]
pub(super) struct Adoption {
    pub(super) buckets: BTreeMap<Day, ByLine>,
    pub(super) period: ByLine,
}

impl Adoption {
    pub(super) fn read(context: &Context<'_>) -> Result<Adoption, Error> {
        let (column, names) = (context.column("version"), Texts::new());
        let bucket = context.filters.bucket(context.period);
        let make = || Watcher {
            column: &column,
            names: &names,
            remap: Remap::default(),
            bucket,
            last: HashMap::default(),
        };
        let needs = Needs {
            columns: vec![&column],
            install: true,
            time: true,
        };
        let (_, watchers) = context
            .reader
            .ask_and(&context.selection(&[]), &[], &needs, make)?;
        let mut last = Last::default();
        for (key, reported) in watchers.into_iter().flat_map(|watcher| watcher.last) {
            latest(&mut last, key, reported);
        }
        let lines: Vec<Line> = names
            .values()
            .iter()
            .map(|version| Line::new(line(version)))
            .collect();
        Ok(Adoption::of(&last, &lines, context.period.from))
    }

    fn of(last: &Last, lines: &[Line], from: Day) -> Adoption {
        let mut adoption = Adoption::default();
        let mut whole: HashMap<u32, (i64, u32)> = HashMap::new();
        for (&(install, start), &reported) in last {
            let line = &lines[reported.1 as usize - 1];
            let bucket = adoption.buckets.entry(start.max(from)).or_default();
            *bucket.entry(line.clone()).or_default() += 1;
            let overall = whole.entry(install).or_insert(reported);
            *overall = reported.max(*overall);
        }
        for (_, code) in whole.values() {
            let line = lines[*code as usize - 1].clone();
            *adoption.period.entry(line).or_default() += 1;
        }
        adoption
    }

    /// Days from a line's first event to the first bucket in which half of the installs were on it or on
    /// a newer one.
    pub(super) fn days_to_half(&self, line: &Line, first: Day) -> Option<i32> {
        let reached = |(start, lines): (&Day, &ByLine)| {
            let newer: u64 = lines.range(line..).map(|(_, count)| count).sum();
            let all: u64 = lines.values().sum();
            (newer * 2 >= all).then(|| (start.0 - first.0).max(0))
        };
        self.buckets
            .iter()
            .filter(|(start, lines)| **start >= first || lines.contains_key(line))
            .find_map(reached)
    }
}

/// By install and bucket: when it last reported a version, and its code.
type Last = HashMap<(u32, Day), (i64, u32), Seeded>;

/// The later report; of two at one moment the one with the larger code, so that order does not matter.
fn latest(last: &mut Last, key: (u32, Day), reported: (i64, u32)) {
    let known = last.entry(key).or_insert(reported);
    *known = reported.max(*known);
}

struct Watcher<'a> {
    column: &'a str,
    names: &'a Texts,
    remap: Remap<u32>,
    bucket: Bucket,
    last: Last,
}

impl Visitor for Watcher<'_> {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let Some(array) = dictionary(chunk.batch, self.column)? else {
            return Ok(());
        };
        let (shared, column) = (self.names, self.column);
        let meaning = self.remap.of(array.values(), |values| {
            Ok(shared.of_all(texts(values, column)?.into_iter(), |text| Arc::from(text)))
        })?;
        let keys = array.keys();
        let mut day = (Day(i32::MIN), Day(i32::MIN));
        for ((&row, &time), &install) in chunk.rows.iter().zip(&chunk.times).zip(&chunk.installs) {
            if install == NONE || !keys.is_valid(row as usize) {
                continue;
            }
            let today = Day::of_ms(time);
            if today != day.0 {
                day = (today, self.bucket.start(today));
            }
            let code = meaning[keys.value(row as usize) as usize];
            latest(&mut self.last, (install, day.1), (time, code));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<Line> {
        ["0.65", "0.66", "0.67"].map(Line::new).to_vec()
    }

    fn adoption(reports: &[(u32, i32, i64, u32)]) -> Adoption {
        let mut last = Last::default();
        for &(install, day, time, code) in reports {
            latest(&mut last, (install, Day(day)), (time, code));
        }
        Adoption::of(&last, &lines(), Day(0))
    }

    #[test]
    fn an_install_counts_for_the_line_it_last_reported() {
        let adoption = adoption(&[(1, 1, 10, 1), (1, 1, 20, 3), (1, 1, 15, 2), (2, 1, 5, 2)]);
        let counted: Vec<(String, u64)> = adoption
            .period
            .iter()
            .map(|(line, count)| (line.name().to_string(), *count))
            .collect();
        assert_eq!(counted, [("0.66".into(), 1), ("0.67".into(), 1)]);
    }

    #[test]
    fn half_is_reached_when_half_are_on_the_line_or_a_newer_one() {
        let adoption = adoption(&[
            (1, 1, 1, 1),
            (2, 1, 1, 1),
            (3, 1, 1, 2),
            (1, 2, 2, 3),
            (2, 2, 2, 1),
            (3, 2, 2, 2),
        ]);
        let [_, newer, newest] = <[Line; 3]>::try_from(lines()).unwrap();
        assert_eq!(adoption.days_to_half(&newer, Day(1)), Some(1));
        assert_eq!(adoption.days_to_half(&newest, Day(2)), None);
    }
}
