//! Segments: bytes, Parquet, and that the rows are what the manifest says of them.

use std::path::Path;
use std::sync::Arc;

use super::order::Rows;
use super::{Check, REPORT, RESTORE};
use crate::disk::DiskFile;
use crate::error::Error;
use crate::manifest::SegmentFile;
use crate::segment::Origin;
use crate::segment::filled::Filled;
use crate::segment::sealed::Sealed;
use crate::segment::types::Types;
use crate::shape::Shapes;

pub(super) fn check(
    check: &mut Check<'_>,
    path: &Path,
    open: Box<dyn DiskFile>,
    file: &SegmentFile,
    shapes: &Arc<Shapes>,
) -> Result<(), Error> {
    // What is not what was written is not worth reading: the library that reads Parquet does
    // not survive every wrong byte.
    if check
        .bytes_of(path, open.as_ref(), file.bytes, file.sha256)?
        .is_none()
    {
        return Ok(());
    }
    let open = Arc::from(open);
    let sealed = Sealed::of_open(check.dir.clone(), path.to_owned(), file.clone(), open);
    match rows(&sealed, file.rows) {
        Ok((stored, rows, filled)) => {
            compare(check, path, file, stored, &rows);
            counts(check, path, &sealed, &filled)?;
        }
        Err(error) => unreadable(check, path, &error)?,
    }
    columns(check, path, &sealed, file, shapes);
    Ok(())
}

/// Reads every column of every row; gives also how many rows the file says it has, and how many have
/// values.
fn rows(sealed: &Sealed, expected: u64) -> Result<(u64, Rows, Filled), Error> {
    let stored = sealed.stored_rows()?;
    let (mut rows, mut filled) = (Rows::default(), Filled::default());
    let schema = sealed.columns()?;
    let fields = schema.fields().iter();
    let names: Vec<&str> = fields.map(|field| field.name().as_str()).collect();
    let mut scan = sealed.scan(&names, 0..stored.min(expected))?;
    while let Some(batch) = scan.next() {
        let batch = batch?;
        let first = rows.rows;
        rows.add(&batch);
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let events = rows.events.iter();
            let events = events.map(|(event, rows)| (event.as_str(), *rows));
            filled.add(field.name(), column, first, events);
        }
    }
    Ok((stored, rows, filled))
}

/// What the footer says of values must be so: reports go by it.
fn counts(
    check: &mut Check<'_>,
    path: &Path,
    sealed: &Sealed,
    filled: &Filled,
) -> Result<(), Error> {
    let Some(said) = sealed.filled()?.filter(|said| *said != filled) else {
        return Ok(());
    };
    let wrong = said.wrong(filled);
    for (event, column, are, said) in &wrong {
        let what = format!("rows of {event} with {column}: it has {are}, its footer says {said}");
        check.problem(path, what, REPORT);
    }
    if wrong.is_empty() {
        let what = "its footer counts the values of other events than it has rows of";
        check.problem(path, what, REPORT);
    }
    Ok(())
}

fn unreadable(check: &mut Check<'_>, path: &Path, error: &Error) -> Result<(), Error> {
    match error {
        Error::Parquet { source, .. } => {
            check.problem(path, format!("Parquet cannot be read: {source}"), RESTORE);
        }
        Error::Arrow { source, .. } => {
            check.problem(path, format!("its rows cannot be read: {source}"), RESTORE);
        }
        Error::Corrupt { problem, .. } => check.problem(path, problem.clone(), RESTORE),
        Error::Io { source, .. } => {
            check.problem(
                path,
                format!("the system cannot read it: {source}"),
                RESTORE,
            );
        }
        other => check.problem(path, other.to_string(), RESTORE),
    }
    Ok(())
}

fn compare(check: &mut Check<'_>, path: &Path, file: &SegmentFile, stored: u64, rows: &Rows) {
    check.done.rows += rows.rows;
    let mut differs = |what: &str, is: String, said: String| {
        if is != said {
            let what = format!("{what}: it has {is}, the manifest says {said}");
            check.problem(path, what, RESTORE);
        }
    };
    differs("rows", stored.to_string(), file.rows.to_string());
    differs("events", events(&rows.events), events(&file.events));
    let range = |(first, last): (i32, i32)| format!("{first} to {last}");
    differs("days", range(rows.days()), range(file.days));
    differs(
        "days of arrival",
        range(rows.arrived()),
        range(file.arrived),
    );
    if let Some(row) = rows.out_of_order {
        let what = "rows are not sorted by event, install and time";
        check.problem_at(path, format!("row {row}"), what);
    }
    if let Some((row, fault)) = &rows.fault {
        check.problem_at(path, format!("row {row}"), (*fault).to_owned());
    }
    let foreign = match file.origin {
        Origin::Imported => rows.received_rows,
        Origin::Received => rows.imported_rows,
    };
    if foreign > 0 {
        let what = format!("{foreign} rows are not {}", name(file.origin));
        check.problem(path, what, REPORT);
    }
}

fn name(origin: Origin) -> &'static str {
    match origin {
        Origin::Received => "received",
        Origin::Imported => "imported",
    }
}

fn events(events: &[(String, u64)]) -> String {
    let one = |(name, n): &(String, u64)| format!("{name} {n}");
    let all: Vec<String> = events.iter().map(one).collect();
    all.join(", ")
}

/// Every column must be a fixed one, or a property's of a catalog that made the rows, and of
/// its type.
fn columns(
    check: &mut Check<'_>,
    path: &Path,
    sealed: &Sealed,
    file: &SegmentFile,
    shapes: &Arc<Shapes>,
) {
    let Ok(schema) = sealed.columns() else {
        return;
    };
    let types = Types::new(Arc::clone(shapes), &Shapes::default());
    for field in schema.fields() {
        let name = field.name();
        let known = types.of(name);
        let fits = known == *field.data_type();
        // A catalog that is missing is a problem of its own.
        let all_known = file.catalogs.iter().all(|it| shapes.of_hash(it).is_some());
        if !fits && all_known {
            let what = format!("column {name} holds {}, not {known}", field.data_type());
            check.problem(path, what, REPORT);
        }
    }
}
