//! `askfirst check`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options of `askfirst check`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Examples:
  askfirst check --drive hosts/drive/aider.toml -- aider
  askfirst check --drive hosts/drive/pair.toml --profile cecli -- target/debug/pair
  askfirst check --drive mine.toml --only P05,B09 -- ./mine

Ends with 0 when nothing is broken, with 1 when something is, with 2 when it was used wrongly."
)]
pub(crate) struct CheckArgs {
    /// How the tool is started, talked to and told where events go
    #[arg(long, value_name = "FILE")]
    pub(crate) drive: PathBuf,
    /// The profile it is judged by, shipped or a file [default: the drive file's]
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Check these alone
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Fewer processes, kills and homes, for a tool that is slow to start
    #[arg(long)]
    pub(crate) quick: bool,
    /// How many checks run at once; what measures time runs alone
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) jobs: usize,
    /// How the result is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,
    /// The tool; a file in this folder with a slash in its name, as in `python3 ./mine.py`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// How the result of a check is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people: a line each, evidence beneath
    Text,
    /// For programs
    Json,
}
