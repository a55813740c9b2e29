//! One run of the tool, from its start to its end.

use crate::dice::Dice;
use crate::errors::{CRASHES, FAILURES, Group, Where};
use crate::event::{Event, What};
use crate::habits::{EXITS, SHORT_EXITS};
use crate::install::Install;
use crate::models::{Model, Shares};
use crate::releases::Release;

/// Since which release, as lines behind the newest and fix, the tool counts edits.
const EDITS_SINCE: (i64, i64) = (4, 0);

/// Since which release it names the class and the frames of an error, and not its text.
const CLASSES_SINCE: (i64, i64) = (4, 0);

/// Since which release it counts how often a model was asked to correct its edits.
const RETRIES_SINCE: (i64, i64) = (1, 0);

/// Tokens a chat begins with, and has at most.
const FIRST_TOKENS: i64 = 1_100;
const MOST_TOKENS: i64 = 120_000;

/// What a day of an install is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day<'a, 'p> {
    pub(crate) install: &'p Install,
    pub(crate) release: &'p Release,
    pub(crate) shares: &'a Shares,
    pub(crate) before_end: i64,
}

/// One run of the tool.
#[derive(Debug)]
pub(crate) struct Session<'a, 'p> {
    day: Day<'a, 'p>,
    dice: &'a mut Dice,
    time_ms: i64,
    version: Option<&'p str>,
    model: &'static Model,
    format: &'static str,
    /// Tokens of the chat so far, and what they cost, in 1e-8 US dollars.
    chat: i64,
    spent: i64,
    events: &'a mut Vec<Event<'p>>,
}

impl<'a, 'p> Session<'a, 'p> {
    /// Lets the install be used once, from `time_ms` on; gives when it ended.
    pub(crate) fn run(
        day: Day<'a, 'p>,
        dice: &'a mut Dice,
        time_ms: i64,
        events: &'a mut Vec<Event<'p>>,
    ) -> i64 {
        // Mostly the model they prefer, now and then another.
        let taste = match dice.permille(880) {
            true => day.install.taste,
            false => dice.between(0, 1_000_000),
        };
        let model = day.shares.of(taste);
        let format = dice.pick(model.formats, |it| it.1).0;
        let mut session = Session {
            version: day.install.version(day.release),
            day,
            time_ms,
            model,
            format,
            chat: FIRST_TOKENS + dice.heavy(13),
            spent: 0,
            dice,
            events,
        };
        session.begin_to_end();
        session.time_ms
    }

    fn begin_to_end(&mut self) {
        let install = self.day.install;
        self.event(What::Launched { fork: install.fork });
        if !install.kind.scripted && self.dice.permille(60) {
            let reason = self.dice.pick(&SHORT_EXITS, |it| it.1).0;
            return self.event(What::Exit(reason));
        }
        match install.files {
            Some(files) => {
                self.event(What::Repo(files));
                self.event(What::AutoCommits(install.auto_commits));
            }
            None => self.event(What::NoRepo),
        }
        if self.model.name.ends_with("REDACTED") && self.dice.permille(150) {
            self.event(What::ModelWarning(self.model));
        }
        let (model, format) = (self.model, self.format);
        match install.gui && !install.kind.scripted {
            true => self.event(What::GuiSession),
            false => self.event(What::CliSession(model, format)),
        }
        if install.fork {
            self.event(What::FileAdded);
        }
        let crash = self.group(&CRASHES);
        let turns = match crash {
            Some(_) => self.dice.between(0, 3),
            None => self.dice.heavy(install.kind.depth),
        };
        for _ in 0..turns {
            self.turn();
        }
        match crash {
            Some(group) => self.error(group, true),
            None => self.end(),
        }
    }

