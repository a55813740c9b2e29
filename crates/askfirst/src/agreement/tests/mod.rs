//! From what was typed, stored and around, to what is on disk and on the screen.

mod around;
mod asking;
mod choosing;
mod covering;
mod refusing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::Profile;

use super::*;
use crate::consent::{Flag, Source};
use crate::environment::Environment;
use crate::question::Terminal;
use crate::settings::{HostAddress, ProjectKey};
use crate::testing::{Dice, FakeDisk, Fault, Person, TestClock};

const TODAY: i32 = 20_000;

/// A host in a world of its own, with a person who types these lines when asked.
struct World {
    profile: Profile,
    disk: FakeDisk,
    clock: TestClock,
    dice: Arc<Dice>,
    variables: Vec<(&'static str, &'static str)>,
    person: Person,
    said_off: Option<String>,
    automated: bool,
    prints_only: bool,
}

impl World {
    fn new(lines: &[&'static str]) -> World {
        let clock = TestClock::on_day(TODAY);
        World {
            profile: Profile::clone(&Profile::builtin("aider").unwrap()),
            disk: FakeDisk::new(&[Path::new("/home/me"), Path::new("/etc")]),
            person: Person::typing(&clock, lines),
            clock,
            dice: Arc::new(Dice::new(7)),
            variables: vec![("AIDER_ANALYTICS_POSTHOG_HOST", "collect.example.org")],
            said_off: None,
            automated: false,
            prints_only: false,
        }
    }

    /// A world in which a person said yes at an earlier start.
    fn agreed() -> World {
        let mut world = World::new(&["y"]);
        assert!(world.start(&on()).verdict.on);
        world.person = Person::typing(&world.clock, &[]);
        world
    }

    fn host(&self) -> Host {
        Host {
            profile: Arc::new(self.profile.clone()),
            catalog: None,
            environment: Environment::new(Some(Path::new("/home/me")), self.variables.clone()),
            environment_now: None,
            working_dir: Some(PathBuf::from("/src")),
            said_off: self.said_off.clone(),
            automated: self.automated,
            prints_only: self.prints_only,
            places: None,
            disk: Arc::new(self.disk.clone()),
            clock: Arc::new(self.clock.clone()),
            random: self.dice.clone(),
            terminal: Box::new(self.person.clone()),
        }
    }

    fn start(&self, typed: &Typed) -> Agreement {
        reach(&mut self.host(), typed, &|| {})
    }

    /// A start in which something happens whenever the terminal shows something.
    fn start_while(&self, typed: &Typed, happens: impl Fn() + Send + 'static) -> Agreement {
        let mut host = self.host();
        host.terminal = Box::new(Meanwhile {
            person: self.person.clone(),
            happens: Box::new(happens),
        });
        reach(&mut host, typed, &|| {})
    }

    fn file(&self, name: &str) -> Option<String> {
        let path = Path::new("/home/me/.aider").join(name);
        self.disk
            .get(&path)
            .map(|bytes| String::from_utf8(bytes).unwrap())
    }
}

/// A person, and what happens while they read.
struct Meanwhile {
    person: Person,
    happens: Box<dyn Fn() + Send>,
}

impl std::fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.person.fmt(f)
    }
}

impl Terminal for Meanwhile {
    fn is_attended(&self) -> bool {
        self.person.is_attended()
    }

    fn columns(&self) -> Option<usize> {
        self.person.columns()
    }

    fn discard_waiting(&mut self) -> std::io::Result<()> {
        self.person.discard_waiting()
    }

    fn show(&mut self, text: &str) -> std::io::Result<()> {
        (self.happens)();
        self.person.show(text)
    }

    fn read_line(&mut self) -> std::io::Result<crate::question::Read> {
        self.person.read_line()
    }
}

fn flag(analytics: Option<bool>) -> Typed {
    Typed {
        analytics,
        ..Typed::default()
    }
}

fn on() -> Typed {
    flag(Some(true))
}

fn disable() -> Typed {
    Typed {
        disable: true,
        ..Typed::default()
    }
}
