//! What names and texts may look like.

use crate::policy;

/// `llm-coding`: it becomes part of file names and URLs.
pub(super) fn is_catalog(name: &str) -> bool {
    is_short(name)
        && name
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// `main_model`, `$lib`: it becomes a column name.
pub(super) fn is_property(name: &str) -> bool {
    let word = name.strip_prefix('$').unwrap_or(name);
    is_short(name)
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// `cli session`, `$exception`: what tools put on the wire.
pub(super) fn is_on_wire(name: &str) -> bool {
    is_short(name) && is_printable(name) && name.trim() == name
}

/// A word of a closed list.
pub(super) fn is_word(word: &str) -> bool {
    (1..=policy::MAX_WORD).contains(&word.len()) && is_printable(word) && word.trim() == word
}

/// One line a person reads.
pub(super) fn is_sentence(text: &str) -> bool {
    text.trim() == text && !text.chars().any(char::is_control)
}

fn is_short(name: &str) -> bool {
    (1..=policy::MAX_NAME).contains(&name.len())
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}
