//! The commands.

use std::path::Path;

use crate::journal::Journal;
use crate::models::{Named, estimate};
use crate::screen::{say, stream, warn};
use crate::session::{Mode, Session};
use crate::{prompts, shell};

/// Name, what may follow it, and what it does. Enough of a name to tell it apart will do.
const COMMANDS: [(&str, &str, &str); 14] = [
    ("add", "FILE...", "put files into the chat"),
    (
        "ask",
        "[QUESTION]",
        "ask without editing; alone, stay with asking",
    ),
    ("clear", "", "forget what was said"),
    (
        "code",
        "[MESSAGE]",
        "ask for edits; alone, stay with editing",
    ),
    ("crash", "", "crash, to see what a crash reports"),
    (
        "diff",
        "",
        "show what has changed since before the last message",
    ),
    ("drop", "[FILE...]", "take files, or all, out of the chat"),
    ("exit", "", "end"),
    (
        "help",
        "[QUESTION]",
        "show this, or ask the model about pair",
    ),
    ("model", "[NAME]", "show the model, or talk to another one"),
    ("quit", "", "end"),
    (
        "run",
        "COMMAND",
        "run a command, and offer its output to the chat; !COMMAND is the same",
    ),
    ("tokens", "", "show how many tokens a message sends"),
    ("undo", "", "take pair's last commit back"),
];

/// Whether the session goes on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Then {
    GoOn,
    End,
}

/// The commands, a line each.
pub(crate) fn list() -> String {
    COMMANDS
        .iter()
        .map(|(name, follows, does)| format!("  {:<18} {does}\n", format!("/{name} {follows}")))
        .collect()
}

/// The full name of a command, by its beginning.
fn full(word: &str) -> Result<&'static str, String> {
    let names = || COMMANDS.iter().map(|command| command.0);
    if let Some(name) = names().find(|name| *name == word) {
        return Ok(name);
    }
    let fitting: Vec<&str> = names().filter(|name| name.starts_with(word)).collect();
    match fitting[..] {
        [name] => Ok(name),
        [] => Err(format!("There is no command /{word}; /help lists them.")),
        _ => Err(format!("/{word} may be /{}.", fitting.join(" or /"))),
    }
}

