//! Which events of a project have been stored before (decisions D9, D10, D25).
//!
//! The keys of sealed rows are in runs on disk, those of all others in memory. A batch is first
//! looked for in the runs, without holding a lock that others need, then in memory.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use crate::error::Error;
use crate::keys::cache::Cache;
use crate::keys::run::Run;
use crate::keys::{EventKey, mixed};
use crate::manifest::{KeyRun, RunKind};
use crate::policy::{KEY_GENERATION_DAYS, KEY_RUN_SMALL, REMEMBER_DAYS};

/// What is known of the events of one project.
#[derive(Debug, Default)]
pub(crate) struct Dedup {
    /// Keys of rows that are in no run yet, [`mixed`]: of 500,000 keys two are taken for one
    /// in one of a hundred million such tails.
    tail: HashSet<u64, BuildHasherDefault<AsItIs>>,
    /// Keys of sealed rows.
    pub(crate) index: Arc<Index>,
}

/// The runs of one moment. Never changed: a commit makes another.
#[derive(Debug, Default)]
pub(crate) struct Index {
    runs: Vec<Arc<Run>>,
}

impl Index {
    pub(crate) fn new(runs: Vec<Arc<Run>>) -> Index {
        Index { runs }
    }

    /// Bytes its directories take.
    pub(crate) fn memory(&self) -> usize {
        self.runs.iter().map(|run| run.memory()).sum()
    }

    /// The run of a file.
    pub(crate) fn run(&self, file: u64) -> Option<&Arc<Run>> {
        self.runs.iter().find(|run| run.number() == file)
    }

    /// Which of some keys were sealed before. Reads what is not in the cache: hold no lock.
    pub(crate) fn known(&self, cache: &Cache, keys: &[EventKey]) -> Result<Vec<bool>, Error> {
        let mut known = vec![false; keys.len()];
        if self.runs.is_empty() {
            return Ok(known);
        }
        // In order, neighbours are found in the same filter.
        let mut order: Vec<(EventKey, usize)> = keys
            .iter()
            .enumerate()
            .map(|(at, key)| (*key, at))
            .collect();
        order.sort_unstable();
        for run in &self.runs {
            let mut look = run.look(cache);
            for (key, at) in &order {
                if !known[*at] {
                    known[*at] = look.find(*key)?.is_some();
                }
            }
        }
        Ok(known)
    }
}

impl Dedup {
    /// Of a project with these runs.
    pub(crate) fn new(index: Index) -> Dedup {
        Dedup {
            tail: HashSet::default(),
            index: Arc::new(index),
        }
    }

    /// Remembers a key that is in no run; false if it was known.
    pub(crate) fn insert(&mut self, key: EventKey) -> bool {
        self.tail.insert(mixed(key))
    }

    /// Takes back a key that was not stored after all.
    pub(crate) fn remove(&mut self, key: &EventKey) {
        self.tail.remove(&mixed(*key));
    }

    /// Leaves keys to the run they are in now.
    pub(crate) fn leave(&mut self, keys: &[u64]) {
        for key in keys {
            self.tail.remove(key);
        }
    }

    /// Gives back memory that a burst needed.
    pub(crate) fn shrink(&mut self) {
        if self.tail.capacity() > 4 * self.tail.len().max(1024) {
            self.tail.shrink_to(2 * self.tail.len());
        }
    }

    /// Goes on with the runs a committed manifest names: those it had, and new ones.
    pub(crate) fn show(&mut self, named: &[KeyRun], new: &[Arc<Run>]) {
        let mut all = self.index.runs.iter().chain(new);
        let received = named.iter().filter(|it| it.kind == RunKind::Received);
        let runs: Vec<Arc<Run>> = received
            .filter_map(|it| all.clone().find(|run| run.number() == it.file).cloned())
            .collect();
        let same = runs.len() == self.index.runs.len()
            && all.by_ref().zip(&runs).all(|(a, b)| Arc::ptr_eq(a, b));
        if !same {
            self.index = Arc::new(Index::new(runs));
        }
    }
}

/// The key runs of received events to merge next, if any: so many that each run of a stretch of
/// arrivals stays at least twice as large as the next, and that a stretch which is over
/// has one.
pub(crate) fn runs_to_merge(runs: &[KeyRun], today: i32) -> Option<Vec<&KeyRun>> {
    let mut received: Vec<&KeyRun> = runs
        .iter()
        .filter(|run| run.kind == RunKind::Received)
        .collect();
    let order = |run: &&KeyRun| {
        (
            generation(run.arrived.1),
            std::cmp::Reverse(run.keys),
            run.file,
        )
    };
    received.sort_by_key(order);
    let mut stretches =
        received.chunk_by(|a, b| generation(a.arrived.1) == generation(b.arrived.1));
    stretches.find_map(|stretch| {
        let over = generation(stretch[0].arrived.1) < generation(today);
        let from = match over {
            true => 0,
            false => first_to_merge(stretch.iter().map(|run| run.keys), 0),
        };
        (stretch.len() - from > 1).then(|| stretch[from..].to_vec())
    })
}

