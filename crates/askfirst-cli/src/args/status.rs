//! `askfirst status`.

use clap::Args;

use super::FormatArgs;

/// Options of `askfirst status`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst status
  askfirst status --format json | jq '.projects[].events'

Works while `askfirst serve` runs on the same data directory.")]
pub(crate) struct StatusArgs {
    /// How the result is written
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}
