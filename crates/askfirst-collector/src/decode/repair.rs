//! Makes JSON of what unmodified SDKs really send (`posthog-protocol.md`, 6.4): NaN and the
//! infinities, which Python's encoder writes bare, and lone surrogates, which come from file
//! names that are not valid Unicode. Only used after the strict reader has failed (decision D24).

/// The text with bare `NaN`, `Infinity` and `-Infinity` as `null`, and lone surrogate
/// escapes as U+FFFD. Everything else is left as it is.
pub(super) fn repair(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', 'N', 'I', '-']) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        rest = if tail.starts_with('"') {
            string(tail, &mut out)
        } else {
            token(tail, &mut out)
        };
    }
    out.push_str(rest);
    out
}

/// Copies what `tail` starts with outside of strings; gives what is after it.
fn token<'t>(tail: &'t str, out: &mut String) -> &'t str {
    for word in ["NaN", "Infinity", "-Infinity", "-NaN"] {
        if let Some(after) = tail.strip_prefix(word) {
            out.push_str("null");
            return after;
        }
    }
    let (first, after) = tail.split_at(1);
    out.push_str(first);
    after
}

/// Copies the string `tail` starts with; gives what is after it.
fn string<'t>(tail: &'t str, out: &mut String) -> &'t str {
    let mut rest = &tail[1..];
    out.push('"');
    while let Some(at) = rest.find(['"', '\\']) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        if let Some(after) = special.strip_prefix('"') {
            out.push('"');
            return after;
        }
        rest = escape(special, out);
    }
    out.push_str(rest);
    ""
}

/// Copies the escape `tail` starts with, replacing half of a surrogate pair.
fn escape<'t>(tail: &'t str, out: &mut String) -> &'t str {
    let kept = match unit(tail) {
        Some(0xd800..=0xdbff) => match tail.get(6..).and_then(unit) {
            Some(0xdc00..=0xdfff) => 12,
            _ => 0,
        },
        Some(0xdc00..=0xdfff) => 0,
        Some(_) => 6,
        // The backslash and what it stands before, which may be a character of any width.
        None => 1 + tail[1..].chars().next().map_or(0, char::len_utf8),
    };
    if kept == 0 {
        out.push('\u{fffd}');
        return &tail[6..];
    }
    let (escape, after) = tail.split_at(kept);
    out.push_str(escape);
    after
}

/// The UTF-16 unit of a `\uXXXX` at the start of `text`.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u32::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::repair;

    #[test]
    fn bare_words_of_pythons_encoder_become_null() {
        assert_eq!(
            repair(r#"{"a":NaN,"b":[Infinity,-Infinity],"c":-1,"NaN":"NaN"}"#),
            r#"{"a":null,"b":[null,null],"c":-1,"NaN":"NaN"}"#
        );
    }

    #[test]
    fn a_lone_surrogate_becomes_the_replacement_character_and_a_pair_stays() {
        assert_eq!(repair(r#""a\ud800b""#), "\"a\u{fffd}b\"");
        assert_eq!(
            repair(r#""\udc00\ud83d\ude00\ud83dx""#),
            "\"\u{fffd}\\ud83d\\ude00\u{fffd}x\""
        );
        assert_eq!(repair(r#""\\ud800""#), r#""\\ud800""#);
    }

    #[test]
    fn half_a_string_or_escape_at_the_end_is_left_as_it_is() {
        for text in [r#""abc"#, r#""a\"#, r#""a\u"#, r#""a\ud8"#, "\"a\\é"] {
            assert_eq!(repair(text), text);
        }
    }
}
