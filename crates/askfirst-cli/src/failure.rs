//! What a failed command says, and the code it ends with.

use std::fmt;

/// Exit code of a command that was used rightly and failed.
pub(crate) const FAILED: u8 = 1;
/// Exit code of a command that was used wrongly: an unknown flag, project, report or filter.
pub(crate) const WRONG_USE: u8 = 2;

/// An error with its remedy. Printed as two lines: what and where, then what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    remedy: Option<String>,
    code: u8,
}

impl Failure {
    /// A command that was used wrongly; ends with 2.
    pub(crate) fn wrong_use(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: Some(remedy.into()),
            code: WRONG_USE,
        }
    }

    /// A command that was used rightly and cannot be done; ends with 1.
    pub(crate) fn failed(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: Some(remedy.into()),
            code: FAILED,
        }
    }

    /// An error of a library, with its own remedy where it has one; ends with 1.
    pub(crate) fn of(what: impl fmt::Display, remedy: Option<&str>) -> Self {
        let remedy = remedy.map(str::to_owned);
        Self {
            what: what.to_string(),
            remedy,
            code: FAILED,
        }
    }

    /// The same with another code.
    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    /// What to do about it.
    pub(crate) fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref()
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Failure {}

impl From<askfirst_store::Error> for Failure {
    fn from(error: askfirst_store::Error) -> Self {
        use askfirst_store::Error;
        let code = match error {
            Error::ProjectExists { .. } | Error::ProjectName { .. } | Error::Retention { .. } => {
                WRONG_USE
            }
            _ => FAILED,
        };
        let refused = matches!(&error, Error::Io { source, .. }
            if source.kind() == std::io::ErrorKind::PermissionDenied);
        let remedy = error.remedy().or(refused
            .then_some("let this user read and write there, or name another directory (--data)"));
        Self::of(&error, remedy).with_code(code)
    }
}

/// Whether the reader of our output went away: `askfirst report ... | head` is no failure.
pub(crate) fn reader_went_away(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
