//! Who an event is from and which event it is, as numbers that tell nothing else.
//!
//! Senders put e-mail addresses and host names into `distinct_id`. A random UUID (v4, or v7 with
//! its random half) is taken as it is; everything else is replaced under the project's salt
//! before anything is written, so that it can be found in no byte of the data directory (P02).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// An install id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstallId {
    /// The 16 bytes that are stored.
    pub bytes: [u8; 16],
    /// They stand for a text that was no random UUID.
    pub replaced: bool,
}

impl InstallId {
    /// The id of a sender that calls itself `distinct_id`, in the project with this salt.
    pub fn of(salt: &[u8; 32], distinct_id: &str) -> InstallId {
        match random_uuid(distinct_id) {
            Some(bytes) => InstallId {
                bytes,
                replaced: false,
            },
            None => InstallId {
                bytes: keyed(salt, distinct_id),
                replaced: true,
            },
        }
    }
}

/// HMAC-SHA-256, cut to 16 bytes.
fn keyed(salt: &[u8; 32], text: &str) -> [u8; 16] {
    // HMAC itself fills a key up to the hash's block of 64 bytes with zeros.
    let mut key = [0; 64];
    key[..32].copy_from_slice(salt);
    let mut mac = Hmac::<Sha256>::new(&key.into());
    mac.update(text.as_bytes());
    let [bytes @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
        <[u8; 32]>::from(mac.finalize().into_bytes());
    bytes
}

/// What identifies one event among those with its raw time (decision D9).
#[derive(Debug, Clone, Copy)]
pub struct Fingerprint<'a> {
    /// The id the sender gave it, if any.
    pub uuid: Option<&'a str>,
    /// Its name, as sent.
    pub event: &'a str,
    /// Its `distinct_id`, as sent.
    pub distinct_id: &'a str,
}

impl Fingerprint<'_> {
    /// The first 64 bits of SHA-256 over id, name and `distinct_id`. Without a random UUID the
    /// project's salt and the event's content take its place: `content` is asked for then. The
    /// second value says that an id was there and was not used.
    ///
    /// The name and `distinct_id` are part of it so that a reused id loses nothing.
    pub fn key(self, salt: &[u8; 32], content: impl FnOnce(&mut dyn FnMut(&[u8]))) -> (u64, bool) {
        let mut hash = Sha256::new();
        let given = self.uuid.filter(|uuid| !uuid.is_empty());
        let random = given.and_then(random_uuid);
        match random {
            Some(bytes) => hash.update(bytes),
            None => {
                hash.update(salt);
                part(&mut hash, given.unwrap_or_default().as_bytes());
                content(&mut |bytes| part(&mut hash, bytes));
            }
        }
        part(&mut hash, self.event.as_bytes());
        part(&mut hash, self.distinct_id.as_bytes());
        (first_64_bits(hash), given.is_some() && random.is_none())
    }
}

/// The first 64 bits of SHA-256 over `bytes`.
pub(crate) fn hash64(bytes: &[u8]) -> u64 {
    first_64_bits(Sha256::new_with_prefix(bytes))
}

fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

fn first_64_bits(hash: Sha256) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(hash.finalize());
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The bytes of a UUID of version 4 or 7, written with hyphens.
///
/// Other versions hold a network card's address and the time, or a hash of a name. Without
/// hyphens nothing is taken: `/etc/machine-id` looks like that and is no random id of a tool.
pub(crate) fn random_uuid(text: &str) -> Option<[u8; 16]> {
    let bytes = uuid(text)?;
    let version = bytes[6] >> 4;
    let variant = bytes[8] >> 6;
    (matches!(version, 4 | 7) && variant == 0b10).then_some(bytes)
}

/// The milliseconds since 1970 inside a UUID of version 7.
pub(crate) fn uuid_ms(text: &str) -> Option<i64> {
    let [a, b, c, d, e, f, version, ..] = random_uuid(text)?;
    (version >> 4 == 7).then(|| i64::from_be_bytes([0, 0, a, b, c, d, e, f]))
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let text = text.as_bytes();
    if text.len() != 36 || [8, 13, 18, 23].iter().any(|at| text[*at] != b'-') {
        return None;
    }
    let mut bytes = [0; 16];
    let mut digits = text.iter().filter(|byte| **byte != b'-');
    for byte in &mut bytes {
        let high = char::from(*digits.next()?).to_digit(16)?;
        let low = char::from(*digits.next()?).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    digits.next().is_none().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, InstallId, uuid_ms};

    const SALT: [u8; 32] = [7; 32];
    const V4: &str = "52b5cc12-f16d-45f3-b30c-95ab4ae904ee";
    const V7: &str = "01a1f84c-62aa-7958-84ca-e4520509c7c5";
    const V1: &str = "c232ab00-9414-11ec-b3c8-9f6bdeced846";

    #[test]
    fn p02_only_a_random_uuid_is_taken_as_it_is() {
        assert!(!InstallId::of(&SALT, V4).replaced);
        assert!(!InstallId::of(&SALT, V7).replaced);
        assert_eq!(
            InstallId::of(&SALT, V4),
            InstallId::of(&SALT, &V4.to_uppercase())
        );
        let machine_id = V4.replace('-', "");
        let nil = "00000000-0000-0000-0000-000000000000";
        for text in [
            V1,
            nil,
            &machine_id,
            "alice@example.com",
            "host",
            &format!("{V4}x"),
        ] {
            assert!(InstallId::of(&SALT, text).replaced, "{text}");
        }
    }

    #[test]
    fn the_same_text_is_another_install_in_another_project() {
        let here = InstallId::of(&SALT, "alice@example.com");
        assert_eq!(here, InstallId::of(&SALT, "alice@example.com"));
        assert_ne!(here, InstallId::of(&[8; 32], "alice@example.com"));
        assert_ne!(here, InstallId::of(&SALT, "bob@example.com"));
    }

    fn key(uuid: Option<&str>, event: &str, distinct_id: &str, content: &str) -> (u64, bool) {
        let fingerprint = Fingerprint {
            uuid,
            event,
            distinct_id,
        };
        fingerprint.key(&SALT, |add| add(content.as_bytes()))
    }

    #[test]
    fn a_reused_event_id_on_another_event_is_another_event() {
        assert_eq!(
            key(Some(V4), "exit", V4, "a"),
            key(Some(V4), "exit", V4, "b")
        );
        assert_ne!(
            key(Some(V4), "exit", V4, "a"),
            key(Some(V4), "launched", V4, "a")
        );
        assert_ne!(
            key(Some(V4), "exit", V4, "a"),
            key(Some(V4), "exit", V7, "a")
        );
    }

    #[test]
    fn without_a_random_event_id_the_content_tells_events_apart() {
        assert_eq!(key(None, "exit", V4, "a"), key(Some(""), "exit", V4, "a"));
        assert_ne!(key(None, "exit", V4, "a"), key(None, "exit", V4, "b"));
        let (_, replaced) = key(Some("not-a-uuid"), "exit", V4, "a");
        assert!(replaced);
        assert!(!key(None, "exit", V4, "a").1);
    }

    #[test]
    fn a_v7_id_holds_its_time() {
        assert_eq!(uuid_ms(V7), Some(0x01a1_f84c_62aa));
        assert_eq!(uuid_ms(V4), None);
    }
}
