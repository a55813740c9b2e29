//! One file per command.

use crate::args::Cli;
use crate::output::Output;

/// Does what was asked.
pub(crate) fn run(_cli: &Cli, _output: &Output) -> anyhow::Result<()> {
    Ok(())
}
