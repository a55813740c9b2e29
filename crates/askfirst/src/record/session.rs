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
    /// With it, and a comma at the end.
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
        out.word(key("\"$lib\":"), Word::of_the_catalog("askfirst"));
        if let Some(version) = Version::cut(env!("CARGO_PKG_VERSION"), 3) {
            out.version(key("\"$lib_version\":"), &version);
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
        self.members.push(b',');
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

fn system(out: &mut Properties<'_>, about: &About) {
    if let Some(text) = &about.version
        && let Some(version) = Version::cut(text, 3)
    {
        out.version(key("\"version\":"), &version);
        out.bool(
            key("\"dev\":"),
            version.as_str() != text.trim_start_matches('v'),
        );
    }
    if let Some(name) = platform() {
        out.word(key("\"os_platform\":"), Word::of_the_catalog(name));
    }
    if let Some(release) = release().and_then(|text| Version::cut(&text, 2)) {
        out.version(key("\"os_release\":"), &release);
    }
    if let Some(machine) = machine() {
        out.word(key("\"machine\":"), Word::of_the_catalog(machine));
    }
    if let Some(python) = about
        .python
        .as_deref()
        .and_then(|text| Version::cut(text, 2))
    {
        out.version(key("\"python_version\":"), &python);
    }
    out.bool(key("\"agent\":"), about.agent);
}

/// The catalog's word for the operating system this was built for.
fn platform() -> Option<&'static str> {
    Some(match std::env::consts::OS {
        "linux" => "Linux",
        "macos" => "Darwin",
        "windows" => "Windows",
        "android" => "Android",
        "ios" => "iOS",
        "freebsd" => "FreeBSD",
        "netbsd" => "NetBSD",
        "openbsd" => "OpenBSD",
        "dragonfly" => "DragonFly",
        "aix" => "AIX",
        "haiku" => "Haiku",
        "solaris" | "illumos" => "SunOS",
        _ => return None,
    })
}

/// The catalog's word for the processor this was built for.
fn machine() -> Option<&'static str> {
    Some(match (std::env::consts::ARCH, std::env::consts::OS) {
        ("x86_64", "windows") => "AMD64",
        ("aarch64", "windows") => "ARM64",
        ("aarch64", "macos") => "arm64",
        ("x86_64", _) => "x86_64",
        ("aarch64", _) => "aarch64",
        ("x86", _) => "i686",
        ("arm", _) => "armv7l",
        ("powerpc64", _) => "ppc64",
        ("riscv64", _) => "riscv64",
        ("s390x", _) => "s390x",
        ("loongarch64", _) => "loongarch64",
        _ => return None,
    })
}

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
