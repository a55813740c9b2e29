//! `pair`, a small AI pair programmer.

mod agreement;
mod chat;
mod cli;
mod commands;
mod edits;
mod endpoint;
mod git;
mod interrupt;
mod journal;
mod languages;
mod models;
mod prompts;
mod screen;
mod session;
mod shell;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use askfirst::Host;
use askfirst::environment::Environment;
use clap::Parser;

use crate::chat::Chat;
use crate::cli::Cli;
use crate::commands::{Then, introduce};
use crate::endpoint::Endpoint;
use crate::events::Reason;
use crate::git::Git;
use crate::interrupt::Interrupt;
use crate::journal::Journal;
use crate::models::Named;
use crate::screen::{Keyboard, Line, say, warn};
use crate::session::{DEFAULT_MODEL, Mode, Session};

/// The events of the catalog, as types.
mod events {
    askfirst::catalog!("llm-coding");
}

/// A second Ctrl-C at the prompt within this time ends the session.
const AGAIN: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    // The environment as it is now, before anything could change it.
    let environment = Environment::at_start();
    let cli = Cli::parse();
    run(environment, &cli).unwrap_or_else(|error| {
        warn(format_args!("pair: {error:#}"));
        ExitCode::from(2)
    })
}

fn run(environment: Environment, cli: &Cli) -> anyhow::Result<ExitCode> {
    let mut host = Host::of_process(agreement::profile(&cli.profile)?);
    host.environment = environment;
    host.automated = cli.yes_always;
    let typed = cli.analytics.typed();
    if let Some(command) = &typed.command {
        return Ok(agreement::about(&host, &typed, command));
    }
    let analytics = agreement::reach(&mut host, &typed);
    let journal = Journal::begin(analytics, host.profile, cli.edit_format);
    let mut session = match begin(cli, journal)? {
        Ok(session) => session,
        Err(code) => return Ok(code),
    };
    let (reason, code) = work(&mut session);
    session.journal.end(reason);
    Ok(code)
}

/// Finds out where it works and with which model. What is wrong with the arguments ends the
/// run with a reason.
fn begin(cli: &Cli, mut journal: Journal) -> anyhow::Result<Result<Session<'_>, ExitCode>> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    let git = if cli.no_git { None } else { Git::find(&here) };
    let root = git.as_ref().map_or(here.as_path(), Git::root);
    let mut chat = Chat::new(root);
    if let Some(folder) = cli.files.iter().find(|file| file.is_dir()) {
        warn(format_args!(
            "pair: {} is a folder; name files",
            folder.display()
        ));
        journal.end(Reason::InvalidDirectoryInput);
        return Ok(Err(ExitCode::FAILURE));
    }
    for file in &cli.files {
        chat.add(file)?;
    }
    journal.place(
        git.as_ref().map(Git::files),
        git.is_some() && !cli.no_auto_commits,
    );
    if cli.model.is_none() {
        journal.chose_model(DEFAULT_MODEL);
    }
    let model = Named::new(cli.model.as_deref().unwrap_or(DEFAULT_MODEL));
    let weak = cli
        .weak_model
        .as_deref()
        .map_or_else(|| model.clone(), Named::new);
    introduce(&mut journal, &model, &weak);
    Ok(Ok(Session {
        cli,
        chat,
        git,
        journal,
        keyboard: Keyboard::new(cli.yes_always),
        interrupt: Interrupt::listen().context("cannot listen for Ctrl-C")?,
        endpoint: Endpoint::new(&cli.openai_api_base, cli.openai_api_key.clone()),
        model,
        weak,
        mode: Mode::Code,
        commits: Vec::new(),
        before: None,
        cost: 0.0,
    }))
}

/// One message, or as many as are typed; how it ended.
fn work(session: &mut Session<'_>) -> (Reason, ExitCode) {
    let cli = session.cli;
    if cli.exit {
        return (Reason::ExitFlagSet, ExitCode::SUCCESS);
    }
    if let Some(message) = &cli.message {
        return (Reason::CompletedMessage, one(session, message));
    }
    if let Some(file) = &cli.message_file {
        return from_file(session, file);
    }
    say(format_args!(
        "pair {} with {}; /help",
        env!("CARGO_PKG_VERSION"),
        session.model.name
    ));
    session.journal.session();
    (prompt(session), ExitCode::SUCCESS)
}

fn one(session: &mut Session<'_>, message: &str) -> ExitCode {
    match session.message(message, session.mode) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn from_file(session: &mut Session<'_>, file: &Path) -> (Reason, ExitCode) {
    match std::fs::read_to_string(file) {
        Ok(message) => (Reason::CompletedMessageFile, one(session, &message)),
        Err(error) => {
            warn(format_args!(
                "pair: cannot read {}: {error}",
                file.display()
            ));
            let reason = match error.kind() {
                std::io::ErrorKind::NotFound => Reason::MessageFileNotFound,
                _ => Reason::MessageFileIOError,
            };
            (reason, ExitCode::FAILURE)
        }
    }
}

/// Line after line, until the end.
fn prompt(session: &mut Session<'_>) -> Reason {
    let mut interrupted: Option<Instant> = None;
    loop {
        let prompt = match session.mode {
            Mode::Ask => "ask> ",
            Mode::Code | Mode::Help => "> ",
        };
        match session.keyboard.line(prompt) {
            Line::Text(line) => match session.line(&line) {
                Then::GoOn => {}
                Then::End => return Reason::Exit,
            },
            Line::Interrupted if interrupted.is_some_and(|at| at.elapsed() < AGAIN) => {
                return Reason::ControlC;
            }
            Line::Interrupted => {
                interrupted = Some(Instant::now());
                say("Ctrl-C again to exit.");
            }
            Line::End => return Reason::CompletedMainCLICoderRun,
        }
    }
}
