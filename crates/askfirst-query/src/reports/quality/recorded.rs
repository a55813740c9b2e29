//! Which share of an event's rows carries each of its properties.

use arrow_array::Array;
use askfirst_catalog::Event;

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::error::Error;
use crate::reports::Context;
use crate::reports::table::column;
use crate::scan::{Chunk, Needs, Visitor, scan};
use crate::source::Part;

/// Common properties that say where a row comes from.
const COMMON: [&str; 2] = ["version", "os_platform"];

/// Position of the column the rows are sorted by.
const SHARE: usize = 4;

const MILLION: i128 = 1_000_000;

pub(super) fn table(context: &Context<'_>) -> Result<Table, Error> {
    let columns = vec![
        column("event", "event", Unit::Text, Role::Main, Shown::Always),
        column(
            "property",
            "property",
            Unit::Text,
            Role::Main,
            Shown::Always,
        ),
        column(
            "of_events",
            "events",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column(
            "recorded",
            "recorded",
            Unit::Count,
            Role::Detail,
            Shown::Exports,
        ),
        column(
            "share_recorded",
            "recorded",
            Unit::Share,
            Role::Detail,
            Shown::Always,
        ),
        column(
            "since",
            "since",
            Unit::DayOfYear,
            Role::Detail,
            Shown::Always,
        ),
    ];
    let mut rows = Vec::new();
    for event in context.catalog.events() {
        rows.extend(of_event(context, event)?);
    }
    // what is recorded least comes first; the catalog's order after that
    rows.sort_by_key(|row| match row[SHARE] {
        Value::Share { part, whole } => part * MILLION / whole.max(1),
        _ => 0,
    });
    Ok(Table {
        rows,
        ..Table::new("recorded", ("property", "properties"), columns)
    }
    .titled("Properties recorded"))
}

/// A row for each property of an event that happened in the period.
fn of_event(context: &Context<'_>, event: &Event) -> Result<Vec<Row>, Error> {
    let own = event
        .properties
        .iter()
        .map(|id| &context.catalog.property(*id).name);
    let names: Vec<String> = own
        .map(|name| name.to_string())
        .chain(COMMON.map(String::from))
        .collect();
    let columns: Vec<String> = names.iter().map(|name| context.column(name)).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let Counts { rows, present } = counts(context, &event.name, &columns)?;
    if rows == 0 {
        return Ok(Vec::new());
    }
    let row = |(at, name): (usize, &String)| -> Row {
        let present = present[at];
        let since = context.recorded(&event.name, Some(name));
        vec![
            Value::text(&*event.name),
            Value::text(name.as_str()),
            Value::count(rows),
            Value::count(present),
            Value::Share {
                part: present.into(),
                whole: rows.into(),
            },
            since.map_or(Value::None, Value::Day),
        ]
    };
    Ok(names.iter().enumerate().map(row).collect())
}

/// Rows of an event, and how many of them have a value in each column.
struct Counts {
    rows: u64,
    present: Vec<u64>,
}

impl Counts {
    fn add(&mut self, rows: u64, present: &[u64]) {
        self.rows += rows;
        let both = self.present.iter_mut().zip(present);
        both.for_each(|(all, some)| *all += some);
    }
}

/// Asks the parts that know it, and reads the rows of the others.
fn counts(context: &Context<'_>, event: &str, columns: &[&str]) -> Result<Counts, Error> {
    let selection = context.selection(&[event]);
    let mut counts = Counts {
        rows: 0,
        present: vec![0; columns.len()],
    };
    let mut unknown: Vec<&dyn Part> = Vec::new();
    for part in context.reader.parts() {
        // a part without the event is not even opened
        let pieces = part.pieces(Some(event));
        if pieces.is_empty() {
            continue;
        }
        let known = match selection.takes_all(*part) {
            true => part.values(event, columns)?,
            false => None,
        };
        match known {
            Some(present) => {
                let rows = pieces.iter().map(|rows| rows.end - rows.start);
                counts.add(rows.sum(), &present);
            }
            None => unknown.push(*part),
        }
    }
    let needs = Needs {
        columns: columns.to_vec(),
        ..Needs::default()
    };
    let make = || Watcher {
        columns,
        rows: 0,
        present: vec![0; columns.len()],
    };
    let installs = context.reader.installs();
    for watcher in scan(&unknown, &selection, &needs, installs, make)?.visitors {
        counts.add(watcher.rows, &watcher.present);
    }
    Ok(counts)
}

struct Watcher<'a> {
    columns: &'a [&'a str],
    rows: u64,
    present: Vec<u64>,
}

impl Visitor for Watcher<'_> {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        self.rows += chunk.rows.len() as u64;
        for (present, column) in self.present.iter_mut().zip(self.columns) {
            let Some(array) = chunk.batch.column_by_name(column) else {
                continue;
            };
            let there = match array.logical_nulls() {
                None => chunk.rows.len(),
                Some(nulls) if chunk.whole => nulls.len() - nulls.null_count(),
                Some(nulls) => {
                    let rows = chunk.rows.iter();
                    rows.filter(|&&row| nulls.is_valid(row as usize)).count()
                }
            };
            *present += there as u64;
        }
        Ok(())
    }
}
