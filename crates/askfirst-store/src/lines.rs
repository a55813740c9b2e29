//! Which lines of a log have been imported before (decision D18).

use std::collections::HashMap;

use crate::import::LineKey;

/// What a line was the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    /// Stored as an event.
    Stored,
    /// Refused. Known apart, so that a later catalog can admit it.
    Refused,
}

/// The lines of a project: those of earlier imports, and those of this one.
///
/// A known line costs 9 bytes, one since the last [`Lines::settle`] about 20 bytes.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// Settled keys, the largest tier first, each at least twice the next.
    tiers: Vec<Tier>,
    /// Keys since then, with the file that last had them.
    new: HashMap<u64, u32>,
    /// How often a line that this file has more than once has occurred.
    repeated: HashMap<(u64, bool), u32>,
    file: u32,
}

/// Sorted keys, and which of them this file has had.
#[derive(Debug, Default)]
struct Tier {
    keys: Vec<u64>,
    had: Vec<bool>,
}

impl Tier {
    fn merge(self, other: Tier) -> Tier {
        let mut merged = Tier {
            keys: Vec::with_capacity(self.keys.len() + other.keys.len()),
            had: Vec::with_capacity(self.keys.len() + other.keys.len()),
        };
        let mut left = self.keys.into_iter().zip(self.had).peekable();
        let mut right = other.keys.into_iter().zip(other.had).peekable();
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) if a.0 <= b.0 => left.next(),
                (_, Some(_)) => right.next(),
                _ => left.next(),
            };
            let Some((key, had)) = next else {
                return merged;
            };
            merged.keys.push(key);
            merged.had.push(had);
        }
    }
}

impl Lines {
    /// With the keys of earlier imports.
    pub(crate) fn new(mut earlier: Vec<u64>) -> Lines {
        earlier.sort_unstable();
        Lines {
            tiers: vec![Tier {
                had: vec![false; earlier.len()],
                keys: earlier,
            }],
            ..Lines::default()
        }
    }

    /// Moves the newest keys to where they take less memory.
    pub(crate) fn settle(&mut self) {
        let mut new: Vec<(u64, bool)> = self
            .new
            .drain()
            .map(|(key, file)| (key, file == self.file))
            .collect();
        new.sort_unstable();
        let (keys, had) = new.into_iter().unzip();
        let mut tier = Tier { keys, had };
        while let Some(last) = self.tiers.pop_if(|it| it.keys.len() < 2 * tier.keys.len()) {
            tier = last.merge(tier);
        }
        self.tiers.push(tier);
    }

    /// Begins another file: occurrences count from one again.
    pub(crate) fn next_file(&mut self) {
        self.tiers.iter_mut().for_each(|tier| tier.had.fill(false));
        self.repeated.clear();
        self.file += 1;
    }

    /// The key of a line if it is new; it is known from then on.
    pub(crate) fn admit(&mut self, line: LineKey, domain: Domain) -> Option<u64> {
        match line {
            LineKey::Uuid(hash) => {
                let key = mix(hash, 0, 2 + domain as u64);
                match self.see(key) {
                    Seen::New => Some(key),
                    Seen::Before | Seen::InThisFile => None,
                }
            }
            LineKey::Line(hash) => self.admit_occurrence(hash, domain),
        }
    }

    /// The k-th equal line of a file is the k-th event.
    fn admit_occurrence(&mut self, hash: u64, domain: Domain) -> Option<u64> {
        let repeat = (hash, domain == Domain::Refused);
        let mut occurrence = self.repeated.get(&repeat).copied().unwrap_or(0);
        loop {
            let key = mix(hash, occurrence, domain as u64);
            let seen = self.see(key);
            occurrence += 1;
            match seen {
                Seen::InThisFile => continue,
                _ if occurrence > 1 => {
                    self.repeated.insert(repeat, occurrence);
                }
                _ => {}
            }
            return (seen == Seen::New).then_some(key);
        }
    }

    /// Notes that this file has a key, and says whether it was known.
    fn see(&mut self, key: u64) -> Seen {
        for tier in &mut self.tiers {
            if let Ok(at) = tier.keys.binary_search(&key) {
                return match std::mem::replace(&mut tier.had[at], true) {
                    true => Seen::InThisFile,
                    false => Seen::Before,
                };
            }
        }
        match self.new.insert(key, self.file) {
            None => Seen::New,
            Some(file) if file == self.file => Seen::InThisFile,
            Some(_) => Seen::Before,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    New,
    /// In an earlier import, or an earlier file of this one.
    Before,
    InThisFile,
}

/// The stored key of an occurrence of a line. Part of the format: `splitmix64` over its parts.
fn mix(hash: u64, occurrence: u32, domain: u64) -> u64 {
    let salted = hash ^ splitmix(u64::from(occurrence) << 2 | domain);
    splitmix(salted)
}

fn splitmix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports files of lines; returns the keys that were new.
    fn import(lines: &mut Lines, files: &[&[u64]]) -> Vec<u64> {
        let mut new = Vec::new();
        for (at, file) in files.iter().enumerate() {
            if at > 0 {
                lines.next_file();
            }
            for (at, hash) in file.iter().enumerate() {
                new.extend(lines.admit(LineKey::Line(*hash), Domain::Stored));
                if at.is_power_of_two() {
                    lines.settle();
                }
            }
        }
        new
    }

    #[test]
    fn d18_equal_lines_are_different_events_and_a_second_import_adds_nothing() {
        let log: &[u64] = &[1, 2, 1, 1, 3, 2];
        let stored = import(&mut Lines::default(), &[log]);
        assert_eq!(stored.len(), 6);
        let mut again = Lines::new(stored.clone());
        assert!(import(&mut again, &[log]).is_empty());
        let mut grown = Lines::new(stored);
        let new = import(&mut grown, &[&[1, 2, 1, 1, 3, 2, 1, 4]]);
        assert_eq!(new.len(), 2, "a fourth 1, and a 4");
    }

    #[test]
    fn d18_a_copy_in_the_same_import_adds_nothing() {
        let mut lines = Lines::default();
        let new = import(&mut lines, &[&[1, 1, 2], &[1, 1, 2, 2]]);
        assert_eq!(new.len(), 4);
    }

    #[test]
    fn a_uuid_is_one_event_however_often_it_stands_there() {
        let mut lines = Lines::default();
        let uuid = LineKey::Uuid(9);
        let key = lines.admit(uuid, Domain::Stored).unwrap();
        assert_eq!(lines.admit(uuid, Domain::Stored), None);
        assert_eq!(Lines::new(vec![key]).admit(uuid, Domain::Stored), None);
        assert!(lines.admit(LineKey::Line(9), Domain::Stored).is_some());
    }

    #[test]
    fn a_refused_line_can_be_admitted_later() {
        let refused = Lines::default()
            .admit(LineKey::Line(1), Domain::Refused)
            .unwrap();
        let mut later = Lines::new(vec![refused]);
        assert_eq!(later.admit(LineKey::Line(1), Domain::Refused), None);
        assert!(later.admit(LineKey::Line(1), Domain::Stored).is_some());
    }

    #[test]
    fn a_million_equal_lines_take_no_time() {
        let log = vec![5; 1_000_000];
        let stored = import(&mut Lines::default(), &[&log]);
        assert_eq!(stored.len(), log.len());
        assert!(import(&mut Lines::new(stored), &[&log]).is_empty());
    }
}
