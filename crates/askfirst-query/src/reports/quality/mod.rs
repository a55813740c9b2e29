//! What arrived, what was left out and why, and how much of what could be said was said.

mod delay;
mod outcomes;
mod recorded;
mod refused;

use askfirst_catalog::Profile;

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::error::Error;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::table::{column, name};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::{Cell, Group};

pub(crate) use refused::refused;

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let text = |column: &str, measures| Ask {
        by: vec![Dimension::Text(column.to_owned())],
        bucket: None,
        measures,
    };
    let asks = [
        coverage::ask(),
        text("catalog", vec![Measure::Events, Measure::Span]),
    ];
    let (all, watchers) = context.reader.ask_and(
        &context.selection(&[]),
        &asks,
        &delay::needs(),
        delay::Watcher::default,
    )?;
    let delays = delay::all(watchers);
    let by_loss = text(
        &context.column("loss"),
        vec![Measure::Sum(context.column("lost"))],
    );
    let losses = context
        .reader
        .ask(&context.selection(&["losses"]), &[by_loss])?;
    let coverage = Coverage::of(&all, 0);
    let lost: i128 = losses.asks[0]
        .groups
        .iter()
        .map(|group| group.cells[0].number())
        .sum();
    Ok(Built {
        tables: vec![
            outcomes::table(context),
            facts(context, &coverage, lost, &delays),
            outcomes::notes(context),
            named(
                "losses",
                "Losses reported by clients",
                ("reason", "reasons"),
                &losses.asks[0].groups,
                "lost",
            ),
            delays.table(),
            recorded::table(context)?,
            catalogs(&all.asks[1].groups),
        ],
        caveats: outcomes::caveats(context),
        coverage,
        not_compared: Vec::new(),
        share_of: None,
    })
}

/// What is known of the whole, one fact a line.
fn facts(context: &Context<'_>, coverage: &Coverage, lost: i128, delays: &delay::Delays) -> Table {
    let columns = vec![
        column("fact", "fact", Unit::Text, Role::Main, Shown::Always),
        column("value", "value", Unit::Count, Role::Main, Shown::Always),
        column("share", "share", Unit::Share, Role::Detail, Shown::Always),
    ];
    let events = i128::from(coverage.events);
    let share = |part: i128, whole: i128| match whole {
        0 => Value::None,
        _ => Value::Share { part, whole },
    };
    let fact =
        |name: &str, value: Value, share: Value| -> Row { vec![Value::text(name), value, share] };
    let told = context.recorded("losses", None).is_some();
    let lost_known = if told {
        Value::Count(lost)
    } else {
        Value::NotRecorded
    };
    let agreed = i128::from(coverage.agreed.events);
    let mut rows = vec![
        fact("events of this period", Value::Count(events), Value::None),
        fact(
            "without an install id",
            Value::count(coverage.without_install),
            share(coverage.without_install.into(), events),
        ),
        fact("lost, as clients told us", lost_known, Value::None),
    ];
    if told {
        // only our own clients count what they lose
        rows.push(fact(
            "delivered, of what those clients recorded",
            Value::Count(agreed),
            share(agreed, agreed + lost),
        ));
    }
    rows.extend(delays.median().map(|hours| {
        fact(
            "median delay, in whole hours",
            Value::Count(hours.into()),
            Value::None,
        )
    }));
    if let Some(profile) = Profile::builtin(context.project.host) {
        let percent = i128::from(profile.ask_percent);
        rows.push(fact(
            "users who are asked, in percent",
            Value::Count(percent),
            Value::None,
        ));
    }
    Table {
        rows,
        whole: true,
        ..Table::new("facts", ("fact", "facts"), columns)
    }
    .titled("Facts")
}

fn named(
    key: &'static str,
    title: &str,
    noun: (&'static str, &'static str),
    groups: &[Group],
    counted: &'static str,
) -> Table {
    let columns = vec![
        column("reason", noun.0, Unit::Text, Role::Main, Shown::Always),
        column(counted, counted, Unit::Count, Role::Main, Shown::Always),
    ];
    let row = |group: &Group| {
        vec![
            name(group.names[0].as_ref()),
            Value::Count(group.cells[0].number()),
        ]
    };
    let rows = groups.iter().map(row).collect();
    Table::new(key, noun, columns)
        .titled(title)
        .filled(rows, None, 1)
}

/// The catalogs senders said they work by.
fn catalogs(groups: &[Group]) -> Table {
    let columns = vec![
        column("catalog", "catalog", Unit::Text, Role::Main, Shown::Always),
        column("events", "events", Unit::Count, Role::Main, Shown::Always),
        column(
            "first_seen",
            "first seen",
            Unit::Day,
            Role::Detail,
            Shown::Always,
        ),
        column(
            "last_seen",
            "last seen",
            Unit::Day,
            Role::Detail,
            Shown::Always,
        ),
    ];
    let day = |ms: i64| Value::Day(crate::calendar::Day::of_ms(ms));
    let row = |group: &Group| -> Row {
        let (first, last) = match group.cells.get(1) {
            Some(Cell::Span(first, last)) => (day(*first), day(*last)),
            _ => (Value::None, Value::None),
        };
        vec![
            name(group.names[0].as_ref()),
            Value::Count(group.cells[0].number()),
            first,
            last,
        ]
    };
    let rows = groups.iter().map(row).collect();
    Table::new("catalogs", ("catalog", "catalogs"), columns)
        .titled("Catalogs of the senders (first 8 digits of SHA-256)")
        .filled(rows, None, 1)
}
