//! Which version line an install last reported in each bucket of the period.

use std::collections::{BTreeMap, HashMap};

use arrow_array::Array;

use crate::calendar::{Bucket, Day};
use crate::error::Error;
use crate::question::Ask;
use crate::reader::Found;
use crate::reports::Context;
use crate::reports::errors::Line;
use crate::reports::names::numbers;
use crate::scan::{Chunk, Codes, NONE, Needs, Remap, Seeded, Starts, Visitor, dictionary, texts};

/// Installs by the line they last reported.
pub(super) type ByLine = BTreeMap<Line, u64>;

/// Installs by line, in every bucket and in the whole period.
#[derive(Debug, Default)]
pub(super) struct Adoption {
    pub(super) buckets: BTreeMap<Day, ByLine>,
    pub(super) period: ByLine,
}

impl Adoption {
    /// Asks about all events of the period, and follows every install through its versions in the same
    /// pass.
    pub(super) fn read(context: &Context<'_>, asks: &[Ask]) -> Result<(Found, Adoption), Error> {
        let column = context.column("version");
        let bucket = context.filters.bucket(context.period);
        let days = Codes::new();
        let make = || Watcher {
            column: &column,
            remap: Remap::default(),
            bucket,
            starts: Starts::new(&days),
            last: Last::default(),
        };
        let needs = Needs {
            columns: vec![&column],
            install: true,
            time: true,
        };
        let (found, watchers) =
            context
                .reader
                .ask_and(&context.selection(&[]), asks, &needs, make)?;
        let last: Vec<Last> = watchers.into_iter().map(|watcher| watcher.last).collect();
        Ok((found, Adoption::of(&last, context.period.from)))
    }

    fn of(last: &[Last], from: Day) -> Adoption {
        let mut starts: Vec<Day> = last.iter().flat_map(Last::starts).collect();
        starts.sort_unstable();
        starts.dedup();
        // by version first: a line's name is made once for each, not for each install
        let mut counts: HashMap<(Day, Version), u64, Seeded> = HashMap::default();
        let mut overall: Vec<Option<Reported>> = Vec::new();
        for start in starts {
            let of_bucket: Vec<_> = last.iter().map(|last| last.of(start)).collect();
            let installs = of_bucket.iter().map(|reports| reports.entries.len()).max();
            overall.resize(overall.len().max(installs.unwrap_or(0)), None);
            for (install, known) in overall.iter_mut().enumerate() {
                let reported = of_bucket.iter().filter_map(|it| it.get(install)).max();
                if let Some((_, version)) = reported {
                    *counts.entry((start.max(from), version)).or_default() += 1;
                    *known = reported.max(*known);
                }
            }
        }
        let mut adoption = Adoption::default();
        for ((start, version), count) in counts {
            let bucket = adoption.buckets.entry(start).or_default();
            *bucket.entry(version.line()).or_default() += count;
        }
        for (_, version) in overall.into_iter().flatten() {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// When an install last reported a version, and which. Clocks are cut to the hour, so that two versions
/// can be reported at one moment: the newer one counts.
type Reported = (i64, Version);

/// What every install last reported in each bucket.
///
/// A table for each bucket, of eight bytes for every install: rows of a file lie in few buckets, whose
/// tables stay in the processor's cache, which a hash table of all buckets and installs does not.
#[derive(Debug, Default)]
struct Last {
    codes: HashMap<Version, u32, Seeded>,
    versions: Vec<Version>,
    /// By the code of the bucket's first day.
    buckets: Vec<Told>,
}

/// What installs last reported in a bucket.
#[derive(Debug, Default)]
struct Told {
    /// Its first day; `None` if no row of it was seen yet.
    start: Option<Day>,
    start_ms: i64,
    /// By install's dense number: milliseconds since the start in the upper half (no bucket has 50 days),
    /// the version's code in the lower one, from 1. 0 is nothing.
    entries: Vec<u64>,
}

impl Last {
    fn code(&mut self, version: Version) -> u32 {
        let versions = &mut self.versions;
        *self.codes.entry(version).or_insert_with(|| {
            versions.push(version);
            versions.len() as u32
        })
    }

    fn lacks(&self, install: u32, bucket: usize) -> bool {
        let told = self.buckets.get(bucket);
        told.is_none_or(|told| install as usize >= told.entries.len())
    }

    fn make_room(&mut self, install: u32, bucket: usize, start: Day) {
        if bucket >= self.buckets.len() {
            self.buckets.resize_with(bucket + 1, Told::default);
        }
        let told = &mut self.buckets[bucket];
        (told.start, told.start_ms) = (Some(start), start.start_ms());
        let wanted = told
            .entries
            .len()
            .max((install as usize + 1).next_power_of_two());
        told.entries.resize(wanted, 0);
    }

    /// There is room for it.
    fn note(&mut self, install: u32, bucket: usize, time: i64, code: u32) {
        let told = &mut self.buckets[bucket];
        let since = u32::try_from(time - told.start_ms).unwrap_or(u32::MAX);
        let reported = u64::from(since) << 32 | u64::from(code);
        let known = &mut told.entries[install as usize];
        let same_time = reported >> 32 == *known >> 32;
        if same_time && reported != *known {
            // rare; codes are in no order
            if version(&self.versions, reported) > version(&self.versions, *known) {
                *known = reported;
            }
        } else {
            // no branch, which no processor could foresee: events of an install come one kind after another
            *known = reported.max(*known);
        }
    }

    fn starts(&self) -> impl Iterator<Item = Day> {
        self.buckets.iter().filter_map(|told| told.start)
    }

    fn of(&self, start: Day) -> Reports<'_> {
        let told = self.buckets.iter().find(|told| told.start == Some(start));
        Reports {
            start_ms: start.start_ms(),
            versions: &self.versions,
            entries: told.map_or(&[], |told| &told.entries),
        }
    }
}

fn version(versions: &[Version], entry: u64) -> Option<Version> {
    let code = (entry & u64::from(u32::MAX)) as usize;
    versions.get(code.checked_sub(1)?).copied()
}

/// What one thread saw of a bucket.
struct Reports<'a> {
    start_ms: i64,
    versions: &'a [Version],
    entries: &'a [u64],
}

impl Reports<'_> {
    fn get(&self, install: usize) -> Option<Reported> {
        let entry = *self.entries.get(install)?;
        let version = version(self.versions, entry)?;
        Some((self.start_ms + (entry >> 32) as i64, version))
    }
}

