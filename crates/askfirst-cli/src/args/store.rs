//! `askfirst store`.

use clap::{Args, Subcommand};

use super::FormatArgs;

/// Options of `askfirst store`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  askfirst store verify
  askfirst store accept-clock"
)]
pub(crate) struct StoreArgs {
    /// What to do
    #[command(subcommand)]
    pub(crate) action: StoreAction,
}

/// What can be done with a data directory.
#[derive(Debug, Subcommand)]
pub(crate) enum StoreAction {
    /// Check everything the data directory claims, and change nothing
    #[command(after_help = "\
Examples:
  askfirst store verify
  askfirst store verify --data /srv/askfirst --format json | jq '.problems[]'

Reads every byte, also while `askfirst serve` runs. One line for each problem, with the file, the \
place in it, and what to do. Ends with 0 if everything is as it was written, with 1 if not or if \
it could not be checked, with 2 for a wrong use.")]
    Verify {
        /// How the result is written
        #[command(flatten)]
        format: FormatArgs,
    },
    /// Say that this machine's clock is right, after it jumped
    #[command(after_help = "\
Examples:
  askfirst status                  says whether the clock is doubted, and what that holds back
  date -u
  askfirst store accept-clock

What is kept too long is deleted by the clock, so one that is suddenly more than two days off is \
doubted: nothing is deleted until it is right again, went on for two days, or you say that it is \
right. Look at it before: what has expired by it is deleted.")]
    AcceptClock,
}
