//! How runs end.

use std::sync::Arc;

use crate::answer::{NotCompared, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Day, Period};
use crate::error::Error;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::caveats::{many, single};
use crate::reports::table::{Series, column, name, totals};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::Cell;
use crate::sequence::{Runs, runs};

/// Position of the column the rows are sorted by.
const RUNS: usize = 2;

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
    let found = context.reader.ask(&context.selection(&["exit"]), &asks)?;
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
            exits,
            all,
            runs.ended.get(&reason.cloned()),
            series.get(reason),
        ));
    }
    if runs.no_exit > 0 {
        let none = Value::text("no exit recorded");
        rows.push(vec![
            none,
            Value::None,
            Value::count(runs.no_exit),
            Value::None,
            Value::None,
        ]);
    }
    let table = table(per).filled(rows, Some(total(all, &runs)), RUNS);
    let first = first_exit(context)?;
    Ok(Built {
        tables: vec![table],
        coverage: Coverage::of(&whose, 0),
        caveats: caveats(context, &runs, first)?,
        not_compared: not_compared(context, first),
        share_of: None,
    })
}

fn table(per: &str) -> Table {
    let columns = vec![
        column("reason", "reason", Unit::Text, Role::Main, Shown::Always),
        column("exits", "exits", Unit::Count, Role::Main, Shown::Always),
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
    exits: i128,
    all: i128,
    runs: Option<&u64>,
    series: Value,
) -> Row {
    let runs = Value::count(runs.copied().unwrap_or(0));
    vec![
        name(reason),
        Value::Count(exits),
        runs,
        Value::Share {
            part: exits,
            whole: all,
        },
        series,
    ]
}

fn total(exits: i128, runs: &Runs) -> Row {
    vec![
        Value::text("all"),
        Value::Count(exits),
        Value::count(runs.total()),
        Value::None,
        Value::None,
    ]
}

/// The first day any version recorded an exit.
fn first_exit(context: &Context<'_>) -> Result<Option<Day>, Error> {
    let ever = Ask {
        by: vec![],
        bucket: None,
        measures: vec![Measure::Span],
    };
    let found = context
        .reader
        .ask(&context.unfiltered(&["exit"], None), &[ever])?;
    Ok(match totals(&found.asks[0]).first() {
        Some(Cell::Span(first, _)) => Some(Day::of_ms(*first)),
        _ => None,
    })
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

fn not_compared(context: &Context<'_>, first: Option<Day>) -> Vec<NotCompared> {
    let earlier = context.period.from.plus(-context.period.days());
    let late = first.filter(|first| *first > earlier);
    let because = |first: Day| format!("recorded since {}", first.long());
    late.map(|first| NotCompared {
        what: "exit".into(),
        because: because(first),
    })
    .into_iter()
    .collect()
}
