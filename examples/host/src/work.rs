//! What the tool does: it pretends to answer, and records what a maintainer would want to know.

use askfirst::{Analytics, Billionths, Model};

use crate::events::{
    AutoCommits, CliSession, Command, Edit, EditFormat, Exit, Launched, Lint, MessageDuration,
    MessageSend, MessageSendException, MessageSendStarting, Name, NoRepo, Outcome, Reason, Repo,
    SessionLength,
};

/// Dollars for a million tokens, in and out: the price the tool believes in.
const PRICES: (f64, f64) = (2.5, 10.0);

/// One run of the tool.
pub(crate) struct Session<'a> {
    analytics: &'a Analytics,
    model: Model,
    format: EditFormat,
    chat: u64,
    began: std::time::Instant,
}

impl<'a> Session<'a> {
    /// Starts working in the current folder with the model called `model`.
    pub(crate) fn begin(analytics: &'a Analytics, model: &str) -> Session<'a> {
        let session = Session {
            analytics,
            // The name the user configured may be private: this makes what may leave of it.
            model: Model::named(model),
            format: EditFormat::Diff,
            chat: 900,
            began: std::time::Instant::now(),
        };
        analytics.record(Launched::default());
        match std::path::Path::new(".git").exists() {
            true => analytics.record(Repo {
                num_files: Some(files()),
            }),
            false => analytics.record(NoRepo::default()),
        }
        analytics.record(AutoCommits {
            enabled: Some(false),
        });
        analytics.record(CliSession {
            main_model: Some(session.model),
            edit_format: Some(session.format),
            ..CliSession::default()
        });
        session
    }

    /// Answers a message, and "applies" an edit.
    pub(crate) fn message(&mut self, text: &str) -> String {
        let began = std::time::Instant::now();
        self.analytics.record(MessageSendStarting::default());
        if text.contains("fail") {
            self.analytics.record(MessageSendException {
                error: crate::events::Error::from_word("TimeoutError"),
                ..MessageSendException::default()
            });
            return "The model did not answer.".to_owned();
        }
        let (sent, received) = (self.chat + text.len() as u64 / 4, 40 + text.len() as u64);
        self.chat = sent + received;
        let price = (sent as f64 * PRICES.0 + received as f64 * PRICES.1) / 1e6;
        self.analytics.record(MessageSend {
            main_model: Some(self.model),
            edit_format: Some(self.format),
            prompt_tokens: Some(sent),
            completion_tokens: Some(received),
            total_tokens: Some(sent + received),
            cost: Billionths::from_units(price),
            ..MessageSend::default()
        });
        self.analytics.record(Edit {
            main_model: Some(self.model),
            edit_format: Some(self.format),
            applied: Some(1),
            failed: Some(0),
            ..Edit::default()
        });
        self.analytics.record(Lint {
            outcome: Some(Outcome::Passed),
            ..Lint::default()
        });
        self.analytics.record(MessageDuration {
            duration: Some(began.elapsed()),
            main_model: Some(self.model),
        });
        format!("You said {} characters.", text.chars().count())
    }

    /// A command; one that is not of the catalog is recorded as `other` or not at all.
    pub(crate) fn command(&mut self, text: &str) -> String {
        let word = text.split_whitespace().next().unwrap_or_default();
        self.analytics.record(Command {
            name: Name::from_word(word),
        });
        match word {
            "ask" => self.format = EditFormat::Ask,
            "code" => self.format = EditFormat::Diff,
            "clear" => self.chat = 900,
            _ => {}
        }
        format!("/{word} done.")
    }

    /// Ends the run.
    pub(crate) fn end(self, reason: &str) {
        self.analytics.record(SessionLength {
            duration: Some(self.began.elapsed()),
        });
        self.analytics.record(Exit {
            reason: Reason::from_word(reason),
        });
    }
}

/// A defect, for the sake of the example. Its message is never recorded.
pub(crate) fn crash() {
    let secret = std::env::args().next().unwrap_or_default();
    assert!(
        secret.is_empty(),
        "the message may quote anything: {secret}"
    );
}

fn files() -> u64 {
    std::fs::read_dir(".").map_or(0, |entries| entries.count() as u64)
}

#[cfg(test)]
mod tests;
