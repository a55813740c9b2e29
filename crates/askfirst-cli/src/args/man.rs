//! `askfirst man`.

use std::path::PathBuf;

use clap::Args;

/// Options of `askfirst man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst man | man -l -
  askfirst man --dir ~/.local/share/man/man1      a page for each command: man askfirst-report")]
pub(crate) struct ManArgs {
    /// Write a page for each command into this directory, instead of printing the first
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
