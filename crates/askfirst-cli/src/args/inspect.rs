//! `askfirst inspect`.

use std::path::PathBuf;

use clap::Args;

use super::FormatArgs;

/// Options of `askfirst inspect`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst inspect ~/.local/share/askfirst/MANIFEST
  askfirst inspect projects/1/00000001.parquet --rows 20
  askfirst inspect copy-of-a-file --format json

Takes any file of a data directory, also one copied elsewhere: a segment, a key run, a file of the \
write-ahead log, the manifest, a catalog. Nothing secret is shown. To check a whole directory: \
askfirst store verify.")]
pub(crate) struct InspectArgs {
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How many of its rows or records are shown
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) rows: usize,
    /// How the result is written
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}
