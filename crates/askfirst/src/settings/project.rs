//! What lies in a project: it may say off for this session, and nothing else (B04).

use std::path::{Path, PathBuf};

use super::home::{self, is_absent, take};
use super::said::{KEYS, Said};
use super::{Ignored, Sources};
use crate::environment::is_said;
use crate::policy::MAX_FILE;

/// What a project said.
#[derive(Debug, Default)]
pub(super) struct Project {
    pub(super) off: Option<String>,
    pub(super) ignored: Vec<Ignored>,
}

/// Reads the configuration files of the folder the tool was started in and of those around
/// it, and what was added to the environment since the start.
pub(super) fn read(from: &Sources<'_>) -> Project {
    let mut project = Project::default();
    for folder in folders(from) {
        for name in &from.profile.files.project_config {
            project.file(from, &folder.join(name));
        }
    }
    project.environment(from);
    project
}

/// Whether a project's file is the user's own: in the home directory both are the same.
fn is_the_users(from: &Sources<'_>, path: &Path) -> bool {
    let path = from.disk.resolve(path);
    let mut own = home::files(from).into_iter();
    own.any(|own| from.disk.resolve(&own) == path)
}

/// The folder the tool was started in and those around it, up to the one with `.git`.
fn folders(from: &Sources<'_>) -> Vec<PathBuf> {
    let Some(start) = from.working_dir else {
        return Vec::new();
    };
    let around: Vec<PathBuf> = start.ancestors().map(Path::to_owned).collect();
    let root = around
        .iter()
        .position(|folder| from.disk.exists(&folder.join(".git")).unwrap_or(false));
    // Without a repository the project is the folder alone.
    around
        .into_iter()
        .take(root.unwrap_or(0).saturating_add(1))
        .collect()
}

impl Project {
    fn file(&mut self, from: &Sources<'_>, path: &Path) {
        let read = from.disk.read(path, MAX_FILE);
        if read.as_ref().is_err_and(is_absent) || is_the_users(from, path) {
            return;
        }
        let place = path.display().to_string();
        let Some(text) = read.ok().and_then(|bytes| String::from_utf8(bytes).ok()) else {
            // It may say off.
            self.off.get_or_insert(place);
            return;
        };
        let (mut said, mut problems) = (Said::default(), Vec::new());
        let unknown = take(&mut said, &text, &place, &mut problems);
        self.said(&said, &place, |key| key.yaml.to_owned());
        self.ignore(&place, unknown.into_iter().map(|(_, key)| key));
        if said.is_off() || !problems.is_empty() {
            self.off.get_or_insert(place);
        }
    }

    /// A host that loads a project's `.env` file changes its environment.
    fn environment(&mut self, from: &Sources<'_>) {
        let Some(now) = from.environment_now else {
            return;
        };
        let place = "the environment, changed after the start";
        let prefix = &from.profile.files.env_prefix;
        let (mut said, mut problems) = (Said::default(), Vec::new());
        for (name, value) in now.since(from.environment) {
            if name == "DO_NOT_TRACK" && is_said(&value.to_string_lossy()) {
                self.off.get_or_insert(format!("{name} in {place}"));
            }
            let ours = name.strip_prefix(prefix.as_str());
            let key = KEYS.iter().find(|key| Some(key.variable) == ours);
            if let Some(key) = key {
                said.take(key, Some(value), name, &mut problems);
            }
        }
        self.said(&said, place, |key| format!("{prefix}{}", key.variable));
        if said.is_off() || !problems.is_empty() {
            self.off.get_or_insert(place.to_owned());
        }
    }

    /// Remembers what was said and may not be.
    fn said(&mut self, said: &Said, place: &str, name: impl Fn(&super::said::Key) -> String) {
        let ignored = [
            ("analytics", said.analytics == Some(true)),
            ("analytics-log", said.log.is_some()),
            ("analytics-posthog-host", said.host.is_some()),
            (
                "analytics-posthog-project-api-key",
                said.project_key.is_some(),
            ),
        ];
        let keys = KEYS
            .iter()
            .filter(|key| ignored.contains(&(key.yaml, true)))
            .map(name);
        self.ignore(place, keys.collect::<Vec<_>>());
    }

    fn ignore(&mut self, place: &str, keys: impl IntoIterator<Item = String>) {
        self.ignored.extend(keys.into_iter().map(|key| Ignored {
            place: place.to_owned(),
            key,
        }));
    }
}
