//! The write-ahead log: what is not in a segment yet. Reads on behind damage, to say how much
//! is whole.

use std::path::Path;

use super::{Check, REPORT, RESTORE, Seen};
use crate::clock::day_of;
use crate::codec::Fault;
use crate::dir;
use crate::error::Error;
use crate::manifest::Manifest;
use crate::outcome::Reason;
use crate::shape::Shapes;
use crate::wal::frame::{self, FILE_HEADER, Header, Stop};
use crate::wal::record::Head;

const UNKNOWN_CATALOG: Fault = "of a catalog that is not there, or cannot be read";

/// Checks every file from the manifest's position on.
pub(super) fn check(
    check: &mut Check<'_>,
    manifest: &Manifest,
    shapes: &Shapes,
) -> Result<Seen, Error> {
    let (problems, notes) = (check.done.problems.len(), check.done.notes.len());
    check.done.records = 0;
    let names = check.dir.list(&check.dir.wal())?;
    let numbers = names.iter().filter_map(|name| dir::wal_number(name));
    let mut numbers: Vec<u64> = numbers.filter(|it| *it >= manifest.wal.file).collect();
    numbers.sort_unstable();
    let begun = manifest.wal.offset > FILE_HEADER as u64;
    let last = numbers.last().copied().unwrap_or(manifest.wal.file);
    for number in manifest.wal.file..=last {
        let expected = begun || !numbers.is_empty();
        if expected && !numbers.contains(&number) {
            let path = check.dir.wal_file(number);
            check.problem(&path, "part of the log, but it is not there", RESTORE);
        }
    }
    for number in &numbers {
        let from = match *number == manifest.wal.file {
            true => manifest.wal.offset,
            false => FILE_HEADER as u64,
        };
        let newest = Some(number) == numbers.last();
        file(check, *number, from, newest, manifest, shapes)?;
    }
    // The writer may have sealed meanwhile, and deleted what was in segments by then.
    let found = check.done.problems.split_off(problems);
    if found.is_empty() {
        return Ok(Seen::Whole);
    }
    check.done.notes.truncate(notes);
    Ok(Seen::Moved(found))
}

fn file(
    check: &mut Check<'_>,
    number: u64,
    from: u64,
    newest: bool,
    manifest: &Manifest,
    shapes: &Shapes,
) -> Result<(), Error> {
    let path = check.dir.wal_file(number);
    let Some(bytes) = read(check, &path)? else {
        check.problem(&path, "part of the log, but it is not there", RESTORE);
        return Ok(());
    };
    check.done.files += 1;
    match frame::read_file_header(&bytes) {
        Err(fault) => {
            check.problem(&path, fault, RESTORE);
            return Ok(());
        }
        Ok(Header::Newer(version)) => {
            let what = format!("it has format version {version}");
            check.problem(&path, what, "use the version of askfirst that wrote it");
            return Ok(());
        }
        Ok(Header::Known { number: said, .. }) if said != number => {
            check.problem(&path, format!("its header says it is file {said}"), RESTORE);
        }
        Ok(Header::Known { .. }) => {}
    }
    let Some(mut at) = usize::try_from(from).ok().filter(|at| *at <= bytes.len()) else {
        let what = format!("it ends before byte {from}, where the manifest says the log goes on");
        check.problem(&path, what, RESTORE);
        return Ok(());
    };
    loop {
        match frame::record_at(&bytes, at) {
            Ok(found) => {
                let payload = &bytes[found.start..found.start + found.len];
                record(check, &path, at, payload, manifest, shapes);
                at = found.next.min(bytes.len());
            }
            Err(stop) => match broken(check, &path, &bytes, at, newest, stop) {
                Some(next) => at = next,
                None => return Ok(()),
            },
        }
    }
}

/// Reads a file; the newest one may be written to at this moment, which is not damage.
fn read(check: &mut Check<'_>, path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match check.dir.read(path) {
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
        Ok(bytes) => {
            check.read(bytes.len() as u64);
            Ok(Some(bytes))
        }
    }
}

/// There is no whole record at `at`: says so if that is damage, and gives where the next
/// whole one is.
fn broken(
    check: &mut Check<'_>,
    path: &Path,
    bytes: &[u8],
    at: usize,
    newest: bool,
    stop: Stop,
) -> Option<usize> {
    let zeros = bytes[at..].iter().all(|byte| *byte == 0);
    if zeros {
        return None;
    }
    let fault = match stop {
        Stop::End => "records are missing",
        Stop::Torn(fault) => fault,
    };
    let next = frame::next_record(bytes, at);
    let damage = !newest || frame::later_group(bytes, at).is_some();
    if damage && !settled(check, path, at) {
        return None;
    }
    match (damage, next) {
        (true, Some(next)) => {
            let what = format!("{fault}; the next whole record is at byte {next}");
            check.problem_at(path, format!("byte {at}"), what);
        }
        (true, None) => check.problem_at(path, format!("byte {at}"), fault),
        (false, _) => {
            let what = format!(
                "byte {at}: {fault}: it is being written, or was when the process stopped; \
                 nobody was told that it is stored"
            );
            check.note(path, what, "nothing: the next start cuts it off");
        }
    }
    next.filter(|_| damage)
}

/// Whether what is broken at `at` stays so. The file was read from front to back while it was
/// written: a record may have come in front of one that was read later.
fn settled(check: &Check<'_>, path: &Path, at: usize) -> bool {
    let Ok(bytes) = check.dir.read(path) else {
        return true;
    };
    frame::record_at(&bytes, at).is_err()
}

fn record(
    check: &mut Check<'_>,
    path: &Path,
    at: usize,
    payload: &[u8],
    manifest: &Manifest,
    shapes: &Shapes,
) {
    check.done.records += 1;
    if let Err(fault) = readable(payload, manifest, shapes) {
        let place = Some(format!("byte {at}"));
        let remedy = match fault {
            UNKNOWN_CATALOG => RESTORE,
            _ => REPORT,
        };
        let found = super::finding(path, place, format!("a record: {fault}"), remedy);
        check.done.problems.push(found);
    }
}

/// A record whose checksum fits must be whole, of a project and a catalog that are known, and
/// count its own rows.
fn readable(payload: &[u8], manifest: &Manifest, shapes: &Shapes) -> Result<(), Fault> {
    let head = Head::read(payload)?;
    if manifest.project(head.project).is_none() {
        return Err("of a project the manifest does not have");
    }
    let shape = head.shape(shapes).map_err(|_| UNKNOWN_CATALOG)?;
    let accepted = head.tally.total(Reason::Accepted);
    if accepted != u64::from(head.rows) {
        return Err("it counts more or fewer events than it has");
    }
    let day = day_of(head.received_ms);
    if (head.tally.reasons()).any(|(of, reason, _)| reason == Reason::Accepted && of != day) {
        return Err("it counts its events on another day than they came");
    }
    head.rows(|row| {
        shape
            .event(row.event)
            .ok_or("an event its catalog does not have")?;
        for (property, _) in &row.values {
            shape
                .column(*property)
                .ok_or("a property its catalog does not have")?;
        }
        Ok(())
    })
}
