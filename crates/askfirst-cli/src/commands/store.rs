//! `askfirst store`: the data directory itself.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use askfirst_query::calendar::Day;
use askfirst_store::{Counted, Doubt, Finding, RealDisk, Verified};
use serde_json::{Value, json};

use crate::args::{Format, StoreAction};
use crate::data_dir::{self, Writer};
use crate::failure::Failure;
use crate::output::{Output, csv, grouped};
use crate::progress::Progress;

/// Does what was asked.
pub(crate) fn run(action: &StoreAction, data: &Path, output: &Output) -> anyhow::Result<()> {
    match action {
        StoreAction::Verify { format } => verify(data, format.format, output),
        StoreAction::AcceptClock => accept_clock(data, output),
    }
}

fn verify(data: &Path, format: Format, output: &Output) -> anyhow::Result<()> {
    data_dir::is_no_file(data)?;
    let mut bar: Option<Progress> = None;
    let mut watch = |at: askfirst_store::Progress| {
        let bar = bar.get_or_insert_with(|| Progress::of_bytes(at.of));
        bar.at(at.bytes);
    };
    let found = askfirst_store::verify(data, Arc::new(RealDisk), &mut watch);
    if let Some(bar) = &bar {
        bar.done();
    }
    let found = found.map_err(data_dir::unreadable)?;
    match format {
        Format::Json => output.json(&object(data, &found))?,
        Format::Csv => output.result(&rows(&found))?,
        Format::Table => output.result(&output.readable(&words(data, &found)?))?,
    }
    match found.problems.len() {
        0 => Ok(()),
        n => Err(Failure::failed(
            format!(
                "{} in {}",
                plural(n as u64, "problem", "problems"),
                data.display()
            ),
            "copy the directory aside before anything else; each problem is listed with what to \
             do about it",
        )
        .into()),
    }
}

fn words(data: &Path, found: &Verified) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for problem in &found.problems {
        writeln!(text, "{problem}. To do: {}", problem.remedy)?;
    }
    for note in &found.notes {
        writeln!(text, "note: {note}. To do: {}", note.remedy)?;
    }
    writeln!(
        text,
        "checked {}: {}, {} bytes; {}, {}, {} not in a segment yet",
        data.display(),
        plural(found.files, "file", "files"),
        grouped(found.bytes),
        plural(found.rows, "row", "rows"),
        plural(found.keys, "key", "keys"),
        plural(found.records, "record", "records"),
    )?;
    for Counted {
        name,
        accepted,
        stored,
        expired,
        ..
    } in &found.projects
    {
        writeln!(
            text,
            "  {name}: {} accepted and sealed, {} stored, {} expired and deleted",
            plural(*accepted, "event", "events"),
            grouped(*stored),
            grouped(*expired)
        )?;
    }
    if found.taken_away > 0 {
        writeln!(
            text,
            "  {} by the running writer meanwhile, as it may",
            plural(
                found.taken_away,
                "file was taken away",
                "files were taken away"
            )
        )?;
    }
    if found.problems.is_empty() {
        writeln!(text, "everything is as it was written")?;
    }
    Ok(text)
}

fn object(data: &Path, found: &Verified) -> Value {
    let finding = |it: &Finding| {
        json!({
            "file": it.path.display().to_string(),
            "place": it.place,
            "what": it.what,
            "to_do": it.remedy,
        })
    };
    let counted = |it: &Counted| {
        json!({
            "name": it.name,
            "accepted": it.accepted,
            "stored": it.stored,
            "expired": it.expired,
        })
    };
    json!({
        "data": data.display().to_string(),
        "sound": found.problems.is_empty(),
        "generation": found.generation,
        "files": found.files,
        "bytes": found.bytes,
        "rows": found.rows,
        "keys": found.keys,
        "records": found.records,
        "taken_away": found.taken_away,
        "projects": found.projects.iter().map(counted).collect::<Vec<_>>(),
        "problems": found.problems.iter().map(finding).collect::<Vec<_>>(),
        "notes": found.notes.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn rows(found: &Verified) -> String {
    let row = |kind: &str, it: &Finding| {
        vec![
            kind.to_owned(),
            it.path.display().to_string(),
            it.place.clone().unwrap_or_default(),
            it.what.clone(),
            it.remedy.to_owned(),
        ]
    };
    let problems = found.problems.iter().map(|it| row("problem", it));
    let notes = found.notes.iter().map(|it| row("note", it));
    let rows: Vec<Vec<String>> = problems.chain(notes).collect();
    csv(&["kind", "file", "place", "what", "to_do"], &rows)
}

fn accept_clock(data: &Path, output: &Output) -> anyhow::Result<()> {
    let doubt = data_dir::read(data)?.doubt();
    let Some(doubt) = doubt else {
        output.note("the clock is not doubted; nothing to accept");
        return Ok(());
    };
    match data_dir::writer(data)? {
        Writer::Own(store) => {
            let accepted = store.accept_clock();
            accepted
                .and_then(|()| store.expire_if_due().map(drop))
                .map_err(Failure::from)?;
        }
        Writer::Server(server) => server.accept_clock()?,
    }
    output.note(format_args!(
        "from now on it is {}, as the clock says; what has expired by it is deleted",
        day(doubt.clock_ms)
    ));
    Ok(())
}

/// Why the clock is not gone by, and what to do; nothing if that changes nothing.
pub(crate) fn clock_words(doubt: Option<Doubt>) -> Option<String> {
    let doubt = doubt?;
    let clock = day(doubt.clock_ms);
    let to_do = "If the clock is right: askfirst store accept-clock. If not: set it.";
    if doubt.held_back > 0 {
        return Some(format!(
            "the clock says {clock}, the newest time believed is {}: nothing is deleted by such a \
             clock, and {} back. {to_do}",
            day(doubt.believed_ms),
            plural(doubt.held_back, "file is held", "files are held"),
        ));
    }
    (day(doubt.stamped_ms) > clock).then(|| {
        format!(
            "the clock says {clock}, but something was stamped {} before, and no earlier time is \
             stamped: events are refused as too old. {to_do}",
            day(doubt.stamped_ms)
        )
    })
}

/// The same for programs.
pub(crate) fn clock_object(doubt: Option<Doubt>) -> Value {
    let Some(doubt) = doubt else {
        return Value::Null;
    };
    json!({
        "clock_ms": doubt.clock_ms,
        "believed_ms": doubt.believed_ms,
        "stamped_ms": doubt.stamped_ms,
        "files_held_back": doubt.held_back,
    })
}

/// A day as `2024-12-31`, UTC.
fn day(ms: i64) -> String {
    Day::of_ms(ms).iso()
}

fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}
