//! A tool that hands over canaries wherever something can be handed over, in a home, a folder
//! and an environment full of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use askfirst::clock::{Clock as _, SystemClock};
use askfirst::disk::RealDisk;
use askfirst::environment::Environment;
use askfirst::random::SystemRandom;
use askfirst::settings::{HostAddress, Typed};
use askfirst::testing::{Dice, Person, TestClock};
use askfirst::{
    Agreement, Analytics, Billionths, Frames, Host, Model, Version, agree, show, status, waiting,
};
use askfirst_catalog::{Catalog, Gate, Profile, Raw};
use tempfile::TempDir;

use crate::canary::{HALVES, NUMBER, Search, spellings};
use crate::listener::Listener;

mod events {
    askfirst::catalog!("llm-coding");
}

use events::{
    Command, Edit, EditFormat, Error, Exception, Exit, Launched, MessageSend, MessageSendException,
    Name, Reason, Repo,
};

/// Events between two looks at what came out: fewer bytes than a spool may hold.
const LOOK: u64 = 1_000;

/// What can stand before or after a canary and is known.
const KNOWN: [&str; 16] = [
    "",
    "openai/",
    "gpt-4o-",
    "gpt-4o ",
    "us.anthropic.",
    "azure/eu/",
    "diff",
    "command_",
    "/exit",
    "ValueError: ",
    "1.2.3-",
    "1.2.",
    "other",
    "aider.io:",
    "-latest",
    "-20241022",
];

/// Whether a panic is one of the tool's, made on purpose.
static EXPECTED: AtomicBool = AtomicBool::new(false);

/// A hundred thousand panics with canaries in their messages are not for the terminal of a
/// test; a failed search is.
fn quieten_canaries() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !EXPECTED.load(Ordering::Relaxed) {
            before(info);
        }
    }));
}

/// How much was looked at: events of logs, files and requests, bytes of the rest.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) logged: u64,
    pub(crate) spooled: u64,
    pub(crate) delivered: u64,
    pub(crate) terminal: usize,
    pub(crate) requests: u64,
    pub(crate) bytes: u64,
}

pub(crate) struct Tool {
    root: TempDir,
    profile: Arc<Profile>,
    gate: Gate,
    host: HostAddress,
    spellings: Vec<String>,
    clock: TestClock,
}

impl Tool {
    pub(crate) fn new(url: &str) -> Tool {
        let root = TempDir::new().unwrap();
        let profile = Profile::builtin("aider").unwrap();
        let tool = Tool {
            gate: Gate::new(Catalog::builtin(), Arc::clone(&profile)),
            host: HostAddress::parse(url).unwrap(),
            spellings: spellings(),
            clock: TestClock::on_day(0),
            profile,
            root,
        };
        tool.clock.set_ms(SystemClock::default().now_ms());
        for folder in [tool.home(), tool.project()] {
            fs::create_dir_all(&folder).unwrap();
            let whole = HALVES.concat();
            let config = format!(
                "# {whole}\nmodel: {whole}\nopenai-api-key: {whole}\n{whole}: true\n\
                 message: \"{NUMBER}\"\n"
            );
            fs::write(folder.join(".aider.conf.yml"), config).unwrap();
        }
        tool
    }

    fn home(&self) -> PathBuf {
        self.root.path().join(HALVES.concat())
    }

    fn project(&self) -> PathBuf {
        self.home().join(HALVES[1])
    }

    fn log(&self) -> PathBuf {
        self.project().join(format!("{}.jsonl", HALVES[0]))
    }

    /// The tool, started anew by a person who types `answer` when asked.
    fn start(&self, answer: &'static str) -> (Host, Person) {
        let person = Person::typing(&TestClock::on_day(0), &[answer]);
        let whole = HALVES.concat();
        let home = self.home();
        let variables = [
            ("HOME", home.to_str().unwrap()),
            ("USER", &whole),
            ("LOGNAME", &whole),
            ("HOSTNAME", &whole),
            ("PWD", &whole),
            ("OPENAI_API_KEY", &whole),
            ("AIDER_MODEL", &whole),
            ("AIDER_OPENAI_API_KEY", &whole),
            (&whole, &whole),
        ];
        let host = Host {
            environment: Environment::new(Some(&home), variables),
            environment_now: None,
            working_dir: Some(self.project()),
            catalog: None,
            disk: Arc::new(RealDisk),
            clock: Arc::new(self.clock.clone()),
            random: Arc::new(SystemRandom),
            terminal: Box::new(person.clone()),
            ..Host::of_process(Arc::clone(&self.profile))
        };
        (host, person)
    }

    fn typed(&self) -> Typed {
        Typed {
            analytics: Some(true),
            log: Some(self.log()),
            posthog_host: Some(self.host.clone()),
            ..Typed::default()
        }
    }

    /// Everything that is shown to a person, who asks what is collected and says yes.
    pub(crate) fn asks(&self, search: &Search, seen: &mut Seen) {
        let (host, _) = self.start("y");
        self.shown(&host, search, seen);
        self.misconfigured(search, seen);
        let (mut host, person) = self.start("?");
        agree(&mut host, &self.typed());
        self.terminal(&person.screen(), search, seen);
        let (mut host, person) = self.start("y");
        let agreement = agree(&mut host, &self.typed());
        assert!(agreement.verdict.on, "{:?}", agreement.lines);
        self.terminal(&person.screen(), search, seen);
        self.told(&agreement, search, seen);
    }

