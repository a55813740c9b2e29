//! One install: whose it is, how it is used, and how its events arrive.

use crate::dice::{Dice, write_uuid4};
use crate::habits::{COMMANDS, Command, ZONES};
use crate::plan::Plan;
use crate::releases::{Release, Updates};

const DAY_MS: i64 = 86_400_000;

/// A way to use the tool.
#[derive(Debug)]
pub(crate) struct Kind {
    weight: u32,
    /// Fewest and most sessions in a thousand days.
    sessions: (i64, i64),
    /// What part of that on a day of the weekend, in a thousand.
    weekend: i64,
    /// Fewest and most days before it is used no more.
    stays: (i64, i64),
    /// Messages of a session: up to 2 to the power of this.
    pub(crate) depth: i64,
    /// Started by a program: one message a run.
    pub(crate) scripted: bool,
}

/// Few use it much: a third of the events come from one install in twenty.
const KINDS: [Kind; 7] = [
    // Tries it and goes.
    Kind {
        weight: 36,
        sessions: (600, 1_600),
        weekend: 700,
        stays: (1, 5),
        depth: 3,
        scripted: false,
    },
    // Now and then.
    Kind {
        weight: 25,
        sessions: (50, 200),
        weekend: 500,
        stays: (20, 240),
        depth: 4,
        scripted: false,
    },
    // At work.
    Kind {
        weight: 21,
        sessions: (120, 450),
        weekend: 250,
        stays: (30, 500),
        depth: 4,
        scripted: false,
    },
    // At home.
    Kind {
        weight: 8,
        sessions: (100, 350),
        weekend: 2_400,
        stays: (40, 400),
        depth: 4,
        scripted: false,
    },
    // Every working day.
    Kind {
        weight: 7,
        sessions: (600, 1_200),
        weekend: 220,
        stays: (60, 800),
        depth: 4,
        scripted: false,
    },
    // All day.
    Kind {
        weight: 2,
        sessions: (1_800, 3_200),
        weekend: 550,
        stays: (120, 900),
        depth: 4,
        scripted: false,
    },
    // A build server.
    Kind {
        weight: 1,
        sessions: (2_000, 6_000),
        weekend: 800,
        stays: (60, 600),
        depth: 1,
        scripted: true,
    },
];

/// Platform, release, machine, weight.
const SYSTEMS: [(&str, &str, &str, u32); 8] = [
    ("Linux", "6.8.0", "x86_64", 26),
    ("Linux", "6.17.0", "x86_64", 12),
    ("Linux", "6.6.87", "aarch64", 3),
    ("Darwin", "25.1.0", "arm64", 24),
    ("Darwin", "24.6.0", "arm64", 9),
    ("Darwin", "23.6.0", "x86_64", 3),
    ("Windows", "11", "AMD64", 19),
    ("Windows", "10", "AMD64", 4),
];

const PYTHONS: [(&str, u32); 4] = [
    ("3.12.9", 55),
    ("3.11.13", 25),
    ("3.10.18", 15),
    ("3.9.23", 5),
];

/// What an install says about its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Build {
    Released,
    Unreleased,
    Silent,
}

/// An install. Its id is a UUID v4, as tools draw it.
#[derive(Debug)]
pub struct Install {
    pub(crate) id: String,
    /// Where the dice of its days begin.
    pub(crate) seed: u64,
    pub(crate) kind: &'static Kind,
    /// The days it is used on: the first, and the one after the last.
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Sessions in a thousand days.
    often: i64,
    /// Hours before or after UTC.
    pub(crate) zone: i64,
    pub(crate) platform: &'static str,
    pub(crate) os_release: &'static str,
    pub(crate) machine: &'static str,
    pub(crate) python: &'static str,
    /// Files of its repository; none in a thirteenth of them.
    pub(crate) files: Option<u32>,
    pub(crate) auto_commits: bool,
    /// Works in the browser.
    pub(crate) gui: bool,
    /// Of those who made a tool of their own from this one: it says what the catalog does
    /// not list.
    pub(crate) fork: bool,
    /// Which model it prefers, from 0 to below a million.
    pub(crate) taste: i64,
    build: Build,
    updates: Updates,
    clock_off_ms: i64,
    /// Online only every so many days, and on which of them.
    offline: Option<(i64, i64)>,
}

