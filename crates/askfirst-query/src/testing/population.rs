//! Who does what on which day.

use askfirst_catalog::{Common, Gate, Raw};
use askfirst_store::{Consent, Row};

use super::random::Random;
use crate::calendar::Day;

const HOUR_MS: i64 = 3_600_000;

/// Model, and what a million tokens cost in dollars; `None` for one that is not on the public list.
const MODELS: [(&str, Option<f64>); 7] = [
    ("claude-3-5-sonnet-20241022", Some(3.0)),
    ("deepseek/deepseek-chat", Some(0.14)),
    ("gpt-4o", Some(2.5)),
    ("gpt-4o-mini", Some(0.15)),
    ("o1-preview", Some(15.0)),
    ("gemini/gemini-2.0-flash-exp", Some(0.0)),
    ("ollama/REDACTED", None),
];
const FORMATS: [&str; 5] = ["diff", "ask", "whole", "architect", "udiff"];
const COMMANDS: [&str; 9] = [
    "ask", "add", "exit", "clear", "undo", "run", "drop", "tokens", "lint",
];
const REASONS: [&str; 5] = [
    "Control-C",
    "/exit",
    "Completed --message",
    "GUI session ended",
    "Listed models",
];
/// Event, class and own frames of what goes wrong.
const FAILURES: [(&str, &str, &str); 4] = [
    (
        "message_send_exception",
        "TimeoutError",
        "aider.models:954;aider.coders.base_coder:1787",
    ),
    (
        "message_send_exception",
        "TimeoutError",
        "aider.models:960;aider.coders.base_coder:1801",
    ),
    ("exception", "KeyError", "aider.coders.base_coder:1402"),
    ("exception", "KeyError", "aider.models:1402"),
];
const VERSIONS: [&str; 5] = ["0.67.1", "0.67.0", "0.66.0", "0.65.1", "0.7.0"];
const PLATFORMS: [&str; 3] = ["Linux", "Darwin", "Windows"];

/// A made-up population.
#[derive(Clone, Copy, Debug)]
pub struct Population {
    /// Everything follows from it.
    pub seed: u64,
    /// How many installs there are.
    pub installs: u64,
    /// The first day on which anything happens.
    pub first: Day,
}

/// Something an install did, as it would arrive.
#[derive(Clone, Debug)]
pub struct Event {
    /// Canonical name.
    pub name: &'static str,
    /// The sender's clock, in milliseconds.
    pub ts: i64,
    /// Seconds to add to it.
    pub skew_s: i32,
    /// The install.
    pub install: Option<[u8; 16]>,
    /// What is known about its agreement.
    pub consent: Consent,
    /// Our SDK's session number.
    pub session: Option<u64>,
    /// Position in the session, or order of arrival.
    pub seq: u64,
    /// What it says, by canonical name.
    pub properties: Vec<(&'static str, Raw<'static>)>,
}

impl Population {
    /// Everything all installs do on one day, in no order.
    pub fn day(self, day: Day) -> impl Iterator<Item = Event> {
        (0..self.installs).flat_map(move |number| self.install_on(number, day))
    }

    fn install_on(self, number: u64, day: Day) -> Vec<Event> {
        let mut nature = Random::new(&[self.seed, number]);
        let began = i64::from(self.first.0) + nature.below(90) as i64;
        // few do much: the expected sessions a day fall with the number
        let eager = 40 / (1 + number / 20).min(40);
        let install = Install::new(&mut nature);
        let mut random = Random::new(&[self.seed, number, u64::from(day.0.cast_unsigned())]);
        if i64::from(day.0) < began || !random.percent(15 + 2 * eager) {
            return Vec::new();
        }
        let mut events = Vec::new();
        for _ in 0..=random.below(1 + eager / 4) {
            install.session(day, &mut random, &mut events);
        }
        events
    }
}

/// What does not change about an install.
struct Install {
    id: [u8; 16],
    consent: Consent,
    platform: &'static str,
    model: usize,
    skew_s: i32,
}

