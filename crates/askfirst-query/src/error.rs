//! Why a question is not answered.

/// A question that cannot be answered; everything a reader got wrong is named with what would be right.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No report has this name.
    #[error("unknown report `{name}`; reports are {valid}")]
    UnknownReport {
        /// As asked for.
        name: String,
        /// The names there are.
        valid: String,
    },
    /// No filter has this name.
    #[error("unknown filter `{key}`; filters are {valid}")]
    UnknownKey {
        /// As asked for.
        key: String,
        /// The names there are.
        valid: String,
    },
    /// The filter does not take this value.
    #[error("`{key}` does not take `{value}`; valid: {valid}")]
    BadValue {
        /// The filter.
        key: String,
        /// As asked for.
        value: String,
        /// What it takes.
        valid: String,
    },
    /// No event of this project ever carried the value.
    #[error("no event ever carried {key} `{value}`; {seen}")]
    NeverSeen {
        /// The filter.
        key: String,
        /// As asked for.
        value: String,
        /// Values that were, the nearest first.
        seen: String,
    },
    /// Whoever asked did not want to wait any longer.
    #[error("counting was stopped before it was done")]
    Stopped,
    /// A segment could not be read; the store names it.
    #[error("reading what is stored failed")]
    Store(#[source] Box<askfirst_store::Error>),
    /// A stored column has a type no version of the format gives it.
    #[error("column `{column}` holds {found}, not {wanted}")]
    Column {
        /// The column.
        column: String,
        /// Its Arrow type.
        found: String,
        /// What the question needs.
        wanted: &'static str,
    },
}

impl Error {
    pub(crate) fn store(error: askfirst_store::Error) -> Error {
        Error::Store(Box::new(error))
    }
}
