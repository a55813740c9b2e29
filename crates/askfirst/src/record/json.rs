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
    let mut rest = nanos % ONE;
    if rest > 0 {
        out.push(b'.');
    }
    let mut place = ONE / 10;
    while rest > 0 {
        let digit = rest.checked_div(place).unwrap_or(0);
        out.push(b'0'.saturating_add(digit as u8));
        rest = rest.checked_rem(place).unwrap_or(0);
        place /= 10;
    }
}

/// Appends a text in quotes if it needs no escape. Returns whether it did.
pub(crate) fn word(out: &mut Vec<u8>, text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if !text.bytes().all(plain) {
        return false;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    true
}

/// Appends 16 bytes as a UUID in quotes.
pub(crate) fn uuid(out: &mut Vec<u8>, id: &[u8; 16]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| HEX.get(usize::from(n & 15)).copied().unwrap_or(b'0');
    out.push(b'"');
    for (at, byte) in id.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        out.extend_from_slice(&[digit(byte >> 4), digit(*byte)]);
    }
    out.push(b'"');
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
    fn p02_a_text_that_needs_an_escape_is_not_written() {
        for text in ["a\"b", "a\\b", "a\nb", "\u{e9}"] {
            assert_eq!(written(|out| assert!(!word(out, text))), "");
        }
        assert_eq!(written(|out| assert!(word(out, "gpt-4o"))), "\"gpt-4o\"");
    }
}
