//! The `askfirst` program: the collector, and the maintainer's questions in the terminal.
//!
//! One invocation's path: `args` says what can be typed, `settings` reads what was typed, the
//! environment and the configuration file, `commands` does it (one file each) over the library
//! crates, `output` prints. Exit codes: 0, 1 for a failure, 2 for wrong use.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod arenas;
mod args;
mod choose;
mod commands;
mod data_dir;
mod failure;
mod lines;
mod operator;
mod output;
mod progress;
mod settings;
mod start_line;

use std::process::ExitCode;

use args::{Cli, When};
use output::Output;
use settings::Start;

fn main() -> ExitCode {
    let cli = match settings::read(std::env::args_os()) {
        Ok(Start::Run(cli)) => *cli,
        Ok(Start::Say(words)) => return say(&words),
        Err(error) => return end(&Output::new(When::Auto), &error),
    };
    let output = Output::new(cli.globals.color);
    match run(&cli, &output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => end(&output, &error),
    }
}

fn run(cli: &Cli, output: &Output) -> anyhow::Result<()> {
    commands::run(cli, output)
}

/// Help and version end with 0, a wrong use with 2.
fn say(words: &clap::Error) -> ExitCode {
    Output::new(When::Auto).clap(words);
    if words.use_stderr() {
        ExitCode::from(failure::WRONG_USE)
    } else {
        ExitCode::SUCCESS
    }
}

fn end(output: &Output, error: &anyhow::Error) -> ExitCode {
    if failure::reader_went_away(error) {
        return ExitCode::SUCCESS;
    }
    output.failure(error);
    let failure = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<failure::Failure>());
    ExitCode::from(failure.map_or(failure::FAILED, failure::Failure::code))
}
