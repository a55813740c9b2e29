//! Which version line an install last reported in each bucket of the period.

use std::collections::{BTreeMap, HashMap};

use arrow_array::Array;

use crate::calendar::{Bucket, Day};
use crate::error::Error;
use crate::reports::Context;
use crate::reports::errors::Line;
use crate::reports::names::numbers;
use crate::scan::{Chunk, NONE, Needs, Remap, Seeded, Visitor, dictionary, texts};

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
        let column = context.column("version");
        let bucket = context.filters.bucket(context.period);
        let make = || Watcher {
            column: &column,
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
        Ok(Adoption::of(&last, context.period.from))
    }

    fn of(last: &Last, from: Day) -> Adoption {
        let mut adoption = Adoption::default();
        let mut whole: HashMap<u32, (i64, Version)> = HashMap::new();
        for (&(install, start), &reported) in last {
            let bucket = adoption.buckets.entry(start.max(from)).or_default();
            *bucket.entry(reported.1.line()).or_default() += 1;
            let overall = whole.entry(install).or_insert(reported);
            *overall = reported.max(*overall);
        }
        for (_, version) in whole.values() {
            *adoption.period.entry(version.line()).or_default() += 1;
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

/// A version as one number, in the order of versions: up to three parts, then how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u128);

const PART_BITS: u32 = 30;

impl Version {
    fn new(text: &str) -> Version {
        let parts = numbers(text);
        let part = |at: usize| {
            let part = parts.get(at).copied().unwrap_or(0);
            u128::from(part.min((1 << PART_BITS) - 1))
        };
        let packed = (0..3).fold(0, |packed, at| packed << PART_BITS | part(at));
        Version(packed << 2 | parts.len().min(3) as u128)
    }

    fn line(self) -> Line {
        let part = |above: u32| self.0 >> (2 + above * PART_BITS) & ((1 << PART_BITS) - 1);
        match self.0 & 3 {
            1 => Line::new(&part(2).to_string()),
            _ => Line::new(&format!("{}.{}", part(2), part(1))),
        }
    }
}

/// By install and bucket: when it last reported a version, and which. Clocks are cut to the hour, so that two
/// versions can be reported at one moment: the newer one counts.
type Last = HashMap<(u32, Day), (i64, Version), Seeded>;

fn latest(last: &mut Last, key: (u32, Day), reported: (i64, Version)) {
    let known = last.entry(key).or_insert(reported);
    *known = reported.max(*known);
}

struct Watcher<'a> {
    column: &'a str,
    remap: Remap<Version>,
    bucket: Bucket,
    last: Last,
}

impl Visitor for Watcher<'_> {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let Some(array) = dictionary(chunk.batch, self.column)? else {
            return Ok(());
        };
        let column = self.column;
        let meaning = self.remap.of(array.values(), |values| {
            Ok(texts(values, column)?
                .into_iter()
                .map(Version::new)
                .collect())
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
            let version = meaning[keys.value(row as usize) as usize];
            latest(&mut self.last, (install, day.1), (time, version));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Install, bucket, time, version.
    fn adoption(reports: &[(u32, i32, i64, &str)]) -> Adoption {
        let mut last = Last::default();
        for &(install, day, time, version) in reports {
            latest(
                &mut last,
                (install, Day(day)),
                (time, Version::new(version)),
            );
        }
        Adoption::of(&last, Day(0))
    }

    #[test]
    fn an_install_counts_for_the_line_it_last_reported() {
        let adoption = adoption(&[
            (1, 1, 10, "0.65.1"),
            (1, 1, 20, "0.67.0"),
            (1, 1, 20, "0.66.2"),
            (2, 1, 5, "0.66.0"),
        ]);
        let lines = adoption.period.iter();
        let counted: Vec<(&str, u64)> = lines
            .map(|(line, count)| (&**line.name(), *count))
            .collect();
        assert_eq!(counted, [("0.66", 1), ("0.67", 1)]);
    }

    #[test]
    fn half_is_reached_when_half_are_on_the_line_or_a_newer_one() {
        let adoption = adoption(&[
            (1, 1, 1, "0.65.0"),
            (2, 1, 1, "0.65.0"),
            (3, 1, 1, "0.66.0"),
            (1, 2, 2, "0.67.0"),
            (2, 2, 2, "0.65.0"),
            (3, 2, 2, "0.66.0"),
        ]);
        let half = |line, day| adoption.days_to_half(&Line::new(line), Day(day));
        assert_eq!(half("0.66", 1), Some(1));
        assert_eq!(half("0.67", 2), None);
    }

    #[test]
    fn a_version_keeps_its_order_and_its_line() {
        let mut versions = ["0.10.0", "0.9.3", "1", "0.9", "0.67.1"].map(Version::new);
        versions.sort();
        let lines = versions.map(|version| version.line().name().to_string());
        assert_eq!(lines, ["0.9", "0.9", "0.10", "0.67", "1"]);
    }
}
