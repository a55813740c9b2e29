//! The bench: situations a tool is put into, prepared once.
//!
//! A [`World`] is a fresh home, a project full of canaries, a collector and a proxy that sees
//! what goes anywhere else. A [`Turn`] is one run in it; what comes back is a [`Run`](process::Run).
//!
//! | module | what |
//! |---|---|
//! | [`world`] | a home, a project, a collector, and runs in them |
//! | [`turn`] | what is typed, and what is around it |
//! | [`process`] | one process: terminal or pipes, how it ended, what it left behind |
//! | `signals` | what a tool is not to ignore because of who started this |
//! | [`collector`] | good, slow, failing, hanging, refusing and packet-dropping collectors |
//! | `command` | the tool's command, as it is found from any folder |
//! | `anew` | attempts, where a tool falls by itself |
//! | `model` | a stand-in for a language model's endpoint |
//! | [`wire`] | what arrived, taken apart |
//! | [`canary`] | words that are in every input and must not come out |
//! | [`files`] | a home as it was at one moment |

pub(crate) mod anew;
pub mod canary;
pub mod collector;
mod command;
pub mod files;
pub mod http;
mod model;
pub mod process;
mod server;
mod signals;
pub mod turn;
pub mod wire;
pub mod world;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use askfirst_catalog::{Catalog, Profile};
use tempfile::TempDir;

use anew::Anew;
use canary::Canaries;
use collector::Kind;
use server::Server;
use turn::Turn;
use world::World;

use crate::drive::{Act, Drive, Session};
use crate::error::{Error, Named as _};
use crate::report::BegunAnew;
use crate::told::Told;

/// What is checked, and by which page.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The command, in words, as it is typed in this process's folder.
    pub command: Vec<OsString>,
    /// How it is driven.
    pub drive: Drive,
    /// The folder the drive file lies in, for what it names beside it.
    pub drive_dir: PathBuf,
    /// The profile as it was named, to hand on to a tool that takes one.
    pub profile_name: String,
    /// The profile it is judged by.
    pub profile: Arc<Profile>,
    /// The catalog of the profile.
    pub catalog: Arc<Catalog>,
    /// The variable `PATH` of this machine.
    pub path: Option<OsString>,
    /// The day, since 1970-01-01: what the catalog ends is no longer declared.
    pub today: i32,
}

/// Everything the checks of one tool share.
#[derive(Debug)]
pub struct Bench {
    pub(crate) command: Vec<OsString>,
    pub(crate) drive: Drive,
    pub(crate) drive_dir: PathBuf,
    pub(crate) profile_name: String,
    pub(crate) profile: Arc<Profile>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) path: Option<OsString>,
    pub(crate) today: i32,
    pub(crate) canaries: Canaries,
    folder: TempDir,
    model: Server,
    project: OnceLock<Result<PathBuf, Error>>,
    agreed: OnceLock<Result<PathBuf, Error>>,
    told: OnceLock<Result<Told, Error>>,
    pub(crate) anew: Anew,
}

impl Bench {
    /// Sets it up.
    ///
    /// # Errors
    ///
    /// If there is no room for it, or the command's program is nowhere.
    pub fn new(subject: Subject) -> Result<Bench, Error> {
        let folder = TempDir::with_prefix("askfirst-check-").to("make a temporary folder")?;
        Ok(Bench {
            command: command::whole(&subject.command, subject.path.as_deref())?,
            drive: subject.drive,
            drive_dir: subject.drive_dir,
            profile_name: subject.profile_name,
            profile: subject.profile,
            catalog: subject.catalog,
            path: subject.path,
            today: subject.today,
            canaries: Canaries::draw(),
            folder,
            model: model::start()?,
            project: OnceLock::new(),
            agreed: OnceLock::new(),
            told: OnceLock::new(),
            anew: Anew::default(),
        })
    }

