mod crashes;
mod draws;
mod forerunners;
mod keys;
mod noes;
mod reading;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::Profile;

use super::*;
use crate::consent::Choice;
use crate::environment::Environment;
use crate::settings::{Destination, HostAddress, ProjectKey, Settings, Sources, Typed};
use crate::testing::{Dice, FakeDisk};

const HOME: &str = "/home/me";
const TODAY: i32 = 20_000;

/// One user's state on a disk in memory.
struct World {
    disk: FakeDisk,
    state: State,
    profile: Profile,
    dice: Dice,
}

impl World {
    /// A home without a state directory.
    fn new() -> World {
        World::of("aider")
    }

    /// The same in another host.
    fn of(id: &str) -> World {
        World::with(FakeDisk::new(&[Path::new(HOME), Path::new("/etc")]), id)
    }

    fn on(disk: FakeDisk) -> World {
        World::with(disk, "aider")
    }

    fn with(disk: FakeDisk, id: &str) -> World {
        let profile = Profile::clone(&Profile::builtin(id).unwrap());
        let nothing: [(&str, &str); 0] = [];
        let environment = Environment::new(Some(Path::new(HOME)), nothing);
        let places = Places::of(&profile, &environment).unwrap();
        World {
            state: State::new(Arc::new(disk.clone()), places),
            disk,
            profile,
            dice: Dice::new(1),
        }
    }

    /// With this in the file of the tool before us.
    fn legacy(text: &str) -> World {
        let world = World::new();
        world.disk.put(&world.state.places().legacy(), text);
        world
    }

    /// With this in our own file.
    fn ours(text: &str) -> World {
        let world = World::new();
        world.disk.put(&world.state.places().choice(), text);
        world
    }

    /// With a person's yes.
    fn agreed() -> World {
        let world = World::new();
        world.agree(TODAY);
        world
    }

    fn agree(&self, day: i32) -> Held {
        let destination = to("collect.example.org");
        self.state
            .agree(&self.profile, &destination, day, &self.dice)
            .unwrap()
    }

    fn choice(&self) -> Choice {
        self.state
            .read()
            .choice(&self.profile, Some(&to("collect.example.org")))
    }

    fn text(&self, path: &Path) -> Option<String> {
        self.disk
            .get(path)
            .map(|bytes| String::from_utf8(bytes).unwrap())
    }
}

/// A destination the user named.
fn to(host: &str) -> Destination {
    let profile = Profile::builtin("aider").unwrap();
    let typed = Typed {
        posthog_host: Some(HostAddress::parse(host).unwrap()),
        posthog_project_api_key: Some(ProjectKey::parse("phc_mine").unwrap()),
        ..Typed::default()
    };
    let nothing: [(&str, &str); 0] = [];
    let settings = Settings::read(&Sources {
        profile: &profile,
        typed: &typed,
        environment: &Environment::new(None, nothing),
        environment_now: None,
        working_dir: None,
        said_off: None,
        disk: &FakeDisk::default(),
    });
    settings.destination.unwrap()
}

fn home(path: &str) -> PathBuf {
    Path::new(HOME).join(path)
}
