//! Projects: what separates one tool's data from another's, and the keys that lead to them.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::policy;
use crate::row::ProjectId;
use crate::segment::Origin;

/// How long the events of a project are kept (promise P17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Received ones, in days after they happened, by corrected time.
    pub received_days: u32,
    /// Imported ones, in days after their import.
    pub imported_days: u32,
}

impl Retention {
    /// The same for received and imported events.
    pub fn days(days: u32) -> Retention {
        Retention {
            received_days: days,
            imported_days: days,
        }
    }

    /// The first day (since 1970) on which rows are not shown any more: of rows up to the
    /// last of `days` by corrected time, up to the last of `arrived` by arrival.
    pub(crate) fn expires(self, origin: Origin, days: (i32, i32), arrived: (i32, i32)) -> i32 {
        let (last, kept) = match origin {
            Origin::Received => (days.1, self.received_days),
            Origin::Imported => (arrived.1, self.imported_days),
        };
        last.saturating_add_unsigned(kept).saturating_add(1)
    }
}

/// What a project is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewProject<'a> {
    /// Its name, unique in the data directory.
    pub name: &'a str,
    /// The id of its host profile.
    pub host: &'a str,
    /// How long its events are kept.
    pub retention: Retention,
    /// The seed, if its events are simulated.
    pub simulated: Option<u64>,
}

impl<'a> NewProject<'a> {
    /// One of real events.
    pub fn new(name: &'a str, host: &'a str, retention: Retention) -> NewProject<'a> {
        NewProject {
            name,
            host,
            retention,
            simulated: None,
        }
    }
}

/// A project: one host profile, one directory, its own keys and secrets (decision D28).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProjectInfo {
    /// Its number.
    pub id: ProjectId,
    /// Its name, unique in the data directory.
    pub name: String,
    /// The id of its host profile: `aider`.
    pub host: String,
    /// When it was made, in milliseconds UTC.
    pub created_ms: i64,
    /// SHA-256 of every key that is accepted, the newest last. The keys are not kept.
    pub key_sha256: Vec<[u8; 32]>,
    /// The HMAC key under which ids that are not random are replaced. A secret.
    pub salt: [u8; 32],
    /// How long events are kept (promise P17).
    pub retention: Retention,
    /// The seed, if its events are simulated.
    pub simulated: Option<u64>,
}

impl fmt::Debug for ProjectInfo {
    /// Leaves the salt out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectInfo")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("host", &self.host)
            .field("retention", &self.retention)
            .field("simulated", &self.simulated)
            .finish_non_exhaustive()
    }
}

/// What happens to a project's older keys when it gets a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OldKeys {
    /// They go on working, for tools that are already out there.
    Keep,
    /// They are refused from now on.
    Refuse,
}

/// A project's key in the clear. Shown once, kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A new key: `phc_` and 32 random bytes as 43 letters and digits. PostHog's SDKs take
    /// keys of that shape.
    pub(crate) fn random() -> Result<Key, Error> {
        Ok(Key(format!("phc_{}", base62(random()?))))
    }

    /// The key as a sender uses it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    /// Does not show the key: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// What is kept of a key.
pub(crate) fn key_sha256(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// 32 bytes of the system's random source.
pub(crate) fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
    Ok(bytes)
}

/// Whether `name` can be a project's: it stands in headings, addresses and command lines.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    match starts && name.len() <= policy::PROJECT_NAME_BYTES && name.chars().all(allowed) {
        true => Ok(()),
        false => Err(Error::ProjectName {
            name: name.to_owned(),
        }),
    }
}

/// A 256-bit number in base 62, always 43 digits.
fn base62(bytes: [u8; 32]) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut number = bytes;
    let digit = |_| {
        let mut rest = 0u16;
        for byte in &mut number {
            let part = rest << 8 | u16::from(*byte);
            *byte = (part / 62) as u8;
            rest = part % 62;
        }
        char::from(DIGITS[usize::from(rest)])
    };
    let digits: Vec<char> = (0..43).map(digit).collect();
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base62_keeps_every_bit() {
        assert_eq!(base62([0; 32]), "0".repeat(43));
        let mut one = [0; 32];
        one[31] = 61;
        assert_eq!(base62(one), format!("{}z", "0".repeat(42)));
        one[30] = 1;
        assert_eq!(base62(one), format!("{}57", "0".repeat(41)));
        assert_ne!(base62([255; 32]), base62([254; 32]));
    }

    #[test]
    fn keys_have_the_shape_posthog_uses() {
        let key = Key::random().unwrap();
        assert!(key.as_str().starts_with("phc_") && key.as_str().len() == 47);
        assert!(!format!("{key:?}").contains(&key.as_str()[4..]));
    }

    #[test]
    fn p17_rows_expire_the_day_after_the_last_they_are_kept() {
        let retention = Retention {
            received_days: 10,
            imported_days: 3,
        };
        let of = |origin| retention.expires(origin, (90, 100), (101, 102));
        assert_eq!(of(Origin::Received), 111);
        assert_eq!(of(Origin::Imported), 106);
        let always = Retention::days(u32::MAX);
        assert_eq!(always.expires(Origin::Received, (0, 0), (0, 0)), i32::MAX);
    }

    #[test]
    fn names_fit_a_command_line() {
        for good in ["aider", "my-tool.2", "0"] {
            check_name(good).unwrap();
        }
        for bad in ["", "-rf", "a b", "a/b", "ä", &"a".repeat(65)] {
            check_name(bad).unwrap_err();
        }
    }
}
