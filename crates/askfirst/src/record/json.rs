//! The little JSON an event needs: names and words of the catalog, numbers, yes and no.
//!
//! Words of the catalog, model names and versions are printable ASCII without quotes and
//! backslashes (its validator sees to it), so nothing needs escaping; a word that did would be
//! left out rather than written.

/// Appends a whole number.
pub(crate) fn number(out: &mut Vec<u8>, n: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
}

/// Appends billionths as a decimal: 1_500_000_000 is `1.5`.
pub(crate) fn billionths(out: &mut Vec<u8>, nanos: u64) {
    const ONE: u64 = 1_000_000_000;
    number(out, nanos / ONE);
    let rest = nanos % ONE;
    if rest == 0 {
        return;
    }
    // A one before the nine digits keeps their zeros; the point takes its place.
    let start = out.len();
    number(out, ONE.saturating_add(rest));
    if let Some(first) = out.get_mut(start) {
        *first = b'.';
    }
    while out.last() == Some(&b'0') {
        out.pop();
    }
}

/// Appends a text in quotes if it needs no escape. Returns whether it did.
pub(crate) fn word(out: &mut Vec<u8>, text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') & (byte != b'"') & (byte != b'\\');
    // Every byte is looked at, without leaving early: so many are looked at at once.
    if !text.bytes().fold(true, |all, byte| all & plain(byte)) {
        return false;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    true
}

/// Appends `FIRST/SECOND` in quotes if neither needs an escape. Returns whether it did.
pub(crate) fn path(out: &mut Vec<u8>, first: &str, second: &str) -> bool {
    let before = out.len();
    if !word(out, first) || !word(out, second) {
        out.truncate(before);
        return false;
    }
    // Two words, "FIRST""SECOND": the two quotes in the middle become a slash.
    let slash = before.saturating_add(first.len()).saturating_add(1);
    out.remove(slash);
    if let Some(quote) = out.get_mut(slash) {
        *quote = b'/';
    }
    true
}

/// Appends 16 bytes as a UUID in quotes.
pub(crate) fn uuid(out: &mut Vec<u8>, id: &[u8; 16]) {
    /// Where the two digits of each byte stand.
    const AT: [usize; 16] = [1, 3, 5, 7, 10, 12, 15, 17, 20, 22, 25, 27, 29, 31, 33, 35];
    let mut text = *br#""------------------------------------""#;
    for (byte, at) in id.iter().zip(AT) {
        if let Some([high, low]) = text.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            (*high, *low) = (digit(byte >> 4), digit(byte & 15));
        }
    }
    out.extend_from_slice(&text);
}

/// A hex digit of a number below 16.
fn digit(n: u8) -> u8 {
    let letter = b'a' - b'0' - 10;
    let above = u8::from(n > 9).saturating_mul(letter);
    n.saturating_add(b'0').saturating_add(above)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn billionths_are_decimals_without_zeros_at_the_end() {
        let cases = [
            (0, "0"),
            (1, "0.000000001"),
            (21_000_000, "0.021"),
            (1_500_000_000, "1.5"),
            (30_000_000_000, "30"),
        ];
        for (nanos, text) in cases {
            assert_eq!(written(|out| billionths(out, nanos)), text);
        }
    }

    #[test]
    fn ids_are_hyphenated() {
        let id = [
            0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0x4e, 0xf0, 0x81, 1, 2, 3, 4, 5, 6, 7,
        ];
        let text = written(|out| uuid(out, &id));
        assert_eq!(text, r#""12345678-9abc-4ef0-8101-020304050607""#);
    }

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(
            written(|out| assert!(path(out, "openai", "gpt-4o"))),
            r#""openai/gpt-4o""#
        );
        assert_eq!(written(|out| assert!(!path(out, "openai", "\""))), "");
    }

    #[test]
    fn p02_a_text_that_needs_an_escape_is_not_written() {
        for text in ["a\"b", "a\\b", "a\nb", "\u{e9}"] {
            assert_eq!(written(|out| assert!(!word(out, text))), "");
        }
        assert_eq!(written(|out| assert!(word(out, "gpt-4o"))), "\"gpt-4o\"");
    }
}
