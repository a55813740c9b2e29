//! What became of an error, in a word: from the version lines it was and was not seen in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::reports::names::numbers;

/// A version line in the order of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line(Vec<u64>, Arc<str>);

impl Line {
    pub(crate) fn new(line: &str) -> Line {
        Line(numbers(line), line.into())
    }

    pub(crate) fn name(&self) -> &Arc<str> {
        &self.1
    }
}

/// What became of a group of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// First seen in this period.
    New,
    /// Seen before, and still there.
    Ongoing,
    /// Absent for two version lines, then back in this one.
    RegressedSince(Arc<str>),
    /// Not seen in this line, nor in any after it.
    GoneSince(Arc<str>),
}

impl State {
    pub(super) fn words(&self) -> String {
        match self {
            State::New => "new".into(),
            State::Ongoing => "ongoing".into(),
            State::RegressedSince(line) => format!("regressed since {line}"),
            State::GoneSince(line) => format!("gone since {line}"),
        }
    }
}

/// Lines an error must have been absent from before its return is a regression: one line may just be short.
const LINES_ABSENT: usize = 2;

/// The state of a group seen in these lines, among the lines that enough starts are known of.
pub(super) fn state(new: bool, seen: &BTreeSet<Line>, known: &BTreeSet<Line>) -> State {
    if new {
        return State::New;
    }
    let Some(last) = seen.last() else {
        return State::Ongoing;
    };
    if let Some(next) = known.iter().find(|line| *line > last) {
        return State::GoneSince(next.name().clone());
    }
    let absent = |(a, b): &(&Line, &Line)| {
        let between = known.iter().filter(|line| *a < *line && *line < *b);
        between.count() >= LINES_ABSENT
    };
    let mut pairs = seen.iter().zip(seen.iter().skip(1));
    match pairs.rfind(absent) {
        Some((_, back)) => State::RegressedSince(back.name().clone()),
        None => State::Ongoing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(names: &[&str]) -> BTreeSet<Line> {
        names.iter().map(|name| Line::new(name)).collect()
    }

    fn words(new: bool, seen: &[&str]) -> String {
        let known = lines(&["0.7", "0.64", "0.65", "0.66", "0.67"]);
        state(new, &lines(seen), &known).words()
    }

    #[test]
    fn a_state_follows_from_the_lines_it_was_seen_in() {
        assert_eq!(words(true, &["0.67"]), "new");
        assert_eq!(words(false, &["0.65", "0.66", "0.67"]), "ongoing");
        assert_eq!(words(false, &["0.66", "0.67"]), "ongoing");
        assert_eq!(words(false, &["0.64", "0.67"]), "regressed since 0.67");
        assert_eq!(words(false, &["0.64", "0.66", "0.67"]), "ongoing");
        assert_eq!(words(false, &["0.64", "0.65"]), "gone since 0.66");
        assert_eq!(words(false, &[]), "ongoing");
    }

    #[test]
    fn lines_are_ordered_by_number_and_one_hardly_anybody_started_proves_nothing() {
        assert_eq!(words(false, &["0.7"]), "gone since 0.64");
        assert_eq!(words(false, &["0.68"]), "ongoing");
    }
}
