//! The six figures, each with its line.

use std::collections::HashMap;

use crate::answer::{Change, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Day, Period};
use crate::reports::overview::Read;
use crate::reports::table::column;
use crate::reports::{Context, Coverage};
use crate::scan::{Cell, Grouped};

/// Messages begun, and those that failed.
pub(super) const TRIES: &[&str] = &["message_send_starting", "message_send_exception"];

/// A number of both periods with its points.
struct Figure {
    name: &'static str,
    now: Value,
    of: Value,
    before: Value,
    change: Value,
    series: HashMap<Day, i128>,
    series_before: HashMap<Day, i128>,
}

pub(super) fn table(context: &Context<'_>, read: &Read, coverage: &Coverage) -> Table {
    let columns = vec![
        column("figure", "figure", Unit::Text, Role::Main, Shown::Always),
        column("now", "now", Unit::Figure, Role::Main, Shown::Always),
        column("of", "of", Unit::Figure, Role::Main, Shown::Always),
        column(
            "before",
            "before",
            Unit::Figure,
            Role::Detail,
            Shown::Always,
        ),
        column(
            "change",
            "change",
            Unit::Change,
            Role::Change,
            Shown::Always,
        ),
        column(
            "series",
            "over time",
            Unit::Series,
            Role::Spark,
            Shown::People,
        ),
        column(
            "series_before",
            "before",
            Unit::Series,
            Role::Spark,
            Shown::Exports,
        ),
    ];
    let figures = [
        installs(context, read, coverage),
        sessions(context, read),
        sum(context, read, "messages", 0, None),
        sum(context, read, "tokens", 1, Some("total_tokens")),
        sum(context, read, "cost", 2, Some("cost")),
        failed(context, read),
    ];
    Table {
        rows: figures
            .into_iter()
            .map(|figure| figure.row(context))
            .collect(),
        whole: true,
        ..Table::new("figures", ("figure", "figures"), columns)
    }
}

impl Figure {
    fn row(self, context: &Context<'_>) -> Row {
        let before = match context.before() {
            Some(before) => Value::Series(points(context, before, &self.series_before)),
            None => Value::None,
        };
        vec![
            Value::text(self.name),
            self.now,
            self.of,
            self.before,
            self.change,
            Value::Series(points(context, context.period, &self.series)),
            before,
        ]
    }
}

/// A number for every bucket of the period; those of the period before stand where its weekdays align.
pub(super) fn points(
    context: &Context<'_>,
    side: Period,
    by_day: &HashMap<Day, i128>,
) -> Vec<i128> {
    let bucket = context.filters.bucket(context.period);
    let starts = bucket.starts(context.period);
    let shift = context.period.from.0 - side.from.0;
    let mut points = vec![0; starts.len()];
    for (day, number) in by_day {
        let start = bucket.start(day.plus(shift));
        if let Ok(at) = starts.binary_search(&start) {
            points[at] += number;
        }
    }
    points
}

/// One cell of every day.
pub(super) fn by_day(grouped: &Grouped, cell: usize, of: fn(&Cell) -> i128) -> HashMap<Day, i128> {
    let mut days = HashMap::new();
    for group in &grouped.groups {
        if let (Some(day), Some(cell)) = (group.day, group.cells.get(cell)) {
            *days.entry(day).or_default() += of(cell);
        }
    }
    days
}

fn installs(context: &Context<'_>, read: &Read, coverage: &Coverage) -> Figure {
    let before = Coverage::of(&read.all.before, 0).installs;
    let days = |grouped: &Grouped| by_day(grouped, 0, |cell| cell.installs().into());
    Figure {
        name: "active installs",
        now: Value::count(coverage.installs),
        of: Value::None,
        before: known(context, Value::count(before)),
        change: context.change_since_the_start(before.into(), coverage.installs.into()),
        series: days(&read.all.now.asks[1]),
        series_before: days(&read.all.before.asks[1]),
    }
}

fn sessions(context: &Context<'_>, read: &Read) -> Figure {
    let count = |days: &HashMap<Day, u64>| -> HashMap<Day, i128> {
        days.iter()
            .map(|(day, count)| (*day, i128::from(*count)))
            .collect()
    };
    let (now, before) = (count(&read.sessions.now), count(&read.sessions.before));
    let (all, all_before) = (now.values().sum(), before.values().sum());
    Figure {
        name: "sessions",
        now: Value::Count(all),
        of: Value::None,
        before: known(context, Value::Count(all_before)),
        change: context.change_since_the_start(all_before, all),
        series: now,
        series_before: before,
    }
}

/// A sum over the answered messages.
fn sum(
    context: &Context<'_>,
    read: &Read,
    name: &'static str,
    cell: usize,
    property: Option<&str>,
) -> Figure {
    let now = by_day(&read.messages.now.asks[3], cell, Cell::number);
    let before = by_day(&read.messages.before.asks[3], cell, Cell::number);
    let (all, all_before) = (now.values().sum(), before.values().sum());
    let value = |number| match name {
        "cost" => Value::Nanos(number),
        _ => Value::Count(number),
    };
    Figure {
        name,
        now: value(all),
        of: Value::None,
        before: known(context, value(all_before)),
        change: context.change(("message_send", property), all_before, all),
        series: now,
        series_before: before,
    }
}

fn failed(context: &Context<'_>, read: &Read) -> Figure {
    let of = |grouped: &Grouped, event: &str| -> HashMap<Day, i128> {
        let chosen = grouped
            .groups
            .iter()
            .filter(|group| group.names[0].as_deref() == Some(event));
        let groups = chosen.cloned().collect();
        by_day(&Grouped { groups }, 0, Cell::number)
    };
    let (now, before) = (&read.tries.now.asks[0], &read.tries.before.asks[0]);
    let total = |days: &HashMap<Day, i128>| days.values().sum::<i128>();
    let [series, series_before] = [of(now, TRIES[1]), of(before, TRIES[1])];
    let [started, started_before] = [total(&of(now, TRIES[0])), total(&of(before, TRIES[0]))];
    let recorded = context.recorded(TRIES[0], None).is_some() || started > 0;
    let count = |number| match recorded {
        true => Value::Count(number),
        false => Value::NotRecorded,
    };
    let rates = (
        (total(&series_before), started_before),
        (total(&series), started),
    );
    let change = match (context.before(), context.too_late(TRIES[0], None)) {
        (None, _) => Value::None,
        (_, Some(since)) => Value::Change(Change::Since(since)),
        _ => Change::of_rates(rates.0, rates.1).map_or(Value::None, Value::Change),
    };
    Figure {
        name: "failed messages",
        now: count(total(&series)),
        of: count(started),
        before: known(context, count(total(&series_before))),
        change,
        series,
        series_before,
    }
}

/// A number of the period before, where there is one.
fn known(context: &Context<'_>, value: Value) -> Value {
    match context.before() {
        Some(_) => value,
        None => Value::None,
    }
}
