//! A host profile: what one tool has of its own.
//!
//! The catalog says what may be collected by any tool; a profile holds the names, paths, links
//! and texts of one, which classes it switches on, and who receives what it sends. Its page
//! ([`page`](crate::page())) and its privacy notice ([`privacy`](crate::privacy())) are made
//! from the two.

mod modules;
mod policy;
#[doc(hidden)]
pub mod prepared;
mod read;
mod rules;
mod shipped;

use crate::class::ClassSet;

pub use modules::Modules;
pub(crate) use modules::is_identifier;

/// The values of one tool: names, links, share, texts, modules.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The name profiles are chosen by: `aider`.
    pub id: String,
    /// The name in running text.
    pub name: String,
    /// The name at the start of a sentence.
    pub title: String,
    /// The command that starts the tool.
    pub command: String,
    /// The name of the catalog its events are of.
    pub catalog: String,
    /// What is collected.
    pub classes: ClassSet,
    /// Where the choice lies and settings are read from.
    pub files: Files,
    /// Share of users who are asked without a flag, in percent (promise P08).
    pub ask_percent: u8,
    /// What is asked, and how long a yes holds.
    pub question: Question,
    /// The text that finds every place in the tool's source where it records (promise P12).
    pub call_search: String,
    /// Where the page leads to.
    pub links: Links,
    /// Where events go; shipped profiles name no place.
    pub host: Option<String>,
    /// Where events go when the user gives a key and no host (promise P13).
    pub default_host: Option<String>,
    /// The placeholder key, `askfirst-NAME`; a real one only beside a [`host`](Profile::host).
    pub project_key: String,
    /// The public key, 64 hex digits, by which receipts of whoever is at [`host`](Profile::host)
    /// can be told from anybody else's (decision D29).
    pub receipt_key: Option<String>,
    /// Days raw events are kept (promise P17).
    pub retention_days: u32,
    /// Who answers for the data (promise P15).
    pub notice: Notice,
    /// The file with the tool's own modules, beside the profile.
    pub modules_file: Option<String>,
    /// The tool's own released modules, sorted; see [`Profile::with_modules`].
    pub modules: Modules,
}

/// Where a tool keeps its choice and reads its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Files {
    /// The folder of the choice, below the home directory: `~/.aider`.
    pub state_dir: String,
    /// Configuration in the user's home by fixed path, weakest first. Only these may opt in.
    pub home_config: Vec<String>,
    /// Configuration a project may bring along; it may only switch off (breakage B04).
    pub project_config: Vec<String>,
    /// What the tool's environment variables begin with: `AIDER_`.
    pub env_prefix: String,
    /// Folders in which tools this one was made from kept their choice: `~/.aider`. A no there
    /// is a no here. They are only read, and nothing else in them counts.
    pub forerunners: Vec<String>,
}

/// The question and what a yes means (promises P06 and P09).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// Grows when the question or what it covers changes; stored with the answer (P16).
    pub version: u32,
    /// The statement before the question. It is broken as the page breaks it; who prints it
    /// breaks it to the terminal.
    pub statement: String,
    /// The question itself, with its choices.
    pub text: String,
    /// How long a yes holds.
    pub yes_lasts: YesLasts,
}

/// How long a yes holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YesLasts {
    /// In every session until it is taken back.
    UntilWithdrawn,
    /// In the session it was given for; the next one needs the flag again.
    Session,
}

impl YesLasts {
    /// Every duration of a yes.
    pub const ALL: [YesLasts; 2] = [YesLasts::UntilWithdrawn, YesLasts::Session];

    /// The name used in profiles.
    pub fn name(self) -> &'static str {
        match self {
            YesLasts::UntilWithdrawn => "until withdrawn",
            YesLasts::Session => "session",
        }
    }
}

/// Where the page leads to. A link is a whole `https` address, or a path on the site that
/// shows the page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Links {
    /// Shown with the question.
    pub more_info: String,
    /// Where concerns are reported.
    pub issues: String,
    /// The privacy policy.
    pub privacy: String,
    /// A published log.
    pub sample_log: String,
    /// A search that shows [`Profile::call_search`] in the tool's source.
    pub call_sites: String,
    /// How the tool's configuration file works.
    pub config: Option<String>,
}

/// Who answers for the data, printed by the privacy notice. A profile with a destination has
/// all four.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Notice {
    /// Who publishes the tool.
    pub publisher: Option<String>,
    /// An address that is read: a mail address or a web page.
    pub contact: Option<String>,
    /// Who receives the events.
    pub recipient: Option<String>,
    /// Where in the world they are kept.
    pub region: Option<String>,
}

impl Profile {
    /// Whether `module` is one of the tool's own released modules.
    pub fn owns_module(&self, module: &str) -> bool {
        self.modules.iter().any(|own| own == module)
    }

    /// Whether it names a place events go to, if only for users who give a key.
    pub fn names_a_destination(&self) -> bool {
        self.host.is_some() || self.default_host.is_some()
    }
}

#[cfg(test)]
mod tests;
