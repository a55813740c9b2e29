//! Projects: what separates one tool's data from another's, and the keys that lead to them.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::policy;
use crate::row::ProjectId;

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
    /// How long events are kept, in days (promise P17).
    pub retention_days: u32,
}

impl fmt::Debug for ProjectInfo {
    /// Leaves the salt out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectInfo")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("host", &self.host)
            .field("retention_days", &self.retention_days)
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
    fn names_fit_a_command_line() {
        for good in ["aider", "my-tool.2", "0"] {
            check_name(good).unwrap();
        }
        for bad in ["", "-rf", "a b", "a/b", "ä", &"a".repeat(65)] {
            check_name(bad).unwrap_err();
        }
    }
}
