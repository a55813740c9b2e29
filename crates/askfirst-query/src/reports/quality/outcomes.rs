//! What became of everything that arrived, by day of arrival.

use std::collections::BTreeMap;

use askfirst_store::{Note, Reason, Tally};

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::calendar::Day;
use crate::reports::Context;
use crate::reports::quality::refused::arrived;
use crate::reports::table::column;

/// Counts of something by name, with its first and last day.
type Counted = BTreeMap<&'static str, (u64, i32, i32)>;

/// Every reason with its outcome.
pub(super) fn table(context: &Context<'_>) -> Table {
    let columns = vec![
        column("reason", "reason", Unit::Text, Role::Main, Shown::Always),
        column("outcome", "outcome", Unit::Text, Role::Main, Shown::Always),
        column("events", "events", Unit::Count, Role::Main, Shown::Always),
        column("share", "share", Unit::Share, Role::Share, Shown::Always),
        column(
            "first",
            "first",
            Unit::DayOfYear,
            Role::Detail,
            Shown::Always,
        ),
        column("last", "last", Unit::DayOfYear, Role::Detail, Shown::Always),
    ];
    let counted = within(context, |tally| {
        tally
            .reasons()
            .map(|(day, reason, n)| (day, reason.name(), n))
            .collect()
    });
    let all: u64 = counted.values().map(|(n, ..)| n).sum();
    let row = |(&name, &(n, first, last)): (&&'static str, &(u64, i32, i32))| -> Row {
        let outcome = Reason::from_name(name).map_or("", |reason| reason.outcome().name());
        vec![
            Value::text(spoken(name)),
            Value::text(spoken(outcome)),
            Value::count(n),
            Value::Share {
                part: n.into(),
                whole: all.into(),
            },
            Value::Day(Day(first)),
            Value::Day(Day(last)),
        ]
    };
    let rows: Vec<Row> = counted.iter().map(row).collect();
    let mut total = vec![Value::None; columns.len()];
    (total[0], total[2]) = (Value::text("all that arrived"), Value::count(all));
    let total = (!rows.is_empty()).then_some(total);
    Table::new("outcomes", ("reason", "reasons"), columns).filled(rows, total, 2)
}

/// What was noted of accepted events.
pub(super) fn notes(context: &Context<'_>) -> Table {
    let columns = vec![
        column("note", "note", Unit::Text, Role::Main, Shown::Always),
        column("times", "times", Unit::Count, Role::Main, Shown::Always),
    ];
    let counted = within(context, |tally| {
        let of = |(day, note, n): (i32, Note, u64)| (day, note.name(), n);
        tally.notes().map(of).collect()
    });
    let row = |(&name, (n, ..)): (&&'static str, &(u64, i32, i32))| {
        vec![Value::text(spoken(name)), Value::count(*n)]
    };
    let rows = counted.iter().map(row).collect();
    Table::new("notes", ("note", "notes"), columns)
        .titled("Left out of accepted events, or mended")
        .filled(rows, None, 1)
}

/// What has to be said about days of arrival.
pub(super) fn caveats(context: &Context<'_>) -> Vec<String> {
    let mut said = vec![
        "Outcomes are counted by the day of arrival, everything else by the day it happened."
            .to_owned(),
    ];
    if context
        .project
        .tally
        .is_some_and(|tally| !arrived(context, tally))
    {
        said.push(
            "Nothing arrived in this period itself, so outcomes are those of all days.".into(),
        );
    }
    said
}

/// Words of a name in snake case.
fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

/// Counts of the period; of all days where nothing arrived in it, as after an import.
fn within(
    context: &Context<'_>,
    counts: impl Fn(&Tally) -> Vec<(i32, &'static str, u64)>,
) -> Counted {
    let mut counted = Counted::new();
    let Some(tally) = context.project.tally else {
        return counted;
    };
    let all_days = !arrived(context, tally);
    for (day, name, n) in counts(tally) {
        if all_days || context.period.contains(Day(day)) {
            let (sum, first, last) = counted.entry(name).or_insert((0, day, day));
            (*sum, *first, *last) = (*sum + n, day.min(*first), day.max(*last));
        }
    }
    counted
}
