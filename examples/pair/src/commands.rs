//! The commands.

use std::path::Path;

use crate::known::{self, estimate};
use crate::screen::{say, stream, warn};
use crate::session::{Mode, Session};
use crate::{chat::Chat, shell};

/// Name, what may follow it, and what it does. Enough of a name to tell it apart will do.
const COMMANDS: [(&str, &str, &str); 13] = [
    ("add", "FILE...", "put files into the chat"),
    ("ask", "[QUESTION]", "ask without editing; alone, go on asking"),
    ("clear", "", "forget what was said; the files stay"),
    ("code", "[MESSAGE]", "ask for edits; alone, go on editing"),
    ("crash", "", "crash, to see what a crash reports"),
    ("diff", "", "show what has changed since before the last message"),
    ("drop", "[FILE...]", "take files, or all, out of the chat"),
    ("exit", "", "end"),
    ("help", "[QUESTION]", "show this, or ask the model about pair"),
    ("model", "[NAME]", "show the model, or talk to another one"),
    ("run", "COMMAND", "run a command and offer its output to the chat; so does !COMMAND"),
    ("tokens", "", "show how many tokens the next message sends"),
    ("undo", "", "take pair's last commit back"),
];

/// The commands, a line each.
pub(crate) fn list() -> String {
    let line = |it: &(&str, &str, &str)| format!("  /{:<6} {:<10} {}\n", it.0, it.1, it.2);
    COMMANDS.iter().map(line).collect()
}

/// The full name of a command, by its beginning.
fn full(word: &str) -> Result<&'static str, String> {
    let names = COMMANDS.iter().map(|command| command.0);
    let fitting: Vec<&str> = names.filter(|name| name.starts_with(word)).collect();
    match fitting[..] {
        [name] => Ok(name),
        [] => Err(format!("There is no command /{word}; /help lists them.")),
        _ => Err(format!("/{word} may be /{}.", fitting.join(" or /"))),
    }
}

/// What is done with a file by its path; gives its name.
type WithFile = fn(&mut Chat, &Path) -> anyhow::Result<String>;

impl Session<'_> {
    /// Does what a line says, a command or a message; `false` if it says to end.
    pub(crate) fn line(&mut self, line: &str) -> bool {
        let line = line.trim();
        let run = line.strip_prefix('!').map(|command| format!("/run {command}"));
        let line = run.as_deref().unwrap_or(line);
        let Some(command) = line.strip_prefix('/') else {
            if !line.is_empty() {
                self.message(line, self.mode);
            }
            return true;
        };
        let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let Ok(name) = full(word).map_err(warn) else { return true };
        self.journal.command(name);
        self.command(name, rest.trim());
        name != "exit"
    }

    fn command(&mut self, name: &str, rest: &str) {
        match name {
            "add" => self.files(rest, "Added to", Chat::add),
            "ask" => self.in_mode(Mode::Ask, rest),
            "clear" => self.chat.said.clear(),
            "code" => self.in_mode(Mode::Code, rest),
            "crash" => crash(),
            "diff" => self.diff(),
            "drop" if rest.is_empty() => self.chat.files.clear(),
            "drop" => self.files(rest, "Taken out of", Chat::take_out),
            "help" if rest.is_empty() => stream(&list()),
            "help" => {
                self.journal.asked_for_help();
                self.message(rest, Mode::Help);
            }
            "model" if rest.is_empty() => say(&self.model),
            "model" => self.talk_to(rest),
            "run" => self.run(rest),
            "tokens" => self.tokens(),
            "undo" => self.undo(),
            _ => {}
        }
    }

    fn files(&mut self, rest: &str, done: &str, with: WithFile) {
        for file in rest.split_whitespace() {
            match with(&mut self.chat, Path::new(file)) {
                Ok(name) => say(format_args!("{done} the chat: {name}")),
                Err(error) => warn(format_args!("{error:#}")),
            }
        }
    }

    /// One message in another mode; without one, the mode for those that follow.
    fn in_mode(&mut self, mode: Mode, rest: &str) {
        match rest {
            "" => self.mode = mode,
            _ => _ = self.message(rest, mode),
        }
    }

    fn diff(&self) {
        let since = self.git.as_ref().zip(self.before.as_ref());
        match since.map(|(git, before)| git.diff(before)) {
            Some(Ok(diff)) => say(diff),
            Some(Err(error)) => warn(format_args!("{error:#}")),
            None => warn("There is nothing to compare with: no repository, or no message yet."),
        }
    }

    /// Talks to this model from now on, and warns if it is not known.
    pub(crate) fn talk_to(&mut self, name: &str) {
        let known = known::cost(name, 0, 0).is_some();
        if !known {
            warn(format_args!("The price of {name} is not known: costs are not shown."));
        }
        name.clone_into(&mut self.model);
        self.journal.model(name, !known);
    }

    fn run(&mut self, command: &str) {
        let (_, output) = shell::run(command, &self.chat.root, &self.interrupt);
        let question = format!("Add about {} tokens of output to the chat?", estimate(&output));
        if !output.is_empty() && self.keyboard.confirm(&question) {
            self.chat.remember(&format!("I ran `{command}`:\n\n{output}"), "Ok.");
        }
    }

    fn tokens(&self) {
        let system = estimate(&self.chat.system(self.mode, self.cli.edit_format));
        let said = known::estimate_all(&self.chat.said);
        say(format_args!("About {system} tokens of instructions and files, {said} of chat."));
    }

    fn undo(&mut self) {
        let (Some(git), Some(commit)) = (&self.git, self.commits.last()) else {
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

/// A real panic: what a crash reports is the class `panic`, the place, and not the message.
fn crash() {
    panic!("asked to crash; a message like this may quote {:?}", std::env::home_dir());
}
