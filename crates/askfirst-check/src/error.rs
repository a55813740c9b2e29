//! What can keep a check from a verdict.

use std::io;
use std::path::PathBuf;

use crate::policy::ATTEMPTS;

/// Why a check came to no verdict.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The check does not apply to this tool, for this reason.
    #[error("{0}")]
    NotApplicable(String),
    /// A run was aborted, as the drive file says this tool's are now and then, with analytics
    /// or without: nothing that was seen beside it counts.
    #[error("a run (typed: {typed:?}) was ended by signal 6")]
    Aborted {
        /// What was typed behind the command's name.
        typed: String,
    },
    /// Every attempt had a run that was aborted, so that no other is made.
    #[error("each of {ATTEMPTS} attempts had a run that was aborted, the last: {typed}")]
    NeverStood {
        /// What was typed in the last.
        typed: String,
    },
    /// The drive file cannot be understood.
    #[error("{file}: {problem}")]
    Drive {
        /// The file.
        file: String,
        /// What is wrong and what to write.
        problem: String,
    },
    /// The tool cannot be started.
    #[error("cannot start {command}")]
    Start {
        /// The command as it was called.
        command: String,
        /// Why not.
        source: io::Error,
    },
    /// A file of the bench cannot be made or read.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// What several checks share could not be prepared.
    #[error("{0}")]
    Shared(String),
    /// Something else of the machine failed: a socket, a terminal.
    #[error("cannot {what}")]
    Machine {
        /// What was to be done.
        what: &'static str,
        /// Why not.
        source: io::Error,
    },
}

impl Error {
    /// The same for each of several checks that share what failed.
    pub(crate) fn shared(&self) -> Error {
        match self {
            Error::NotApplicable(why) => Error::NotApplicable(why.clone()),
            Error::NeverStood { typed } => Error::NeverStood {
                typed: typed.clone(),
            },
            other => {
                let source = std::error::Error::source(other);
                let why = source.map_or_else(String::new, |source| format!(": {source}"));
                Error::Shared(format!("{other}{why}"))
            }
        }
    }

    /// A check that has nothing to look at, and why.
    pub(crate) fn not_applicable(why: impl Into<String>) -> Error {
        Error::NotApplicable(why.into())
    }
}

/// Names what failed.
pub(crate) trait Named<T> {
    /// With the file it failed at.
    fn at(self, path: &std::path::Path) -> Result<T, Error>;
    /// With what was to be done.
    fn to(self, what: &'static str) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> Named<T> for Result<T, E> {
    fn at(self, path: &std::path::Path) -> Result<T, Error> {
        self.map_err(|source| Error::File {
            path: path.to_owned(),
            source: source.into(),
        })
    }

    fn to(self, what: &'static str) -> Result<T, Error> {
        self.map_err(|source| Error::Machine {
            what,
            source: source.into(),
        })
    }
}
