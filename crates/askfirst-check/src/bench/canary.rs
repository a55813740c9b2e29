//! Words that are in every input of a run, and must not come out.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// Where one is planted, and the word for it in evidence.
pub const PLACES: [&str; 13] = [
    "code", "prompt", "file", "project", "user", "host", "variable", "key", "model", "error",
    "argument", "author", "branch",
];

/// Letters of a canary. Half of it, eight, is looked for too: it is as unlikely to come about
/// by chance as to be overlooked.
const LETTERS: usize = 16;

/// A set of canaries, drawn anew for every bench.
#[derive(Debug, Clone)]
pub struct Canaries {
    words: BTreeMap<&'static str, String>,
}

/// One that came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it had been planted.
    pub place: &'static str,
    /// The form it was found in.
    pub form: &'static str,
}

impl Canaries {
    /// Draws them.
    pub fn draw() -> Canaries {
        let words = PLACES.into_iter().map(|place| (place, word())).collect();
        Canaries { words }
    }

    /// The one planted in this place.
    pub fn of(&self, place: &str) -> &str {
        self.words.get(place).map_or("", String::as_str)
    }

    /// Those in these bytes, in any form.
    pub fn in_bytes(&self, bytes: &[u8]) -> Vec<Found> {
        let lower = bytes.to_ascii_lowercase();
        let mut found = Vec::new();
        for (place, word) in &self.words {
            for (form, needle) in forms(word) {
                let hay: &[u8] = if form.starts_with("base64") {
                    bytes
                } else {
                    &lower
                };
                if contains(hay, &needle) {
                    found.push(Found { place, form });
                    break;
                }
            }
        }
        found
    }
}

/// Letters alone, so that nothing a tool does to text but change its case changes it.
fn word() -> String {
    let mut state = RandomState::new().hash_one(0_u8);
    let mut word = String::new();
    for at in 0..LETTERS {
        let letter = b"abcdefghijklmnopqrstuvwxyz"[(state % 26) as usize];
        word.push(char::from(letter));
        state = RandomState::new().hash_one(at).wrapping_add(state / 26);
    }
    word
}

/// Every form a canary is looked for in; lower case but for base64.
fn forms(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = word.as_bytes();
    let each = |one: fn(&u8) -> String| bytes.iter().map(one).collect::<String>().into_bytes();
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let mut utf16: Vec<u8> = bytes.iter().flat_map(|byte| [*byte, 0]).collect();
    utf16.pop();
    let mut forms = vec![
        ("as it is", bytes.to_vec()),
        ("its first half", first.to_vec()),
        ("its second half", second.to_vec()),
        ("backwards", bytes.iter().rev().copied().collect()),
        ("percent-encoded", each(|byte| format!("%{byte:02x}"))),
        ("hexadecimal", each(|byte| format!("{byte:02x}"))),
        ("escaped", each(|byte| format!("\\u{byte:04x}"))),
        // Without the last zero, which stands before the first letter in the other order.
        ("UTF-16", utf16),
    ];
    for word in [word.to_owned(), word.to_ascii_uppercase()] {
        for shift in 0..3 {
            forms.push(("base64", encoded(&word, shift)));
        }
    }
    forms
}

/// The part of the base64 of `word` behind `shift` other bytes that does not depend on what
/// stands around it.
fn encoded(word: &str, shift: usize) -> Vec<u8> {
    let config = GeneralPurposeConfig::new().with_encode_padding(false);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    let padded = [&vec![0; shift], word.as_bytes()].concat();
    let text = engine.encode(padded).into_bytes();
    let from = (shift * 8).div_ceil(6);
    let to = (shift + word.len()) * 8 / 6;
    text.get(from..to).unwrap_or_default().to_vec()
}

/// Whether `hay` has `needle` in it.
pub(crate) fn contains(hay: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && hay.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    #[test]
    fn p02_a_canary_is_found_in_every_form() {
        let canaries = Canaries::draw();
        let word = canaries.of("prompt").to_owned();
        let upper = word.to_ascii_uppercase();
        let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let spelled = |prefix: &str, width: usize| -> Vec<u8> {
            word.bytes()
                .map(|byte| format!("{prefix}{byte:0width$X}"))
                .collect::<String>()
                .into_bytes()
        };
        let cases: [Vec<u8>; 9] = [
            format!("...{upper}...").into_bytes(),
            format!("{{\"a\":\"{}\"}}", &word[..8]).into_bytes(),
            format!("{{\"b\":\"{}\"}}", &word[8..]).into_bytes(),
            BASE64_STANDARD.encode(format!("a{word}")).into_bytes(),
            BASE64_STANDARD.encode(format!("ab{word}c")).into_bytes(),
            BASE64_STANDARD.encode(&upper).into_bytes(),
            utf16,
            spelled("%", 2),
            spelled("\\u", 4),
        ];
        for case in cases {
            let found = canaries.in_bytes(&case);
            assert_eq!(found.len(), 1, "{}", String::from_utf8_lossy(&case));
            assert_eq!(found[0].place, "prompt");
        }
        assert_eq!(canaries.in_bytes(b"nothing of it"), []);
    }
}
