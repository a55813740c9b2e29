//! A simulated analytics log, in the shape aider writes: one JSON object a
//! line with `event`, `properties`, `user_id` and `time`.
//!
//! Nothing in it was ever sent by a person. It is session-shaped: what happens
//! in one run of the tool hangs together (the same model from the first line
//! to the last, a question before its answer, an end), tokens grow with the
//! length of a session and the cost follows the tokens. The same seed gives
//! the same bytes on every machine.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

/// The seed of the tour, so that the README can show what it prints.
pub(crate) const SEED: u64 = 20_260_801;

/// 2026-08-01 00:00 UTC, a Saturday.
const FIRST_DAY: i64 = 1_785_542_400;
const DAYS: i64 = 91;
const PEOPLE: usize = 60;

/// Name as the tool reports it, USD per million tokens in and out, weight.
type Model = (&'static str, f64, f64, u32);

const MODELS: [Model; 7] = [
    ("claude-3-5-sonnet-20241022", 3.0, 15.0, 40),
    ("gpt-4o", 2.5, 10.0, 22),
    ("deepseek/deepseek-chat", 0.27, 1.10, 14),
    ("gpt-4o-mini", 0.15, 0.60, 9),
    ("o3-mini", 1.10, 4.40, 8),
    ("claude-3-5-haiku-20241022", 0.80, 4.0, 4),
    // A private model: its price would tell which one it is, so the collector
    // refuses the cost that comes with it.
    ("openai/REDACTED", 2.0, 8.0, 3),
];

const COMMANDS: [(&str, u32); 10] = [
    ("add", 30),
    ("ask", 28),
    ("clear", 10),
    ("undo", 9),
    ("run", 8),
    ("drop", 6),
    ("tokens", 4),
    ("diff", 3),
    ("model", 3),
    ("architect", 2),
];

const EXITS: [(&str, u32); 4] = [
    ("Control-C", 50),
    ("/exit", 34),
    ("Completed --message", 12),
    ("Exit flag set", 4),
];

/// A small generator of pseudo-random numbers (SplitMix64, Steele et al. 2014).
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to below `high`.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low).unsigned_abs()).cast_signed()
    }

    fn percent(&mut self, chance: i64) -> bool {
        self.between(0, 100) < chance
    }

    /// One of the entries, each as often as its weight says.
    fn pick<'a, T>(&mut self, entries: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: i64 = entries.iter().map(|entry| i64::from(weight(entry))).sum();
        let mut left = self.between(0, total);
        entries
            .iter()
            .find(|entry| {
                left -= i64::from(weight(entry));
                left < 0
            })
            .unwrap_or(&entries[0])
    }

    fn uuid4(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }
}

/// Someone who uses the tool in their own way.
struct Person {
    id: String,
    model: Model,
    edit_format: &'static str,
    files: i64,
    system: Map<String, Value>,
    /// Sessions in a hundred working days.
    eagerness: i64,
}

impl Person {
    fn new(dice: &mut Dice) -> Self {
        let (platform, release, machine) = *dice.pick(
            &[
                ("Linux", "6.8.0", "x86_64"),
                ("Darwin", "24.6.0", "arm64"),
                ("Windows", "11", "AMD64"),
            ],
            |&(platform, _, _)| if platform == "Windows" { 1 } else { 3 },
        );
        let python = dice.pick(&["3.12.4", "3.11.9", "3.10.14"], |_| 1);
        let Value::Object(system) = json!({
            "python_version": python,
            "os_platform": platform,
            "os_release": release,
            "machine": machine,
            "aider_version": dice.pick(&["0.86.2", "0.86.1", "0.85.0"], |_| 1),
        }) else {
            return Self::new(dice);
        };
        Self {
            id: dice.uuid4(),
            model: *dice.pick(&MODELS, |model| model.3),
            edit_format: dice
                .pick(&[("diff", 7), ("whole", 2), ("udiff", 1)], |one| one.1)
                .0,
            files: dice.between(3, 900),
            system,
            eagerness: dice.between(3, 42),
        }
    }
}

/// One line of the log, before it is put in order.
struct Line {
    time: i64,
    text: String,
}

/// Writes the whole log and gives the number of its lines.
pub(crate) fn write(out: &mut impl Write, dice: &mut Dice) -> io::Result<usize> {
    let people: Vec<Person> = (0..PEOPLE).map(|_| Person::new(dice)).collect();
    let mut lines = Vec::new();
    for day in 0..DAYS {
        let weekend = day % 7 < 2;
        for person in &people {
            let chance = if weekend {
                person.eagerness / 4
            } else {
                person.eagerness
            };
            while dice.percent(chance) {
                let start = FIRST_DAY + day * 86_400 + dice.between(7 * 3600, 21 * 3600);
                Session {
                    person,
                    dice,
                    time: start,
                    lines: &mut lines,
                }
                .run();
            }
        }
    }
    lines.sort_by_key(|line| line.time); // stable: a session's lines keep their order
    for line in &lines {
        writeln!(out, "{}", line.text)?;
    }
    Ok(lines.len())
}

