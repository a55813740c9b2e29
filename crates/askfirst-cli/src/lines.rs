//! Reads the lines of a log in bounded memory, whatever a log may hold.

use std::io::{self, BufRead};

use askfirst_collector::policy::LINE_BYTES;

/// What stands between two line ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// A line that was ended. The end itself is not part of it.
    Whole(&'a [u8]),
    /// Bytes after the last line end: somebody is still writing them, or was cut off.
    Unfinished(&'a [u8]),
    /// The start of a line longer than [`LINE_BYTES`], itself longer than that; the rest of the
    /// line is passed over.
    TooLong(&'a [u8]),
}

/// The lines of one file.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    source: R,
    line: Vec<u8>,
    read: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads lines from `source`.
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            line: Vec::new(),
            read: 0,
        }
    }

    /// Bytes read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.read
    }

    /// The next line; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut too_long = false;
        loop {
            let available = match self.source.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(match (too_long, self.line.is_empty()) {
                    (true, _) => Some(Line::TooLong(&self.line)),
                    (false, true) => None,
                    (false, false) => Some(Line::Unfinished(&self.line)),
                });
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            let room = (LINE_BYTES + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            too_long |= self.line.len() > LINE_BYTES;
            let taken = part.len() + usize::from(end.is_some());
            self.source.consume(taken);
            self.read += taken as u64;
            if end.is_some() {
                if too_long {
                    return Ok(Some(Line::TooLong(&self.line)));
                }
                let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
                return Ok(Some(Line::Whole(line)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8], chunk: usize) -> Vec<String> {
        let mut lines = Lines::new(io::BufReader::with_capacity(chunk, text));
        let mut said = Vec::new();
        while let Some(line) = lines.next().expect("memory can be read") {
            said.push(match line {
                Line::Whole(bytes) => format!("whole {}", String::from_utf8_lossy(bytes)),
                Line::Unfinished(bytes) => format!("unfinished {}", String::from_utf8_lossy(bytes)),
                Line::TooLong(start) => format!("too long, {} kept", start.len()),
            });
        }
        assert_eq!(lines.bytes_read(), text.len() as u64);
        said
    }

    #[test]
    fn lines_are_the_same_however_the_file_arrives() {
        for chunk in [1, 2, 3, 64] {
            assert_eq!(
                all(b"one\n\r\n\ntwo\r\nthr", chunk),
                [
                    "whole one",
                    "whole ",
                    "whole ",
                    "whole two",
                    "unfinished thr"
                ]
            );
            assert_eq!(all(b"one\n", chunk), ["whole one"]);
            assert_eq!(all(b"", chunk), Vec::<String>::new());
        }
    }

    #[test]
    fn a_line_without_end_costs_bounded_memory_and_not_its_neighbours() {
        let mut text = b"before\n".to_vec();
        text.resize(text.len() + 2 * LINE_BYTES, b'x');
        text.extend_from_slice(b"\nafter\n");
        let kept = format!("too long, {} kept", LINE_BYTES + 1);
        assert_eq!(all(&text, 8192), ["whole before", &kept, "whole after"]);
        let mut just = vec![b'x'; LINE_BYTES];
        just.push(b'\n');
        assert_eq!(all(&just, 8192).len(), 1);
        assert!(all(&just, 8192)[0].starts_with("whole x"));
    }
}
