//! The flags of the published pages, to flatten into a host's own arguments (feature `clap`).

use std::path::PathBuf;

use clap::{ArgAction, Args};

use crate::settings::{Command, HostAddress, ProjectKey, Typed};

/// All ten flags. Flatten them into the host's arguments:
///
/// ```
/// #[derive(clap::Parser)]
/// struct Cli {
///     #[command(flatten)]
///     analytics: askfirst::AnalyticsArgs,
/// }
/// # use clap::Parser as _;
/// let cli = Cli::parse_from(["tool", "--analytics", "--no-analytics"]);
/// assert_eq!(cli.analytics.typed().analytics, Some(false), "the last one counts");
/// ```
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Analytics")]
pub struct AnalyticsArgs {
    /// Turn on analytics for the current session; the first time you are asked whether you agree
    #[arg(long, action = ArgAction::SetTrue, overrides_with = "no_analytics")]
    analytics: bool,

    /// Turn off analytics for the current session
    #[arg(long, action = ArgAction::SetTrue, overrides_with = "analytics")]
    no_analytics: bool,

    /// Opt out of analytics forever, by running this one time
    #[arg(long)]
    analytics_disable: bool,

    /// Write a full log of the analytics to FILE
    #[arg(long, value_name = "FILE")]
    analytics_log: Option<PathBuf>,

    /// Set a custom PostHog host
    #[arg(long, value_name = "HOST")]
    analytics_posthog_host: Option<HostAddress>,

    /// Set a custom PostHog project API key
    #[arg(long, value_name = "KEY")]
    analytics_posthog_project_api_key: Option<ProjectKey>,

    /// Show whether analytics are on and why, where they go, and how to change it
    #[arg(long, group = "analytics_command")]
    analytics_status: bool,

    /// Show the exact bytes that wait to be sent; before any yes, an example of every event
    #[arg(long, group = "analytics_command")]
    analytics_show: bool,

    /// Delete the random identifier and what waits; what was sent is not linked to the next one
    #[arg(long, group = "analytics_command")]
    analytics_reset: bool,

    /// Opt out forever and have what was sent erased, with KEY after it was deleted here
    #[arg(long, value_name = "KEY", num_args = 0..=1, group = "analytics_command")]
    analytics_forget: Option<Option<String>>,
}

impl AnalyticsArgs {
    /// What was typed.
    pub fn typed(&self) -> Typed {
        Typed {
            analytics: match (self.analytics, self.no_analytics) {
                (_, true) => Some(false),
                (true, false) => Some(true),
                (false, false) => None,
            },
            disable: self.analytics_disable,
            log: self.analytics_log.clone(),
            posthog_host: self.analytics_posthog_host.clone(),
            posthog_project_api_key: self.analytics_posthog_project_api_key.clone(),
            command: self.command(),
        }
    }

    fn command(&self) -> Option<Command> {
        match &self.analytics_forget {
            Some(key) => Some(Command::Forget(key.clone())),
            None if self.analytics_status => Some(Command::Status),
            None if self.analytics_show => Some(Command::Show),
            None if self.analytics_reset => Some(Command::Reset),
            None => None,
        }
    }
}
