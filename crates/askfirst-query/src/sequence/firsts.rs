//! When each session was first seen.

use std::collections::HashMap;

use crate::scan::Seeded;

/// First times of sessions, by install and session number.
///
/// A segment's rows come event by event, within it install by install, within that in order of time. So an install's
/// sessions come in nearly the same order for every event, and the next one is found beside the last one: a hash
/// table of all sessions would cost a cache miss for each session of each event.
#[derive(Debug, Default)]
pub(super) struct Firsts {
    /// By dense number of the install.
    installs: Vec<Sessions>,
}

/// The sessions of one install.
#[derive(Debug, Default)]
struct Sessions {
    /// Number and first time, in the order in which they were met.
    list: Vec<(i64, i64)>,
    /// Where the last one stands.
    at: usize,
    /// Where each stands, for installs with more than [`FEW`].
    places: Option<HashMap<i64, usize, Seeded>>,
}

/// Up to this many sessions are looked through one by one: a kilobyte, in the order in which it lies.
const FEW: usize = 64;

impl Firsts {
    /// A session was seen at this time.
    pub(super) fn see(&mut self, install: u32, session: i64, time: i64) {
        let install = install as usize;
        if install >= self.installs.len() {
            self.installs.resize_with(install + 1, Sessions::default);
        }
        self.installs[install].see(session, time);
    }

    /// Adds what another thread saw.
    pub(super) fn merge(&mut self, other: Firsts) {
        if self.installs.len() < other.installs.len() {
            return other.merged(self);
        }
        for (mine, theirs) in self.installs.iter_mut().zip(other.installs) {
            if mine.list.is_empty() {
                *mine = theirs;
            } else {
                theirs
                    .list
                    .into_iter()
                    .for_each(|(session, time)| mine.see(session, time));
            }
        }
    }

    fn merged(mut self, other: &mut Firsts) {
        self.merge(std::mem::take(other));
        *other = self;
    }

    /// The first times of all sessions.
    pub(super) fn times(&self) -> impl Iterator<Item = i64> {
        let lists = self.installs.iter().map(|sessions| &sessions.list);
        lists.flatten().map(|(_, first)| *first)
    }
}

impl Sessions {
    fn see(&mut self, session: i64, time: i64) {
        match self.find(session) {
            Some(at) => {
                self.at = at;
                let first = &mut self.list[at].1;
                *first = time.min(*first);
            }
            None => {
                self.at = self.list.len();
                self.list.push((session, time));
                if let Some(places) = &mut self.places {
                    places.insert(session, self.at);
                }
            }
        }
    }

    fn find(&mut self, session: i64) -> Option<usize> {
        let place = |from: usize, to: usize| {
            let found = self.list[from..to].iter().position(|it| it.0 == session);
            found.map(|at| from + at)
        };
        // those between did not send this event
        let ahead = self.list.len().min(self.at + FEW);
        let behind = self.at.min(FEW);
        if let Some(at) = place(self.at.min(ahead), ahead).or_else(|| place(0, behind)) {
            return Some(at);
        }
        if self.list.len() <= FEW {
            return None;
        }
        let places = self.places.get_or_insert_with(|| {
            let each = self.list.iter().enumerate();
            each.map(|(at, it)| (it.0, at)).collect()
        });
        places.get(&session).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_session_has_its_first_time_however_it_is_met() {
        let mut truth: HashMap<(u32, i64), i64> = HashMap::new();
        let (mut one, mut other) = (Firsts::default(), Firsts::default());
        for i in 0..20_000_i64 {
            // one install with hundreds of sessions, others with a few; in order and out of it
            let install = [7, (i % 50) as u32][(i % 2) as usize];
            let session = if i < 10_000 { i / 20 } else { i * 7919 % 500 };
            let time = (i * 7_654_321) % 1_000_003;
            let firsts = if i % 3 == 0 { &mut one } else { &mut other };
            firsts.see(install, session, time);
            let first = truth.entry((install, session)).or_insert(time);
            *first = time.min(*first);
        }
        one.merge(other);
        let mut found: Vec<i64> = one.times().collect();
        let mut wanted: Vec<i64> = truth.into_values().collect();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted);
    }

    #[test]
    fn threads_that_met_more_or_fewer_installs_are_merged_alike() {
        let of = |installs: &[u32]| {
            let mut firsts = Firsts::default();
            installs.iter().for_each(|&it| firsts.see(it, 1, it.into()));
            firsts
        };
        for (one, other) in [(of(&[1]), of(&[1, 9])), (of(&[1, 9]), of(&[1]))] {
            let mut all = one;
            all.merge(other);
            assert_eq!(all.times().collect::<Vec<_>>(), [1, 9]);
        }
    }
}
