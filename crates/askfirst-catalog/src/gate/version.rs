//! Versions lose everything after their last wanted number: commit, day, build, vendor.

use crate::policy::MAX_VERSION_DIGITS;

/// The numbers that are kept, as they stand in the text, and whether more followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut<'a> {
    /// Digits and dots only.
    pub(super) text: &'a str,
    /// Something follows: a `.dev`, a commit, a fourth number.
    pub(super) more: bool,
}

/// Cuts `text` to at most `parts` numbers. `None` if it does not begin with one, or if one
/// of them is too long to be a version's.
pub(super) fn cut(text: &str, parts: u8) -> Option<Cut<'_>> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut end = 0;
    for part in 0..parts {
        let start = match part {
            0 => 0,
            _ if text.as_bytes().get(end) == Some(&b'.') => end + 1,
            _ => break,
        };
        let rest = text.as_bytes().get(start..)?;
        match rest.iter().take_while(|b| b.is_ascii_digit()).count() {
            0 => break,
            digits if digits > MAX_VERSION_DIGITS => return None,
            digits => end = start + digits,
        }
    }
    (end > 0).then(|| Cut {
        text: &text[..end],
        more: end < text.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_keep_their_first_numbers() {
        for (text, parts, kept, more) in [
            ("0.65.2.dev104+g295040c9.d20241130", 3, "0.65.2", true),
            ("0.66.1.dev+import", 3, "0.66.1", true),
            ("0.49.2-dev", 3, "0.49.2", true),
            ("0.86.2", 3, "0.86.2", false),
            ("0.86", 3, "0.86", false),
            ("0.86-dev", 3, "0.86", true),
            ("v1.2.3", 3, "1.2.3", false),
            ("1.2.3.4", 3, "1.2.3", true),
            ("3.13.0rc1", 3, "3.13.0", true),
            ("2024.10.05", 3, "2024.10.05", false),
            ("23.6.0", 2, "23.6", true),
            ("3.12.6", 2, "3.12", true),
            ("6.8.0-45-generic", 2, "6.8", true),
            ("5.15.153.1-microsoft-standard-WSL2", 2, "5.15", true),
            ("10", 2, "10", false),
            ("2022Server", 2, "2022", true),
            ("1.é", 2, "1", true),
            ("1..2", 3, "1", true),
        ] {
            assert_eq!(cut(text, parts), Some(Cut { text: kept, more }), "{text}");
        }
    }

    #[test]
    fn what_is_no_version_is_dropped() {
        for text in [
            "",
            "v",
            "dev",
            ".1",
            "-1.2",
            "+1",
            "main",
            "é1",
            "123456",
            "1.202411301",
            "g295040c9",
            "vv1",
        ] {
            assert_eq!(cut(text, 3), None, "{text}");
        }
    }
}
