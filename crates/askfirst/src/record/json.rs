//! The little JSON an event needs: names and words of the catalog, numbers, yes and no.
//!
//! Words of the catalog, model names and versions are printable ASCII without quotes and
//! backslashes (its validator sees to it), so nothing needs escaping. What a program is built
//! with is looked at when it is compiled, a model when it is named; any other text when it is
//! written, and one that needed an escape is left out.

/// Appends a whole number.
#[inline]
pub(crate) fn number(out: &mut Vec<u8>, n: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
}

/// Appends billionths as a decimal: 1_500_000_000 is `1.5`.
pub(crate) fn billionths(out: &mut Vec<u8>, nanos: u64) {
    const ONE: u64 = 1_000_000_000;
    match nanos / ONE {
        // Most of what is paid for one answer.
        0 => out.push(b'0'),
        units => number(out, units),
    }
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

/// Whether a text needs no escape in JSON: printable ASCII, no quote and no backslash.
pub(crate) const fn is_plain(text: &[u8]) -> bool {
    let mut rest = text;
    while let [a, b, c, d, e, f, g, h, after @ ..] = rest {
        if !are_plain(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h])) {
            return false;
        }
        rest = after;
    }
    while let [byte, after @ ..] = rest {
        if !matches!(*byte, b' '..=b'~') || matches!(*byte, b'"' | b'\\') {
            return false;
        }
        rest = after;
    }
    true
}

/// One in each byte of a number.
const EACH: u64 = 0x0101_0101_0101_0101;

/// [`is_plain`] of eight bytes at once. What is not leaves its byte's highest bit.
const fn are_plain(eight: u64) -> bool {
    const fn each(byte: u8) -> u64 {
        EACH.wrapping_mul(byte as u64)
    }
    const fn below(eight: u64, byte: u8) -> u64 {
        eight.wrapping_sub(each(byte)) & !eight
    }
    let above = eight | eight.wrapping_add(EACH);
    let quotes = below(eight ^ each(b'"'), 1);
    let backslashes = below(eight ^ each(b'\\'), 1);
    let below = below(eight, b' ');
    (above | below | quotes | backslashes) & (EACH << 7) == 0
}

/// Appends a text in quotes if it needs no escape. Returns whether it did.
pub(crate) fn word(out: &mut Vec<u8>, text: &str) -> bool {
    let plain = is_plain(text.as_bytes());
    if plain {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    }
    plain
}

/// 16 bytes as the 36 characters of a UUID.
#[inline]
pub(crate) fn uuid(id: &[u8; 16]) -> [u8; 36] {
    let whole = u128::from_be_bytes(*id);
    let a = digits((whole >> 96) as u32);
    let b = digits((whole >> 64) as u32);
    let c = digits((whole >> 32) as u32);
    let d = digits(whole as u32);
    let mut text = [b'-'; 36];
    text[..8].copy_from_slice(&a);
    text[9..13].copy_from_slice(&b[..4]);
    text[14..18].copy_from_slice(&b[4..]);
    text[19..23].copy_from_slice(&c[..4]);
    text[24..28].copy_from_slice(&c[4..]);
    text[28..].copy_from_slice(&d);
    text
}

/// The eight hex digits of four bytes, all at once: one digit in each byte of a number.
const fn digits(four: u32) -> [u8; 8] {
    let mut each = four as u64;
    each = (each | each << 16) & 0x0000_ffff_0000_ffff;
    each = (each | each << 8) & 0x00ff_00ff_00ff_00ff;
    each = (each | each << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    // One in each byte whose digit is above 9: those become letters.
    let letters = (each.wrapping_add(EACH.wrapping_mul(6)) >> 4) & EACH;
    let letter = (b'a' - b'0' - 10) as u64;
    each.wrapping_add(EACH.wrapping_mul(b'0' as u64))
        .wrapping_add(letters.wrapping_mul(letter))
        .to_be_bytes()
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
        assert_eq!(&uuid(&id), b"12345678-9abc-4ef0-8101-020304050607");
        for byte in 0..=255 {
            let two = format!("{byte:02x}");
            let eight = two.repeat(4);
            assert_eq!(digits(u32::from_be_bytes([byte; 4])), *eight.as_bytes());
        }
    }

    #[test]
    fn p02_every_byte_that_needs_an_escape_is_seen_wherever_it_stands() {
        for byte in 0..=255 {
            let plain = byte == b' ' || byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
            for length in 1..=17 {
                for at in 0..length {
                    for around in *b" ~a" {
                        let mut text = vec![around; length];
                        text[at] = byte;
                        assert_eq!(is_plain(&text), plain, "{text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn p02_a_text_that_needs_an_escape_is_not_written() {
        for text in ["a\"b", "a\\b", "a\nb", "\u{e9}"] {
            assert_eq!(written(|out| assert!(!word(out, text))), "");
        }
        assert_eq!(written(|out| assert!(word(out, "gpt-4o"))), "\"gpt-4o\"");
    }
}
