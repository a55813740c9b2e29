//! Where a setting comes from: what was typed, then the environment, then the configuration file,
//! then the default.
//!
//! clap reads the flags and the variables. The file is made clap's default at run time, so that a
//! setting is declared once, as a flag, and is checked by the same rules wherever it stands.

mod config_file;
mod terminal;

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};

pub(crate) use terminal::Look;

use crate::args::Cli;
use crate::data_dir;

/// What a start of the program came to.
#[derive(Debug)]
pub(crate) enum Start {
    /// A command to run.
    Run(Box<Cli>),
    /// Help, a version, or a wrong use: clap's own words and code.
    Say(clap::Error),
}

/// Reads the command line, the environment and the configuration file.
pub(crate) fn read(line: impl IntoIterator<Item = OsString>) -> anyhow::Result<Start> {
    let line: Vec<OsString> = line.into_iter().collect();
    let typed = match Cli::command().try_get_matches_from(&line) {
        Ok(matches) => cli(&matches)?,
        Err(words) => return Ok(Start::Say(words)),
    };
    let file = match &typed.globals.config {
        Some(named) => config_file::ConfigFile::read(named, config_file::Place::Named)?,
        None => {
            let path = data_dir::path(&typed.globals)?.join(config_file::NAME);
            if !path.is_file() {
                return Ok(Start::Run(Box::new(typed)));
            }
            config_file::ConfigFile::read(&path, config_file::Place::InDataDirectory)?
        }
    };
    let command = file.into_defaults(Cli::command())?;
    Ok(match command.try_get_matches_from(&line) {
        Ok(matches) => Start::Run(Box::new(cli(&matches)?)),
        Err(words) => Start::Say(words),
    })
}

fn cli(matches: &ArgMatches) -> Result<Cli, clap::Error> {
    let mut cli = Cli::from_arg_matches(matches)?;
    cli.globals.data_typed = matches.value_source("data") == Some(ValueSource::CommandLine);
    Ok(cli)
}
