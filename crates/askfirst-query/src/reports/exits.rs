//! How runs end.

use std::sync::Arc;

use crate::answer::{Column, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Day, Period};
use crate::error::Error;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::both::Both;
use crate::reports::caveats::{many, single};
use crate::reports::names::{Counts, Subject};
use crate::reports::table::{Series, column, name, totals};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::Cell;
use crate::sequence::{Runs, runs};

/// Position of the column the rows are sorted by.
const RUNS: usize = 3;

/// What the change is a change of.
const EXITS: Subject = Subject {
    events: &["exit"],
    property: "reason",
    lines: false,
};

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let reason = context.column("reason");
    let (slice, per) = context.slices();
    let by = || vec![Dimension::Text(reason.clone())];
    let asks = [
        Ask {
            by: by(),
            bucket: None,
            measures: vec![Measure::Events],
        },
        Ask {
            by: by(),
            bucket: Some(slice),
            measures: vec![Measure::Events],
        },
    ];
    let Both { now: found, before } = context.ask_both(EXITS.events, &asks)?;
    let counts = Counts::of(context, &EXITS, &found.asks[0], &before.asks[0])?;
    let whose = context.reader.ask(
        &context.selection(&["exit", "launched"]),
        &[coverage::ask()],
    )?;
    let series = Series::of(&found.asks[1], slice, context.period);
    let runs = runs(
        &context.reader,
        &context.selection(&[]),
        context.period,
        &reason,
    )?;
    let all = totals(&found.asks[0]).first().map_or(0, Cell::number);

    let mut rows: Vec<Row> = Vec::new();
    for group in &found.asks[0].groups {
        let (reason, exits) = (group.names[0].as_ref(), group.cells[0].number());
        rows.push(row(
            reason,
            (exits, all),
            counts.change_of(reason),
            runs.ended.get(&reason.cloned()),
            series.get(reason),
        ));
    }
    if runs.no_exit > 0 {
        let none = Value::text("no exit recorded");
        rows.push(vec![
            none,
            Value::None,
            Value::None,
            Value::count(runs.no_exit),
            Value::None,
            Value::None,
        ]);
    }
    let table = table(per, counts.column()).filled(
        rows,
        Some(total(all, counts.total_change(), &runs)),
        RUNS,
    );
    let first = context.recorded("exit", None);
    Ok(Built {
        tables: vec![table],
        coverage: Coverage::of(&whose, 0),
        caveats: caveats(context, &runs, first)?,
        not_compared: counts.not_compared("exits").into_iter().collect(),
        share_of: None,
    })
}

fn table(per: &str, change: Column) -> Table {
    let columns = vec![
        column("reason", "reason", Unit::Text, Role::Main, Shown::Always),
        column("exits", "exits", Unit::Count, Role::Main, Shown::Always),
        change,
        column("runs", "runs", Unit::Count, Role::Main, Shown::Always),
        column(
            "share",
            "share of exits",
            Unit::Share,
            Role::Share,
            Shown::People,
        ),
        column("per_slice", per, Unit::Series, Role::Spark, Shown::People),
    ];
    Table::new("exits", ("reason", "reasons"), columns)
}

fn row(
    reason: Option<&Arc<str>>,
    (exits, all): (i128, i128),
    change: Value,
    runs: Option<&u64>,
    series: Value,
) -> Row {
    let runs = Value::count(runs.copied().unwrap_or(0));
    vec![
        name(reason),
        Value::Count(exits),
        change,
        runs,
        Value::Share {
            part: exits,
            whole: all,
        },
        series,
    ]
}

fn total(exits: i128, change: Value, runs: &Runs) -> Row {
    vec![
        Value::text("all"),
        Value::Count(exits),
        change,
        Value::count(runs.total()),
        Value::None,
        Value::None,
    ]
}

fn caveats(context: &Context<'_>, runs: &Runs, first: Option<Day>) -> Result<Vec<String>, Error> {
    let mut sentences = Vec::new();
    if !runs.ended.is_empty() {
        sentences.push("EXITS counts exit events, RUNS counts each run by its last one.".into());
    }
    match first {
        None => sentences.push("No version recorded an exit yet.".into()),
        Some(first) if first > context.period.from => {
            let before = Period {
                from: context.period.from,
                to: first.plus(-1).min(context.period.to),
            };
            let count = Ask {
                by: vec![],
                bucket: None,
                measures: vec![Measure::Events],
            };
            let selection = context.selection_in(&["launched"], Some(before));
            let earlier = single(&context.reader.ask(&selection, &[count])?.asks[0]);
            if earlier > 0 {
                let runs = many(
                    earlier,
                    "run began before and can have none",
                    "runs began before and can have none",
                );
                sentences.push(format!(
                    "Exits are recorded since {}; {runs}.",
                    first.long()
                ));
            }
        }
        Some(_) => {}
    }
    if runs.without_install > 0 {
        let them = many(runs.without_install, "run", "runs");
        sentences.push(format!(
            "{them} without an install id cannot be joined to an exit."
        ));
    }
    Ok(sentences)
}
