//! A tool with two flags and no analytics.

#![expect(clippy::print_stdout, reason = "a program of its own")]

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
    println!("{}: {}", cli.model, cli.message.unwrap_or_default());
}
