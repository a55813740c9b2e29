//! The tool of `without.rs` with the SDK in it, and every part of the SDK in use; with feature
//! `https` that of `https.rs`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own"
)]

use askfirst::settings::Command;
use askfirst::{Analytics, AnalyticsArgs, Host, Model, Tool};
use clap::Parser;

#[cfg(feature = "https")]
mod chat;

mod events {
    askfirst::catalog!("llm-coding");
}

/// A small tool.
#[derive(Debug, Parser)]
#[command(name = "tool", version)]
struct Cli {
    /// The model that answers
    #[arg(long, default_value = "gpt-4o")]
    model: String,

    /// What is asked
    #[arg(long)]
    message: Option<String>,

    #[command(flatten)]
    analytics: AnalyticsArgs,
}

fn main() {
    let mut host = Host::of_process(askfirst::profile!("aider"));
    let cli = Cli::parse();
    let typed = cli.analytics.typed();
    match &typed.command {
        None => {}
        Some(Command::Status) => {
            print!(
                "{}",
                askfirst::status(&host, &typed, &askfirst::waiting(&host))
            );
            return;
        }
        Some(Command::Show) => {
            print!("{}", askfirst::show(&host, &typed));
            return;
        }
        Some(_) => {
            print!("{:?}", askfirst::reset(&host));
            return;
        }
    }
    let agreement = askfirst::agree(&mut host, &typed);
    for line in &agreement.lines {
        eprintln!("{line}");
    }
    let tool = Tool {
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        catalog: events::CATALOG,
        python: None,
    };
    let analytics = Analytics::start(&host, &agreement, &tool);
    analytics.record_panics(&host.profile);
    analytics.record(events::MessageSend {
        main_model: Some(Model::named(&cli.model)),
        ..events::MessageSend::default()
    });
    let message = cli.message.unwrap_or_default();
    #[cfg(feature = "https")]
    let message = chat::ask(&message);
    println!("{}: {message}", cli.model);
}
