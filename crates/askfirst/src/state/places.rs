//! Where the choice lies.

use std::path::{Path, PathBuf};

use askfirst_catalog::Profile;

use crate::environment::Environment;
use crate::settings::home::below;

/// The files of one user in one host, and the machine's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Places {
    /// The user's home directory.
    pub home: PathBuf,
    /// The folder of the choice: `~/.aider`.
    pub dir: PathBuf,
    /// Files whose existence is a no for every user of the machine.
    pub machine: Vec<PathBuf>,
    /// The folders of the tools the host was made from: a no there is a no here. They are only
    /// read (breakage B12).
    pub forerunners: Vec<PathBuf>,
}

impl Places {
    /// The places of a host's user; `None` if no home directory is known.
    pub fn of(profile: &Profile, environment: &Environment) -> Option<Places> {
        let home = environment.home()?;
        Some(Places {
            home: home.to_owned(),
            dir: below(home, &profile.files.state_dir),
            machine: machine(&profile.id, &machine_dir(environment)),
            forerunners: (profile.files.forerunners.iter())
                .map(|dir| below(home, dir))
                .collect(),
        })
    }

    /// The same user on a machine whose own files are elsewhere, for tests.
    #[must_use]
    pub fn on_machine(mut self, profile: &Profile, dir: &Path) -> Places {
        self.machine = machine(&profile.id, dir);
        self
    }

    /// The file whose existence is a no.
    pub fn marker(&self) -> PathBuf {
        marker_in(&self.dir)
    }

    /// Our choice.
    pub fn choice(&self) -> PathBuf {
        self.dir.join("askfirst.json")
    }

    /// What was asked to be erased and nobody has confirmed yet.
    pub fn forgetting(&self) -> PathBuf {
        self.dir.join("askfirst-forget.json")
    }

    /// The folder of receipts for what was erased.
    pub fn receipts(&self) -> PathBuf {
        self.dir.join("askfirst-receipts")
    }

    /// The choice of the tool before us.
    pub fn legacy(&self) -> PathBuf {
        legacy_in(&self.dir)
    }

    /// The lock over the choice.
    pub fn lock(&self) -> PathBuf {
        self.dir.join("askfirst.lock")
    }

    /// Made and removed to know whether a file can be made here.
    pub(super) fn probe(&self) -> PathBuf {
        self.dir.join("askfirst.probe")
    }
}

pub(super) fn marker_in(dir: &Path) -> PathBuf {
    dir.join("analytics.disabled")
}

pub(super) fn legacy_in(dir: &Path) -> PathBuf {
    dir.join("analytics.json")
}

fn machine(id: &str, dir: &Path) -> Vec<PathBuf> {
    vec![
        dir.join(id).join("analytics.disabled"),
        dir.join("askfirst").join("disabled"),
    ]
}

#[cfg(not(windows))]
fn machine_dir(_environment: &Environment) -> PathBuf {
    PathBuf::from("/etc")
}

#[cfg(windows)]
fn machine_dir(environment: &Environment) -> PathBuf {
    let named = environment.os("PROGRAMDATA").map(PathBuf::from);
    named
        .filter(|dir| dir.is_absolute())
        .unwrap_or_else(|| PathBuf::from(r"C:\ProgramData"))
}
