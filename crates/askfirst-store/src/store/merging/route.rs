//! Where the rows of a merge go.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::pick::closed;
use crate::month::Month;
use crate::policy;
use crate::segment::Origin;

/// The outputs of a merge: level 0 first, for what stays together.
#[derive(Debug)]
pub(super) struct Plan {
    levels: Vec<u8>,
    outputs: BTreeMap<i32, usize>,
}

impl Plan {
    /// A month that is closed goes to a file of its own, a day with at least `day_rows` too.
    /// Months first, the oldest in front, then days, the largest in front, as long as there
    /// are not too many.
    pub(super) fn of(days: &BTreeMap<i32, u64>, origin: Origin, today: i32, day_rows: u64) -> Plan {
        let mut plan = Plan {
            levels: vec![0],
            outputs: BTreeMap::new(),
        };
        let mut months: BTreeMap<Month, Vec<i32>> = BTreeMap::new();
        let mut large = Vec::new();
        for (day, rows) in days {
            let month = Month::of(*day);
            if closed(month, origin, today) {
                months.entry(month).or_default().push(*day);
            } else if *rows >= day_rows {
                large.push((*day, *rows));
            }
        }
        large.sort_by_key(|(day, rows)| (Reverse(*rows), *day));
        for days in months.into_values() {
            plan.add(2, &days);
        }
        for (day, _) in large {
            plan.add(1, &[day]);
        }
        plan
    }

    fn add(&mut self, level: u8, days: &[i32]) {
        if self.levels.len() < policy::MERGE_OUTPUTS {
            let output = self.levels.len();
            self.levels.push(level);
            self.outputs.extend(days.iter().map(|day| (*day, output)));
        }
    }

    pub(super) fn levels(&self) -> &[u8] {
        &self.levels
    }

    pub(super) fn output(&self, day: i32) -> Option<usize> {
        Some(self.outputs.get(&day).copied().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 December 2024.
    const TODAY: i32 = 20_059;

    #[test]
    fn d11_closed_months_and_large_days_get_files_of_their_own() {
        let days = [(19_990, 1), (20_026, 7), (TODAY - 1, 99), (TODAY, 100)].into();
        let plan = Plan::of(&days, Origin::Received, TODAY, 100);
        assert_eq!(plan.levels(), [0, 2, 1]);
        let of = |day| plan.output(day).unwrap();
        assert_eq!(of(19_990), 1, "September is closed");
        assert_eq!(
            of(20_026),
            0,
            "October is not: what happened on its 31st may still come"
        );
        assert_eq!(of(TODAY - 1), 0, "too few");
        assert_eq!(of(TODAY), 2);
    }

    #[test]
    fn d11_an_imported_month_is_closed_when_it_is_over() {
        let days = [(20_057, 1), (20_058, 1)].into();
        let plan = Plan::of(&days, Origin::Imported, TODAY, 100);
        assert_eq!(plan.levels(), [0, 2]);
        assert_eq!(plan.output(20_057), Some(1), "30 November");
        assert_eq!(plan.output(20_058), Some(0), "1 December");
    }

    #[test]
    fn there_are_never_too_many_outputs() {
        let days = (0..10_000).map(|day| (day, 1_000_000)).collect();
        let plan = Plan::of(&days, Origin::Imported, TODAY, 1);
        assert_eq!(plan.levels().len(), policy::MERGE_OUTPUTS);
        assert_eq!(plan.output(0), Some(1), "the oldest month has one");
        assert_eq!(plan.output(9_999), Some(0));
    }
}
