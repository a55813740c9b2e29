//! Values that may be kept.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// One admitted value of a property.
///
/// There is no way to put free text in here (promise P02): numbers are bounded by the
/// catalog, and a [`Word`] is only made by this crate, or read back from a store that was
/// filled with admitted values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A number of things.
    Count(u64),
    /// An amount in billionths (1e-9) of its property's unit.
    Amount(i64),
    /// A duration in milliseconds.
    Duration(u64),
    /// A word of a closed list, a cut version, a listed or redacted model, or
    /// `module:line` frames.
    Text(Word),
}

impl Value {
    /// A text read back from where admitted values are kept.
    ///
    /// For the store alone: it must never be given anything that did not come out of a
    /// [`Gate`](crate::Gate).
    pub fn stored_text(text: Arc<str>) -> Value {
        Value::Text(Word(text))
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(word) => Some(word),
            _ => None,
        }
    }
}

/// A text that can be derived from the catalog, the public lists, or a version number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Arc<str>);

impl Word {
    pub(crate) fn new(text: Arc<str>) -> Word {
        Word(text)
    }

    /// The text, shared: cloning it copies no bytes.
    pub fn shared(&self) -> &Arc<str> {
        &self.0
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
