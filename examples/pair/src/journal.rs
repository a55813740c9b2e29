//! Every event `pair` records, and when: all calls of `analytics.record` stand here.
//!
//! Each call names an event of the catalog and fills what of it `pair` knows. None can be given
//! a text: [`Model`] takes only public names, words come from the catalog's lists, numbers are
//! cut by the SDK.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use askfirst::{Analytics, Billionths, Frames, Model};
use askfirst_catalog::Profile;

use crate::cli::Format;
use crate::endpoint::{Failure, Why};
use crate::events::{
    AutoCommits, AutoModelSelection, CliSession, Command, Edit, EditFormat, Error, Exit,
    InteractiveHelp, Language, LanguageTouched, Launched, Lint, MessageDuration, MessageSend,
    MessageSendException, MessageSendStarting, ModelWarning, Name, NoRepo, Outcome, Reason, Repo,
    SelectedModel, SessionLength, Test,
};
use crate::languages;
use crate::session::Mode;

/// What is recorded of one session.
pub(crate) struct Journal {
    analytics: Analytics,
    profile: Arc<Profile>,
    began: Instant,
    main: Model,
    weak: Model,
    format: Format,
    /// Languages that were recorded already: each is once a session.
    languages: HashSet<Language>,
}

/// One of the two commands that are run after an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    Lint,
    Test,
}

/// What a message took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    pub(crate) sent: u64,
    pub(crate) received: u64,
    /// In dollars, if the model has a known price.
    pub(crate) cost: Option<f64>,
    pub(crate) took: Duration,
}

impl Journal {
    /// The tool was started.
    pub(crate) fn begin(analytics: Analytics, profile: Arc<Profile>, format: Format) -> Journal {
        analytics.record(Launched::default());
        Journal {
            analytics,
            profile,
            began: Instant::now(),
            main: Model::named(""),
            weak: Model::named(""),
            format,
            languages: HashSet::new(),
        }
    }

    /// These models from now on. Their names may be private: [`Model`] keeps what is public.
    pub(crate) fn models(&mut self, main: &str, weak: &str) {
        self.main = Model::named(main);
        self.weak = Model::named(weak);
    }

    /// The user named no model.
    pub(crate) fn chose_model(&self, constant: &str) {
        self.analytics.record(AutoModelSelection {
            selected_model: SelectedModel::from_word(constant),
        });
    }

    /// A warning about the model was shown.
    pub(crate) fn warned_of_model(&self) {
        self.analytics.record(ModelWarning {
            main_model: Some(self.main.clone()),
            weak_model: Some(self.weak.clone()),
            ..ModelWarning::default()
        });
    }

    /// Where it works; `files` of the repository, if it is one.
    pub(crate) fn place(&self, files: Option<u64>, auto_commits: bool) {
        match files {
            Some(_) => self.analytics.record(Repo { num_files: files }),
            None => self.analytics.record(NoRepo::default()),
        }
        self.analytics.record(AutoCommits {
            enabled: Some(auto_commits),
        });
    }

    /// The first prompt is about to be shown.
    pub(crate) fn session(&self) {
        self.analytics.record(CliSession {
            main_model: Some(self.main.clone()),
            weak_model: Some(self.weak.clone()),
            edit_format: Some(self.edit_format(Mode::Code)),
            ..CliSession::default()
        });
    }

    /// A command was used, by its full name. One the catalog does not know is `other`.
    pub(crate) fn command(&self, name: &str) {
        self.analytics.record(Command {
            name: Name::from_word(name),
        });
    }

    /// A question about the tool itself.
    pub(crate) fn asked_for_help(&self) {
        self.analytics.record(InteractiveHelp::default());
    }

    /// A message is about to be sent.
    pub(crate) fn sending(&self) {
        self.analytics.record(MessageSendStarting::default());
    }

    /// It was answered.
    pub(crate) fn answered(&self, mode: Mode, spent: Spent) {
        self.analytics.record(MessageSend {
            main_model: Some(self.main.clone()),
            weak_model: Some(self.weak.clone()),
            edit_format: Some(self.edit_format(mode)),
            prompt_tokens: Some(spent.sent),
            completion_tokens: Some(spent.received),
            total_tokens: Some(spent.sent.saturating_add(spent.received)),
            cost: spent.cost.and_then(Billionths::from_units),
            ..MessageSend::default()
        });
        self.analytics.record(MessageDuration {
            duration: Some(spent.took),
            main_model: Some(self.main.clone()),
        });
    }

    /// It was not answered.
    pub(crate) fn not_answered(&self, failure: &Failure) {
        let place = [("endpoint", failure.line)];
        self.analytics.record(MessageSendException {
            error: Error::from_word(class(failure.why)),
            frames: Frames::own(&self.profile, place),
        });
    }

    /// So many edits of an answer could be applied, so many not, after the model was asked
    /// `retries` times to correct them.
    pub(crate) fn edits(&self, applied: usize, failed: usize, retries: usize) {
        self.analytics.record(Edit {
            main_model: Some(self.main.clone()),
            edit_format: Some(self.edit_format(Mode::Code)),
            applied: Some(applied as u64),
            failed: Some(failed as u64),
            retries: Some(retries as u64),
        });
    }

    /// A file was edited.
    pub(crate) fn touched(&mut self, file: &Path) {
        let language = languages::of(file).and_then(Language::from_word);
        if let Some(language) = language.filter(|it| self.languages.insert(*it)) {
            self.analytics.record(LanguageTouched {
                language: Some(language),
            });
        }
    }

    /// A check came out.
    pub(crate) fn checked(&self, check: Check, outcome: Outcome) {
        let (outcome, main_model) = (Some(outcome), Some(self.main.clone()));
        let edit_format = Some(self.edit_format(Mode::Code));
        match check {
            Check::Lint => self.analytics.record(Lint {
                outcome,
                main_model,
                edit_format,
            }),
            Check::Test => self.analytics.record(Test {
                outcome,
                main_model,
                edit_format,
            }),
        }
    }

    /// The run ends.
    pub(crate) fn end(self, reason: Reason) {
        self.analytics.record(SessionLength {
            duration: Some(self.began.elapsed()),
        });
        self.analytics.record(Exit {
            reason: Some(reason),
        });
    }

    fn edit_format(&self, mode: Mode) -> EditFormat {
        match (mode, self.format) {
            (Mode::Ask, _) => EditFormat::Ask,
            (Mode::Help, _) => EditFormat::Help,
            (Mode::Code, Format::Diff) => EditFormat::Diff,
            (Mode::Code, Format::Whole) => EditFormat::Whole,
        }
    }
}

/// The names the OpenAI libraries have for it: the protocol is theirs.
fn class(why: Why) -> &'static str {
    match why {
        Why::Status(400) => "openai.BadRequestError",
        Why::Status(401) => "openai.AuthenticationError",
        Why::Status(403) => "openai.PermissionDeniedError",
        Why::Status(404) => "openai.NotFoundError",
        Why::Status(409) => "openai.ConflictError",
        Why::Status(422) => "openai.UnprocessableEntityError",
        Why::Status(429) => "openai.RateLimitError",
        Why::Status(500..) => "openai.InternalServerError",
        Why::Status(_) => "openai.APIStatusError",
        Why::Connection => "openai.APIConnectionError",
        Why::Timeout => "openai.APITimeoutError",
        Why::Api => "openai.APIError",
    }
}
