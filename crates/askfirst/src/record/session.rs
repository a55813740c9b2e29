//! What every event of a session carries: the tool and its system, a random number that
//! joins the session's events, and what tells a PostHog server to look nothing up.

use askfirst_catalog::{Class, ClassSet};

use super::json;
use super::properties::{Key, Properties};
use super::random::Pool;
use super::values::{Version, Word};

/// The largest session number: what a JSON number holds exactly everywhere.
const LARGEST: u64 = (1 << 53) - 1;

/// What tells a PostHog server to keep no profile, to look up no place, and to file no
/// address (breakage B18). On every event, whatever was agreed to.
const NOTHING_LOOKED_UP: &[u8] =
    br#""$process_person_profile":false,"$geoip_disable":true,"$ip":"0.0.0.0","#;

/// Facts about tool and system, as JSON members that every event ends with.
#[derive(Debug)]
pub(crate) struct Session {
    /// Everything but the session's number.
    fixed: Vec<u8>,
    /// Whether the session's events may be joined: its number is of the class platform.
    numbered: bool,
    /// With it, and where the session is numbered the name of what follows it: `"seq":`.
    members: Vec<u8>,
}

/// What is known of the tool and the machine when a session starts.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    /// The tool's version as it calls itself; cut to three numbers.
    pub(crate) version: Option<String>,
    /// The first 8 hex digits of the catalog's hash.
    pub(crate) catalog: String,
    /// Whether an agent drives the tool.
    pub(crate) agent: bool,
    /// The version of Python, if the tool runs on it; cut to two numbers.
    pub(crate) python: Option<String>,
}

impl Session {
    /// The members of a session that begins now, of the classes that were agreed to.
    pub(crate) fn new(about: &About, classes: ClassSet, random: &mut Pool) -> Session {
        let mut fixed = Vec::with_capacity(512);
        let mut out = Properties {
            out: &mut fixed,
            random,
            classes,
            public_model: false,
        };
        system(&mut out, about);
        out.word(LIB, ASKFIRST);
        if let Some(version) = Version::cut(env!("CARGO_PKG_VERSION"), 3) {
            out.version(LIB_VERSION, &version);
        }
        fixed.extend_from_slice(NOTHING_LOOKED_UP);
        if classes.contains(Class::Platform) {
            fixed.extend_from_slice(b"\"catalog\":");
            match json::word(&mut fixed, &about.catalog) {
                true => fixed.push(b','),
                false => fixed.extend_from_slice(b"\"\","),
            }
        }
        let mut session = Session {
            fixed,
            numbered: classes.contains(Class::Platform),
            members: Vec::new(),
        };
        session.renumber(random);
        session
    }

    /// Draws another number: from now on this is another session.
    pub(crate) fn renumber(&mut self, random: &mut Pool) {
        self.members.clear();
        self.members.extend_from_slice(&self.fixed);
        if !self.numbered {
            return;
        }
        self.members.extend_from_slice(b"\"session\":");
        json::number(&mut self.members, random.number() & LARGEST);
        self.members.extend_from_slice(b",\"seq\":");
    }

    pub(super) fn numbered(&self) -> bool {
        self.numbered
    }

    pub(super) fn members(&self) -> &[u8] {
        &self.members
    }
}

const fn key(json: &'static str) -> Key {
    Key::new(json, Class::Platform)
}

const VERSION: Key = key("\"version\":");
const DEV: Key = key("\"dev\":");
const OS_PLATFORM: Key = key("\"os_platform\":");
const OS_RELEASE: Key = key("\"os_release\":");
const MACHINE: Key = key("\"machine\":");
const PYTHON_VERSION: Key = key("\"python_version\":");
const AGENT: Key = key("\"agent\":");
const LIB: Key = key("\"$lib\":");
const LIB_VERSION: Key = key("\"$lib_version\":");
const ASKFIRST: Word = word("askfirst");

const fn word(word: &'static str) -> Word {
    Word::of_the_catalog(word)
}

fn system(out: &mut Properties<'_>, about: &About) {
    if let Some(text) = &about.version
        && let Some(version) = Version::cut(text, 3)
    {
        out.version(VERSION, &version);
        out.bool(DEV, version.as_str() != text.trim_start_matches('v'));
    }
    if let Some(name) = named(&PLATFORMS, std::env::consts::OS) {
        out.word(OS_PLATFORM, name);
    }
    if let Some(release) = release().and_then(|text| Version::cut(&text, 2)) {
        out.version(OS_RELEASE, &release);
    }
    let machine = named(&MACHINES_HERE, std::env::consts::ARCH);
    if let Some(machine) = machine.or_else(|| named(&MACHINES, std::env::consts::ARCH)) {
        out.word(MACHINE, machine);
    }
    if let Some(python) = about
        .python
        .as_deref()
        .and_then(|text| Version::cut(text, 2))
    {
        out.version(PYTHON_VERSION, &python);
    }
    out.bool(AGENT, about.agent);
}

fn named(names: &[(&str, Word)], ours: &str) -> Option<Word> {
    let mut names = names.iter();
    names.find_map(|(name, word)| (*name == ours).then_some(*word))
}

/// The catalog's words for the operating systems a program can be built for.
const PLATFORMS: [(&str, Word); 13] = [
    ("linux", word("Linux")),
    ("macos", word("Darwin")),
    ("windows", word("Windows")),
    ("android", word("Android")),
    ("ios", word("iOS")),
    ("freebsd", word("FreeBSD")),
    ("netbsd", word("NetBSD")),
    ("openbsd", word("OpenBSD")),
    ("dragonfly", word("DragonFly")),
    ("aix", word("AIX")),
    ("haiku", word("Haiku")),
    ("solaris", word("SunOS")),
    ("illumos", word("SunOS")),
];

/// The catalog's words for the processors, as most systems call them.
const MACHINES: [(&str, Word); 8] = [
    ("x86_64", word("x86_64")),
    ("aarch64", word("aarch64")),
    ("x86", word("i686")),
    ("arm", word("armv7l")),
    ("powerpc64", word("ppc64")),
    ("riscv64", word("riscv64")),
    ("s390x", word("s390x")),
    ("loongarch64", word("loongarch64")),
];

/// Where this system has a name of its own for a processor.
#[cfg(windows)]
const MACHINES_HERE: [(&str, Word); 2] = [("x86_64", word("AMD64")), ("aarch64", word("ARM64"))];
#[cfg(target_os = "macos")]
const MACHINES_HERE: [(&str, Word); 1] = [("aarch64", word("arm64"))];
#[cfg(not(any(windows, target_os = "macos")))]
const MACHINES_HERE: [(&str, Word); 0] = [];

#[cfg(unix)]
fn release() -> Option<String> {
    let name = rustix::system::uname();
    name.release().to_str().ok().map(str::to_owned)
}

/// Nothing that needs no unsafe call says it there.
#[cfg(not(unix))]
fn release() -> Option<String> {
    None
}
