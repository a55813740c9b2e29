//! `askfirst report`.

use clap::Args;

use super::{ChooseArgs, FormatArgs};

/// Options of `askfirst report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst report                                  the reports, and what each one counts
  askfirst report overview                         the last 28 days, compared with those before
  askfirst report models --host aider
  askfirst report models --from 2024-12-04 --to 2024-12-31 --top all
  askfirst report exits --tool-version 0.67 --platform Linux
  askfirst report errors --period 91d --compare none
  askfirst report edits --period 91d --by week --format csv > edits.csv

Days are UTC and both ends count. A filter given twice, or with commas, means either; different \
filters must all hold. Works while `askfirst serve` runs on the same data directory.")]
pub(crate) struct ReportArgs {
    /// The report; without one, the reports are listed
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Which project is asked
    #[command(flatten)]
    pub(crate) choose: ChooseArgs,
    /// First day, as 2024-12-04
    #[arg(long, value_name = "DAY", env = "ASKFIRST_FROM")]
    pub(crate) from: Option<String>,
    /// Last day, as 2024-12-31
    #[arg(long, value_name = "DAY", env = "ASKFIRST_TO")]
    pub(crate) to: Option<String>,
    /// Length of the period: 7d, 28d, 91d, 364d or all
    #[arg(long, value_name = "LENGTH", env = "ASKFIRST_PERIOD")]
    pub(crate) period: Option<String>,
    /// What the numbers are compared with: previous (the same length before), year or none
    #[arg(long, value_name = "WITH", env = "ASKFIRST_COMPARE")]
    pub(crate) compare: Option<String>,
    /// Only this version of the tool: 0.67 is the whole line, 0.67.1 exactly that one
    #[arg(
        long,
        value_name = "VERSION",
        env = "ASKFIRST_TOOL_VERSION",
        value_delimiter = ','
    )]
    pub(crate) tool_version: Vec<String>,
    /// Only this platform
    #[arg(
        long,
        value_name = "PLATFORM",
        env = "ASKFIRST_PLATFORM",
        value_delimiter = ','
    )]
    pub(crate) platform: Vec<String>,
    /// Only this model
    #[arg(
        long,
        value_name = "MODEL",
        env = "ASKFIRST_MODEL",
        value_delimiter = ','
    )]
    pub(crate) model: Vec<String>,
    /// One step of time: day, week or month
    #[arg(long, value_name = "STEP", env = "ASKFIRST_BY")]
    pub(crate) by: Option<String>,
    /// How many rows before the rest becomes one: a number, or all
    #[arg(long, value_name = "N", env = "ASKFIRST_TOP")]
    pub(crate) top: Option<String>,
    /// The column to sort by; -COLUMN for largest first
    #[arg(
        long,
        value_name = "COLUMN",
        env = "ASKFIRST_SORT",
        allow_hyphen_values = true
    )]
    pub(crate) sort: Option<String>,
    /// How the result is written
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}
