//! The flags of the published pages, to flatten into a host's own arguments (feature `clap`).

use std::path::PathBuf;

use clap::{ArgAction, ArgMatches, Args, FromArgMatches};

use crate::settings::{Command, HostAddress, ProjectKey, Typed};

/// On every flag and not on the whole: that would go on for the host's own flags below.
const HEADING: &str = "Analytics";

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
#[derive(Debug, Clone, Default)]
pub struct AnalyticsArgs(Flags);

// Not derived: what is derived would take the text above for the host's own description.
impl Args for AnalyticsArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        Flags::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Flags::augment_args_for_update(command)
    }
}

impl FromArgMatches for AnalyticsArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<AnalyticsArgs, clap::Error> {
        Flags::from_arg_matches(matches).map(AnalyticsArgs)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
struct Flags {
    /// Turn on analytics for the current session; the first time you are asked whether you agree
    #[arg(long, help_heading = HEADING, action = ArgAction::SetTrue, overrides_with = "no_analytics")]
    analytics: bool,

    /// Turn off analytics for the current session
    #[arg(long, help_heading = HEADING, action = ArgAction::SetTrue, overrides_with = "analytics")]
    no_analytics: bool,

    /// Opt out of analytics forever, by running this one time
    #[arg(long, help_heading = HEADING)]
    analytics_disable: bool,

    /// Write a full log of the analytics to FILE
    #[arg(long, help_heading = HEADING, value_name = "FILE")]
    analytics_log: Option<PathBuf>,

    /// Set a custom PostHog host
    #[arg(long, help_heading = HEADING, value_name = "HOST")]
    analytics_posthog_host: Option<HostAddress>,

    /// Set a custom PostHog project API key
    #[arg(long, help_heading = HEADING, value_name = "KEY")]
    analytics_posthog_project_api_key: Option<ProjectKey>,

    /// Show whether analytics are on and why, where they go, and how to change it
    #[arg(long, help_heading = HEADING, group = "analytics_command")]
    analytics_status: bool,

    /// Show the exact bytes that wait to be sent; before any yes, an example of every event
    #[arg(long, help_heading = HEADING, group = "analytics_command")]
    analytics_show: bool,

    /// Delete the random identifier and what waits; what was sent is not linked to the next one
    #[arg(long, help_heading = HEADING, group = "analytics_command")]
    analytics_reset: bool,

    /// Opt out forever and have what was sent erased, with KEY after it was deleted here
    #[arg(long, help_heading = HEADING, value_name = "KEY", num_args = 0..=1, group = "analytics_command")]
    analytics_forget: Option<Option<String>>,
}

impl AnalyticsArgs {
    /// What was typed.
    pub fn typed(&self) -> Typed {
        let flags = &self.0;
        Typed {
            analytics: match (flags.analytics, flags.no_analytics) {
                (_, true) => Some(false),
                (true, false) => Some(true),
                (false, false) => None,
            },
            disable: flags.analytics_disable,
            log: flags.analytics_log.clone(),
            posthog_host: flags.analytics_posthog_host.clone(),
            posthog_project_api_key: flags.analytics_posthog_project_api_key.clone(),
            command: flags.command(),
        }
    }
}

impl Flags {
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

#[cfg(test)]
mod tests;
