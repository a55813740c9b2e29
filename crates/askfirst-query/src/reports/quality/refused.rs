//! Values that were refused.

use askfirst_store::{Note, Tally};

use crate::calendar::Day;
use crate::reports::Context;

/// Values of accepted events that were not kept.
const REFUSED: [Note; 4] = [
    Note::WrongKind,
    Note::OutOfRange,
    Note::NotListed,
    Note::MoneyRefused,
];

/// Values refused, and the words for it. They are counted by day of arrival, which for imported events has
/// nothing to do with the period: where nothing arrived in it, all arrivals are counted, and that is said.
pub(crate) fn refused(context: &Context<'_>) -> Option<(String, u64)> {
    let tally = context.project.tally?;
    let in_period = arrived(context, tally);
    let counted = tally
        .notes()
        .filter(|(day, note, _)| {
            REFUSED.contains(note) && (!in_period || context.period.contains(Day(*day)))
        })
        .map(|(_, _, n)| n)
        .sum();
    let words = if in_period {
        "values refused and not kept"
    } else {
        "values refused and not kept, ever"
    };
    Some((words.into(), counted))
}

/// Whether anything arrived in the period.
pub(super) fn arrived(context: &Context<'_>, tally: &Tally) -> bool {
    tally
        .reasons()
        .any(|(day, ..)| context.period.contains(Day(day)))
}