impl Session<'_> {
    /// Does what a line says: a command, or a message.
    pub(crate) fn line(&mut self, line: &str) -> Then {
        let line = line.trim();
        if let Some(command) = line.strip_prefix('!') {
            return self.command("run", command.trim());
        }
        match line.strip_prefix('/') {
            None if line.is_empty() => {}
            None => {
                let _ = self.message(line, self.mode);
            }
            Some(command) => {
                let (word, rest) = command
                    .split_once(char::is_whitespace)
                    .unwrap_or((command, ""));
                match full(word) {
                    Ok(name) => return self.command(name, rest.trim()),
                    Err(said) => warn(said),
                }
            }
        }
        Then::GoOn
    }

    fn command(&mut self, name: &str, rest: &str) -> Then {
        self.journal.command(name);
        match name {
            "add" => self.add(rest),
            "ask" => self.in_mode(Mode::Ask, rest),
            "clear" => {
                self.chat.clear();
                say("What was said is forgotten; the files stay.");
            }
            "code" => self.in_mode(Mode::Code, rest),
            "crash" => crash(),
            "diff" => self.diff(),
            "drop" => self.drop_files(rest),
            "exit" | "quit" => return Then::End,
            "help" if rest.is_empty() => stream(&list()),
            "help" => {
                self.journal.asked_for_help();
                let _ = self.message(rest, Mode::Help);
            }
            "model" => self.switch(rest),
            "run" => self.run(rest),
            "tokens" => self.tokens(),
            "undo" => self.undo(),
            _ => {}
        }
        Then::GoOn
    }

    fn add(&mut self, rest: &str) {
        for file in words(rest) {
            match self.chat.add(Path::new(&file)) {
                Ok(name) => say(format_args!("Added {name} to the chat.")),
                Err(error) => warn(format_args!("{error:#}")),
            }
        }
    }

    fn drop_files(&mut self, rest: &str) {
        if rest.is_empty() {
            self.chat.drop_files();
            say("Took all files out of the chat.");
        }
        for file in words(rest) {
            match self.chat.drop_file(Path::new(&file)) {
                true => say(format_args!("Took {file} out of the chat.")),
                false => warn(format_args!("{file} is not in the chat.")),
            }
        }
    }

    /// One message in another mode; without one, the mode for those that follow.
    fn in_mode(&mut self, mode: Mode, rest: &str) {
        if !rest.is_empty() {
            let _ = self.message(rest, mode);
            return;
        }
        self.mode = mode;
        say(match mode {
            Mode::Ask => "Messages are questions now; /code goes back to edits.",
            Mode::Code | Mode::Help => "Messages are asking for edits now.",
        });
    }

    fn diff(&self) {
        match (&self.git, &self.before) {
            (Some(git), Some(before)) => match git.diff(before) {
                Ok(diff) if diff.is_empty() => say("Nothing has changed since the last message."),
                Ok(diff) => stream(&diff),
                Err(error) => warn(format_args!("{error:#}")),
            },
            (Some(_), None) => say("Nothing has changed: no message was sent yet."),
            (None, _) => warn("There is no Git repository here."),
        }
    }

    fn switch(&mut self, name: &str) {
        if name.is_empty() {
            return say(format_args!("Model: {}", self.model.name));
        }
        if self.cli.weak_model.is_none() {
            self.weak = Named::new(name);
        }
        self.model = Named::new(name);
        say(format_args!("Model: {name}"));
        introduce(&mut self.journal, &self.model, &self.weak);
    }

    fn run(&mut self, command: &str) {
        if command.is_empty() {
            return warn("Say what to run: /run COMMAND");
        }
        let ran = shell::run(command, &self.chat.root, &self.interrupt);
        let tokens = estimate(&ran.output);
        if tokens == 0 {
            return;
        }
        let question = format!("Add about {tokens} tokens of output to the chat?");
        if self.keyboard.confirm(&question) {
            self.chat
                .note(format!("I ran `{command}`:\n\n{}", ran.output));
        }
    }

    fn tokens(&self) {
        let (files, fence) = self.chat.shown();
        let empty = prompts::system(self.mode, self.cli.edit_format, &fence, &list(), "");
        let parts = [
            ("what pair tells the model", estimate(&empty)),
            ("what was said", estimate(&self.chat.history())),
            ("the files", estimate(&files)),
        ];
        for (what, tokens) in parts {
            say(format_args!("{tokens:>9} {what}"));
        }
        let total: u64 = parts.iter().map(|part| part.1).sum();
        let of = match self.model.context() {
            Some(most) => format!(" of {most}"),
            None => String::new(),
        };
        say(format_args!(
            "{total:>9} in all{of}, estimated at four characters each"
        ));
    }

    fn undo(&mut self) {
        let Some(git) = &self.git else {
            return warn("There is no Git repository here.");
        };
        let Some(commit) = self.commits.last() else {
            return warn("pair has committed nothing in this session that could be undone.");
        };
        match git.take_back(commit) {
            Ok(()) => {
                say(format_args!("Took commit {commit:.7} back."));
                self.commits.pop();
            }
            Err(error) => warn(format_args!("Commit {commit:.7} stays: {error:#}")),
        }
    }
}

/// Records which models are in use, and warns of one that is not known.
pub(crate) fn introduce(journal: &mut Journal, model: &Named, weak: &Named) {
    journal.models(&model.name, &weak.name);
    if model.context().is_none() {
        warn(format_args!(
            "Of {} neither size nor price is known.",
            model.name
        ));
        journal.warned_of_model();
    }
}

/// A real defect, kept for whoever wants to see what a crash reports: the place, `panic`, and
/// nothing of the message.
fn crash() {
    let home = std::env::home_dir().unwrap_or_default();
    panic!(
        "asked to crash; a message like this may quote {}",
        home.display()
    );
}

/// Words between spaces; quotes keep spaces together.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in text.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            (c, None) if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            (c, _) => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
