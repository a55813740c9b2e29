//! Analytics that keep everything in memory, to ask a tool in its tests what it recorded.

use std::any::{Any, type_name};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use askfirst_catalog::Profile;

use super::{Dice, FakeDisk, Fault, Person, TestClock};
use crate::agreement::{Agreement, Host};
use crate::analytics::Analytics;
use crate::environment::Environment;
use crate::record::{Event, Pool};
use crate::settings::{HostAddress, ProjectKey, Typed};
use crate::spool::{Appended, Binding, Dropped, Keep};
use crate::start::{Tool, agree};

/// The day a recording begins on: 2026-01-01.
const DAY: i32 = 20_454;

/// What a tool's test hands to the code it tests, and asks afterwards what was recorded.
///
/// A person has said yes, on a terminal and a disk in memory; everything from there on is what
/// a user runs: classes, precision, encoding. Only the file and the network are not. Nothing
/// depends on the machine: clock and dice are a test's own.
///
/// ```
/// mod events {
///     askfirst::catalog!("llm-coding");
/// }
/// use askfirst::{Analytics, Model, testing::Recording};
/// use events::{EditFormat, MessageSend};
///
/// // The code under test.
/// fn answer(analytics: &Analytics) {
///     analytics.record(MessageSend {
///         main_model: Some(Model::named("our-own/model")),
///         edit_format: Some(EditFormat::Diff),
///         prompt_tokens: Some(8_479),
///         ..Default::default()
///     });
/// }
///
/// # fn main() {
/// let recording = Recording::new();
/// answer(recording.analytics());
///
/// // As it was recorded ...
/// let sent = recording.assert_recorded(|it: &MessageSend| it.edit_format.is_some());
/// assert_eq!(sent.prompt_tokens, Some(8_479));
/// // ... and as it would leave the machine.
/// let [event] = &recording.recorded()[..] else { panic!() };
/// assert_eq!(event.name(), "message_send");
/// assert_eq!(event.property("main_model"), Some("REDACTED".into()));
/// let tokens = event.property("prompt_tokens");
/// assert!(tokens == Some(8_400.into()) || tokens == Some(8_500.into()));
/// # }
/// ```
#[derive(Debug)]
pub struct Recording {
    analytics: Analytics,
    agreement: Agreement,
    clock: TestClock,
    disk: FakeDisk,
    kept: Arc<Mutex<Kept>>,
}

/// An event as it would leave the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    wire: String,
}

#[derive(Debug, Default)]
struct Kept {
    events: Vec<(Recorded, Option<Box<dyn Any + Send>>)>,
    withheld: Vec<String>,
    lost: u64,
}

impl Default for Recording {
    fn default() -> Recording {
        Recording::new()
    }
}

impl Recording {
    /// Under the profile `aider`, whose classes are all that shipped profiles collect.
    pub fn new() -> Recording {
        let profile = Profile::builtin("aider").unwrap_or_else(|| unreachable!("it is shipped"));
        Recording::of(profile, &Tool::default())
    }

    /// Under a tool's own profile. A class that the profile leaves out is not recorded.
    pub fn of(profile: Arc<Profile>, tool: &Tool) -> Recording {
        let disk = FakeDisk::new(&[Path::new("/home/me")]);
        let clock = TestClock::on_day(DAY);
        let mut host = host(profile, &disk, &clock);
        let agreement = agree(&mut host, &switched_on());
        let kept = Arc::<Mutex<Kept>>::default();
        let (within, on) = (Arc::clone(&kept), disk.clone());
        let analytics =
            Analytics::start_keeping(&host, &agreement, tool, None, |spool, bound, _| {
                Box::new(InMemory::new(on, spool, bound, within))
            });
        Recording {
            analytics,
            agreement,
            clock,
            disk,
            kept,
        }
    }

    /// The handle to give to the code under test.
    pub fn analytics(&self) -> &Analytics {
        &self.analytics
    }

    /// What the person agreed to.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The clock events are stamped by: it stands still until a test lets time pass.
    pub fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// The disk of the choice, and of what waits.
    pub fn disk(&self) -> &FakeDisk {
        &self.disk
    }

