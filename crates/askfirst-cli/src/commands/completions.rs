//! `askfirst completions`: what a shell completes, made from the definition of the commands.

use askfirst_catalog::{Catalog, Kind, Profile};
use askfirst_query::reports::REPORTS;
use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory as _};

use crate::args::{Cli, CompletionsArgs};
use crate::output::Output;

/// Does what was asked.
pub(crate) fn run(args: &CompletionsArgs, output: &Output) -> anyhow::Result<()> {
    let mut script = Vec::new();
    let mut command = with_values(Cli::command());
    clap_complete::generate(args.shell, &mut command, "askfirst", &mut script);
    Ok(output.result(&String::from_utf8(script)?)?)
}

/// The definition with the words that can stand for a value. They are judged by the commands,
/// with better words than a parser has, so that the definition itself has them as text.
fn with_values(command: Command) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let is_report = command.get_name() == "report";
    let command = command.mut_args(|arg| {
        let values = match arg.get_long() {
            None if is_report && arg.get_id() == "name" => REPORTS
                .iter()
                .map(|report| report.name.to_owned())
                .collect(),
            Some(long) => values_of(long),
            None => Vec::new(),
        };
        match values.is_empty() {
            true => arg,
            false => arg.value_parser(PossibleValuesParser::new(values)),
        }
    });
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, with_values)
    })
}

/// What can stand after a flag, as far as it is known without looking into any data.
fn values_of(long: &str) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match long {
        "host" => words(Profile::builtin_ids()),
        "period" => words(&["7d", "28d", "91d", "364d", "all"]),
        "compare" => words(&["previous", "year", "none"]),
        "by" => words(&["day", "week", "month"]),
        "platform" => platforms(),
        _ => Vec::new(),
    }
}

fn platforms() -> Vec<String> {
    let catalog = Catalog::builtin();
    let platform = catalog.find_property("os_platform");
    match platform.map(|id| &catalog.property(id).kind) {
        Some(Kind::Enum { values, .. }) => values.iter().map(|value| value.to_string()).collect(),
        _ => Vec::new(),
    }
}