struct Watcher<'a> {
    column: &'a str,
    /// Codes of versions.
    remap: Remap<u32>,
    bucket: Bucket,
    starts: Starts<'a>,
    last: Last,
}

impl Visitor for Watcher<'_> {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let Some(array) = dictionary(chunk.batch, self.column)? else {
            return Ok(());
        };
        let (column, last) = (self.column, &mut self.last);
        let codes = self.remap.of(array.values(), |values| {
            let texts = texts(values, column)?.into_iter();
            Ok(texts.map(|text| last.code(Version::new(text))).collect())
        })?;
        let keys = array.keys();
        let starts = self.starts.of(self.bucket, &chunk.times);
        let reports = chunk.times.iter().zip(&chunk.installs).zip(starts);
        for (&row, ((&time, &install), &start)) in chunk.rows.iter().zip(reports) {
            if install == NONE || !keys.is_valid(row as usize) {
                continue;
            }
            let code = codes[keys.value(row as usize) as usize];
            let start = start as usize;
            if last.lacks(install, start) {
                last.make_room(install, start, self.bucket.start(Day::of_ms(time)));
            }
            last.note(install, start, time, code);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Install, bucket, time within it, version; seen by two threads in turn.
    fn adoption(reports: &[(u32, i32, i64, &str)]) -> Adoption {
        let mut last = [Last::default(), Last::default()];
        for (thread, &(install, day, time, version)) in reports.iter().enumerate() {
            let (last, day) = (&mut last[thread % 2], Day(day));
            let code = last.code(Version::new(version));
            let bucket = day.0 as usize;
            last.make_room(install, bucket, day);
            last.note(install, bucket, day.start_ms() + time, code);
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
    fn of_two_versions_at_one_moment_the_newer_counts_and_an_older_report_never_does() {
        let (old, new) = ("0.9.0", "0.10.0");
        for (reports, counts) in [
            ([(20, old), (20, new)], "0.10"),
            ([(20, new), (20, old)], "0.10"),
            ([(10, new), (20, old)], "0.9"),
            ([(20, old), (10, new)], "0.9"),
        ] {
            for first in [old, new] {
                let mut last = Last::default();
                // codes are given in the order in which versions are met
                last.code(Version::new(first));
                for (time, version) in reports {
                    let code = last.code(Version::new(version));
                    last.make_room(5, 1, Day(1));
                    last.note(5, 1, Day(1).start_ms() + time, code);
                }
                let period = Adoption::of(&[last], Day(0)).period;
                let lines: Vec<&str> = period.keys().map(|line| &**line.name()).collect();
                assert_eq!(lines, [counts], "{reports:?}, {first} first");
            }
        }
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