    /// Some thought, perhaps a command, perhaps a message.
    fn turn(&mut self) {
        self.pause(4_000, 9);
        let install = self.day.install;
        let mut format = self.format;
        let typed = !install.kind.scripted && self.dice.permille(450);
        let command = match typed {
            true => install.command(self.day.release, self.dice),
            false => None,
        };
        if let Some(command) = command {
            self.event(What::Command(command.name));
            match command.name {
                "command_ask" => format = "ask",
                "command_architect" => format = "architect",
                "command_clear" | "command_reset" => self.chat = FIRST_TOKENS,
                "command_add" => self.chat += self.dice.heavy(13),
                // Needs no message after it.
                _ if self.dice.permille(600) => return,
                _ => {}
            }
        } else if self.dice.permille(12) {
            self.event(What::AiComment);
        }
        self.message(format);
    }

    fn message(&mut self, format: &'static str) {
        self.event(What::Starting);
        self.pause(1_500, 6);
        if let Some(group) = self.group(&FAILURES) {
            return self.error(group, false);
        }
        let prompt = self.chat;
        let answer = 30 + self.dice.heavy(11);
        self.spent += self.model.cost(prompt, answer);
        let named = match self.day.install.fork {
            true => "my-format",
            false => format,
        };
        self.event(What::Message {
            model: self.model,
            format: named,
            prompt,
            answer,
            spent: self.spent,
        });
        if format != "ask" && self.day.release.is_since(EDITS_SINCE) && self.dice.permille(780) {
            self.edit(format);
        }
        self.chat = (self.chat + answer + self.dice.between(20, 900)).min(MOST_TOKENS);
    }

    fn edit(&mut self, format: &'static str) {
        let of = |it: &&(&str, u32, i64)| it.0 == format;
        let fails = self.model.formats.iter().find(of).map_or(40, |it| it.2);
        let failed = match self.dice.permille(fails) {
            true => self.dice.heavy(2),
            false => 0,
        };
        let edits = self.dice.heavy(3);
        let retries = match failed > 0 {
            true => self.dice.between(1, 4),
            false => i64::from(self.dice.permille(fails)),
        };
        let counted = self.day.release.is_since(RETRIES_SINCE);
        self.event(What::Edit {
            model: self.model,
            format,
            applied: edits,
            failed,
            retries: counted.then_some(retries),
        });
    }

    fn end(&mut self) {
        let install = self.day.install;
        self.pause(0, 7);
        let reason = match (install.kind.scripted, install.gui) {
            (true, _) => "Completed --message",
            (false, true) => "GUI session ended",
            (false, false) => self.dice.pick(&EXITS, |it| it.1).0,
        };
        if reason == "/exit" {
            self.event(What::Command("command_exit"));
        }
        if !reason.is_empty() {
            self.event(What::Exit(reason));
        }
    }

    fn group(&mut self, groups: &'static [Group]) -> Option<&'static Group> {
        let at = Where {
            release: self.day.release,
            platform: self.day.install.platform,
            model: self.model.name,
            format: self.format,
            days_before_end: self.day.before_end,
        };
        // One throw for all of them, so that an ordinary message costs one.
        let mut thrown = self.dice.between(0, 1_000);
        groups.iter().filter(|it| it.happens(at)).find(|it| {
            thrown -= it.permille;
            thrown < 0
        })
    }

    fn error(&mut self, group: &'static Group, crash: bool) {
        let classed = self.day.release.is_since(CLASSES_SINCE);
        self.event(What::Error {
            group,
            crash,
            classed,
        });
    }

    /// Up to 2 to the power of `bits` seconds, and at least `least` milliseconds.
    fn pause(&mut self, least: i64, bits: i64) {
        self.time_ms += least + 1_000 * self.dice.heavy(bits);
    }

    fn event(&mut self, what: What) {
        // Bits of one throw: when exactly, and which id.
        let id = self.dice.next();
        self.time_ms += 3 + (id & 127).cast_signed();
        self.events.push(Event {
            install: self.day.install,
            version: self.version,
            time_ms: self.time_ms,
            id,
            what,
        });
    }
}
