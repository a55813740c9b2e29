//! Finding a Python and a Node that will do.

use std::fmt;
use std::process::{Command, Stdio};

/// A half-open range of versions, as (major, minor).
#[derive(Clone, Copy)]
pub(crate) struct Versions {
    pub(crate) from: (u32, u32),
    pub(crate) below: (u32, u32),
}

impl Versions {
    fn contain(self, version: (u32, u32)) -> bool {
        self.from <= version && version < self.below
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} or newer", self.from.0, self.from.1)?;
        if self.below.1 > 0 {
            write!(f, ", older than {}.{}", self.below.0, self.below.1)?;
        }
        Ok(())
    }
}

/// An interpreter: how it is called, and the version it says it is.
pub(crate) struct Interpreter {
    pub(crate) command: &'static str,
    pub(crate) version: String,
}

/// The names under which a Python is looked for. The plain ones first: they
/// are what the person uses.
const PYTHONS: [&str; 8] = [
    "python3",
    "python",
    "python3.12",
    "python3.11",
    "python3.10",
    "python3.13",
    "python3.14",
    "python3.9",
];

/// Says its version only if it can make virtual environments, which on some
/// systems is a package of its own.
const PYTHON_PROBE: &str = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3])";

/// The first Python of these versions that can make a virtual environment.
pub(crate) fn python(versions: Versions) -> Option<Interpreter> {
    PYTHONS.into_iter().find_map(|command| {
        let version = printed(command, &["-c", PYTHON_PROBE])?;
        versions
            .contain(major_minor(&version)?)
            .then_some(Interpreter { command, version })
    })
}

/// A Node that posthog-node 5.70 takes (`engines` in `tests/peers/package.json`), with npm.
pub(crate) fn node() -> Option<Interpreter> {
    let version = printed("node", &["--version"])?
        .trim_start_matches('v')
        .to_owned();
    let (major, minor) = major_minor(&version)?;
    let taken = (major == 20 && minor >= 20) || (major == 22 && minor >= 22) || major > 22;
    printed("npm", &["--version"])?;
    taken.then_some(Interpreter {
        command: "node",
        version,
    })
}

/// What a command prints on one line, if there is such a command and it succeeds.
fn printed(command: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(command)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let line = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !line.is_empty()).then_some(line)
}

fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_end_of_a_range_is_outside_it() {
        let versions = Versions {
            from: (3, 10),
            below: (3, 13),
        };
        assert!(!versions.contain((3, 9)));
        assert!(versions.contain((3, 10)));
        assert!(versions.contain((3, 12)));
        assert!(!versions.contain((3, 13)));
    }

    #[test]
    fn a_version_is_read_as_major_and_minor() {
        assert_eq!(major_minor("3.11.7"), Some((3, 11)));
        assert_eq!(major_minor("20.20.2"), Some((20, 20)));
        assert_eq!(major_minor("nonsense"), None);
    }
}
