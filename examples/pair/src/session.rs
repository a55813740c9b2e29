//! A session: what happens with one message.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::edits::{self, Edit};
use crate::endpoint::{Answer, Endpoint};
use crate::journal::{Check, Journal};
use crate::screen::{self, Keyboard, say, warn};
use crate::{chat::Chat, cli::Cli, events::Outcome, git::Git, interrupt::Interrupt};
use crate::{known, shell};

/// What the model is to do: edit files, or answer a question about them, or about `pair`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Code,
    Ask,
    Help,
}

/// Everything a session works with.
pub(crate) struct Session<'a> {
    pub(crate) cli: &'a Cli,
    pub(crate) chat: Chat,
    pub(crate) git: Option<Git>,
    pub(crate) journal: Journal,
    pub(crate) keyboard: Keyboard,
    pub(crate) interrupt: Interrupt,
    pub(crate) endpoint: Endpoint,
    pub(crate) model: String,
    pub(crate) mode: Mode,
    /// The commits of this session that were not taken back, the last one last.
    pub(crate) commits: Vec<String>,
    /// The commit that was checked out before the last message.
    pub(crate) before: Option<String>,
    /// The files the last message changed.
    pub(crate) changed: BTreeSet<String>,
    /// Dollars spent.
    pub(crate) cost: f64,
}

