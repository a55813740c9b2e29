#![doc = include_str!("../README.md")]

mod agreement;
mod chat;
mod cli;
mod commands;
mod edits;
mod endpoint;
mod git;
mod interrupt;
mod journal;
mod known;
mod screen;
mod session;
mod shell;

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::Context;
use askfirst::Host;
use askfirst::environment::Environment;
use clap::Parser;
use rustyline::error::ReadlineError::Interrupted;

use crate::screen::{Keyboard, say, warn};
use crate::session::{Mode, Session};
use crate::{chat::Chat, cli::Cli, endpoint::Endpoint, events::Reason, git::Git};
use crate::{interrupt::Interrupt, journal::Journal};

/// The events of the catalog, as types.
mod events {
    askfirst::catalog!("llm-coding");
}

/// The model for a user who names none.
const DEFAULT_MODEL: &str = "gpt-4o";

fn main() -> ExitCode {
    // The environment as it is now, before anything could change it.
    let environment = Environment::at_start();
    run(environment, &Cli::parse()).unwrap_or_else(|error| {
        warn(format_args!("pair: {error:#}"));
        ExitCode::from(2)
    })
}

fn run(environment: Environment, cli: &Cli) -> anyhow::Result<ExitCode> {
    let profile = agreement::profile(&cli.profile);
    let profile = profile.with_context(|| format!("cannot use the profile {}", cli.profile))?;
    let mut host = Host::of_process(profile);
    host.environment = environment;
    host.automated = cli.yes_always;
    let typed = cli.analytics.typed();
    if let Some(command) = &typed.command {
        return agreement::about(&host, &typed, command);
    }
    let analytics = agreement::reach(&mut host, &typed);
    let mut session = begin(cli, Journal::begin(analytics, host.profile, cli.edit_format))?;
    let (reason, code) = work(&mut session);
    session.journal.end(reason);
    Ok(code)
}

/// Finds out where it works and with which model.
fn begin(cli: &Cli, journal: Journal) -> anyhow::Result<Session<'_>> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    let git = if cli.no_git { None } else { Git::find(&here) };
    let root = git.as_ref().map_or(here, |git| git.root.clone());
    let mut session = Session {
        cli,
        chat: Chat { root, files: BTreeSet::new(), said: Vec::new() },
        git,
        journal,
        keyboard: Keyboard::new(cli.yes_always),
        interrupt: Interrupt::listen().context("cannot listen for Ctrl-C")?,
        endpoint: Endpoint::new(&cli.openai_api_base, cli.openai_api_key.clone()),
        model: String::new(),
        mode: Mode::Code,
        commits: Vec::new(),
        before: None,
        changed: BTreeSet::new(),
        cost: 0.0,
    };
    session.journal.place(session.git.as_ref().map(Git::files));
    if cli.model.is_none() {
        session.journal.chose_model(DEFAULT_MODEL);
    }
    session.talk_to(cli.model.as_deref().unwrap_or(DEFAULT_MODEL));
    for file in &cli.files {
        session.chat.add(file)?;
    }
    Ok(session)
}

/// One message, or as many as are typed; how it ended.
fn work(session: &mut Session<'_>) -> (Reason, ExitCode) {
    if session.cli.exit {
        return (Reason::ExitFlagSet, ExitCode::SUCCESS);
    }
    if let Some(message) = &session.cli.message {
        let answered = session.message(message, session.mode);
        return (Reason::CompletedMessage, ExitCode::from(u8::from(!answered)));
    }
    say(format_args!("pair {} with {}; try /help", env!("CARGO_PKG_VERSION"), session.model));
    session.journal.session();
    (prompt(session), ExitCode::SUCCESS)
}

/// Line after line, until the end: two Ctrl-C in a row are one.
fn prompt(session: &mut Session<'_>) -> Reason {
    let mut interrupted = false;
    loop {
        let prompt = if session.mode == Mode::Ask { "ask> " } else { "> " };
        match session.keyboard.line(prompt) {
            Ok(line) if session.line(&line) => interrupted = false,
            Ok(_) => return Reason::Exit,
            Err(Interrupted) if interrupted => return Reason::ControlC,
            Err(Interrupted) => {
                interrupted = true;
                say("Ctrl-C again to exit.");
            }
            Err(_) => return Reason::CompletedMainCLICoderRun,
        }
    }
}
