//! Which commands and features are used, by how many, and which by nobody.

use std::collections::HashSet;
use std::sync::Arc;

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::calendar::Day;
use crate::error::Error;
use crate::policy;
use crate::question::{Ask, Dimension, Measure};
use crate::reader::Found;
use crate::reports::both::Both;
use crate::reports::names::{Counts, Subject};
use crate::reports::table::{Series, column, name, totals};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::{Cell, Grouped};

/// Position of the column of changes.
const CHANGE: usize = 2;

/// What the change is a change of.
const USES: Subject = Subject {
    events: &["command"],
    property: "name",
    lines: false,
};

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let active = active(context)?;
    let Both {
        now: commands,
        before,
    } = context.ask_both(USES.events, &asks(context, &context.column("name")))?;
    let counts = Counts::of(context, &USES, &commands.asks[0], &before.asks[0])?;
    let features: Vec<&str> = features(context);
    let features_used = context
        .reader
        .ask(&context.selection(&features), &asks(context, "event"))?;
    let per = context.slices().1;
    let never = never(context, &commands.asks[0]);
    let named_never = !never.rows.is_empty();
    Ok(Built {
        tables: vec![
            table(context, "commands", ("command", "commands"), Unit::Command, per, (&commands, Some(&counts)), active),
            table(context, "features", ("feature", "features"), Unit::Text, per, (&features_used, None), active)
                .titled("Features and modes"),
            never,
        ],
        coverage: Coverage::of(&commands, 2),
        caveats: named_never
            .then(|| "The list of those never used holds the commands of every tool that shares this catalog.".into())
            .into_iter()
            .collect(),
        not_compared: counts.not_compared("commands").into_iter().collect(),
        share_of: Some(active),
    })
}

/// Installs that sent any event in the period.
fn active(context: &Context<'_>) -> Result<u64, Error> {
    let ask = Ask {
        by: vec![],
        bucket: None,
        measures: vec![Measure::Installs],
    };
    let found = context.reader.ask(&context.selection(&[]), &[ask])?;
    Ok(totals(&found.asks[0]).first().map_or(0, Cell::installs))
}

/// Events of the catalog that this report shows beside the commands.
fn features<'a>(context: &Context<'a>) -> Vec<&'a str> {
    let events = context.catalog.events().iter();
    let shown = events.filter(|event| event.reports.iter().any(|report| report == "commands"));
    shown
        .map(|event| &*event.name)
        .filter(|&event| event != "command")
        .collect()
}

/// Uses and installs by name, over time, and whose they are.
fn asks(context: &Context<'_>, by: &str) -> [Ask; 3] {
    let by = || vec![Dimension::Text(by.to_owned())];
    [
        Ask {
            by: by(),
            bucket: None,
            measures: vec![Measure::Events, Measure::Installs, Measure::Span],
        },
        Ask {
            by: by(),
            bucket: Some(context.slices().0),
            measures: vec![Measure::Events],
        },
        coverage::ask(),
    ]
}

fn table(
    context: &Context<'_>,
    key: &'static str,
    noun: (&'static str, &'static str),
    unit: Unit,
    per: &str,
    (found, counts): (&Found, Option<&Counts>),
    active: u64,
) -> Table {
    let shares = active >= policy::INSTALLS_FOR_SHARES;
    let columns = vec![
        column(noun.0, noun.0, unit, Role::Main, Shown::Always),
        column("uses", "uses", Unit::Count, Role::Main, Shown::Always),
        counts.map_or_else(Counts::no_column, Counts::column),
        column(
            "installs",
            "installs",
            Unit::Count,
            Role::Detail,
            Shown::Always,
        ),
        column(
            "reach",
            "reach",
            Unit::Share,
            Role::Share,
            if shares {
                Shown::People
            } else {
                Shown::Exports
            },
        ),
        column(
            "last_used",
            "last used",
            Unit::Day,
            Role::Detail,
            Shown::Wide,
        ),
        column("per_slice", per, Unit::Series, Role::Spark, Shown::People),
    ];
    let series = Series::of(&found.asks[1], context.slices().0, context.period);
    let cells = |cells: &[Cell]| {
        let installs = cells[1].installs();
        let reach = Value::Share {
            part: installs.into(),
            whole: active.into(),
        };
        let last = match cells[2] {
            Cell::Span(_, last) => Value::Day(Day::of_ms(last)),
            _ => Value::None,
        };
        [
            Value::Count(cells[0].number()),
            Value::count(installs),
            if shares { reach } else { Value::None },
            last,
        ]
    };
    let row = |group: &crate::scan::Group| -> Row {
        let mut row = vec![name(group.names[0].as_ref())];
        row.extend(cells(&group.cells));
        let change = counts.map(|counts| counts.change_of(group.names[0].as_ref()));
        row.insert(CHANGE, change.unwrap_or(Value::None));
        row.push(series.get(group.names[0].as_ref()));
        row
    };
    let rows: Vec<Row> = found.asks[0].groups.iter().map(row).collect();
    let all = totals(&found.asks[0]);
    let total = (!all.is_empty()).then(|| {
        let [uses, installs, ..] = cells(&all);
        vec![
            Value::None,
            uses,
            counts.map_or(Value::None, Counts::total_change),
            installs,
            Value::None,
            Value::None,
            Value::None,
        ]
    });
    Table::new(key, noun, columns).filled(rows, total, 1)
}

/// Commands of the catalog's closed list that nobody used.
fn never(context: &Context<'_>, used: &Grouped) -> Table {
    let used: HashSet<&str> = used
        .groups
        .iter()
        .filter_map(|group| group.names[0].as_deref())
        .collect();
    let listed = context
        .catalog
        .find_property("name")
        .map(|id| context.catalog.property(id).kind.values());
    let unused = listed
        .unwrap_or(&[])
        .iter()
        .filter(|command| !used.contains(&***command));
    let mut names: Vec<&Arc<str>> = unused.collect();
    names.sort();
    let columns = vec![column(
        "command",
        "command",
        Unit::Command,
        Role::Main,
        Shown::Always,
    )];
    let rows = names
        .into_iter()
        .map(|name| vec![Value::Text(name.clone())])
        .collect();
    let table = Table {
        rows,
        whole: true,
        ..Table::new("never_used", ("command", "commands"), columns)
    };
    table.titled("Never used in this period")
}