    /// Makes the disk fail from now on, or be well again: a tool goes on working, and what it
    /// could not keep is counted.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.disk.set_fault(fault);
    }

    /// Everything that was recorded, in order.
    pub fn recorded(&self) -> Vec<Recorded> {
        let kept = self.kept();
        kept.events.iter().map(|(event, _)| event.clone()).collect()
    }

    /// The names of everything that was recorded, in order.
    pub fn names(&self) -> Vec<String> {
        self.recorded().iter().map(Recorded::name).collect()
    }

    /// Every event of one type, in order, as it was handed over: not cut, and with the
    /// properties that were withheld.
    pub fn events<E: Event + Clone + 'static>(&self) -> Vec<E> {
        let kept = self.kept();
        let copies = kept.events.iter().filter_map(|(_, copy)| copy.as_ref());
        let of_type = copies.filter_map(|copy| copy.downcast_ref::<E>());
        of_type.cloned().collect()
    }

    /// What was recorded and is not collected, each with its class: the profile leaves the
    /// class out, or the event's time is over.
    pub fn withheld(&self) -> Vec<String> {
        self.kept().withheld.clone()
    }

    /// How many events could not be kept: the disk failed.
    pub fn lost(&self) -> u64 {
        self.kept().lost
    }

    /// The first event of a type that `fits`.
    ///
    /// # Panics
    ///
    /// If there is none; it says what was recorded instead.
    #[track_caller]
    pub fn assert_recorded<E: Event + Clone + Debug + 'static>(
        &self,
        fits: impl Fn(&E) -> bool,
    ) -> E {
        let events = self.events::<E>();
        if let Some(event) = events.iter().find(|event| fits(event)) {
            return event.clone();
        }
        let name = type_name::<E>().rsplit("::").next().unwrap_or_default();
        let seen: Vec<String> = events.iter().map(|it| format!("  {it:?}")).collect();
        let (what, seen) = match seen.is_empty() {
            true => (
                format!("no {name} was recorded"),
                self.names().iter().map(|it| format!("  {it}")).collect(),
            ),
            false => (format!("no {name} fits"), seen),
        };
        self.fail(&what, &seen)
    }

    /// Nothing was recorded at all.
    ///
    /// # Panics
    ///
    /// If something was; it says what.
    #[track_caller]
    pub fn assert_nothing_recorded(&self) {
        let seen = self.recorded();
        if !seen.is_empty() {
            let seen: Vec<String> = seen.iter().map(|it| format!("  {}", it.wire())).collect();
            self.fail("something was recorded", &seen)
        }
    }

    #[expect(clippy::panic, reason = "that is how a test fails")]
    #[track_caller]
    fn fail(&self, what: &str, seen: &[String]) -> ! {
        let mut besides = String::new();
        if self.lost() > 0 {
            besides.push_str(&format!("\nlost because the disk failed: {}", self.lost()));
        }
        if !self.withheld().is_empty() {
            let withheld = self.withheld().join(", ");
            besides.push_str(&format!("\nwithheld under this profile: {withheld}"));
        }
        match seen {
            [] => panic!("{what}; nothing was{besides}"),
            seen => panic!("{what}; recorded were:\n{}{besides}", seen.join("\n")),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorded {
    /// Its name on the wire: `message_send`, `command_ask`.
    pub fn name(&self) -> String {
        let name = self.value("event");
        name.as_str().unwrap_or_default().to_owned()
    }

    /// The very bytes that would be sent, one JSON object.
    pub fn wire(&self) -> &str {
        &self.wire
    }

    /// The bytes of its properties, the same in log, spool and request: one JSON object.
    pub fn properties(&self) -> &str {
        let from = self.wire.split_once("\"properties\":");
        let whole = from.and_then(|(_, rest)| rest.split_once(",\"distinct_id\":"));
        whole.map_or("{}", |(properties, _)| properties)
    }

    /// A property as it would be sent, cut to its precision; `None` if it is not there.
    pub fn property(&self, name: &str) -> Option<serde_json::Value> {
        self.value("properties").get(name).cloned()
    }

    fn value(&self, name: &str) -> serde_json::Value {
        let event: serde_json::Value = serde_json::from_str(&self.wire).unwrap_or_default();
        event.get(name).cloned().unwrap_or_default()
    }
}

/// A tool on a disk in memory, with a person who says yes.
fn host(profile: Arc<Profile>, disk: &FakeDisk, clock: &TestClock) -> Host {
    let nothing: [(&str, &str); 0] = [];
    Host {
        profile,
        catalog: None,
        environment: Environment::new(Some(Path::new("/home/me")), nothing),
        environment_now: None,
        working_dir: None,
        said_off: None,
        automated: false,
        prints_only: false,
        places: None,
        disk: Arc::new(disk.clone()),
        clock: Arc::new(clock.clone()),
        random: Arc::new(Dice::new(1)),
        terminal: Box::new(Person::typing(clock, &["y"])),
    }
}

/// `--analytics`, with a destination nobody can be at.
fn switched_on() -> Typed {
    Typed {
        analytics: Some(true),
        posthog_host: HostAddress::parse("https://collector.invalid").ok(),
        posthog_project_api_key: ProjectKey::parse("recording").ok(),
        ..Typed::default()
    }
}

/// Keeps events in a file of a [`FakeDisk`], and copies of them.
#[derive(Debug)]
struct InMemory {
    disk: FakeDisk,
    file: PathBuf,
    binding: Binding,
    kept: Arc<Mutex<Kept>>,
}

impl InMemory {
    fn new(disk: FakeDisk, spool: &Path, binding: Binding, kept: Arc<Mutex<Kept>>) -> InMemory {
        InMemory {
            file: binding.folder(spool).join("recording.spool"),
            disk,
            binding,
            kept,
        }
    }

    fn write(&self, line: &[u8]) -> std::io::Result<()> {
        if self.disk.get(&self.file).is_none() {
            self.disk.append(&self.file, &self.binding.header())?;
        }
        self.disk.append(&self.file, line)
    }
}

impl Keep for InMemory {
    fn install_id(&self) -> &str {
        &self.binding.install_id
    }

    fn append(
        &mut self,
        line: &[u8],
        event: Option<&dyn Event>,
        _monotonic_ms: u64,
        _random: &mut Pool,
    ) -> Appended {
        let written = self.write(line);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if written.is_err() {
            kept.lost = kept.lost.saturating_add(1);
            return Appended::Lost;
        }
        let wire = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
        let copy = event.and_then(Event::copied);
        kept.events.push((Recorded { wire }, copy));
        Appended::Kept
    }

    fn withheld(&mut self, event: Option<&dyn Event>) {
        let Some(event) = event else { return };
        let told = format!("{} (class {})", event.name(), event.class().name());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.withheld.push(told);
    }

    fn keep_within_bounds(&mut self, _now_ms: i64) -> Dropped {
        Dropped::default()
    }

    fn is_open(&self) -> bool {
        true
    }

    fn close(&mut self) {}

    fn discard(&mut self) {}

    fn leave_to_parent(&mut self) {}
}

#[cfg(test)]
mod tests;
