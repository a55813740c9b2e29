//! All installs, and the events they make day by day.

use crate::dice::Dice;
use crate::event::Event;
use crate::habits::HOURS;
use crate::install::Install;
use crate::models::Shares;
use crate::plan::Plan;
use crate::releases::Release;
use crate::session::{Day, Session};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// Everybody a [`Plan`] draws.
#[derive(Debug)]
pub struct Population {
    plan: Plan,
    installs: Vec<Install>,
    releases: Vec<Release>,
}

impl Population {
    /// Draws the installs of a plan and the releases of its time.
    pub fn new(plan: Plan) -> Population {
        Population {
            plan,
            installs: (0..plan.installs as u64)
                .map(|number| Install::new(&plan, number))
                .collect(),
            releases: Release::all(&plan),
        }
    }

    /// What it was drawn by.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The tool's releases, in order of time; some came out before the first day.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The events of each day, in order of time; a day at a time, so that long plans need the
    /// memory of one day. What would happen after the last day is left out.
    pub fn days(&self) -> impl Iterator<Item = Vec<Event<'_>>> {
        let mut after_midnight: Vec<Event<'_>> = Vec::new();
        (self.plan.first_day..self.plan.end()).map(move |day| {
            let mut events = std::mem::take(&mut after_midnight);
            let shares = Shares::before_end(self.plan.end() - day);
            for install in &self.installs {
                if install.from <= day && day < install.to {
                    self.sessions(install, day, &shares, &mut events);
                }
            }
            events.sort_by_key(|event| event.time_ms); // stable: sessions keep their order
            let next = (day + 1) * DAY_MS;
            let today = events.partition_point(|event| event.time_ms < next);
            after_midnight = events.split_off(today);
            events
        })
    }

    /// All events, in order of time.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.days().flatten()
    }

    /// What one install does on one day. Its sessions do not overlap.
    fn sessions<'p>(
        &'p self,
        install: &'p Install,
        day: i64,
        shares: &Shares,
        events: &mut Vec<Event<'p>>,
    ) {
        let mut dice = Dice::new(install.seed, &[day.unsigned_abs()]);
        let count = install.sessions(day, &mut dice);
        if count == 0 {
            return;
        }
        let mut starts: Vec<i64> = (0..count)
            .map(|_| {
                let hour = dice.pick(&HOURS, |it| it.1).0 - install.zone;
                day * DAY_MS + hour.rem_euclid(24) * HOUR_MS + dice.between(0, HOUR_MS)
            })
            .collect();
        starts.sort_unstable();
        let today = Day {
            install,
            release: install.release(&self.releases, day),
            shares,
            before_end: self.plan.end() - day,
        };
        let mut free = 0;
        for start in starts {
            let ended = Session::run(today, &mut dice, start.max(free), events);
            free = ended + 20_000;
        }
    }
}