    /// What is said of settings that are nonsense.
    fn misconfigured(&self, search: &Search, seen: &mut Seen) {
        let (mut host, _) = self.start("y");
        // No host and no key: those that are, are named (promise P13).
        let whole = HALVES.join("/ ");
        let log = self.log().to_str().unwrap().to_owned();
        let names = [
            "",
            "_LOG",
            "_DISABLE",
            "_POSTHOG_HOST",
            "_POSTHOG_PROJECT_API_KEY",
        ];
        for name in names {
            let home = self.home();
            // The path of a log that a user named is theirs to see; it is cut out.
            let value = if name == "_LOG" { &log } else { &whole };
            let variables = [(format!("AIDER_ANALYTICS{name}"), value)];
            host.environment = Environment::new(Some(&home), variables);
            let agreement = agree(&mut host, &Typed::default());
            assert!(!agreement.verdict.on && !agreement.verdict.ask);
            self.told(&agreement, search, seen);
            let text = status(&host, &Typed::default(), &waiting(&host));
            self.terminal(&text, search, seen);
        }
    }

    /// One session, and everything that comes out of it.
    pub(crate) fn session(
        &self,
        events: u64,
        dice: &Dice,
        listener: &Listener,
        search: &Search,
        seen: &mut Seen,
    ) {
        let (mut host, person) = self.start("n");
        let agreement = agree(&mut host, &self.typed());
        assert!(agreement.grant.is_some());
        self.told(&agreement, search, seen);
        let about = askfirst::Tool {
            version: Some(format!("1.2.3-{}", self.hostile(dice))),
            catalog: events::CATALOG,
            python: Some(format!("3.11.{}", self.hostile(dice))),
        };
        let analytics = Analytics::start(&host, &agreement, &about);
        quieten_canaries();
        analytics.record_panics(&self.profile);
        let mut recorded = 0;
        while recorded < events {
            recorded += u64::from(self.record(&analytics, search, dice));
            if recorded % LOOK == 0 {
                self.look(listener, search, seen);
            }
        }
        drop(std::panic::take_hook());
        self.shown(&host, search, seen);
        self.deliver_everything(&analytics, listener, search, seen);
        seen.logged += self.logged(search, seen);
        drop(analytics);
        assert_eq!(person.asked(), 0);
    }

    /// Everything the tool says and leaves when a person says no.
    pub(crate) fn says_no(&self, search: &Search, seen: &mut Seen) {
        let (mut host, _) = self.start("n");
        let typed = Typed {
            disable: true,
            ..self.typed()
        };
        let agreement = agree(&mut host, &typed);
        self.told(&agreement, search, seen);
        self.shown(&host, search, seen);
    }

