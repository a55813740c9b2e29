//! The tool the SDK runs inside.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use askfirst_catalog::{Catalog, Profile, Sample};

use crate::clock::{Clock, SystemClock};
use crate::disk::{Disk, RealDisk};
use crate::environment::Environment;
use crate::question::{RealTerminal, Terminal};
use crate::random::{Random, SystemRandom};
use crate::settings::{Settings, Sources, Typed};
use crate::state::{Places, State};

/// The shipped catalog's samples.
static SHIPPED: &[Sample] = askfirst_macros::shipped_samples!();

/// The tool the SDK runs inside, and everything around it. All of it can be replaced in tests.
#[derive(Debug)]
pub struct Host {
    /// Names, links, share, destination.
    pub profile: Arc<Profile>,
    /// What may be collected, for the examples the question and `--analytics-show` give; the
    /// shipped catalog's, written into the program when it was compiled, if there is none.
    pub catalog: Option<Arc<Catalog>>,
    /// The environment when the process started.
    pub environment: Environment,
    /// The environment now, where the host may have loaded a `.env` file since.
    pub environment_now: Option<Environment>,
    /// Where the tool was started.
    pub working_dir: Option<PathBuf>,
    /// What in the project says off, where the host read it by itself: a file that is none of
    /// the profile's.
    pub said_off: Option<String>,
    /// The host was told to answer its own questions: `--yes-always`.
    pub automated: bool,
    /// A run that only prints: `--help`, `--version`, listings.
    pub prints_only: bool,
    /// Where the choice lies; without it, where the profile and the environment say.
    pub places: Option<Places>,
    /// The disk.
    pub disk: Arc<dyn Disk>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub random: Arc<dyn Random>,
    /// The terminal.
    pub terminal: Box<dyn Terminal + Send>,
}

impl Host {
    /// This process, with its environment as it is now: make it first thing in `main`.
    pub fn of_process(profile: Arc<Profile>) -> Host {
        Host {
            profile,
            catalog: None,
            environment: Environment::at_start(),
            environment_now: None,
            working_dir: std::env::current_dir().ok(),
            said_off: None,
            automated: false,
            prints_only: false,
            places: None,
            disk: Arc::new(RealDisk),
            clock: Arc::new(SystemClock::default()),
            random: Arc::new(SystemRandom),
            terminal: Box::new(RealTerminal),
        }
    }

    /// A sample of every event that may be collected.
    pub(crate) fn samples(&self) -> Cow<'static, [Sample]> {
        match &self.catalog {
            Some(catalog) => Cow::Owned(catalog.samples()),
            None => Cow::Borrowed(SHIPPED),
        }
    }

    /// The choice on disk; `None` if no home directory is known.
    pub fn state(&self) -> Option<State> {
        let places = match &self.places {
            Some(places) => Some(places.clone()),
            None => Places::of(&self.profile, &self.environment),
        };
        places.map(|places| State::new(Arc::clone(&self.disk), places))
    }

    /// What was said, by everybody who may.
    pub fn settings(&self, typed: &Typed) -> Settings {
        Settings::read(&Sources {
            profile: &self.profile,
            typed,
            environment: &self.environment,
            environment_now: self.environment_now.as_ref(),
            working_dir: self.working_dir.as_deref(),
            said_off: self.said_off.as_deref(),
            disk: &*self.disk,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p12_what_was_written_when_it_was_compiled_is_the_shipped_catalogs() {
        assert_eq!(SHIPPED, Catalog::builtin().samples());
    }
}