impl Install {
    /// Draws the install with this number.
    pub(crate) fn new(plan: &Plan, number: u64) -> Install {
        let mut dice = Dice::new(plan.seed, &[1, number]);
        let seed = dice.next();
        let mut id = Vec::with_capacity(36);
        write_uuid4(seed, &mut id);
        let (kind, from, to) = stay(&mut dice, plan);
        let &(platform, os_release, machine, _) = dice.pick(&SYSTEMS, |it| it.3);
        Install {
            id: String::from_utf8(id).unwrap_or_default(),
            seed,
            kind,
            from,
            to,
            often: dice.between(kind.sessions.0, kind.sessions.1),
            zone: dice.pick(&ZONES, |it| it.1).0,
            platform,
            os_release,
            machine,
            python: dice.pick(&PYTHONS, |it| it.1).0,
            files: (!dice.permille(75)).then(|| dice.heavy(13) as u32),
            auto_commits: dice.permille(910),
            gui: dice.permille(60),
            fork: dice.permille(12),
            taste: dice.between(0, 1_000_000),
            build: match dice.between(0, 100) {
                0..3 => Build::Unreleased,
                3..5 => Build::Silent,
                _ => Build::Released,
            },
            updates: Updates::new(&mut dice),
            clock_off_ms: clock_off_ms(&mut dice),
            offline: dice.permille(15).then(|| {
                let every = dice.between(2, 12);
                (every, dice.between(0, every))
            }),
        }
    }

    /// Its id, a UUID v4.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How far its clock goes ahead of the right time, in milliseconds.
    pub fn clock_off_ms(&self) -> i64 {
        self.clock_off_ms
    }

    /// How many sessions it starts on a day.
    pub(crate) fn sessions(&self, day: i64, dice: &mut Dice) -> i64 {
        let weekend = matches!(day.rem_euclid(7), 2 | 3); // 1970-01-01 was a Thursday
        let often = match weekend {
            true => self.often * self.kind.weekend / 1_000,
            false => self.often,
        };
        // Some days bring more, some nothing.
        let today = often * dice.between(0, 2_001) / 1_000;
        today / 1_000 + i64::from(dice.permille(today % 1_000))
    }

    /// The release it has on a day.
    pub(crate) fn release<'r>(&self, releases: &'r [Release], day: i64) -> &'r Release {
        self.updates.release(releases, self.from, day)
    }

    /// What it says its version is.
    pub(crate) fn version<'r>(&self, release: &'r Release) -> Option<&'r str> {
        match self.build {
            Build::Released => Some(&release.version),
            Build::Unreleased => Some(&release.unreleased),
            Build::Silent => None,
        }
    }

    /// A command it uses: of those it knows, and its release has.
    pub(crate) fn command(&self, release: &Release, dice: &mut Dice) -> Option<&'static Command> {
        (0..4)
            .map(|_| dice.pick(&COMMANDS, |it| it.weight))
            .find(|it| {
                let mut own = Dice::new(self.seed, &[it.number]);
                own.next() % 1_000 < it.known && release.behind <= it.since
            })
    }

    /// When an event of this time arrives: at once, or on the next day it is online.
    pub(crate) fn arrives_ms(&self, time_ms: i64) -> i64 {
        let Some((every, which)) = self.offline else {
            return time_ms;
        };
        let online_ms = (9 - self.zone).rem_euclid(24) * 3_600_000;
        let day = (time_ms - online_ms).div_euclid(DAY_MS) + 1;
        let wait = (which - day).rem_euclid(every);
        (day + wait) * DAY_MS + online_ms
    }
}

/// Whose it is, and from when to when. A third was there before the first day, of the kinds
/// that stay; of the others more come each week than the week before.
fn stay(dice: &mut Dice, plan: &Plan) -> (&'static Kind, i64, i64) {
    let length = |dice: &mut Dice, (low, high): (i64, i64)| {
        let mut length = low;
        while length * 2 < high && dice.permille(700) {
            length *= 2;
        }
        dice.between(length, (length * 2).min(high) + 1)
    };
    if dice.permille(300) {
        let kind = dice.pick(&KINDS[1..], |it| it.weight);
        let before = dice.between(0, 120);
        let to = plan.first_day + length(dice, kind.stays);
        return (kind, plan.first_day - before, to);
    }
    let kind = dice.pick(&KINDS, |it| it.weight);
    let day = |dice: &mut Dice| plan.first_day + dice.between(0, plan.days.max(1));
    let mut from = day(dice);
    if dice.permille(450) {
        from = from.max(day(dice));
    }
    (kind, from, from + length(dice, kind.stays))
}

/// Most clocks are right. Some are minutes or hours off, a few by months.
fn clock_off_ms(dice: &mut Dice) -> i64 {
    let sign = if dice.permille(500) { -1 } else { 1 };
    match dice.between(0, 1_000) {
        0..3 => sign * dice.between(40, 400) * DAY_MS,
        3..30 => sign * dice.between(2, 180) * 60_000,
        _ => 0,
    }
}
