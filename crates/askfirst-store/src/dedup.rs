//! Which events of a project have been stored before (decisions D9, D25).
//!
//! Kept in memory: the keys of the last [`REMEMBER_DAYS`] of arrivals, in sets by day of
//! arrival so that they can be forgotten together.

use std::collections::{HashSet, VecDeque};

use crate::keys::EventKey;
use crate::policy::{KEY_GENERATION_DAYS, REMEMBER_DAYS};

/// The keys of one project.
#[derive(Debug, Default)]
pub(crate) struct Dedup {
    /// By generation of arrival, ascending.
    generations: VecDeque<(i64, HashSet<EventKey>)>,
}

impl Dedup {
    /// Remembers a key that arrived on `day`; false if it was known.
    pub(crate) fn insert(&mut self, day: i32, key: EventKey) -> bool {
        let mine = generation_of(day);
        let mut others = self.generations.iter().filter(|(it, _)| *it != mine);
        !others.any(|(_, keys)| keys.contains(&key)) && self.generation(day).insert(key)
    }

    /// Remembers keys that were stored: they cannot be refused any more.
    pub(crate) fn remember(&mut self, day: i32, keys: impl IntoIterator<Item = EventKey>) {
        self.generation(day).extend(keys);
    }

    /// Takes back a key that was not stored after all.
    pub(crate) fn remove(&mut self, key: &EventKey) {
        for (_, keys) in &mut self.generations {
            keys.remove(key);
        }
    }

    /// Drops what arrived more than [`REMEMBER_DAYS`] before `today`: it would be refused as
    /// too old.
    pub(crate) fn forget(&mut self, today: i32) {
        let oldest = first_remembered(today);
        let gone = |generation: i64| (generation + 1) * KEY_GENERATION_DAYS <= i64::from(oldest);
        self.generations
            .retain(|(generation, _)| !gone(*generation));
    }

    fn generation(&mut self, day: i32) -> &mut HashSet<EventKey> {
        let wanted = generation_of(day);
        let at = self.generations.partition_point(|(it, _)| *it < wanted);
        if self.generations.get(at).is_none_or(|(it, _)| *it != wanted) {
            self.generations.insert(at, (wanted, HashSet::new()));
        }
        &mut self.generations[at].1
    }
}

fn generation_of(day: i32) -> i64 {
    i64::from(day).div_euclid(KEY_GENERATION_DAYS)
}

/// The first day of arrival whose keys are still needed on `today`.
pub(crate) fn first_remembered(today: i32) -> i32 {
    let days = i32::try_from(REMEMBER_DAYS).unwrap_or(i32::MAX);
    today.saturating_sub(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d9_a_key_is_known_for_36_days_after_its_arrival() {
        let mut dedup = Dedup::default();
        let day = 20_000;
        assert!(dedup.insert(day, (5, 7)));
        for later in 0..=36 {
            dedup.forget(day + later);
            assert!(!dedup.insert(day + later, (5, 7)), "{later} days later");
        }
        dedup.forget(day + 36 + KEY_GENERATION_DAYS as i32 + 1);
        assert!(dedup.insert(day + 50, (5, 7)));
    }

    #[test]
    fn time_and_key_both_tell_events_apart() {
        let mut dedup = Dedup::default();
        assert!(dedup.insert(1, (5, 7)));
        assert!(dedup.insert(1, (6, 7)));
        assert!(dedup.insert(1, (5, 8)));
        assert!(!dedup.insert(2, (5, 7)));
        dedup.remove(&(5, 7));
        assert!(dedup.insert(2, (5, 7)));
    }
}
