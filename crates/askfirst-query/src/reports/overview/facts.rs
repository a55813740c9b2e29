//! Whether the numbers can be believed, in five lines; the report `quality` has the rest.

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::error::Error;
use crate::question::{Ask, Measure};
use crate::reports::overview::Read;
use crate::reports::quality::refused;
use crate::reports::table::{column, totals};
use crate::reports::{Context, Coverage};
use crate::scan::Cell;

pub(super) fn table(
    context: &Context<'_>,
    read: &Read,
    coverage: &Coverage,
) -> Result<Table, Error> {
    let columns = vec![
        column("fact", "fact", Unit::Text, Role::Main, Shown::Always),
        column("value", "value", Unit::Count, Role::Main, Shown::Always),
        column("share", "share", Unit::Share, Role::Detail, Shown::Always),
    ];
    let events = i128::from(coverage.events);
    let groups = read.all.now.asks[2].groups.iter();
    let unversioned: i128 = groups
        .filter(|group| group.names.iter().any(Option::is_none))
        .map(|group| group.cells[0].number())
        .sum();
    let part = |fact: &str, part: i128| -> Row {
        vec![
            Value::text(fact),
            Value::Count(part),
            Value::Share {
                part,
                whole: events,
            },
        ]
    };
    let alone = |fact: String, value: Value| -> Row { vec![Value::text(fact), value, Value::None] };
    let mut rows = vec![
        alone("events stored".into(), Value::Count(events)),
        part("without an install id", coverage.without_install.into()),
        part("without version or platform", unversioned),
    ];
    rows.extend(refused(context).map(|(words, values)| alone(words, Value::count(values))));
    rows.push(alone("losses reported by clients".into(), lost(context)?));
    Ok(Table {
        rows,
        whole: true,
        ..Table::new("quality", ("fact", "facts"), columns)
    }
    .titled("Data quality"))
}

/// Events that clients dropped and told of; not recorded where no client ever told of any.
fn lost(context: &Context<'_>) -> Result<Value, Error> {
    let ask = Ask {
        by: vec![],
        bucket: None,
        measures: vec![Measure::Sum(context.column("lost"))],
    };
    let found = context
        .reader
        .ask(&context.selection(&["losses"]), &[ask])?;
    let lost = totals(&found.asks[0]).first().map(Cell::number);
    Ok(match lost {
        Some(lost) => Value::Count(lost),
        None if context.recorded("losses", None).is_some() => Value::Count(0),
        None => Value::NotRecorded,
    })
}
