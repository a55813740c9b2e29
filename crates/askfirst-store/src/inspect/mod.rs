//! What a file is, and what is in it: for whoever wants to see what is kept.
//!
//! Works on a single file, copied anywhere. A file is known by its first bytes, not by its
//! name or place. Secrets are never shown: not the salt of a project, not the hashes of its
//! keys, not what tells events apart, not what stands for an erased id, not what signs receipts.

mod catalog;
mod keys;
mod log;
mod manifest;
mod segment;

use std::path::Path;
use std::sync::Arc;

use crate::clock::day_of;
use crate::dir::Dir;
use crate::disk::Disk;
use crate::error::Error;
use crate::policy::DAY_MS;

/// The first line of `receipt.key`, which the collector writes (`docs/formats/receipt.md`).
pub const RECEIPT_KEY: &str = "askfirst receipt key 1\n";

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// Sealed rows.
    Segment,
    /// What tells an event that comes again from a new one.
    KeyRun,
    /// A file of the write-ahead log.
    Log,
    /// What exists.
    Manifest,
    /// The canonical form of a catalog.
    Catalog,
    /// The secret by which a collector signs receipts.
    ReceiptKey,
    /// Nothing of ours.
    Foreign,
}

impl FileKind {
    /// Its name in words.
    pub fn name(self) -> &'static str {
        match self {
            FileKind::Segment => "segment",
            FileKind::KeyRun => "key run",
            FileKind::Log => "file of the write-ahead log",
            FileKind::Manifest => "manifest",
            FileKind::Catalog => "catalog",
            FileKind::ReceiptKey => "key that signs receipts",
            FileKind::Foreign => "no file of askfirst",
        }
    }
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspected {
    /// What it is.
    pub kind: FileKind,
    /// Its bytes.
    pub bytes: u64,
    /// What it says of itself, in order.
    pub facts: Vec<(&'static str, String)>,
    /// What it has many of.
    pub lists: Vec<List>,
    /// What is wrong with it, as far as a file alone can tell.
    pub faults: Vec<String>,
}

/// Things of one kind, in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct List {
    /// What they are: `columns`.
    pub name: &'static str,
    /// What is said of each.
    pub head: Vec<&'static str>,
    /// One line each.
    pub lines: Vec<Vec<String>>,
    /// How many more there are, that were not asked for.
    pub more: u64,
}

/// Says what the file at `path` is and what is in it, of rows and the like the first `rows`.
///
/// # Errors
///
/// Errors of the system. What is wrong with the file is no error: it is in
/// [`Inspected::faults`], and a file that is not ours is [`FileKind::Foreign`].
pub fn inspect(path: &Path, disk: Arc<dyn Disk>, rows: usize) -> Result<Inspected, Error> {
    let dir = Dir::new(disk, path.parent().unwrap_or(Path::new("")));
    let file = dir
        .disk
        .open(path)
        .map_err(|error| Error::io("open", path, error))?;
    let io = |error| Error::io("read", path, error);
    let bytes = file.len().map_err(io)?;
    let mut begin = vec![0; 256];
    let n = file.read_at(&mut begin, 0).map_err(io)?;
    begin.truncate(n);
    let kind = kind_of(&begin);
    let mut seen = Inspected {
        kind,
        bytes,
        facts: Vec::new(),
        lists: Vec::new(),
        faults: Vec::new(),
    };
    match kind {
        FileKind::Segment => segment::read(&mut seen, &dir, path, Arc::from(file), rows),
        FileKind::KeyRun => keys::read(&mut seen, &dir, path, &begin),
        FileKind::Log => log::read(&mut seen, &dir, &dir.read(path)?, rows),
        FileKind::Manifest => manifest::read(&mut seen, &dir.read(path)?, path),
        FileKind::ReceiptKey => {
            seen.fact("secret", "not shown; `askfirst status` has its public half")
        }
        // A catalog is text: only reading it tells.
        _ => catalog::read(&mut seen, &dir.read(path)?),
    }
    Ok(seen)
}

fn kind_of(begin: &[u8]) -> FileKind {
    match begin {
        _ if begin.starts_with(b"PAR1") => FileKind::Segment,
        _ if begin.starts_with(b"askfkey\0") => FileKind::KeyRun,
        _ if begin.starts_with(b"askfwal\0") => FileKind::Log,
        _ if begin.starts_with(b"{\"askfirst_manifest\"") => FileKind::Manifest,
        _ if begin.starts_with(RECEIPT_KEY.as_bytes()) => FileKind::ReceiptKey,
        _ => FileKind::Foreign,
    }
}

impl Inspected {
    fn fact(&mut self, name: &'static str, value: impl ToString) {
        self.facts.push((name, value.to_string()));
    }

    fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    fn list(&mut self, name: &'static str, head: &[&'static str], lines: Vec<Vec<String>>) {
        self.lists.push(List {
            name,
            head: head.to_vec(),
            lines,
            more: 0,
        });
    }

    /// A list of which only the first few are shown.
    fn first(
        &mut self,
        name: &'static str,
        head: &[&'static str],
        lines: Vec<Vec<String>>,
        all: u64,
    ) {
        self.list(name, head, lines);
        if let Some(list) = self.lists.last_mut() {
            list.more = all.saturating_sub(list.lines.len() as u64);
        }
    }
}

/// A day since 1970 as `2024-12-02`.
fn day(day: i32) -> String {
    let (year, month, day) = civil(i64::from(day));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2024-12-02 to 2024-12-09`.
fn days((first, last): (i32, i32)) -> String {
    match first == last {
        true => day(first),
        false => format!("{} to {}", day(first), day(last)),
    }
}

/// A time in milliseconds as `2024-12-02T12:00:00.000Z`.
fn time(ms: i64) -> String {
    let of_day = ms.rem_euclid(DAY_MS);
    let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
    let (second, milli) = (of_day / 1000 % 60, of_day % 1000);
    let date = day(day_of(ms));
    format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Year, month and day of a day since 1970, in the Gregorian calendar: counted from 1 March of
/// year 0, so that a leap day is the last of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_dates_of_the_calendar() {
        let cases = [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (20_059, "2024-12-02"),
            (19_782, "2024-02-29"),
            (11_016, "2000-02-29"),
            (47_541, "2100-03-01"),
        ];
        for (number, date) in cases {
            assert_eq!(day(number), date);
        }
        assert_eq!(time(1_733_140_800_001), "2024-12-02T12:00:00.001Z");
    }
}