impl Session<'_> {
    /// Sends a message and does what comes back: applies the edits, has them corrected if need
    /// be, checks and commits them. Whether it was answered.
    pub(crate) fn message(&mut self, text: &str, mode: Mode) -> bool {
        if mode != Mode::Code {
            return self.send(text, mode).is_some();
        }
        self.before = self.git.as_ref().and_then(Git::head);
        self.changed.clear();
        let answered = self.edit(text).is_some();
        // What an earlier answer changed is committed even if a later one failed.
        if !self.changed.is_empty() {
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("edit");
            let title: String = format!("pair: {}", first.trim()).chars().take(72).collect();
            let files: Vec<&str> = self.changed.iter().map(String::as_str).collect();
            self.commits.extend(self.commit(&files, &title));
        }
        answered
    }

    fn edit(&mut self, text: &str) -> Option<()> {
        let (mut text, mut corrected, mut mended) = (text.to_owned(), 0, Vec::new());
        loop {
            let answer = self.send(&text, Mode::Code)?;
            let problems = self.apply(&answer, corrected);
            for problem in &problems {
                warn(format_args!("Not applied: {problem}"));
            }
            if !problems.is_empty() && corrected == 0 {
                corrected += 1;
                say("Asking for these edits again.");
                text = include_str!("../prompts/correct.md").to_owned() + &problems.join("\n\n");
            } else if let Some(complaint) = self.check(&mut mended) {
                say("It fails; asking the model to mend it.");
                text = include_str!("../prompts/mend.md").to_owned() + &complaint;
            } else {
                return Some(());
            }
        }
    }

    /// Sends a message and shows the answer as it comes. If there is none, it was said why.
    fn send(&mut self, text: &str, mode: Mode) -> Option<String> {
        let messages = self.chat.with(&self.chat.system(mode, self.cli.edit_format), text);
        self.journal.sending();
        let (began, model) = (Instant::now(), known::at_endpoint(&self.model));
        let ask = || self.endpoint.ask(model, &messages, &self.interrupt, screen::stream);
        let answer = self.interrupt.guard(ask);
        say("");
        let answer = answer.map_err(|failure| {
            self.journal.not_answered(&failure);
            warn(failure.said);
        });
        let answer = answer.ok()?;
        self.chat.remember(text, &answer.text);
        if answer.interrupted {
            say("Interrupted.");
            return None;
        }
        self.spent(mode, &messages, &answer, began.elapsed());
        Some(answer.text)
    }

    /// Shows and records what a message took. Tokens the endpoint did not count are estimated.
    fn spent(&mut self, mode: Mode, messages: &[Value], answer: &Answer, took: Duration) {
        let (about, (sent, received)) = match answer.usage {
            Some(usage) => ("", usage),
            None => ("about ", (known::estimate_all(messages), known::estimate(&answer.text))),
        };
        let cost = known::cost(&self.model, sent, received);
        self.cost += cost.unwrap_or_default();
        let money = cost.map_or(String::new(), |cost| {
            format!(" Cost: ${cost:.4} message, ${:.4} session.", self.cost)
        });
        // First recorded, then said: what a user has seen is not lost if the tool is killed.
        self.journal.answered(mode, (sent, received), cost, took);
        say(format_args!("Tokens: {about}{sent} sent, {received} received.{money}"));
    }

    /// Applies what can be applied of an answer; gives what cannot, in words for the model.
    fn apply(&mut self, answer: &str, retries: usize) -> Vec<String> {
        let (mut applied, mut problems) = (0, Vec::new());
        for edit in edits::parse(self.cli.edit_format, answer, &self.chat.files) {
            match edit.and_then(|edit| self.apply_one(&edit)) {
                Ok(done) => applied += usize::from(done),
                Err(problem) => problems.push(problem),
            }
        }
        if applied + problems.len() > 0 {
            self.journal.edits(applied, problems.len(), retries);
        }
        problems
    }

    /// Applies one edit; `false` if the user did not want it.
    fn apply_one(&mut self, edit: &Edit) -> Result<bool, String> {
        let (path, place) = (&edit.path, edit.place(&self.chat.root)?);
        let before = self.chat.text(path).map_err(|error| format!("{error:#}"))?;
        let after = edit.apply(&before)?;
        if !self.chat.files.contains(path) {
            let what = if place.exists() { "Edit" } else { "Create" };
            if !self.keyboard.confirm(&format!("{what} {path}, which is not in the chat?")) {
                return Ok(false);
            }
            self.chat.files.insert(path.clone());
        }
        // What the user changed becomes a commit of its own: `/undo` takes back pair's alone.
        let dirty = self.git.as_ref().is_some_and(|git| git.is_dirty(path));
        if dirty && place.exists() && !self.changed.contains(path) {
            let kept = self.commit(&[path], &format!("Keep {path} as it was before pair's edit"));
            self.before = kept.or(self.before.take());
        }
        let folder = place.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| fs::write(&place, after));
        written.map_err(|error| format!("{path}: cannot write it: {error}"))?;
        say(format_args!("Applied edit to {path}"));
        self.journal.touched(path);
        self.changed.insert(path.clone());
        Ok(true)
    }

    /// Commits these files and nothing else.
    fn commit(&self, files: &[&str], title: &str) -> Option<String> {
        let commit = self.git.as_ref()?.commit(files, title);
        if let Err(error) = &commit {
            warn(format_args!("Not committed: {error:#}"));
        }
        let commit = commit.ok()??;
        say(format_args!("Commit {commit:.7} {title}"));
        Some(commit)
    }

    /// Runs the checks on what was changed. What fails the first time is for the model to mend.
    fn check(&self, mended: &mut Vec<Check>) -> Option<String> {
        let checks = [(Check::Lint, &self.cli.lint_cmd), (Check::Test, &self.cli.test_cmd)];
        for (check, command) in checks {
            let Some(command) = command.as_ref().filter(|_| !self.changed.is_empty()) else {
                continue;
            };
            say(format_args!("Running {command}"));
            let (passed, output) = shell::run(command, &self.chat.root, &self.interrupt);
            let outcome = match (passed, mended.contains(&check)) {
                (true, false) => Outcome::Passed,
                (true, true) => Outcome::Fixed,
                (false, true) => Outcome::Failed,
                (false, false) => {
                    mended.push(check);
                    return Some(format!("{command}\n\n{output}"));
                }
            };
            self.journal.checked(check, outcome);
        }
        None
    }
}
