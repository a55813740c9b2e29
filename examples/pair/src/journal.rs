//! Every event `pair` records, and when: all calls of `analytics.record` stand here.
//!
//! Each call names an event of the catalog and fills what of it `pair` knows. None can be given
//! a text: [`Model`] keeps public names alone, words come from the catalog's lists, and the SDK
//! cuts numbers to their precision.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use askfirst::{Analytics, Billionths, Frames, Model};
use askfirst_catalog::Profile;

use crate::events::*;
use crate::{cli::Format, endpoint::Failure, known, session::Mode};

/// What is recorded of one session.
pub(crate) struct Journal {
    analytics: Analytics,
    profile: Arc<Profile>,
    began: Instant,
    model: Model,
    format: EditFormat,
    /// Languages that were recorded already: each is once a session.
    languages: HashSet<Language>,
}

/// A command that is run after an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    Lint,
    Test,
}

impl Journal {
    /// The tool was started.
    pub(crate) fn begin(analytics: Analytics, profile: Arc<Profile>, format: Format) -> Journal {
        analytics.record(Launched::default());
        let format = match format {
            Format::Diff => EditFormat::Diff,
            Format::Whole => EditFormat::Whole,
        };
        let (began, model, languages) = (Instant::now(), Model::named(""), HashSet::new());
        Journal { analytics, profile, began, model, format, languages }
    }

    /// Where it works: in a repository of so many files, to which edits are committed, or not.
    pub(crate) fn place(&self, files: Option<u64>) {
        match files {
            Some(_) => self.analytics.record(Repo { num_files: files }),
            None => self.analytics.record(NoRepo::default()),
        }
        self.analytics.record(AutoCommits { enabled: Some(files.is_some()) });
    }

    /// The user named no model.
    pub(crate) fn chose_model(&self, constant: &str) {
        let selected_model = SelectedModel::from_word(constant);
        self.analytics.record(AutoModelSelection { selected_model });
    }

    /// This model from now on, and whether the user was warned of it.
    pub(crate) fn model(&mut self, name: &str, warned: bool) {
        self.model = Model::named(name);
        if warned {
            let main_model = self.main();
            self.analytics.record(ModelWarning { main_model, ..ModelWarning::default() });
        }
    }

    /// The first prompt is about to be shown.
    pub(crate) fn session(&self) {
        self.analytics.record(CliSession {
            main_model: self.main(),
            edit_format: Some(self.format),
            ..CliSession::default()
        });
    }

    /// A command was used, by its full name. One the catalog does not know is `other`.
    pub(crate) fn command(&self, name: &str) {
        let name = Name::from_word(name);
        self.analytics.record(Command { name });
    }

    /// The model was asked about `pair` itself.
    pub(crate) fn asked_for_help(&self) {
        self.analytics.record(InteractiveHelp::default());
    }

    /// A message is about to be sent.
    pub(crate) fn sending(&self) {
        self.analytics.record(MessageSendStarting::default());
    }

    /// It was answered, with so many tokens and, where the price is known, dollars.
    pub(crate) fn answered(
        &self,
        mode: Mode,
        tokens: (u64, u64),
        cost: Option<f64>,
        took: Duration,
    ) {
        self.analytics.record(MessageSend {
            main_model: self.main(),
            edit_format: Some(match mode {
                Mode::Code => self.format,
                Mode::Ask => EditFormat::Ask,
                Mode::Help => EditFormat::Help,
            }),
            prompt_tokens: Some(tokens.0),
            completion_tokens: Some(tokens.1),
            total_tokens: tokens.0.checked_add(tokens.1),
            cost: cost.and_then(Billionths::from_units),
            ..MessageSend::default()
        });
        self.analytics.record(MessageDuration { duration: Some(took), main_model: self.main() });
    }

    /// It was not answered.
    pub(crate) fn not_answered(&self, failure: &Failure) {
        self.analytics.record(MessageSendException {
            error: Error::from_word(failure.class),
            frames: Frames::own(&self.profile, [("endpoint", failure.line)]),
        });
    }

    /// So many edits of an answer could be applied, so many not, after the model was asked
    /// `retries` times to correct them.
    pub(crate) fn edits(&self, applied: usize, failed: usize, retries: usize) {
        self.analytics.record(Edit {
            main_model: self.main(),
            edit_format: Some(self.format),
            applied: Some(applied as u64),
            failed: Some(failed as u64),
            retries: Some(retries as u64),
        });
    }

    /// A file was edited.
    pub(crate) fn touched(&mut self, file: &str) {
        let language = known::language(file).and_then(Language::from_word);
        if language.is_some_and(|it| self.languages.insert(it)) {
            self.analytics.record(LanguageTouched { language });
        }
    }

    /// A check came out.
    pub(crate) fn checked(&self, check: Check, outcome: Outcome) {
        let (outcome, main_model, edit_format) = (Some(outcome), self.main(), Some(self.format));
        match check {
            Check::Lint => self.analytics.record(Lint { outcome, main_model, edit_format }),
            Check::Test => self.analytics.record(Test { outcome, main_model, edit_format }),
        }
    }

    /// The run ends.
    pub(crate) fn end(self, reason: Reason) {
        let (duration, reason) = (Some(self.began.elapsed()), Some(reason));
        self.analytics.record(SessionLength { duration });
        self.analytics.record(Exit { reason });
    }

    fn main(&self) -> Option<Model> {
        Some(self.model)
    }
}
