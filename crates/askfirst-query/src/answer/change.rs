//! What became of a number since the period before, and when that may not be said.

use crate::calendar::Day;
use crate::policy;

/// A comparison with the period before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// As many as before.
    Same,
    /// More or fewer, on one side enough for a percentage.
    Percent {
        /// The number before, above zero.
        before: i128,
        /// The number now, above zero.
        now: i128,
    },
    /// Both numbers are so small that a percentage would make noise look like news.
    Few {
        /// The number before.
        before: i128,
        /// The number now.
        now: i128,
    },
    /// A rate, which moves in points: parts and wholes.
    Points {
        /// Part and whole before.
        before: (i128, i128),
        /// Part and whole now.
        now: (i128, i128),
    },
    /// Never seen before this period.
    New,
    /// Seen before the previous period, but not in it.
    Back,
    /// Seen in the previous period, but not in this one.
    Gone,
    /// Recorded only since this day, which lies after the start of the previous period.
    Since(Day),
}

impl Change {
    /// The change of a count; `earlier` says whether there was any before the previous period.
    pub fn of(before: i128, now: i128, earlier: bool) -> Change {
        match (before, now) {
            _ if before == now => Change::Same,
            (0, _) if earlier => Change::Back,
            (0, _) => Change::New,
            (_, 0) => Change::Gone,
            _ if before.max(now) < policy::EVENTS_FOR_PERCENT => Change::Few { before, now },
            _ => Change::Percent { before, now },
        }
    }

    /// The change of a rate; `None` where one of both has no whole.
    pub fn of_rates(before: (i128, i128), now: (i128, i128)) -> Option<Change> {
        let alike = before.0 * now.1 == now.0 * before.1;
        match (before.1, now.1) {
            (0, _) | (_, 0) => None,
            _ if alike => Some(Change::Same),
            _ => Some(Change::Points { before, now }),
        }
    }

    /// Relative change in millionths; points count as such too.
    pub(crate) fn order(self) -> i128 {
        const MILLION: i128 = 1_000_000;
        match self {
            Change::Same | Change::Since(_) => 0,
            Change::Percent { before, now } | Change::Few { before, now } => {
                (now - before) * MILLION / before.max(1)
            }
            Change::Points { before, now } => {
                now.0 * MILLION / now.1.max(1) - before.0 * MILLION / before.1.max(1)
            }
            Change::New | Change::Back => i128::MAX,
            Change::Gone => -MILLION,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_twenty_on_both_sides_there_is_no_percentage() {
        assert_eq!(Change::of(1, 3, true), Change::Few { before: 1, now: 3 });
        assert_eq!(Change::of(19, 1, true), Change::Few { before: 19, now: 1 });
        let percent = Change::Percent { before: 20, now: 1 };
        assert_eq!(Change::of(20, 1, true), percent);
        assert_eq!(Change::of(7, 7, true), Change::Same);
    }

    #[test]
    fn what_was_not_there_before_is_new_or_back_and_what_is_not_now_is_gone() {
        assert_eq!(Change::of(0, 3, false), Change::New);
        assert_eq!(Change::of(0, 300, true), Change::Back);
        assert_eq!(Change::of(300, 0, true), Change::Gone);
        assert_eq!(Change::of(0, 0, false), Change::Same);
    }

    #[test]
    fn rates_move_in_points_where_both_sides_have_a_whole() {
        assert_eq!(Change::of_rates((1, 0), (1, 2)), None);
        assert_eq!(Change::of_rates((1, 2), (2, 4)), Some(Change::Same));
        assert_eq!(Change::of_rates((1, 10), (4, 10)).unwrap().order(), 300_000);
    }
}