    /// A canary somewhere between known words.
    fn hostile(&self, dice: &Dice) -> String {
        let pick = |from: &[&'static str]| from[dice.roll() as usize % from.len()];
        let canary = &self.spellings[dice.roll() as usize % self.spellings.len()];
        format!("{}{canary}{}", pick(&KNOWN), pick(&KNOWN))
    }

    /// Records an event of which every part that can be is a canary.
    fn record(&self, analytics: &Analytics, search: &Search, dice: &Dice) -> bool {
        let text = || self.hostile(dice);
        let line = u32::try_from(NUMBER).unwrap();
        match dice.roll() % 10 {
            0 => analytics.record(Launched::default()),
            1 => analytics.record(Repo {
                num_files: Some(NUMBER),
            }),
            2 => analytics.record(Edit {
                main_model: Some(Model::named(&text())),
                edit_format: EditFormat::from_word(&text()),
                applied: Some(NUMBER),
                ..Edit::default()
            }),
            3 => analytics.record(Command {
                name: Name::from_word(&text()),
            }),
            4 => analytics.record(Exit {
                reason: Reason::from_word(&text()),
            }),
            5 => analytics.record(MessageSendException {
                error: Error::from_word(&text()),
                ..MessageSendException::default()
            }),
            6 => analytics.record(Exception {
                error: Error::from_word(&text()),
                frames: Frames::own(&self.profile, [(text().as_str(), line), (&text(), 7)]),
            }),
            7 => {
                let message = text();
                EXPECTED.store(true, Ordering::Relaxed);
                let _ = std::panic::catch_unwind(move || panic!("{message}"));
                EXPECTED.store(false, Ordering::Relaxed);
            }
            8 => return self.record_named(analytics, dice),
            _ => {
                if let Some(version) = Version::cut(&text(), 3) {
                    assert_eq!(search.find(version.as_str().as_bytes()), None);
                }
                analytics.record(MessageSend {
                    main_model: Some(Model::named(&text())),
                    weak_model: Some(Model::named(&text())),
                    edit_format: EditFormat::from_word(&text()),
                    prompt_tokens: Some(NUMBER),
                    cost: Some(Billionths::new(NUMBER)),
                    ..MessageSend::default()
                });
            }
        }
        true
    }

    /// The same by names, as tools without types for events do it.
    fn record_named(&self, analytics: &Analytics, dice: &Dice) -> bool {
        let texts: Vec<String> = (0..8).map(|_| self.hostile(dice)).collect();
        let event = ["message_send", "command_ask", "exception", "cli session"];
        let event = match dice.roll() % 8 {
            0 => texts[0].as_str(),
            at => event[at as usize % event.len()],
        };
        let json = format!("[{{\"type\":{:?},\"value\":{:?}}}]", texts[1], texts[2]);
        let properties = [
            ("main_model", Raw::Str(&texts[0])),
            ("edit_format", Raw::Str(&texts[1])),
            ("prompt_tokens", Raw::Int(NUMBER.into())),
            ("version", Raw::Str(&texts[2])),
            ("error", Raw::Str(&texts[3])),
            ("$exception_list", Raw::Json(&json)),
            ("frames", Raw::Str(&texts[4])),
            (texts[5].as_str(), Raw::Str(&texts[6])),
            ("os_release", Raw::Str(&texts[7])),
        ];
        analytics
            .record_named(&self.gate, event, &properties)
            .is_ok()
    }

    /// Looks into the spool, and at the requests that have come; waits for more while too
    /// much waits, so that none is dropped.
    fn look(&self, listener: &Listener, search: &Search, seen: &mut Seen) {
        let mut files = self.spool();
        while files.len() > 20 {
            self.request(listener, search, seen);
            files = self.spool();
        }
        for file in files {
            // Delivered meanwhile: then its request is looked at.
            let Ok(bytes) = fs::read(&file) else { continue };
            self.nothing_in(&bytes, "a spool file", search, seen);
            seen.spooled += lines(&bytes).saturating_sub(1);
        }
        while let Ok(request) = listener.requests.try_recv() {
            self.arrived(&request, search, seen);
        }
    }

    /// Records until the file that was being written is old enough to be closed, and waits
    /// for all of them to arrive. The event that closes a file may have begun another.
    fn deliver_everything(
        &self,
        analytics: &Analytics,
        listener: &Listener,
        search: &Search,
        seen: &mut Seen,
    ) {
        for _ in 0..60 {
            self.clock.advance(Duration::from_secs(600));
            analytics.record(Launched::default());
            let logged = seen.logged + lines(&fs::read(self.log()).unwrap());
            while seen.delivered < logged {
                match listener.requests.recv_timeout(Duration::from_secs(2)) {
                    Ok(request) => self.arrived(&request, search, seen),
                    Err(_) => break,
                }
            }
            if seen.delivered == logged {
                return;
            }
        }
        panic!("they never arrived: {seen:?}");
    }

    fn request(&self, listener: &Listener, search: &Search, seen: &mut Seen) {
        let waited = listener.requests.recv_timeout(Duration::from_secs(60));
        self.arrived(&waited.unwrap(), search, seen);
    }

    fn arrived(&self, request: &[u8], search: &Search, seen: &mut Seen) {
        self.nothing_in(request, "a request", search, seen);
        let events = String::from_utf8_lossy(request)
            .matches("{\"event\":")
            .count();
        seen.delivered += events as u64;
        seen.requests += 1;
    }

    /// The log, whole; then it is taken away, as a user may.
    fn logged(&self, search: &Search, seen: &mut Seen) -> u64 {
        let bytes = fs::read(self.log()).unwrap();
        self.nothing_in(&bytes, "the log", search, seen);
        fs::remove_file(self.log()).unwrap();
        lines(&bytes)
    }

    /// What status and show say. The paths of the user's own files are theirs to see.
    fn shown(&self, host: &Host, search: &Search, seen: &mut Seen) {
        for typed in [&self.typed(), &Typed::default()] {
            self.terminal(&status(host, typed, &waiting(host)), search, seen);
            self.terminal(&show(host, typed), search, seen);
        }
    }

    fn told(&self, agreement: &Agreement, search: &Search, seen: &mut Seen) {
        self.terminal(&agreement.lines.join("\n"), search, seen);
    }

    fn terminal(&self, text: &str, search: &Search, seen: &mut Seen) {
        seen.terminal += text.len();
        let mut text = text.to_owned();
        for path in [self.log(), self.project(), self.home()] {
            text = text.replace(path.to_str().unwrap(), "PATH");
        }
        self.nothing_in(text.as_bytes(), "the terminal", search, seen);
    }

    fn nothing_in(&self, bytes: &[u8], place: &str, search: &Search, seen: &mut Seen) {
        seen.bytes += bytes.len() as u64;
        if let Some(found) = search.find(bytes) {
            panic!("P02: a canary is in {place}: ...{found}...");
        }
    }

    fn spool(&self) -> Vec<PathBuf> {
        let inside = |folder: &Path| -> Vec<PathBuf> {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| entry.path()).collect()
        };
        let folders = inside(&self.home().join(".aider/askfirst-spool"));
        folders.iter().flat_map(|folder| inside(folder)).collect()
    }
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
