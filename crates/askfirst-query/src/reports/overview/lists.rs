//! Models, and the four lists beside each other.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::policy;
use crate::reports::Context;
use crate::reports::names::{Counts, numbers};
use crate::reports::overview::Read;
use crate::reports::table::{column, name};
use crate::scan::Group;

/// Models in rank order, so that a row's place is its colour's in the chart.
pub(super) fn models(read: &Read) -> Table {
    let by_name: HashMap<&Option<Arc<str>>, &Group> = read.messages.now.asks[1]
        .groups
        .iter()
        .map(|group| (&group.names[0], group))
        .collect();
    let cost = |model: &Option<Arc<str>>, messages: i128| -> Value {
        let Some(cells) = by_name.get(model).map(|group| &group.cells) else {
            return Value::None;
        };
        match cells[3].number() + cells[4].number() == messages {
            true => Value::None,
            false => Value::Nanos(cells[2].number()),
        }
    };
    let counts = &read.models;
    let ranked = counts.ranked();
    let row = |(model, named): &(&Option<Arc<str>>, &crate::reports::names::Named)| -> Row {
        vec![
            name(model.as_ref()),
            Value::Count(named.now),
            Value::Share {
                part: named.now,
                whole: counts.now,
            },
            counts.change(named),
            cost(model, named.now),
        ]
    };
    let groups = by_name.values().map(|group| group.cells[2].number());
    let total = vec![
        Value::None,
        Value::Count(counts.now),
        Value::None,
        counts.total_change(),
        Value::Nanos(groups.sum()),
    ];
    let columns = vec![
        column(
            "main_model",
            "main model",
            Unit::Text,
            Role::Main,
            Shown::Always,
        ),
        column(
            "messages",
            "messages",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column("share", "share", Unit::Share, Role::Share, Shown::Always),
        counts.column(),
        column("cost_usd", "cost", Unit::Usd, Role::Main, Shown::Always),
    ];
    Table {
        rows: ranked.iter().map(row).collect(),
        total: (counts.now > 0).then_some(total),
        ..Table::new("models", ("model", "models"), columns)
    }
    .titled("Models")
}

/// What was named most often.
pub(super) fn list(key: &'static str, title: &str, counts: &Counts) -> Table {
    let unit = match key {
        "commands" => Unit::Command,
        _ => Unit::Text,
    };
    let columns = vec![
        column("name", "name", unit, Role::Main, Shown::Always),
        column("count", "count", Unit::Count, Role::Main, Shown::Always),
        column("share", "share", Unit::Share, Role::Share, Shown::Always),
        column(
            "before",
            "before",
            Unit::Count,
            Role::Detail,
            counts.shown(),
        ),
        counts.column(),
    ];
    let ranked = counts.ranked();
    Table {
        rows: ranked
            .iter()
            .map(|(name, named)| counts.row(name, named))
            .collect(),
        few: Some(policy::LIST_ROWS),
        ..Table::new(key, ("name", "names"), columns)
    }
    .titled(title)
}

/// The newest line first, what carries no version last.
pub(super) fn versions(counts: &Counts) -> Table {
    let mut table = list("versions", "Versions", counts);
    table.rows.sort_by_cached_key(|row| match &row[0] {
        Value::Text(version) => (0, Reverse(numbers(version))),
        _ => (1, Reverse(Vec::new())),
    });
    table
}

/// Lines whose first event of all lies in this period.
pub(super) fn releases(context: &Context<'_>, counts: &Counts) -> Table {
    let columns = vec![
        column("version", "version", Unit::Text, Role::Main, Shown::Always),
        column(
            "first_seen",
            "first seen",
            Unit::Day,
            Role::Main,
            Shown::Always,
        ),
    ];
    // what was there on the first day of all was released before anybody counted
    let counted = |day| context.project.days.is_some_and(|(first, _)| first < day);
    let mut rows: Vec<Row> = Vec::new();
    for (line, named) in &counts.by_name {
        if let (Some(line), Some(day), false) =
            (line, named.first.filter(|&day| counted(day)), named.earlier)
        {
            rows.push(vec![Value::Text(line.clone()), Value::Day(day)]);
        }
    }
    rows.sort_by_key(|row| row[1].number());
    Table {
        rows,
        whole: true,
        ..Table::new("releases", ("version", "versions"), columns)
    }
    .titled("First seen in this period")
}
