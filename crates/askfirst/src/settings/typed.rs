//! What was typed.

use std::path::PathBuf;

use super::destination::{HostAddress, ProjectKey};
use super::said::Said;

/// The analytics part of a command line, already parsed. Feature `clap` makes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// `--analytics` or `--no-analytics`, whichever came last.
    pub analytics: Option<bool>,
    /// `--analytics-disable`.
    pub disable: bool,
    /// `--analytics-log FILE`.
    pub log: Option<PathBuf>,
    /// `--analytics-posthog-host HOST`.
    pub posthog_host: Option<HostAddress>,
    /// `--analytics-posthog-project-api-key KEY`.
    pub posthog_project_api_key: Option<ProjectKey>,
    /// What to do instead of the tool's work.
    pub command: Option<Command>,
}

/// A flag that does something and ends the run.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// `--analytics-status`.
    Status,
    /// `--analytics-show`.
    Show,
    /// `--analytics-reset`.
    Reset,
    /// `--analytics-forget [KEY]`: the key that was printed once, or the stored one.
    Forget(Option<String>),
}

/// A forget key is never printed.
impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Command::Status => "Status",
            Command::Show => "Show",
            Command::Reset => "Reset",
            Command::Forget(_) => "Forget",
        })
    }
}

impl Typed {
    pub(super) fn said(&self) -> Said {
        Said {
            analytics: self.analytics,
            disable: self.disable,
            log: self.log.clone(),
            host: self.posthog_host.clone().map(Ok),
            project_key: self.posthog_project_api_key.clone().map(Ok),
        }
    }
}
