//! `askfirst man`: manual pages, made from the definition of the commands.

use std::path::Path;

use clap::CommandFactory as _;

use crate::args::{Cli, ManArgs};
use crate::failure::Failure;
use crate::output::Output;

/// Does what was asked.
pub(crate) fn run(args: &ManArgs, output: &Output) -> anyhow::Result<()> {
    match &args.dir {
        Some(dir) => Ok(write(dir, output)?),
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command().disable_help_subcommand(true))
                .render(&mut page)?;
            Ok(output.result(&String::from_utf8(page)?)?)
        }
    }
}

fn write(dir: &Path, output: &Output) -> Result<(), Failure> {
    let written =
        std::fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(Cli::command(), dir));
    written.map_err(|error| {
        Failure::failed(
            format!("cannot write manual pages into {}: {error}", dir.display()),
            "name a directory this user can write: askfirst man --dir DIR",
        )
    })?;
    output.note(format_args!("manual pages are in {}", dir.display()));
    Ok(())
}
