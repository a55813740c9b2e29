//! Reading the log: what an earlier process left, or what a running one has written so far.

use std::sync::Arc;

use super::frame::{self, FILE_HEADER, Header, Stop};
use super::record::Head;
use super::{Entry, Group, Position};
use crate::dir::{self, Dir};
use crate::error::Error;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The writer, at its start: a torn tail is cut.
    Writer,
    /// Beside a writer: an unfinished record is one that is being written.
    Beside,
}

/// What is in the log.
#[derive(Debug, Default)]
pub(crate) struct Recovered {
    /// One for each file.
    pub(crate) groups: Vec<Arc<Group>>,
    /// The number no file has had.
    pub(crate) next_file: u64,
    /// The newest time stamped in it.
    pub(crate) stamp_ms: i64,
    /// Whether the file of the position was there, so that nothing behind it can be missing.
    pub(crate) begun: bool,
}

/// Reads everything from `from` on.
pub(crate) fn read(dir: &Dir, from: Position, reader: Reader) -> Result<Recovered, Error> {
    let numbers = files(dir, from)?;
    let mut recovered = Recovered {
        begun: !numbers.is_empty(),
        next_file: numbers.last().map_or(from.file, |last| last + 1),
        ..Recovered::default()
    };
    for number in &numbers {
        let file = File {
            dir,
            number: *number,
            newest: Some(number) == numbers.last(),
            reader,
        };
        let offset = match *number == from.file {
            true => from.offset,
            false => FILE_HEADER as u64,
        };
        let (group, stamp_ms) = file.read(offset)?;
        recovered.stamp_ms = recovered.stamp_ms.max(stamp_ms);
        recovered.groups.extend(group.map(Arc::new));
    }
    Ok(recovered)
}

/// The numbers of the files from `from` on, without a gap.
fn files(dir: &Dir, from: Position) -> Result<Vec<u64>, Error> {
    let names = dir.list(&dir.wal())?;
    let mut numbers: Vec<u64> = names
        .iter()
        .filter_map(|name| dir::wal_number(name))
        .filter(|number| *number >= from.file)
        .collect();
    numbers.sort_unstable();
    // The file of the position itself may not have been begun yet.
    let begun = !numbers.is_empty() || from.offset > FILE_HEADER as u64;
    for (at, expected) in (from.file..)
        .take(numbers.len().max(usize::from(begun)))
        .enumerate()
    {
        if numbers.get(at) != Some(&expected) {
            return Err(Error::Missing {
                path: dir.wal_file(expected),
                problem: "it is not there",
            });
        }
    }
    Ok(numbers)
}

struct File<'d> {
    dir: &'d Dir,
    number: u64,
    newest: bool,
    reader: Reader,
}

impl File<'_> {
    /// Every whole record from `offset` on, and the newest stamp.
    fn read(&self, offset: u64) -> Result<(Option<Group>, i64), Error> {
        let bytes = self.dir.read(&self.dir.wal_file(self.number))?;
        let mut stamp_ms = self.check_header(&bytes)?;
        let begin = usize::try_from(offset).unwrap_or(usize::MAX);
        if begin > bytes.len() {
            return Err(self.corrupt(bytes.len(), "it ends before the manifest's position"));
        }
        let mut entries = Vec::new();
        let mut received_ms = None;
        let mut at = begin;
        let stop = loop {
            let found = match frame::record_at(&bytes, at) {
                Ok(found) => found,
                Err(stop) => break stop,
            };
            let payload = &bytes[found.start..found.start + found.len];
            let head = Head::read(payload).map_err(|fault| self.corrupt(at, fault))?;
            stamp_ms = stamp_ms.max(head.received_ms);
            received_ms.get_or_insert(head.received_ms);
            entries.push(Entry {
                project: head.project,
                rows: head.rows,
                start: found.start - begin,
                len: found.len,
            });
            at = found.next.min(bytes.len());
        };
        self.settle(&bytes, at, stop)?;
        let group = received_ms.map(|received_ms| Group {
            bytes: bytes[begin..at].to_vec(),
            entries,
            end: Position {
                file: self.number,
                offset: at as u64,
            },
            received_ms,
        });
        Ok((group, stamp_ms))
    }

    fn check_header(&self, bytes: &[u8]) -> Result<i64, Error> {
        let path = self.dir.wal_file(self.number);
        match frame::read_file_header(bytes).map_err(|fault| self.corrupt(0, fault))? {
            Header::Newer(found) => Err(Error::NewerVersion {
                path,
                found,
                known: frame::VERSION,
            }),
            Header::Known { number, .. } if number != self.number => {
                Err(self.corrupt(12, "the header names another file"))
            }
            Header::Known { stamp_ms, .. } => Ok(stamp_ms),
        }
    }

    /// Decides whether the log may end at `at`: a torn tail, or damage?
    fn settle(&self, bytes: &[u8], at: usize, stop: Stop) -> Result<(), Error> {
        let fault = match stop {
            Stop::End => "records are missing",
            Stop::Torn(fault) => fault,
        };
        let clean = bytes[at..].iter().all(|byte| *byte == 0);
        match (self.newest, self.reader) {
            (true, Reader::Beside) => Ok(()),
            (false, _) if clean => Ok(()),
            (false, _) => Err(self.corrupt(at, fault)),
            (true, Reader::Writer) if frame::later_group(bytes, at).is_some() => {
                Err(self.corrupt(at, fault))
            }
            (true, Reader::Writer) => self.cut(at, bytes.len()),
        }
    }

    /// Cuts the newest file behind its last whole record. Nothing is written to it again.
    fn cut(&self, at: usize, len: usize) -> Result<(), Error> {
        if at == len {
            return Ok(());
        }
        let path = self.dir.wal_file(self.number);
        let cut = || {
            let file = self.dir.disk.open_write(&path)?;
            file.set_len(at as u64)?;
            file.sync()
        };
        cut().map_err(|error| Error::io("cut", &path, error))
    }

    fn corrupt(&self, at: usize, problem: &str) -> Error {
        Error::Corrupt {
            path: self.dir.wal_file(self.number),
            offset: at as u64,
            problem: problem.to_owned(),
        }
    }
}
