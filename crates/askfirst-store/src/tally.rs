//! Counts of outcomes and notes by day of arrival.

use std::collections::BTreeMap;

use askfirst_catalog::Notes;

use crate::outcome::{Note, Outcome, Reason};

/// How many events of which day of arrival got which reason, and which notes were made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    reasons: BTreeMap<(i32, Reason), u64>,
    notes: BTreeMap<(i32, Note), u64>,
}

impl Tally {
    /// Counts `n` events of `day` (days since 1970-01-01) under `reason`.
    pub fn add(&mut self, day: i32, reason: Reason, n: u64) {
        if n > 0 {
            *self.reasons.entry((day, reason)).or_default() += n;
        }
    }

    /// Counts `n` times `note` on `day`.
    pub fn note(&mut self, day: i32, note: Note, n: u64) {
        if n > 0 {
            *self.notes.entry((day, note)).or_default() += n;
        }
    }

    /// Counts what the gate left out of one event.
    pub fn add_notes(&mut self, day: i32, notes: &Notes) {
        for (note, n) in Note::of(notes) {
            self.note(day, note, u64::from(n));
        }
    }

    /// Adds every count of `other`.
    pub fn merge(&mut self, other: &Tally) {
        for (&(day, reason), &n) in &other.reasons {
            self.add(day, reason, n);
        }
        for (&(day, note), &n) in &other.notes {
            self.note(day, note, n);
        }
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.reasons.is_empty() && self.notes.is_empty()
    }

    /// Every count of a reason, by day, then reason.
    pub fn reasons(&self) -> impl Iterator<Item = (i32, Reason, u64)> + '_ {
        self.reasons
            .iter()
            .map(|(&(day, reason), &n)| (day, reason, n))
    }

    /// Every count of a note, by day, then note.
    pub fn notes(&self) -> impl Iterator<Item = (i32, Note, u64)> + '_ {
        self.notes.iter().map(|(&(day, note), &n)| (day, note, n))
    }

    /// How many events got `reason`, over all days.
    pub fn total(&self, reason: Reason) -> u64 {
        let of = self.reasons().filter(|(_, it, _)| *it == reason);
        of.map(|(_, _, n)| n).sum()
    }

    /// How often `note` was made, over all days.
    pub fn total_note(&self, note: Note) -> u64 {
        let of = self.notes().filter(|(_, it, _)| *it == note);
        of.map(|(_, _, n)| n).sum()
    }

    /// How many events got `outcome`, over all days.
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        let of = self
            .reasons()
            .filter(|(_, reason, _)| reason.outcome() == outcome);
        of.map(|(_, _, n)| n).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_adds_day_by_day() {
        let mut tally = Tally::default();
        tally.add(1, Reason::Accepted, 2);
        tally.add(1, Reason::TooOld, 0);
        let mut other = Tally::default();
        other.add(1, Reason::Accepted, 3);
        other.add(2, Reason::UnknownEvent, 1);
        other.note(2, Note::Redacted, 4);
        tally.merge(&other);
        assert_eq!(
            tally.reasons().collect::<Vec<_>>(),
            [(1, Reason::Accepted, 5), (2, Reason::UnknownEvent, 1)]
        );
        assert_eq!(tally.outcome(Outcome::Filtered), 1);
        assert_eq!(tally.total_note(Note::Redacted), 4);
    }
}
