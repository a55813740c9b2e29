//! One run of the tool.

use serde_json::{Map, Value, json};

use crate::dice::Dice;
use crate::person::{MODELS, Model, Person};
use crate::plan::Event;

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

/// One run of the tool, from `launched` to `exit`.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    person: &'a Person,
    dice: &'a mut Dice,
    time: i64,
    events: &'a mut Vec<Event>,
}

impl Session<'_> {
    /// Lets `person` use the tool once, from `time` on.
    pub(crate) fn run(person: &Person, dice: &mut Dice, time: i64, events: &mut Vec<Event>) {
        Session {
            person,
            dice,
            time,
            events,
        }
        .begin_to_end();
    }

    fn begin_to_end(mut self) {
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
        self.events.push(Event {
            name: name.to_owned(),
            properties: all,
            install: self.person.id.clone(),
            time: self.time,
        });
    }
}

fn models(name: &str) -> Value {
    json!({ "main_model": name, "weak_model": "gpt-4o-mini", "editor_model": name })
}
