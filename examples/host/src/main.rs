//! A small tool with askfirst inside: what a maintainer writes to embed it, all of it.
//!
//! It reads lines: `/ask`, `/undo` and the like are commands, anything else is a message that
//! it answers by itself, `/crash` panics, `/exit` or the end of input ends it. Every event of
//! the catalog's classes comes up on the way. Under any profile:
//!
//! ```text
//! cargo run -p askfirst-host -- --profile hosts/aider.toml --analytics
//! ```

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own"
)]

mod work;

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use askfirst::settings::{Command, Typed};
use askfirst::{Analytics, AnalyticsArgs, Host, Tool};
use askfirst_catalog::{Catalog, Profile};
use clap::Parser;

/// The events of the catalog, as types.
mod events {
    askfirst::catalog!("llm-coding");
}

/// A small tool with analytics that ask first.
#[derive(Debug, Parser)]
#[command(name = "host", version)]
struct Cli {
    /// The profile to run under: a file, or the name of a shipped one
    #[arg(long, default_value = "aider")]
    profile: String,

    /// Answer every question with yes; the one about analytics is not one of them
    #[arg(long)]
    yes_always: bool,

    /// The model that pretends to answer
    #[arg(long, default_value = "gpt-4o")]
    model: String,

    /// Take one message and end
    #[arg(long)]
    message: Option<String>,

    #[command(flatten)]
    analytics: AnalyticsArgs,
}

fn main() -> ExitCode {
    // The environment as it is now, before anything could change it.
    let environment = askfirst::environment::Environment::at_start();
    let cli = Cli::parse();
    let profile = match profile(&cli.profile) {
        Ok(profile) => profile,
        Err(error) => {
            eprintln!("host: {error:#}");
            return ExitCode::from(2);
        }
    };
    let mut host = Host::of_process(profile);
    host.environment = environment;
    host.automated = cli.yes_always;
    let typed = cli.analytics.typed();
    if let Some(command) = &typed.command {
        return about_analytics(&host, &typed, command);
    }
    let analytics = begin(&mut host, &typed);
    work(&cli, &host, &analytics)
}

fn profile(named: &str) -> anyhow::Result<Arc<Profile>> {
    if let Some(profile) = Profile::builtin(named) {
        return Ok(profile);
    }
    let text = std::fs::read_to_string(named)
        .with_context(|| format!("cannot read the profile {named}"))?;
    let profile = Profile::parse(named, &text, &Catalog::builtin())
        .map_err(|problems| anyhow::anyhow!("{problems}"))?;
    Ok(Arc::new(profile))
}

/// The agreement, and the handle that follows from it. These lines are all a tool needs.
fn begin(host: &mut Host, typed: &Typed) -> Analytics {
    let agreement = askfirst::agree(host, typed);
    for line in &agreement.lines {
        eprintln!("{line}");
    }
    let tool = Tool {
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        catalog: events::CATALOG,
        python: None,
    };
    let analytics = Analytics::start(host, &agreement, &tool);
    analytics.record_panics(&host.profile);
    analytics
}

/// The flags that say or change something about analytics, and end the run.
fn about_analytics(host: &Host, typed: &Typed, command: &Command) -> ExitCode {
    match command {
        Command::Status => print!(
            "{}",
            askfirst::status(host, typed, &askfirst::waiting(host))
        ),
        Command::Show => print!("{}", askfirst::show(host, typed)),
        Command::Reset => match askfirst::reset(host) {
            Ok(()) => println!("The identifier and what waited are deleted."),
            Err(error) => {
                eprintln!("host: cannot reset analytics: {error}");
                return ExitCode::FAILURE;
            }
        },
        Command::Forget(key) => {
            let forgotten = askfirst::forget(host, typed, key.as_deref());
            for line in &forgotten.lines {
                eprintln!("{line}");
            }
            for receipt in &forgotten.receipts {
                println!("{receipt}");
            }
            if !forgotten.erased {
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn work(cli: &Cli, host: &Host, analytics: &Analytics) -> ExitCode {
    let mut session = work::Session::begin(analytics, &cli.model);
    let reason = match &cli.message {
        Some(message) => {
            println!("{}", session.message(message));
            "Completed --message"
        }
        None => prompt(&mut session, host),
    };
    session.end(reason);
    ExitCode::SUCCESS
}

/// Line after line, until the end.
fn prompt(session: &mut work::Session<'_>, host: &Host) -> &'static str {
    let shown = std::io::stdin().is_terminal();
    loop {
        if shown {
            print!("{}> ", host.profile.command);
            let _ = std::io::stdout().flush();
        }
        let mut line = String::new();
        match std::io::stdin().lock().read_line(&mut line) {
            Ok(0) | Err(_) => return "Exit flag set",
            Ok(_) => {}
        }
        match line.trim() {
            "" => {}
            "/exit" => {
                session.command("exit");
                return "/exit";
            }
            "/crash" => work::crash(),
            text if text.starts_with('/') => {
                println!("{}", session.command(text.trim_start_matches('/')))
            }
            text => println!("{}", session.message(text)),
        }
    }
}
