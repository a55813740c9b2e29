//! The lines of a spool file.

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

fn whole(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    ends.scan(0, |start, (end, _)| {
        let line = *start..end;
        *start = end.saturating_add(1);
        Some(line)
    })
}
