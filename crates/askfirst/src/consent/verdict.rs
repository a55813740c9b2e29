//! What was decided, and what an answer makes of it.

use super::decide::Row;

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The row of the table that decided.
    pub row: Row,
    /// Whether events are collected. Only then the id is read, and anything spooled or
    /// delivered.
    pub on: bool,
    /// Whether the question is asked. [`Verdict::after`] says what the answer makes of it.
    pub ask: bool,
    /// What is written to disk.
    pub store: Store,
    /// Whether the log is written: whenever the user named one.
    pub log: bool,
    /// Whether anything may be sent, earlier sessions' events included.
    pub network: bool,
    /// What standard error is told, in one line.
    pub line: Option<Line>,
}

/// What is written to disk because of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// Nothing.
    Nothing,
    /// The marker that disables for good; id, key and waiting events are deleted.
    Disabled,
    /// One more attempt, before the question is shown.
    Attempt,
    /// The yes, with a new key where there is none.
    Yes,
}

/// The one line on standard error. Its words are made where the profile is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// Disabled for good, or why that could not be stored and what to do.
    Disable,
    /// `--analytics` was typed and has no effect, and why.
    StaysOff,
    /// `--analytics` was typed where nobody can be asked: how to opt in.
    HowToOptIn,
    /// After a yes: that it is on, and how to turn it off.
    OptedIn,
    /// After a no: that it will stay off.
    OptedOut,
}

/// How the question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A person said yes.
    Yes,
    /// A person said no.
    No,
    /// End of input, a signal, or nothing that could be understood.
    Unanswered,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Answer; 3] = [Answer::Yes, Answer::No, Answer::Unanswered];
}

impl Verdict {
    /// What an answer makes of a verdict that asked. One that did not ask stays as it is.
    #[must_use]
    pub fn after(self, answer: Answer) -> Verdict {
        if !self.ask {
            return self;
        }
        let answered = Verdict { ask: false, ..self };
        match answer {
            Answer::Yes => Verdict {
                on: true,
                network: true,
                store: Store::Yes,
                line: Some(Line::OptedIn),
                ..answered
            },
            Answer::No => Verdict {
                on: false,
                network: false,
                store: Store::Disabled,
                line: Some(Line::OptedOut),
                ..answered
            },
            // An earlier yes to fewer classes still holds for those.
            Answer::Unanswered => Verdict {
                store: Store::Nothing,
                ..answered
            },
        }
    }
}
