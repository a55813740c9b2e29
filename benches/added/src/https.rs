//! The tool of `without.rs` that asks a model: with TLS in it, as a tool that talks to a
//! provider has anyway.

#![expect(clippy::print_stdout, reason = "a program of its own")]

mod chat;

use clap::Parser;

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
}

fn main() {
    let cli = Cli::parse();
    let message = cli.message.unwrap_or_default();
    println!("{}: {}", cli.model, chat::ask(&message));
}
