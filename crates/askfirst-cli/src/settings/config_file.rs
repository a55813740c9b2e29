//! The configuration file: `flag = value`, one a line, for every flag that shows a variable.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Arg, Command};
use toml::de::{DeTable, DeValue};

use crate::failure::Failure;

/// The file's name in the data directory.
pub(crate) const NAME: &str = "askfirst.toml";

/// How the file was found; the one in the data directory cannot say where that directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// By `--config` or its variable.
    Named,
    /// In the data directory.
    InDataDirectory,
}

/// A file as read, not yet compared with the flags.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    path: PathBuf,
    place: Place,
    entries: Vec<Entry>,
}

/// One `flag = value`.
#[derive(Debug)]
struct Entry {
    line: usize,
    key: String,
    values: Vec<String>,
}

impl ConfigFile {
    /// Reads and parses the file.
    pub(crate) fn read(path: &Path, place: Place) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::failed(
                format!(
                    "cannot read the configuration file {}: {error}",
                    path.display()
                ),
                "see whether --config or ASKFIRST_CONFIG names the right file",
            )
        })?;
        let entries = parse(path, &text)?;
        Ok(Self {
            path: path.to_owned(),
            place,
            entries,
        })
    }

    /// Gives `command` the file's values as defaults, below flags and variables.
    pub(crate) fn into_defaults(self, command: Command) -> anyhow::Result<Command> {
        let mut settings = settings_of(&command);
        settings.remove("config");
        if self.place == Place::InDataDirectory {
            settings.remove("data");
        }
        for entry in &self.entries {
            let Some(arg) = settings.get(&entry.key) else {
                return Err(self.unknown(entry, &settings).into());
            };
            self.check(entry, arg)?;
        }
        Ok(with_defaults(command, &self.entries))
    }

    fn at(&self, entry: &Entry) -> String {
        format!("{}:{}: {}", self.path.display(), entry.line, entry.key)
    }

    fn unknown(&self, entry: &Entry, settings: &BTreeMap<String, Arg>) -> Failure {
        let keys: Vec<&str> = settings.keys().map(String::as_str).collect();
        Failure::wrong_use(
            format!("{}: there is no such setting", self.at(entry)),
            format!("remove the line, or use one of: {}", keys.join(", ")),
        )
    }

    /// Has clap judge the value as if it had been typed, and says where it stands.
    fn check(&self, entry: &Entry, arg: &Arg) -> anyhow::Result<()> {
        let flag = format!("--{}", entry.key);
        let typed = entry.values.iter().map(|value| format!("{flag}={value}"));
        let line = std::iter::once("askfirst".to_owned()).chain(typed);
        let alone = Command::new("askfirst")
            .no_binary_name(false)
            .arg(arg.clone().global(false));
        match alone.try_get_matches_from(line) {
            Ok(_) => Ok(()),
            Err(words) => {
                let words = words.to_string();
                let mut lines = words.lines().map(str::trim).filter(|line| !line.is_empty());
                let what = lines
                    .next()
                    .unwrap_or_default()
                    .trim_start_matches("error: ");
                let valid = lines.find(|line| line.starts_with('['));
                let remedy = match valid {
                    Some(valid) => format!("correct the line {valid}"),
                    None => "correct the line; `askfirst COMMAND --help` says what it takes".into(),
                };
                Err(Failure::wrong_use(format!("{}: {what}", self.at(entry)), remedy).into())
            }
        }
    }
}

/// Every flag that has a variable, by its long name, over all commands.
fn settings_of(command: &Command) -> BTreeMap<String, Arg> {
    let mut found = BTreeMap::new();
    collect_settings(command, &mut found);
    found
}

fn collect_settings(command: &Command, found: &mut BTreeMap<String, Arg>) {
    for arg in command
        .get_arguments()
        .filter(|arg| arg.get_env().is_some())
    {
        if let Some(long) = arg.get_long() {
            found.entry(long.to_owned()).or_insert_with(|| arg.clone());
        }
    }
    for below in command.get_subcommands() {
        collect_settings(below, found);
    }
}

fn with_defaults(command: Command, entries: &[Entry]) -> Command {
    let below: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let command = command.mut_args(|arg| {
        let entry = entries
            .iter()
            .find(|entry| arg.get_long() == Some(&entry.key));
        match entry {
            Some(entry) if arg.get_env().is_some() => arg.default_values(entry.values.clone()),
            _ => arg,
        }
    });
    below.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |sub| with_defaults(sub, entries))
    })
}

