//! The lines of a spool file.

use std::io::BufRead as _;
use std::ops::Range;

/// The first line, and the lines that are events. A line that is not whole is an event whose
/// `record` never returned; lines of zeros, after a power cut, are no events (decision D6).
pub(super) fn split(bytes: &[u8]) -> (Range<usize>, Vec<Range<usize>>) {
    let mut lines = whole(bytes);
    let header = lines.next().unwrap_or(0..0);
    let is_event = |line: &Range<usize>| {
        let line = bytes.get(line.clone()).unwrap_or_default();
        line.starts_with(b"{\"event\":") && line.ends_with(b"}")
    };
    (header, lines.filter(is_event).collect())
}

/// The lines that end, without their newlines. These are looked for many bytes at once: a full spool
/// counts what it drops, 128 KiB at a time, while a tool waits.
fn whole(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let (mut rest, mut start) = (bytes, 0_usize);
    std::iter::from_fn(move || {
        let taken = rest.skip_until(b'\n').ok()?;
        let line = start..start.saturating_add(taken).saturating_sub(1);
        let ends = bytes.get(line.end) == Some(&b'\n');
        start = start.saturating_add(taken);
        (taken > 0 && ends).then_some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_lines_that_are_whole_are_the_events() {
        let event = "{\"event\":\"a\"}";
        let cases = [
            (String::new(), 0),
            ("header".to_owned(), 0),
            ("header\n".to_owned(), 0),
            (format!("header\n{event}"), 0),
            (format!("header\n{event}\n"), 1),
            (
                format!("header\n\n{event}\n\0\0\0\n{event}\n{{\"event\":"),
                2,
            ),
            (format!("header\n{event}\n\0\0"), 1),
        ];
        for (text, number) in cases {
            let (header, events) = split(text.as_bytes());
            let whole = text.contains('\n');
            assert_eq!(&text[header], if whole { "header" } else { "" }, "{text:?}");
            assert!(
                events.iter().all(|line| &text[line.clone()] == event),
                "{text:?}"
            );
            assert_eq!(events.len(), number, "{text:?}");
        }
    }
}