/// One run of the tool, from `launched` to `exit`.
struct Session<'a> {
    person: &'a Person,
    dice: &'a mut Dice,
    time: i64,
    lines: &'a mut Vec<Line>,
}

impl Session<'_> {
    fn run(mut self) {
        let person = self.person;
        let (model, edit_format) = (self.model(), person.edit_format);
        self.event("launched", json!({}));
        if self.dice.percent(90) {
            self.event("repo", json!({ "num_files": person.files }));
            let enabled = self.dice.percent(95);
            self.event("auto_commits", json!({ "enabled": enabled }));
        } else {
            self.event("no-repo", json!({}));
        }
        let mut properties = models(model.0);
        properties["edit_format"] = json!(edit_format);
        self.event("cli session", properties);
        self.work(model, edit_format);
        let reason = self.dice.pick(&EXITS, |one| one.1).0;
        if reason == "/exit" {
            self.event("command_exit", json!({}));
        }
        self.event("exit", json!({ "reason": reason }));
    }

    /// Mostly the person's own model, now and then another.
    fn model(&mut self) -> Model {
        if self.dice.percent(85) {
            self.person.model
        } else {
            *self.dice.pick(&MODELS, |model| model.3)
        }
    }

    /// Commands and messages in turn. The chat grows, so later messages carry more tokens.
    fn work(&mut self, model: Model, edit_format: &str) {
        let mut chat = self.dice.between(900, 5_000);
        let mut spent = 0.0;
        for _ in 0..self.dice.between(1, 9) {
            self.time += self.dice.between(5, 240);
            let mut format = edit_format;
            if self.dice.percent(55) {
                let command = self.dice.pick(&COMMANDS, |one| one.1).0;
                self.event(&format!("command_{command}"), json!({}));
                match command {
                    "ask" => format = "ask",
                    "clear" => chat = 900,
                    "add" => chat += self.dice.between(200, 4_000),
                    _ => {}
                }
            }
            self.message(model, format, &mut chat, &mut spent);
        }
    }

    fn message(&mut self, model: Model, edit_format: &str, chat: &mut i64, spent: &mut f64) {
        self.event("message_send_starting", json!({}));
        self.time += self.dice.between(3, 40);
        if self.dice.percent(2) {
            // What the tool reports is free text; the collector refuses it.
            let text = "simulated failure while reading simulated/file.py";
            self.event("message_send_exception", json!({ "exception": text }));
            return;
        }
        let answer = self.dice.between(40, 1_500);
        let cost = |tokens: i64, per_million: f64| tokens as f64 * per_million / 1e6;
        let price = cost(*chat, model.1) + cost(answer, model.2);
        *spent += price;
        let mut properties = models(model.0);
        properties["edit_format"] = json!(edit_format);
        properties["prompt_tokens"] = json!(*chat);
        properties["completion_tokens"] = json!(answer);
        properties["total_tokens"] = json!(*chat + answer);
        properties["cost"] = json!(price);
        properties["total_cost"] = json!(*spent);
        self.event("message_send", properties);
        *chat += answer + self.dice.between(20, 600);
    }

    fn event(&mut self, name: &str, properties: Value) {
        let mut all = match properties {
            Value::Object(all) => all,
            _ => Map::new(),
        };
        all.extend(self.person.system.clone());
        let line = json!({
            "event": name,
            "properties": all,
            "user_id": self.person.id,
            "time": self.time,
        });
        self.lines.push(Line {
            time: self.time,
            text: line.to_string(),
        });
    }
}

fn models(name: &str) -> Value {
    json!({ "main_model": name, "weak_model": "gpt-4o-mini", "editor_model": name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(seed: u64) -> Vec<Value> {
        let mut bytes = Vec::new();
        let lines = write(&mut bytes, &mut Dice::new(seed)).unwrap();
        let log: Vec<Value> = String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(log.len(), lines);
        log
    }

    #[test]
    fn the_tour_has_some_twenty_thousand_events_and_is_the_same_every_time() {
        let first = log(SEED);
        assert!((17_000..23_000).contains(&first.len()), "{}", first.len());
        assert_eq!(first, log(SEED));
        assert_ne!(first, log(SEED + 1));
    }

    #[test]
    fn every_session_begins_and_ends() {
        let count = |name: &str| {
            log(SEED)
                .iter()
                .filter(|line| line["event"] == name)
                .count()
        };
        assert_eq!(count("launched"), count("exit"));
        assert_eq!(count("launched"), count("cli session"));
    }

    #[test]
    fn the_cost_follows_the_tokens() {
        for line in log(SEED)
            .iter()
            .filter(|line| line["event"] == "message_send")
        {
            let of = |name: &str| line["properties"][name].as_f64().unwrap();
            let model = MODELS
                .iter()
                .find(|model| line["properties"]["main_model"] == model.0);
            let (_, input, output, _) = model.unwrap();
            let price = (of("prompt_tokens") * input + of("completion_tokens") * output) / 1e6;
            assert!((of("cost") - price).abs() < 1e-9, "{line}");
            assert_eq!(
                of("prompt_tokens") + of("completion_tokens"),
                of("total_tokens")
            );
        }
    }
}