fn parse(path: &Path, text: &str) -> anyhow::Result<Vec<Entry>> {
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Failure::wrong_use(
            format!("{}:{line}: {}", path.display(), error.message()),
            "write one `flag = value` a line, text in double quotes",
        )
    })?;
    let mut entries = Vec::new();
    for (key, value) in table.get_ref() {
        let line = line_of(text, key.span().start);
        let values = words_of(value.get_ref()).ok_or_else(|| {
            Failure::wrong_use(
                format!(
                    "{}:{line}: {}: not a text, a number or a list of texts",
                    path.display(),
                    key.get_ref()
                ),
                "write the value as it would be typed after the flag, in double quotes",
            )
        })?;
        entries.push(Entry {
            line,
            key: key.get_ref().to_string(),
            values,
        });
    }
    Ok(entries)
}

fn words_of(value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::String(text) => Some(vec![text.to_string()]),
        DeValue::Integer(number) => Some(vec![number.to_string()]),
        DeValue::Array(items) => items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    1 + before.filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Cli;

    fn file(text: &str, place: Place) -> anyhow::Result<Command> {
        let path = PathBuf::from("askfirst.toml");
        let entries = parse(&path, text)?;
        ConfigFile {
            path,
            place,
            entries,
        }
        .into_defaults(Cli::command())
    }

    fn refusal(text: &str, place: Place) -> String {
        let error = file(text, place).expect_err("the file is refused");
        let failure = error
            .downcast_ref::<Failure>()
            .expect("a failure with a remedy");
        format!("{failure}\n{}", failure.remedy().unwrap_or_default())
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let command = file("listen = \"127.0.0.1:1\"\n", Place::Named).expect("a good file");
        let listen = |line: &[&str]| {
            let matches = command.clone().try_get_matches_from(line).expect("parses");
            let (_, serve) = matches.subcommand().expect("serve");
            serve
                .get_one::<std::net::SocketAddr>("listen")
                .expect("listen")
                .port()
        };
        assert_eq!(listen(&["askfirst", "serve"]), 1);
        assert_eq!(listen(&["askfirst", "serve", "--listen", "127.0.0.1:2"]), 2);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_valid_keys() {
        let said = refusal(
            "# ours\nlisten = \"127.0.0.1:1\"\nlisen = \"x\"\n",
            Place::Named,
        );
        assert!(
            said.starts_with("askfirst.toml:3: lisen: there is no such setting\n"),
            "{said}"
        );
        assert!(said.contains(" data, "), "{said}");
        assert!(said.contains("listen, "), "{said}");
        assert!(
            !said.contains("confirm"),
            "a confirmation cannot be configured: {said}"
        );
    }

    #[test]
    fn a_wrong_value_is_named_with_its_line() {
        let said = refusal("\ncolor = \"sometimes\"\n", Place::Named);
        assert!(
            said.starts_with("askfirst.toml:2: color: invalid value 'sometimes'"),
            "{said}"
        );
        assert!(said.contains("auto, always, never"), "{said}");
    }

    #[test]
    fn the_file_in_the_data_directory_cannot_move_the_data_directory() {
        let said = refusal("data = \"/elsewhere\"\n", Place::InDataDirectory);
        assert!(
            said.starts_with("askfirst.toml:1: data: there is no such setting"),
            "{said}"
        );
        assert!(file("data = \"/elsewhere\"\n", Place::Named).is_ok());
    }

    #[test]
    fn a_list_gives_a_filter_several_values_and_a_number_stands_without_quotes() {
        let command = file("model = [\"a\", \"b\"]\ntop = 5\n", Place::Named).expect("a good file");
        let matches = command
            .try_get_matches_from(["askfirst", "report"])
            .expect("parses");
        let (_, report) = matches.subcommand().expect("report");
        let models: Vec<&String> = report.get_many("model").expect("models").collect();
        assert_eq!(models, ["a", "b"]);
        assert_eq!(report.get_one::<String>("top").expect("top"), "5");
    }

    #[test]
    fn broken_toml_is_named_with_its_line() {
        let said = refusal("listen = \"127.0.0.1:1\"\ncolor = \n", Place::Named);
        assert!(said.starts_with("askfirst.toml:2: "), "{said}");
    }
}
