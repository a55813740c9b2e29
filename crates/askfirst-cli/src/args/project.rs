//! `askfirst project`.

use clap::{Args, Subcommand};

use super::FormatArgs;

/// Options of `askfirst project`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  askfirst project add my-aider --host aider
  askfirst project list"
)]
pub(crate) struct ProjectArgs {
    /// What to do
    #[command(subcommand)]
    pub(crate) action: ProjectAction,
}

/// What can be done with a project.
#[derive(Debug, Subcommand)]
pub(crate) enum ProjectAction {
    /// Make a project and print its key, once
    #[command(after_help = "\
Examples:
  askfirst project add my-aider --host aider
  askfirst project add nightly --host aider --format json | jq -r .key

A project is of one tool. The key is kept as its SHA-256 only: what is printed now is not \
shown again, `askfirst project rotate` makes another.")]
    Add {
        /// The project's name: letters, digits, `-` and `_`
        #[arg(value_name = "NAME")]
        name: String,
        /// The tool that will send (its host profile)
        #[arg(long, value_name = "PROFILE", env = "ASKFIRST_HOST")]
        host: Option<String>,
        /// How long events are kept, in days after they happened [default: the profile's]
        #[arg(long, value_name = "N")]
        retention_days: Option<u32>,
        /// How long imported events are kept, in days after their import [default: the profile's]
        #[arg(long, value_name = "N")]
        imported_days: Option<u32>,
        /// How the result is written
        #[command(flatten)]
        format: FormatArgs,
        /// Where the printed start line should point
        #[command(flatten)]
        at: ServerArgs,
    },
    /// List the projects
    #[command(after_help = "\
Examples:
  askfirst project list
  askfirst project list --format json")]
    List {
        /// How the result is written
        #[command(flatten)]
        format: FormatArgs,
    },
    /// Make a new key; the older ones are refused from then on
    #[command(after_help = "\
Examples:
  askfirst project rotate my-aider
  askfirst project rotate my-aider --keep-old     while tools out there still send with the old one")]
    Rotate {
        /// The project's name
        #[arg(value_name = "NAME")]
        name: String,
        /// Go on accepting the older keys too
        #[arg(long)]
        keep_old: bool,
        /// How the result is written
        #[command(flatten)]
        format: FormatArgs,
        /// Where the printed start line should point
        #[command(flatten)]
        at: ServerArgs,
    },
    /// Show or set how long a project keeps events
    #[command(after_help = "\
Examples:
  askfirst project retention my-aider
  askfirst project retention my-aider --days 90
  askfirst project retention my-aider --imported-days 3650

What has expired is in no report from then on, and is deleted soon after. Received events are \
counted from the day they happened, and may be kept shorter than the tool's profile says but never \
longer: its users were told. Imported ones are counted from their import; nobody was told about \
them, so they may be kept as long as you like.")]
    Retention {
        /// The project's name
        #[arg(value_name = "NAME")]
        name: String,
        /// For how long
        #[command(flatten)]
        kept: KeptArgs,
        /// How the result is written
        #[command(flatten)]
        format: FormatArgs,
    },
    /// Delete a project with its events and keys, for ever
    #[command(after_help = "\
Examples:
  askfirst project remove my-aider                        asks for the name
  askfirst project remove my-aider --confirm my-aider     in a script")]
    Remove {
        /// The project's name
        #[arg(value_name = "NAME")]
        name: String,
        /// The name once more, instead of typing it when asked
        #[arg(long, value_name = "NAME")]
        confirm: Option<String>,
    },
}

/// How long events are kept.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct KeptArgs {
    /// Days received events are kept after they happened
    #[arg(long, value_name = "N")]
    pub(crate) days: Option<u32>,
    /// Days imported events are kept after their import
    #[arg(long, value_name = "N")]
    pub(crate) imported_days: Option<u32>,
}

/// Where the collector can be reached by the tool.
#[derive(Debug, Args)]
pub(crate) struct ServerArgs {
    /// The collector's address as the tool will reach it, for the printed start line
    #[arg(long, value_name = "URL", env = "ASKFIRST_URL")]
    pub(crate) url: Option<String>,
}
