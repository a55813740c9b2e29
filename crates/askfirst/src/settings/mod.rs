//! What was said, by whom, and what it means.
//!
//! Three sources may say anything, strongest first: the command line, the environment as it
//! was when the process started, and the configuration files in the user's home, by fixed
//! path. Whatever lies in a project may only say off for this session (breakage B04): it can
//! neither opt in, nor choose a destination, nor name a log; what it says besides is
//! remembered for status and has no effect.
//!
//! What cannot be understood is off for this session: a no that is misread must not become
//! a yes.

mod destination;
pub(crate) mod home;
mod project;
mod said;
mod typed;
mod yaml;

use std::path::{Path, PathBuf};

use askfirst_catalog::Profile;

use crate::consent::{Flag, Source};
use crate::disk::Disk;
use crate::environment::{self, Environment};
use said::Said;

pub use destination::{Destination, HostAddress, Invalid, ProjectKey};
pub(crate) use said::KEYS;
pub use typed::{Command, Typed};

/// What all sources together mean for this session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// `--analytics-disable`, and who said it.
    pub disable: Option<Source>,
    /// The flag of the strongest source that says anything.
    pub flag: Flag,
    /// What in the project says off: a file or a variable.
    pub project_off: Option<String>,
    /// The log the user named, and who did.
    pub log: Option<(PathBuf, Source)>,
    /// Where events go; nowhere without one.
    pub destination: Option<Destination>,
    /// What in a project was ignored, for status.
    pub ignored: Vec<Ignored>,
    /// What could not be understood, all of it.
    pub problems: Vec<Problem>,
    /// `DO_NOT_TRACK` is set.
    pub do_not_track: bool,
    /// The service that builds and tests, if one runs this.
    pub ci: Option<&'static str>,
    /// The coding agent, if one runs this.
    pub agent: Option<&'static str>,
}

/// Something a project said and may not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The file, or `the environment, changed after the start`.
    pub place: String,
    /// The key or variable. Its value is not kept.
    pub key: String,
}

/// A setting that cannot be understood. The session is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file and line, or the variable.
    pub place: String,
    /// What is wrong. It never repeats a value: that could be a key.
    pub rule: String,
    /// What to write instead.
    pub fix: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.rule, self.fix)
    }
}

/// Where settings come from.
#[derive(Debug)]
pub struct Sources<'a> {
    /// The host.
    pub profile: &'a Profile,
    /// The command line.
    pub typed: &'a Typed,
    /// The environment at the start of the process.
    pub environment: &'a Environment,
    /// The environment now, if the host may have loaded a `.env` file since.
    pub environment_now: Option<&'a Environment>,
    /// Where the tool was started; its projects are this folder and those around it up to the
    /// one with `.git`.
    pub working_dir: Option<&'a Path>,
    /// What else in the project says off.
    pub said_off: Option<&'a str>,
    /// The disk.
    pub disk: &'a dyn Disk,
}

impl Settings {
    /// Reads every source.
    pub fn read(from: &Sources<'_>) -> Settings {
        let Sources {
            profile,
            typed,
            environment,
            ..
        } = *from;
        let prefix = &profile.files.env_prefix;
        let mut problems = Vec::new();
        let typed_said = typed.said();
        let env_said = said::of_environment(prefix, environment, &mut problems);
        let home_said = home::read(from, &mut problems);
        let sources = [
            (Source::Typed, &typed_said),
            (Source::Environment, &env_said),
            (Source::HomeConfig, &home_said),
        ];
        let project = project::read(from);
        let destination = destination::of(profile, &sources, &mut problems);
        Settings {
            disable: first(&sources, |said| said.disable.then_some(())).map(|(_, source)| source),
            flag: match first(&sources, |said| said.analytics) {
                None => Flag::Unset,
                Some((true, source)) => Flag::On(source),
                Some((false, source)) => Flag::Off(source),
            },
            project_off: project.off.or(from.said_off.map(str::to_owned)),
            log: first(&sources, |said| said.log.clone()),
            destination,
            ignored: project.ignored,
            problems,
            do_not_track: environment.says("DO_NOT_TRACK"),
            ci: environment::ci(environment),
            agent: environment::agent(environment),
        }
    }

    /// Whether something less than the user's own word holds this session off: a project, or a
    /// setting that cannot be understood.
    pub fn held_off(&self) -> bool {
        self.project_off.is_some() || !self.problems.is_empty()
    }
}

/// What the strongest source says that says anything.
fn first<T>(sources: &[(Source, &Said)], what: impl Fn(&Said) -> Option<T>) -> Option<(T, Source)> {
    sources
        .iter()
        .find_map(|(source, said)| Some((what(said)?, *source)))
}

#[cfg(test)]
mod tests;
