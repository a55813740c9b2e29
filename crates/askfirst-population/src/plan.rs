//! How many installs, how many days.

use crate::population::Population;

/// Installs whose events are counted to say how many installs make how many events: enough
/// for a few percent, however heavy the tail.
const SAMPLE: usize = 2_000;

/// What to simulate. Equal plans give equal events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Where the dice begin.
    pub seed: u64,
    /// How many installs there are, over the whole time; on one day it is a small part of them.
    pub installs: usize,
    /// The first day, days since 1970-01-01 UTC.
    pub first_day: i64,
    /// How many days are simulated.
    pub days: i64,
}

impl Plan {
    /// 26 weeks that end before `today`, in days since 1970-01-01 UTC.
    pub fn until(today: i64) -> Plan {
        let days = 26 * 7;
        Plan {
            seed: 1,
            installs: 800,
            first_day: today - days,
            days,
        }
    }

    /// The same with as many installs as make about so many events.
    pub fn with_events(self, events: usize) -> Plan {
        let sample = Population::new(Plan {
            installs: SAMPLE,
            ..self
        });
        let made = sample.days().map(|day| day.len());
        let installs = (events * SAMPLE).div_ceil(made.sum::<usize>().max(1));
        Plan { installs, ..self }
    }

    /// The day after the last one.
    pub fn end(&self) -> i64 {
        self.first_day + self.days
    }
}
