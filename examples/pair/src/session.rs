//! A session: what happens with one message.

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use crate::chat::{Chat, message};
use crate::cli::Cli;
use crate::edits::{self, Edit};
use crate::endpoint::{Answer, Endpoint, Failure, Message};
use crate::events::Outcome;
use crate::git::Git;
use crate::interrupt::Interrupt;
use crate::journal::{Check, Journal, Spent};
use crate::models::{Named, estimate};
use crate::screen::{self, Keyboard, say, warn};
use crate::{commands, prompts, shell};

/// How often the model is asked to correct its edits.
const CORRECTIONS: usize = 1;

/// What the model is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Edit files.
    Code,
    /// Answer a question about the project.
    Ask,
    /// Answer a question about `pair`.
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
    pub(crate) model: Named,
    pub(crate) weak: Named,
    pub(crate) mode: Mode,
    /// The commits of this session that were not undone, the last one last.
    pub(crate) commits: Vec<String>,
    /// The commit that was checked out before the last message.
    pub(crate) before: Option<String>,
    /// Dollars spent.
    pub(crate) cost: f64,
}

/// Nothing came back: it was said why, or the user pressed Ctrl-C.
#[derive(Debug)]
pub(crate) struct NoAnswer;

impl Session<'_> {
    /// Sends a message, and does what comes back: applies the edits, has them corrected if
    /// need be, checks and commits them.
    pub(crate) fn message(&mut self, text: &str, mode: Mode) -> Result<(), NoAnswer> {
        if mode != Mode::Code {
            return self.send(text, mode).map(drop);
        }
        self.before = self.git.as_ref().and_then(Git::head);
        let mut changed = BTreeSet::new();
        let done = self.edit(text, &mut changed);
        // What an earlier answer changed is committed even if a later one failed.
        self.commit(text, changed.into_iter().collect());
        done
    }

    fn edit(&mut self, text: &str, changed: &mut BTreeSet<String>) -> Result<(), NoAnswer> {
        let mut text = text.to_owned();
        let mut corrected = 0;
        let mut mended = Vec::new();
        loop {
            let answer = self.send(&text, Mode::Code)?;
            let problems = self.apply(&answer, corrected, changed);
            if !problems.is_empty() {
                for problem in &problems {
                    warn(format_args!("Not applied: {problem}"));
                }
                if corrected == CORRECTIONS {
                    return Ok(());
                }
                corrected += 1;
                say("Asking for these edits again.");
                text = prompts::correct(&problems);
                continue;
            }
            match self.check(changed, &mut mended) {
                Some(complaint) => text = complaint,
                None => return Ok(()),
            }
        }
    }

    /// Sends a message and shows the answer as it comes.
    fn send(&mut self, text: &str, mode: Mode) -> Result<String, NoAnswer> {
        let (files, fence) = self.chat.shown();
        let format = self.cli.edit_format;
        let system = prompts::system(mode, format, &fence, &commands::list(), &files);
        let messages = self.chat.with(system, text);
        self.journal.sending();
        let began = Instant::now();
        let answer = self.ask(&self.model, &messages, screen::stream);
        say("");
        match answer {
            Ok(answer) if answer.interrupted => {
                say("Interrupted.");
                self.chat
                    .remember(text, &format!("{}\n(interrupted)", answer.text));
                Err(NoAnswer)
            }
            Ok(answer) => {
                self.spent(mode, &messages, &answer, began);
                self.chat.remember(text, &answer.text);
                Ok(answer.text)
            }
            Err(failure) => {
                self.journal.not_answered(&failure);
                warn(failure.said);
                Err(NoAnswer)
            }
        }
    }

    fn ask(
        &self,
        model: &Named,
        messages: &[Message],
        each: impl FnMut(&str),
    ) -> Result<Answer, Failure> {
        let interrupt = &self.interrupt;
        interrupt.guard(|| {
            self.endpoint
                .ask(model.at_endpoint(), messages, interrupt, each)
        })
    }

    /// Shows and records what a message took. Tokens the endpoint did not count are estimated.
    fn spent(&mut self, mode: Mode, messages: &[Message], answer: &Answer, began: Instant) {
        let estimated = || {
            let sent = messages.iter().map(|message| estimate(&message.content));
            (sent.sum(), estimate(&answer.text))
        };
        let (sent, received) = answer.usage.unwrap_or_else(estimated);
        let cost = self.model.cost(sent, received);
        self.cost += cost.unwrap_or_default();
        let about = if answer.usage.is_none() { "about " } else { "" };
        let money = cost.map_or(String::new(), |cost| {
            format!(" Cost: ${cost:.4} message, ${:.4} session.", self.cost)
        });
        say(format_args!(
            "Tokens: {about}{sent} sent, {received} received.{money}"
        ));
        let took = began.elapsed();
        self.journal.answered(
            mode,
            Spent {
                sent,
                received,
                cost,
                took,
            },
        );
    }

    /// Applies what can be applied of an answer; gives what cannot, in words for the model.
    fn apply(
        &mut self,
        answer: &str,
        retries: usize,
        changed: &mut BTreeSet<String>,
    ) -> Vec<String> {
        let (edits, mut problems) = edits::parse(self.cli.edit_format, answer, &self.chat.files());
        let found = edits.len() + problems.len();
        let mut declined = 0;
        for edit in edits {
            match self.apply_one(&edit, changed) {
                Ok(true) => {}
                Ok(false) => declined += 1,
                Err(problem) => problems.push(problem),
            }
        }
        if found > declined {
            let failed = problems.len();
            self.journal
                .edits(found - declined - failed, failed, retries);
        }
        problems
    }

    /// Applies one edit; `false` if the user did not want it.
    fn apply_one(&mut self, edit: &Edit, changed: &mut BTreeSet<String>) -> Result<bool, String> {
        let place = edit.place(&self.chat.root)?;
        let before = self
            .chat
            .text(&edit.path)
            .map_err(|error| format!("{error:#}"))?;
        let after = edit.apply(before.as_deref())?;
        if !self.may_edit(&edit.path, before.is_some()) {
            return Ok(false);
        }
        if !changed.contains(&edit.path) {
            self.save_what_the_user_changed(&edit.path, before.is_some());
        }
        place
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&place, after))
            .map_err(|error| format!("{}: cannot write: {error}", edit.path))?;
        say(format_args!("Applied edit to {}", edit.path));
        self.journal.touched(&place);
        changed.insert(edit.path.clone());
        Ok(true)
    }

    /// A file of the chat may be edited; about any other the user is asked.
    fn may_edit(&mut self, path: &str, exists: bool) -> bool {
        if self.chat.has(path) {
            return true;
        }
        let question = match exists {
            true => format!("Allow edits to {path}, which is not in the chat?"),
            false => format!("Create the new file {path}?"),
        };
        let allowed = self.keyboard.confirm(&question);
        match allowed {
            true => drop(self.chat.add(&self.chat.root.join(path))),
            false => say(format_args!("Left {path} as it is.")),
        }
        allowed
    }

    /// Commits what the user changed in a file before `pair` does, so that `/undo` takes back
    /// what `pair` did and nothing else.
    fn save_what_the_user_changed(&mut self, path: &str, exists: bool) {
        let Some(git) = self.git.as_ref().filter(|_| self.commits_edits()) else {
            return;
        };
        if exists && git.is_dirty(path) {
            let message = format!("Keep changes of {path} from before pair's edit");
            match git.commit(&[path.to_owned()], &message) {
                Ok(Some(commit)) => {
                    say(format_args!("Commit {commit:.7} {message}"));
                    self.before = Some(commit);
                }
                Ok(None) => {}
                Err(error) => warn(format_args!("{path} is not committed: {error:#}")),
            }
        }
    }

    pub(crate) fn commits_edits(&self) -> bool {
        self.git.is_some() && !self.cli.no_auto_commits
    }

    /// Runs the checks on what was changed. What fails the first time is for the model to
    /// mend; what fails again stays as it is.
    fn check(&mut self, changed: &BTreeSet<String>, mended: &mut Vec<Check>) -> Option<String> {
        if changed.is_empty() {
            return None;
        }
        let files: Vec<String> = changed.iter().map(|file| shell::quoted(file)).collect();
        let lint = self
            .cli
            .lint_cmd
            .as_ref()
            .map(|it| format!("{it} {}", files.join(" ")));
        let checks = [
            (Check::Lint, lint),
            (Check::Test, self.cli.test_cmd.clone()),
        ];
        for (check, command) in checks {
            let Some(command) = command else { continue };
            let again = mended.contains(&check);
            say(format_args!("Running {command}"));
            let ran = shell::run(&command, &self.chat.root, &self.interrupt);
            match (ran.passed, again) {
                (true, _) => {
                    let outcome = if again {
                        Outcome::Fixed
                    } else {
                        Outcome::Passed
                    };
                    self.journal.checked(check, outcome);
                }
                (false, true) => self.journal.checked(check, Outcome::Failed),
                (false, false) => {
                    mended.push(check);
                    say("It fails; asking the model to mend it.");
                    return Some(prompts::mend(&command, &ran.output));
                }
            }
        }
        None
    }

    fn commit(&mut self, text: &str, files: Vec<String>) {
        let Some(git) = self.git.as_ref().filter(|_| self.commits_edits()) else {
            return;
        };
        if files.is_empty() {
            return;
        }
        let message = self.commit_message(git, text);
        match git.commit(&files, &message) {
            Ok(Some(commit)) => {
                say(format_args!("Commit {commit:.7} {message}"));
                self.commits.push(commit);
            }
            Ok(None) => say("Nothing has changed: no commit."),
            Err(error) => warn(format_args!("The edits are not committed: {error:#}")),
        }
    }

    /// The weak model's words for what was changed, or the user's, if there are none.
    fn commit_message(&self, git: &Git, text: &str) -> String {
        let diff = self
            .before
            .as_ref()
            .and_then(|before| git.diff(before).ok());
        let worded = diff.and_then(|diff| {
            let messages = [
                message("system", prompts::COMMIT.to_owned()),
                message("user", diff),
            ];
            self.ask(&self.weak, &messages, |_| {}).ok()
        });
        let worded = worded
            .filter(|answer| !answer.interrupted)
            .map(|it| it.text);
        let first = |text: &str| {
            let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
            Some(line.chars().take(72).collect::<String>())
        };
        worded
            .and_then(|it| first(&it))
            .or_else(|| first(text))
            .unwrap_or_else(|| "Edit by pair".to_owned())
    }
}

/// The constant for a user who names no model.
pub(crate) const DEFAULT_MODEL: &str = "gpt-4o";
