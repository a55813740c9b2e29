//! The configuration files in the user's home, by fixed path.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::said::{KEYS, Said};
use super::{Problem, Sources, yaml};
use crate::policy::MAX_FILE;

/// Where they are, weakest first.
pub(super) fn files(from: &Sources<'_>) -> Vec<PathBuf> {
    let Some(home) = from.environment.home() else {
        return Vec::new();
    };
    let fixed = from.profile.files.home_config.iter();
    fixed.map(|path| below(home, path)).collect()
}

/// A path of a profile, which begins with `~/`.
pub(crate) fn below(home: &Path, path: &str) -> PathBuf {
    home.join(path.strip_prefix("~/").unwrap_or(path))
}

/// What they say together: a later one is stronger, key by key.
pub(super) fn read(from: &Sources<'_>, problems: &mut Vec<Problem>) -> Said {
    let mut said = Said::default();
    for path in files(from) {
        let text = match from.disk.read(&path, MAX_FILE) {
            Ok(bytes) => String::from_utf8(bytes).ok(),
            Err(error) if is_absent(&error) => continue,
            Err(_) => None,
        };
        let place = path.display().to_string();
        let Some(text) = text else {
            problems.push(unreadable(&place));
            continue;
        };
        let mut file = Said::default();
        for found in take(&mut file, &text, &place, problems) {
            problems.push(unknown(&place, found));
        }
        said.stronger(file, from.environment.home());
    }
    said
}

/// Nothing there: no such file, or a folder of the path is a file.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Takes every key of a file; gives back those that begin like ours and are not.
pub(super) fn take(
    said: &mut Said,
    text: &str,
    place: &str,
    problems: &mut Vec<Problem>,
) -> Vec<(usize, String)> {
    let mut unknown = Vec::new();
    for found in yaml::read(text) {
        match found {
            Err(unclear) => problems.push(Problem {
                place: format!("{place}:{}", unclear.number),
                rule: unclear.rule.to_owned(),
                fix: "write `key: value` on a line of its own".to_owned(),
            }),
            Ok(line) => match KEYS.iter().find(|key| key.yaml == line.key) {
                Some(key) => {
                    let place = format!("{place}:{}", line.number);
                    said.take(key, line.value.as_deref().map(OsStr::new), &place, problems);
                }
                None => unknown.push((line.number, line.key)),
            },
        }
    }
    unknown
}

fn unreadable(place: &str) -> Problem {
    Problem {
        place: place.to_owned(),
        rule: "the file cannot be read as text, so what it says of analytics is not known"
            .to_owned(),
        fix: "make it readable, or take it away".to_owned(),
    }
}

fn unknown(place: &str, (number, key): (usize, String)) -> Problem {
    let known: Vec<&str> = KEYS.iter().map(|key| key.yaml).collect();
    Problem {
        place: format!("{place}:{number}"),
        rule: format!("there is no setting {key:?}"),
        fix: format!("write one of {}", known.join(", ")),
    }
}

impl Said {
    /// Lets a stronger file of the same source speak over this one.
    fn stronger(&mut self, file: Said, home: Option<&Path>) {
        self.analytics = file.analytics.or(self.analytics);
        self.disable |= file.disable;
        let log = file.log.map(|log| expanded(log, home));
        self.log = log.or(self.log.take());
        self.host = file.host.or(self.host.take());
        self.project_key = file.project_key.or(self.project_key.take());
    }
}

/// In a file nobody has expanded `~/` yet.
fn expanded(path: PathBuf, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path,
    }
}
