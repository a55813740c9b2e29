//! The environment, as it was when the process started.
//!
//! A host may load a project's `.env` file into its own environment. What such a file says is
//! the project's word, not the user's, so the environment is copied before that: call
//! [`Environment::at_start`] first thing in `main`.

mod agents;
mod ci;
mod reference;

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

pub use agents::agent;
pub use ci::ci;
pub use reference::reference;

/// A copy of the environment.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// As they came: making a map of them would cost a start more than all it looks up.
    variables: Vec<(String, OsString)>,
    home: Option<PathBuf>,
}

impl Environment {
    /// The environment of this process, now.
    pub fn at_start() -> Environment {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((spelled(name.to_str()?).into_owned(), value)))
            .collect();
        Environment {
            variables,
            home: std::env::home_dir(),
        }
        .checked()
    }

    /// An environment of these variables alone, with this home directory.
    pub fn new<N: AsRef<str>, V: AsRef<OsStr>>(
        home: Option<&Path>,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Environment {
        let variables = variables
            .into_iter()
            .map(|(name, value)| {
                let name = spelled(name.as_ref()).into_owned();
                (name, value.as_ref().to_owned())
            })
            .collect();
        let home = home.map(Path::to_owned);
        Environment { variables, home }.checked()
    }

    /// The same variables with another home directory.
    #[must_use]
    pub fn at_home(self, home: &Path) -> Environment {
        let home = Some(home.to_owned());
        Environment { home, ..self }.checked()
    }

    /// A variable's value, exactly.
    pub fn os(&self, name: &str) -> Option<&OsStr> {
        let name = spelled(name);
        let mut variables = self.variables.iter();
        // Of two, the C library takes the first too.
        let found = variables.find(|(its_name, _)| *its_name == *name);
        found.map(|(_, value)| value.as_os_str())
    }

    /// A variable's value as text, without space around it. What is no text is shown as good
    /// as can be: no rule of ours takes such a value for something it knows.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.os(name)?.to_string_lossy();
        Some(value.trim().to_owned())
    }

    /// Whether a variable is there and does not say no: not empty, `0`, `false`, `no`, `off`.
    pub fn says(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| is_said(&value))
    }

    /// The user's home directory.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// What is there now and was not at `start`, or had another value.
    pub(crate) fn since<'a>(
        &'a self,
        start: &'a Environment,
    ) -> impl Iterator<Item = (&'a str, &'a OsStr)> {
        self.variables
            .iter()
            .filter(|(name, value)| self.os(name) == Some(value) && start.os(name) != Some(value))
            .map(|(name, value)| (name.as_str(), value.as_os_str()))
    }

    /// A home that is empty or relative would be a folder of the project.
    fn checked(mut self) -> Environment {
        self.home = self.home.filter(|home| home.is_absolute());
        self
    }
}

/// Values can be anything, keys of the user's included: none is ever printed.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.len())
            .finish_non_exhaustive()
    }
}

/// Whether a value says yes to what its variable asks.
pub(crate) fn is_said(value: &str) -> bool {
    let no = ["", "0", "false", "no", "off"];
    !no.iter().any(|no| value.trim().eq_ignore_ascii_case(no))
}

/// Windows knows names of variables in any case.
#[cfg(windows)]
fn spelled(name: &str) -> Cow<'_, str> {
    Cow::Owned(name.to_ascii_uppercase())
}

#[cfg(not(windows))]
fn spelled(name: &str) -> Cow<'_, str> {
    Cow::Borrowed(name)
}

#[cfg(test)]
mod tests;
