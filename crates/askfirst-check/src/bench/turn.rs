//! One run to be.

use crate::drive::Act;

/// One run to be: what is typed and what is around it.
#[derive(Debug, Clone)]
pub struct Turn {
    pub(crate) act: Act,
    pub(crate) flags: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) terminal: Option<u16>,
    pub(crate) answers: Vec<String>,
    pub(crate) host: bool,
    pub(crate) key: bool,
}

impl Turn {
    /// A run that does this, without a terminal, told where events go.
    pub fn new(act: &Act) -> Turn {
        Turn {
            act: act.clone(),
            flags: Vec::new(),
            environment: Vec::new(),
            terminal: None,
            answers: Vec::new(),
            host: true,
            key: true,
        }
    }

    /// With these flags too.
    pub fn flags(mut self, flags: &[&str]) -> Turn {
        self.flags
            .extend(flags.iter().map(|flag| (*flag).to_owned()));
        self
    }

    /// With a variable of the environment.
    pub fn variable(mut self, name: &str, value: &str) -> Turn {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// On a terminal of so many columns.
    pub fn at_terminal(mut self, columns: u16) -> Turn {
        self.terminal = Some(columns);
        self
    }

    /// On a terminal, where the question, each time it comes, is answered by the next of these.
    pub fn answers(mut self, keys: &[&str]) -> Turn {
        self.answers = keys.iter().map(|keys| (*keys).to_owned()).collect();
        self.at_terminal(80)
    }

    /// Told to use a key and no host, a host and no key, or neither.
    pub fn told(mut self, host: bool, key: bool) -> Turn {
        (self.host, self.key) = (host, key);
        self
    }
}