impl Install {
    fn new(nature: &mut Random) -> Install {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&nature.next().to_be_bytes());
        id[8..].copy_from_slice(&nature.next().to_be_bytes());
        let consent = nature.skewed(&Consent::ALL);
        let skewed = consent == Consent::Unknown && nature.percent(30);
        Install {
            id,
            consent,
            platform: nature.skewed(&PLATFORMS),
            model: nature.below(MODELS.len() as u64) as usize,
            skew_s: if skewed {
                nature.below(40_000) as i32 - 20_000
            } else {
                0
            },
        }
    }

    fn session(&self, day: Day, random: &mut Random, events: &mut Vec<Event>) {
        let agreed = self.consent == Consent::Agreed;
        let mut session = Session {
            install: self,
            number: agreed.then(|| random.next() >> 11),
            version: random.percent(70).then(|| random.skewed(&VERSIONS)),
            at: day.start_ms() + random.below(24 * 3_600_000) as i64,
            seq: 0,
        };
        session.record("launched", vec![], random, events);
        session.record(
            "repo",
            vec![("num_files", Raw::Int(random.spread(400).into()))],
            random,
            events,
        );
        if random.percent(80) {
            session.record("cli session", vec![], random, events);
        }
        for _ in 0..random.below(12) {
            session.message(random, events);
        }
        if random.percent(12) {
            let (event, class, frames) = random.skewed(&FAILURES);
            let said = vec![("error", Raw::Str(class)), ("frames", Raw::Str(frames))];
            session.record(event, said, random, events);
        }
        if random.percent(85) {
            session.record(
                "exit",
                vec![("reason", Raw::Str(random.skewed(&REASONS)))],
                random,
                events,
            );
        }
    }
}

struct Session<'a> {
    install: &'a Install,
    number: Option<u64>,
    version: Option<&'static str>,
    at: i64,
    seq: u64,
}

impl Session<'_> {
    fn message(&mut self, random: &mut Random, events: &mut Vec<Event>) {
        self.record("message_send_starting", vec![], random, events);
        let other = random.percent(20);
        let (model, price) = if other {
            random.skewed(&MODELS)
        } else {
            MODELS[self.install.model]
        };
        let format = random.skewed(&FORMATS);
        let (sent, answered) = (random.spread(8_000), random.spread(300));
        let mut said = vec![
            ("main_model", Raw::Str(model)),
            ("edit_format", Raw::Str(format)),
            ("prompt_tokens", Raw::Int(sent.into())),
            ("completion_tokens", Raw::Int(answered.into())),
            ("total_tokens", Raw::Int((sent + answered).into())),
        ];
        let cost = price.map(|price| {
            (
                "cost",
                Raw::Float((sent + 4 * answered) as f64 * price / 1e6),
            )
        });
        said.extend(cost.filter(|_| !random.percent(3)));
        self.record("message_send", said, random, events);
        if format == "diff" && random.percent(60) {
            let failed = u64::from(random.percent(10));
            let said = vec![
                ("main_model", Raw::Str(model)),
                ("edit_format", Raw::Str(format)),
                ("applied", Raw::Int((1 + random.below(4)).into())),
                ("failed", Raw::Int(failed.into())),
                ("retries", Raw::Int(failed.into())),
            ];
            self.record("edit", said, random, events);
        }
        if random.percent(40) {
            self.record(
                "command",
                vec![("name", Raw::Str(random.skewed(&COMMANDS)))],
                random,
                events,
            );
        }
    }

    fn record(
        &mut self,
        name: &'static str,
        mut said: Vec<(&'static str, Raw<'static>)>,
        random: &mut Random,
        events: &mut Vec<Event>,
    ) {
        self.at += random.spread(40_000) as i64;
        self.seq += 1;
        said.push(("os_platform", Raw::Str(self.install.platform)));
        said.extend(self.version.map(|version| ("version", Raw::Str(version))));
        let anonymous = self.install.consent == Consent::Unknown && random.percent(2);
        let cut = if self.number.is_some() {
            self.at - self.at.rem_euclid(HOUR_MS)
        } else {
            self.at
        };
        events.push(Event {
            name,
            ts: cut - i64::from(self.install.skew_s) * 1000,
            skew_s: self.install.skew_s,
            install: (!anonymous).then_some(self.install.id),
            consent: self.install.consent,
            session: self.number,
            seq: if self.number.is_some() {
                self.seq
            } else {
                self.at.cast_unsigned()
            },
            properties: said,
        });
    }
}

impl Event {
    /// The row a store takes, if the catalog admits the event.
    pub fn row(&self, gate: &Gate, key: u64) -> Option<Row> {
        let admitted = gate
            .admit(self.name, &self.properties, Day::of_ms(self.ts).0)
            .ok()?;
        let (event, values, common, _) = admitted.into_parts();
        let seq = (self.consent == Consent::Agreed).then_some(self.seq);
        Some(Row {
            ts: self.ts,
            skew_s: self.skew_s,
            event,
            install: self.install,
            consent: self.consent,
            common: Common {
                session: self.session,
                seq,
                ..common
            },
            values,
            key,
        })
    }
}
