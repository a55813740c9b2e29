//! `askfirst import`.

use std::path::PathBuf;

use clap::Args;

use super::{ChooseArgs, FormatArgs};

/// Options of `askfirst import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst import analytics.jsonl --host aider
  askfirst import logs/*.jsonl --host aider --project archive
  zcat old.jsonl.gz | askfirst import - --host aider

Each line is an event as `--analytics-log FILE` of the tools writes it. Importing the same lines \
again adds nothing; a copy that has grown adds what is new. If the tool has no project yet, one is \
made under the tool's name. While `askfirst serve` runs on the same data directory the lines go \
through it. Half a line at the end of a file is left for the next import.")]
pub(crate) struct ImportArgs {
    /// The logs, in the order they were written; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Which project the events belong to
    #[command(flatten)]
    pub(crate) choose: ChooseArgs,
    /// How the result is written
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}