    /// Where worlds are made.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn model_url(&self) -> String {
        format!("http://{}/v1", self.model.address())
    }

    /// The folder of the program that is checked.
    pub(crate) fn program_dir(&self) -> PathBuf {
        command::program_dir(&self.command)
    }

    /// Where the tool keeps its choice.
    pub(crate) fn state_dir(&self) -> &str {
        let own = self.drive.state_dir.as_deref();
        own.unwrap_or(&self.profile.files.state_dir)
    }

    pub(crate) fn session(&self) -> Result<&Session, Error> {
        let none = || Error::not_applicable("the drive file names no session that can be typed to");
        self.drive.session.as_ref().ok_or_else(none)
    }

    /// The project that is copied into every world; laid out for the first.
    pub(crate) fn project(
        &self,
        lay_out: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<PathBuf, Error> {
        let made = self.project.get_or_init(|| {
            let project = self.folder().join("project");
            lay_out(&project).map(|()| project)
        });
        match made {
            Ok(project) => Ok(project.clone()),
            Err(error) => Err(error.shared()),
        }
    }

    /// A world of its own, nobody asked.
    pub(crate) fn fresh(&self, kind: Kind) -> Result<World<'_>, Error> {
        World::fresh(self, kind)
    }

    /// A world in which a person has said yes, at a terminal. Of a tool that never asks it is
    /// one in which nobody was asked: what it collects there, it collects without a yes.
    ///
    /// # Errors
    ///
    /// If the tool cannot be started.
    pub(crate) fn agreed(&self, kind: Kind) -> Result<World<'_>, Error> {
        let agree = || self.standing("a person's yes, which checks share", || self.agree());
        let home = self.agreed.get_or_init(agree);
        match home {
            Ok(home) => World::with_home(self, kind, home),
            Err(error) => Err(error.shared()),
        }
    }

    fn agree(&self) -> Result<PathBuf, Error> {
        let world = self.fresh(Kind::Good)?;
        let yes = self.drive.question.yes.as_str();
        world.run(&self.start().flags(&["--analytics"]).answers(&[yes]))?;
        let home = self.folder().join("agreed");
        files::copy(&world.home(), &home)?;
        Ok(home)
    }

    /// A world in which a person has said no for good, by the flag.
    pub(crate) fn disabled(&self) -> Result<World<'_>, Error> {
        let world = self.fresh(Kind::Good)?;
        world.run(&self.start().flags(&["--analytics-disable"]))?;
        Ok(world)
    }

    /// Everything a tool told its collector and its log in a day's work.
    ///
    /// # Errors
    ///
    /// If the tool cannot be started.
    pub(crate) fn told(&self) -> Result<&Told, Error> {
        let tell = || self.standing("a day's work, which checks share", || Told::by(self));
        let told = self.told.get_or_init(tell);
        told.as_ref().map_err(Error::shared)
    }

    /// What `part` comes to in an attempt in which no run [fell by itself](Error::Aborted): of
    /// worlds of its own that nothing else looks at, so that it alone is begun anew. A check of
    /// fifty runs would have to begin anew each time one of them falls, and might never stand.
    ///
    /// # Errors
    ///
    /// Those of `part`; [`Error::NeverStood`] if a run fell in each attempt.
    pub(crate) fn standing<T>(
        &self,
        what: &str,
        part: impl Fn() -> Result<T, Error>,
    ) -> Result<T, Error> {
        Ok(self.anew.until_it_stands(what, part)?.of)
    }

    /// What was begun anew so far, because a run of it was aborted: for the report.
    pub fn begun_anew(&self) -> Vec<BegunAnew> {
        self.anew.list()
    }

    /// A run that starts and ends.
    pub(crate) fn start(&self) -> Turn {
        Turn::new(&self.drive.start)
    }

    /// A run with one message.
    pub(crate) fn message(&self) -> Turn {
        Turn::new(&self.drive.message)
    }

    /// A session.
    pub(crate) fn talk(&self) -> Result<Turn, Error> {
        let arguments = self.session()?.arguments.clone();
        Ok(Turn::new(&Act {
            arguments,
            ..Act::default()
        }))
    }
}
