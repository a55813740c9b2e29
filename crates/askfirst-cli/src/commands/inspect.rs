//! `askfirst inspect`: what a file is, and what is in it.

use std::fmt::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use askfirst_store::{Error, FileKind, Inspected, List, RealDisk};
use serde_json::{Map, Value, json};

use crate::args::{Format, InspectArgs};
use crate::failure::Failure;
use crate::output::{Output, csv, grouped, table};

/// What to do about a file that is damaged.
const DAMAGED: &str = "if it lies in a data directory, `askfirst store verify` says what is \
                       whole; restore it from a backup";

/// Does what was asked.
pub(crate) fn run(args: &InspectArgs, output: &Output) -> anyhow::Result<()> {
    let path = &args.file;
    if path.is_dir() {
        return Err(Failure::failed(
            format!("{} is a directory", path.display()),
            "name a file in it; a whole data directory is checked by: askfirst store verify",
        )
        .into());
    }
    let seen = read(path, args.rows)?;
    match args.format.format {
        Format::Json => output.json(&object(path, &seen))?,
        Format::Csv => output.result(&rows(&seen))?,
        Format::Table => output.result(&output.readable(&words(path, &seen)?))?,
    }
    match (seen.kind, seen.faults.first()) {
        (_, Some(fault)) => {
            let what = format!("{}: {fault}", path.display());
            Err(Failure::failed(what, DAMAGED).into())
        }
        (FileKind::Foreign, None) => Err(Failure::failed(
            format!("{} is no file of askfirst", path.display()),
            "name a segment (.parquet), key run (.keys), log file (.wal), MANIFEST or catalog",
        )
        .into()),
        _ => Ok(()),
    }
}

/// The library that reads Parquet gives up on some damaged files where it should have said
/// so: what it says then is a fault like others.
fn read(path: &Path, rows: usize) -> Result<Inspected, Failure> {
    let inspect = || askfirst_store::inspect(path, Arc::new(RealDisk), rows);
    let loud = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let seen = panic::catch_unwind(AssertUnwindSafe(inspect));
    panic::set_hook(loud);
    match seen {
        Ok(Err(Error::Io { source, .. })) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::failed(
                format!("there is no file {}", path.display()),
                "check the path",
            ))
        }
        Ok(seen) => Ok(seen?),
        Err(_) => Err(Failure::failed(
            format!("{} is damaged: its Parquet cannot be read", path.display()),
            DAMAGED,
        )),
    }
}

fn words(path: &Path, seen: &Inspected) -> Result<String, std::fmt::Error> {
    let mut text = format!(
        "{}: {}, {} bytes\n",
        path.display(),
        seen.kind.name(),
        grouped(seen.bytes)
    );
    let width = seen.facts.iter().map(|(name, _)| name.len()).max();
    for (name, value) in &seen.facts {
        writeln!(text, "  {name:width$}  {value}", width = width.unwrap_or(0))?;
    }
    for fault in &seen.faults {
        writeln!(text, "  damaged: {fault}")?;
    }
    for list in seen.lists.iter().filter(|list| !list.lines.is_empty()) {
        writeln!(text, "\n{}", list.name)?;
        for line in table(&list.head, &list.lines).lines() {
            writeln!(text, "  {line}")?;
        }
        if list.more > 0 {
            writeln!(text, "  and {} more (--rows N)", grouped(list.more))?;
        }
    }
    Ok(text)
}

fn object(path: &Path, seen: &Inspected) -> Value {
    let facts = seen.facts.iter();
    let facts: Map<String, Value> = facts
        .map(|(name, value)| (name.replace(' ', "_"), value.as_str().into()))
        .collect();
    let lists: Map<String, Value> = seen
        .lists
        .iter()
        .map(|list| (list.name.replace(' ', "_"), lines(list)))
        .collect();
    json!({
        "file": path.display().to_string(),
        "kind": seen.kind.name(),
        "bytes": seen.bytes,
        "facts": facts,
        "faults": seen.faults,
        "lists": lists,
    })
}

fn lines(list: &List) -> Value {
    let line = |cells: &Vec<String>| {
        let cells = list.head.iter().zip(cells);
        let cells = cells.map(|(name, cell)| ((*name).to_owned(), cell.as_str().into()));
        Value::Object(cells.collect())
    };
    list.lines.iter().map(line).collect()
}

/// Everything that is said, one thing a row.
fn rows(seen: &Inspected) -> String {
    let mut rows = Vec::new();
    for (name, value) in &seen.facts {
        rows.push(vec![
            "fact".to_owned(),
            String::new(),
            (*name).to_owned(),
            value.clone(),
        ]);
    }
    for fault in &seen.faults {
        rows.push(vec![
            "fault".to_owned(),
            String::new(),
            String::new(),
            fault.clone(),
        ]);
    }
    for list in &seen.lists {
        for (at, cells) in list.lines.iter().enumerate() {
            for (name, cell) in list.head.iter().zip(cells) {
                let row = [list.name, &at.to_string(), name, cell];
                rows.push(row.map(str::to_owned).to_vec());
            }
        }
    }
    csv(&["part", "line", "name", "value"], &rows)
}
