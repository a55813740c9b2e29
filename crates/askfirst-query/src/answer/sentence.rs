//! Sentences with what a reader could ask next, which a terminal words as flags and a page as a link.

use std::fmt;

use crate::calendar::Day;

/// A sentence under a title, or in place of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Ends with a full stop; speaks neither of flags nor of links.
    pub text: String,
    /// What to ask for to see what the sentence speaks of.
    pub hint: Option<Hint>,
}

/// A change of the filters that answers the reader's next question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A period that begins with this day.
    From(Day),
    /// A period that ends with this day.
    To(Day),
    /// All days that have events.
    AllTime,
    /// A period that ends with today, which is not over.
    Today,
}

impl Sentence {
    /// The sentence with a hint.
    pub fn hinted(text: impl Into<String>, hint: Hint) -> Sentence {
        Sentence {
            text: text.into(),
            hint: Some(hint),
        }
    }

    /// What every rendering of a made-up population says first.
    pub fn simulated(seed: u64) -> Sentence {
        format!("Simulated population. seed {seed}.").into()
    }
}

impl Hint {
    /// The filter to set, as key and value of a query string.
    pub fn filter(self) -> (&'static str, String) {
        match self {
            Hint::From(day) => ("from", day.iso()),
            Hint::To(day) => ("to", day.iso()),
            Hint::AllTime => ("period", "all".into()),
            Hint::Today => ("to", "today".into()),
        }
    }
}

impl From<String> for Sentence {
    fn from(text: String) -> Sentence {
        Sentence { text, hint: None }
    }
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Sentence {
        text.to_owned().into()
    }
}

/// Without the hint.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
