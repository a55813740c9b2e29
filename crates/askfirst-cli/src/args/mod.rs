//! What can be typed: every command, flag, variable and example, declared once. The help, the
//! variables and the keys of the configuration file all derive from here; what a flag *means* is
//! decided in the command that takes it.
//!
//! A flag with an `env` may also stand in the configuration file, under the flag's own name.

mod catalog;
#[cfg(unix)]
mod check;
mod completions;
mod demo;
mod import;
mod inspect;
mod man;
mod project;
mod report;
mod serve;
mod status;
mod store;
mod verify_receipt;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use catalog::{CatalogArgs, CatalogCommand};
#[cfg(unix)]
pub(crate) use check::{CheckArgs, CheckFormat};
pub(crate) use completions::CompletionsArgs;
pub(crate) use demo::DemoArgs;
pub(crate) use import::ImportArgs;
pub(crate) use inspect::InspectArgs;
pub(crate) use man::ManArgs;
pub(crate) use project::{KeptArgs, ProjectAction, ProjectArgs, ServerArgs};
pub(crate) use report::ReportArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use status::StatusArgs;
pub(crate) use store::{StoreAction, StoreArgs};
pub(crate) use verify_receipt::VerifyReceiptArgs;

/// Opt-in, anonymous analytics for developer tools: the collector and its reports
#[derive(Debug, Parser)]
#[command(
    name = "askfirst",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
#[command(after_help = "\
Examples:
  askfirst demo                                    all of it, on simulated data
  askfirst import analytics.jsonl --host aider     an existing log, into a project made for it
  askfirst report models --host aider              which models, how many tokens, what they cost
  askfirst project add mine --host aider           a key, and the line that starts aider with it
  askfirst serve                                   collect what comes

Every flag that shows a variable below its help may also be set by that variable, or under the \
flag's own name in askfirst.toml in the data directory (another file: --config). A flag wins over a variable, a variable over the file.")]
pub(crate) struct Cli {
    /// Options every command takes
    #[command(flatten)]
    pub(crate) globals: Globals,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options for every command")]
pub(crate) struct Globals {
    /// Where everything is kept [default: the platform's data directory]
    #[arg(long, global = true, value_name = "DIR", env = "ASKFIRST_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// Whether the directory was typed, and did not come from the environment or the file.
    #[arg(skip)]
    pub(crate) data_typed: bool,
    /// Configuration file [default: askfirst.toml in the data directory, if there is one]
    #[arg(long, global = true, value_name = "FILE", env = "ASKFIRST_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Colour: when the output is a terminal, always, or never
    #[arg(long, global = true, value_name = "WHEN", env = "ASKFIRST_COLOR")]
    #[arg(value_enum, default_value_t = When::Auto)]
    pub(crate) color: When,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal that shows it
    Auto,
    /// Even into a pipe
    Always,
    /// Not at all
    Never,
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people; piped, for awk
    Table,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
}

/// The one option of commands that only choose a format.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// How the result is written
    #[arg(long, value_name = "FORMAT", env = "ASKFIRST_FORMAT")]
    #[arg(value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

/// Which project: by its tool, by its name, or both.
#[derive(Debug, Args)]
pub(crate) struct ChooseArgs {
    /// The tool whose project is meant (its host profile)
    #[arg(long, value_name = "PROFILE", env = "ASKFIRST_HOST")]
    pub(crate) host: Option<String>,
    /// The project, by name, when a tool has more than one
    #[arg(long, value_name = "NAME", env = "ASKFIRST_PROJECT")]
    pub(crate) project: Option<String>,
}

/// The commands, one file each in `commands`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See it work: a simulated population, collected, stored and reported
    Demo(DemoArgs),
    /// Collect: take events over HTTP until told to stop
    Serve(ServeArgs),
    /// Make, list, re-key and remove projects, and say how long they keep events
    Project(ProjectArgs),
    /// Take in existing analytics logs
    Import(ImportArgs),
    /// Answer a question about what was collected
    Report(Box<ReportArgs>),
    /// Say what is stored: events, bytes, days, and what became of everything received
    Status(StatusArgs),
    /// Check the data directory, or say that the clock is right
    Store(StoreArgs),
    /// Check a receipt for an erasure, without asking anybody
    VerifyReceipt(VerifyReceiptArgs),
    /// Show what a file of the data directory is and holds
    Inspect(InspectArgs),
    /// Check a catalog, print its page, compare two
    Catalog(CatalogArgs),
    /// Run a tool and say which promises of its analytics page it keeps
    #[cfg(unix)]
    Check(CheckArgs),
    /// Print what a shell needs to complete commands, flags and values
    Completions(CompletionsArgs),
    /// Print the manual page, or write those of all commands
    Man(ManArgs),
}
