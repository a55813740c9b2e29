//! What can be typed to start `pair`.

use std::path::PathBuf;

use askfirst::AnalyticsArgs;
use clap::{Parser, ValueEnum};

/// A small AI pair programmer: talks to any OpenAI-compatible endpoint, edits the files of the
/// chat, and commits each message's edits.
#[derive(Parser)]
#[command(name = "pair", version)]
pub(crate) struct Cli {
    /// Files to put into the chat; one that does not exist can be made
    pub(crate) files: Vec<PathBuf>,
    /// The model to talk to [default: gpt-4o]
    #[arg(long, env = "PAIR_MODEL")]
    pub(crate) model: Option<String>,
    /// In which form the model writes its edits
    #[arg(long, value_enum, default_value_t = Format::Diff)]
    pub(crate) edit_format: Format,
    /// Where the model is
    #[arg(long, env = "OPENAI_API_BASE", default_value = "https://api.openai.com/v1")]
    pub(crate) openai_api_base: String,
    /// The endpoint's key; the variable keeps it out of the list of processes
    #[arg(long, env = "OPENAI_API_KEY", hide_env_values = true)]
    pub(crate) openai_api_key: Option<String>,
    /// Send one message, apply and commit what comes back, and end
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Answer every question with yes; the one about analytics is not one of them
    #[arg(long)]
    pub(crate) yes_always: bool,
    /// Leave Git alone: edits stay uncommitted
    #[arg(long)]
    pub(crate) no_git: bool,
    /// Lint with this after an edit; a failure goes to the model once
    #[arg(long, value_name = "COMMAND")]
    pub(crate) lint_cmd: Option<String>,
    /// Test with this after an edit; a failure goes to the model once
    #[arg(long, value_name = "COMMAND")]
    pub(crate) test_cmd: Option<String>,
    /// Start, and end before the first message
    #[arg(long)]
    pub(crate) exit: bool,
    /// The analytics profile to run under: a file, or the name of a shipped one
    #[arg(long, default_value = "pair")]
    pub(crate) profile: String,
    #[command(flatten)]
    pub(crate) analytics: AnalyticsArgs,
}

/// In which form the model writes its edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The whole file, again
    Whole,
    /// Blocks that say what to search for and what to put there
    Diff,
}
