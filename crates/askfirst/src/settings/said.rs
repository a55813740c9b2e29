//! What one source says.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::Problem;
use super::destination::{HostAddress, Invalid, ProjectKey};
use crate::environment::Environment;

/// One setting: its key in a configuration file, its variable without the prefix, its flag.
pub(crate) struct Key {
    pub(crate) yaml: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) same_as: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Analytics,
    NoAnalytics,
    Disable,
    Log,
    Host,
    ProjectKey,
}

/// Every setting there is.
pub(crate) const KEYS: [Key; 6] = [
    Key {
        yaml: "analytics",
        variable: "ANALYTICS",
        same_as: "`--analytics` if it says yes, `--no-analytics` if it says no",
        kind: Kind::Analytics,
    },
    Key {
        yaml: "no-analytics",
        variable: "NO_ANALYTICS",
        same_as: "`--no-analytics` if it says yes",
        kind: Kind::NoAnalytics,
    },
    Key {
        yaml: "analytics-disable",
        variable: "ANALYTICS_DISABLE",
        same_as: "`--analytics-disable` if it says yes",
        kind: Kind::Disable,
    },
    Key {
        yaml: "analytics-log",
        variable: "ANALYTICS_LOG",
        same_as: "`--analytics-log FILE`",
        kind: Kind::Log,
    },
    Key {
        yaml: "analytics-posthog-host",
        variable: "ANALYTICS_POSTHOG_HOST",
        same_as: "`--analytics-posthog-host HOST`",
        kind: Kind::Host,
    },
    Key {
        yaml: "analytics-posthog-project-api-key",
        variable: "ANALYTICS_POSTHOG_PROJECT_API_KEY",
        same_as: "`--analytics-posthog-project-api-key KEY`",
        kind: Kind::ProjectKey,
    },
];

/// What one source says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) analytics: Option<bool>,
    pub(super) disable: bool,
    pub(super) log: Option<PathBuf>,
    /// The host or what is wrong with it: only the strongest source's counts, so a weaker
    /// one's mistake costs nothing.
    pub(super) host: Option<Result<HostAddress, Problem>>,
    pub(super) project_key: Option<Result<ProjectKey, Problem>>,
}

impl Said {
    /// Takes one setting. `value` is `None` where it is empty: then nothing is said.
    pub(super) fn take(
        &mut self,
        key: &Key,
        value: Option<&OsStr>,
        place: &str,
        problems: &mut Vec<Problem>,
    ) {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return;
        };
        let text = value.to_string_lossy();
        let text = text.trim();
        match key.kind {
            Kind::Log => self.log = Some(PathBuf::from(value)),
            Kind::Host => self.host = Some(HostAddress::parse(text).map_err(problem(place))),
            Kind::ProjectKey => {
                self.project_key = Some(ProjectKey::parse(text).map_err(problem(place)));
            }
            _ => match (is_yes(text), key.kind) {
                (Some(yes), Kind::Analytics) => self.switch(yes),
                (Some(true), Kind::NoAnalytics) => self.switch(false),
                (Some(true), Kind::Disable) => self.disable = true,
                (Some(_), _) => {}
                (None, _) => problems.push(Problem {
                    place: place.to_owned(),
                    rule: format!("`{}` is neither yes nor no", key.yaml),
                    fix: "write `true` or `false`".to_owned(),
                }),
            },
        }
    }

    /// On one hand yes and on the other no is no.
    fn switch(&mut self, on: bool) {
        self.analytics = Some(on && self.analytics != Some(false));
    }

    /// Whether it says off in any way.
    pub(super) fn is_off(&self) -> bool {
        self.disable || self.analytics == Some(false)
    }
}

fn problem(place: &str) -> impl Fn(Invalid) -> Problem {
    move |invalid| Problem {
        place: place.to_owned(),
        rule: invalid.rule().to_owned(),
        fix: invalid.fix().to_owned(),
    }
}

/// Yes and no as the tools' own configuration takes them.
fn is_yes(text: &str) -> Option<bool> {
    let among = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if among(&["true", "yes", "on", "1"]) {
        Some(true)
    } else if among(&["false", "no", "off", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// What the environment says.
pub(super) fn of_environment(
    prefix: &str,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Said {
    let mut said = Said::default();
    for key in &KEYS {
        let name = format!("{prefix}{}", key.variable);
        said.take(key, environment.os(&name), &name, problems);
    }
    said
}
