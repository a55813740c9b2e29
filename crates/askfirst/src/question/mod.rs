//! Asking a person (promise P09).
//!
//! Whatever waits in the terminal is discarded before the question is shown, and an Enter in
//! its first 300 ms is not an answer: both were typed for something else. Only y, yes, n, no
//! and Enter answer. End of input and signals do not (breakage B05).

mod ask;
mod explain;
mod layout;
mod terminal;

pub use ask::ask;
pub(crate) use explain::{each, largest};
pub use explain::{example, examples, explanation};
pub use terminal::{Read, RealTerminal, Terminal};

use askfirst_catalog::Profile;

/// The words of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The statement, as the page breaks it.
    pub statement: String,
    /// Where the page is.
    pub more_info: String,
    /// The question, with its choices.
    pub question: String,
    /// What `?` shows.
    pub explanation: String,
}

impl Wording {
    /// The words of a host's page.
    pub fn of(profile: &Profile, explanation: String) -> Wording {
        Wording {
            statement: profile.question.statement.clone(),
            more_info: profile.links.more_info.clone(),
            question: profile.question.text.clone(),
            explanation,
        }
    }
}

#[cfg(test)]
mod tests;
