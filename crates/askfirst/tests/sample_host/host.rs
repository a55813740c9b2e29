//! A small real tool with the SDK inside, for the tests with real processes and terminals.
//!
//! `askfirst-sample-host [FLAGS]`: it says `ready`, reaches its agreement, prints the lines on
//! standard error and what came of it as one line on standard output, and ends.

#![expect(clippy::print_stdout, reason = "a tool of its own, only for tests")]

use std::path::Path;

use askfirst::settings::Command;
use askfirst::state::Places;
use askfirst::{AnalyticsArgs, Host, Waiting, agreement, status};
use askfirst_catalog::Profile;
use clap::Parser;

/// A sample tool.
#[derive(Debug, Parser)]
#[command(name = "sample", version)]
struct Cli {
    /// Which host profile it has
    #[arg(long, default_value = "aider")]
    host: String,

    /// Where the machine's own files are, in place of /etc
    #[arg(long)]
    machine: Option<std::path::PathBuf>,

    /// Answer every question with yes
    #[arg(long)]
    yes_always: bool,

    /// Wait for a line on standard input before starting
    #[arg(long)]
    wait: bool,

    #[command(flatten)]
    analytics: AnalyticsArgs,
}

fn main() -> std::io::Result<()> {
    let environment = askfirst::environment::Environment::at_start();
    let cli = Cli::parse();
    let profile = Profile::builtin(&cli.host).ok_or(std::io::ErrorKind::NotFound)?;
    let mut host = Host::of_process(profile.clone());
    host.environment = environment;
    host.automated = cli.yes_always;
    if let Some(machine) = &cli.machine {
        host.places = places(&profile, &host, machine);
    }
    println!("ready");
    if cli.wait {
        std::io::stdin().read_line(&mut String::new())?;
    }
    let typed = cli.analytics.typed();
    match &typed.command {
        Some(Command::Status) => print!("{}", status(&host, &typed, &Waiting::default())),
        Some(Command::Reset) => {
            let reset = host.state().map(|state| state.reset(&|| {}));
            println!("reset: {}", reset.is_some_and(|reset| reset.is_ok()));
        }
        _ => start(&mut host, &typed)?,
    }
    Ok(())
}

fn places(profile: &Profile, host: &Host, machine: &Path) -> Option<Places> {
    let places = Places::of(profile, &host.environment)?;
    Some(places.on_machine(profile, machine))
}

fn start(host: &mut Host, typed: &askfirst::settings::Typed) -> std::io::Result<()> {
    let agreement = agreement::reach(host, typed, &|| {});
    for line in &agreement.lines {
        host.terminal.show(&format!("{line}\n"))?;
    }
    let id = agreement.grant.as_ref().map(|grant| grant.install_id());
    let id = id.map_or("no id".to_owned(), |id| id.to_string());
    let on = if agreement.verdict.on { "on" } else { "off" };
    println!("{on}, row {}, {id}", agreement.verdict.row.number());
    Ok(())
}