/// Of runs in order of size, the largest first, those from this one on are merged with `more`
/// keys that are not in a run yet.
pub(crate) fn first_to_merge(
    sizes: impl DoubleEndedIterator<Item = u64> + ExactSizeIterator,
    mut more: u64,
) -> usize {
    let mut first = sizes.len();
    for keys in sizes.rev() {
        if more > 0 && keys >= 2 * more && keys >= KEY_RUN_SMALL {
            break;
        }
        more += keys;
        first -= 1;
    }
    first
}

fn generation(day: i32) -> i64 {
    i64::from(day).div_euclid(KEY_GENERATION_DAYS)
}

/// The first day of arrival whose keys are still needed on `today`.
pub(crate) fn first_remembered(today: i32) -> i32 {
    let days = i32::try_from(REMEMBER_DAYS).unwrap_or(i32::MAX);
    today.saturating_sub(days)
}

/// Hashes what is a hash already.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(file: u64, keys: u64, arrived: (i32, i32)) -> KeyRun {
        KeyRun {
            file,
            kind: RunKind::Received,
            keys,
            bytes: 0,
            sha256: [0; 32],
            arrived,
        }
    }

    #[test]
    fn time_and_key_both_tell_events_apart() {
        let mut dedup = Dedup::default();
        assert!(dedup.insert((5, 7)));
        assert!(dedup.insert((6, 7)));
        assert!(dedup.insert((5, 8)));
        assert!(!dedup.insert((5, 7)));
        dedup.remove(&(5, 7));
        assert!(dedup.insert((5, 7)));
    }

    /// Seals once an hour, and merges whatever is due, for some days.
    fn live(days: i32, keys_an_hour: u64) -> (Vec<KeyRun>, u64) {
        let (mut runs, mut written, mut most) = (Vec::new(), 0, 0);
        for hour in 0..days * 24 {
            let day = hour / 24;
            runs.push(named(hour as u64, keys_an_hour, (day, day)));
            runs.retain(|run| run.arrived.1 >= first_remembered(day));
            while let Some(due) = runs_to_merge(&runs, day) {
                let gone: Vec<u64> = due.iter().map(|run| run.file).collect();
                let keys = due.iter().map(|run| run.keys).sum();
                let from = due.iter().map(|run| run.arrived.0).min().unwrap();
                let to = due.iter().map(|run| run.arrived.1).max().unwrap();
                written += keys;
                runs.retain(|run| !gone.contains(&run.file));
                runs.push(named(1_000_000 + hour as u64, keys, (from, to)));
            }
            most = most.max(runs.len());
        }
        assert!(most <= 3 + 14, "{most} runs at once");
        (runs, written)
    }

    #[test]
    fn d10_the_number_of_runs_grows_with_the_logarithm_of_the_keys() {
        let (runs, written) = live(60, 57_870);
        assert!(runs.len() <= 3 + 9, "{} runs", runs.len());
        let all = 60 * 24 * 57_870;
        assert!(
            written < 10 * all,
            "each key is written {} times",
            written / all
        );
        let (few, _) = live(60, 3);
        assert!(few.len() <= 4, "{} runs of a small project", few.len());
    }

    #[test]
    fn d9_arrivals_of_one_stretch_are_merged_and_forgotten_together() {
        let (runs, _) = live(60, 57_870);
        let today = 59;
        for run in &runs {
            let (from, to) = run.arrived;
            assert!(i64::from(to - from) < KEY_GENERATION_DAYS, "{from} to {to}");
            assert!(to >= today - 36);
        }
        let oldest = runs.iter().map(|run| run.arrived.0).min();
        assert!(
            oldest <= Some(today - 36),
            "what is 36 days old is remembered"
        );
    }

    #[test]
    fn runs_of_lines_are_left_to_imports() {
        let mut runs = vec![named(1, 10, (0, 0)), named(2, 10, (0, 0))];
        assert_eq!(runs_to_merge(&runs, 0).map(|due| due.len()), Some(2));
        runs[1].kind = RunKind::Lines;
        assert!(runs_to_merge(&runs, 0).is_none());
    }
}
