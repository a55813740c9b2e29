//! A home on the real disk, in one process, whose clock is told the time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use askfirst::clock::Clock as _;
use askfirst::disk::RealDisk;
use askfirst::environment::Environment;
use askfirst::settings::{HostAddress, Typed};
use askfirst::testing::{Dice, Person, TestClock};
use askfirst::transport::Transport;
use askfirst::{Agreement, Analytics, Host, Tool, agree};
use askfirst_catalog::Profile;
use serde_json::Value;
use tempfile::TempDir;

mod events {
    askfirst::catalog!("llm-coding");
}

pub(crate) use events::Launched;

/// A day long before the files of a test were written, so that only a jump makes them old.
pub(crate) const TODAY: i32 = 20_000;

/// A home on the real disk whose clock is told the time. Nothing is sent: what is thrown away
/// is thrown away where it waits.
pub(crate) struct World {
    pub(crate) home: TempDir,
    pub(crate) clock: TestClock,
    dice: Arc<Dice>,
}

impl World {
    pub(crate) fn new() -> World {
        World {
            home: TempDir::new().unwrap(),
            clock: TestClock::on_day(TODAY),
            dice: Arc::new(Dice::new(7)),
        }
    }

    /// A session in which a person says yes, if nobody has. Nothing is sent.
    pub(crate) fn begin(&self) -> Analytics {
        self.begin_to("collect.example.org", None).0
    }

    /// A session whose events go to `host` by `transport`.
    pub(crate) fn begin_to(
        &self,
        host: &str,
        transport: Option<Arc<dyn Transport>>,
    ) -> (Analytics, Agreement) {
        let (tool, agreement) = self.agree_to(host);
        assert!(agreement.verdict.on, "{:?}", agreement.lines);
        let analytics = Analytics::start_with(&tool, &agreement, &Tool::default(), transport);
        (analytics, agreement)
    }

    /// What is agreed for `host`, by a person who says yes if asked.
    pub(crate) fn agree_to(&self, host: &str) -> (Host, Agreement) {
        let nothing: [(&str, &str); 0] = [];
        let mut tool = Host {
            environment: Environment::new(Some(self.home.path()), nothing),
            environment_now: None,
            working_dir: None,
            disk: Arc::new(RealDisk),
            clock: Arc::new(self.clock.clone()),
            random: self.dice.clone(),
            terminal: Box::new(Person::typing(&self.clock, &["y"])),
            catalog: None,
            ..Host::of_process(Profile::builtin("aider").unwrap())
        };
        let typed = Typed {
            analytics: Some(true),
            posthog_host: Some(HostAddress::parse(host).unwrap()),
            ..Typed::default()
        };
        let agreement = agree(&mut tool, &typed);
        (tool, agreement)
    }

    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let inside = |folder: &Path| -> Vec<_> {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| entry.path()).collect()
        };
        let folders = inside(&self.home.path().join(".aider/askfirst-spool"));
        folders.iter().flat_map(|folder| inside(folder)).collect()
    }

    /// The files that wait are of the clock's day.
    pub(crate) fn date_files(&self) {
        let day = UNIX_EPOCH + Duration::from_millis(self.clock.now_ms().unsigned_abs());
        for file in self.files() {
            let file = fs::File::options().write(true).open(file).unwrap();
            file.set_modified(day).unwrap();
        }
    }

    /// Every event that waits; each line is whole.
    pub(crate) fn waiting(&self) -> Vec<Value> {
        let files = self.files();
        let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
        let parsed = |text: String| -> Vec<Value> {
            let lines = text.lines().skip(1);
            lines
                .map(|line| serde_json::from_str(line).unwrap())
                .collect()
        };
        texts.flat_map(parsed).collect()
    }
}

/// Records so that a file is closed, and what waits is looked at.
pub(crate) fn record_and_rotate(world: &World, analytics: &Analytics) {
    analytics.record(Launched::default());
    world.clock.advance(Duration::from_secs(400));
    analytics.record(Launched::default());
}
