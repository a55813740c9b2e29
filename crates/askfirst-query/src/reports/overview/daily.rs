//! Messages over time by main model: the parts of the overview's chart.

use std::collections::HashMap;
use std::sync::Arc;

use crate::answer::{Column, Role, Row, Shown, Table, Unit, Value};
use crate::filters::bucket_name;
use crate::policy;
use crate::reports::Context;
use crate::reports::overview::{Read, figures};
use crate::reports::table::{column, over};
use crate::scan::{Cell, Grouped};

/// A column for each leading model, in the order of the table of models.
pub(super) fn table(context: &Context<'_>, read: &Read) -> Table {
    let bucket = context.filters.bucket(context.period);
    let (now, before) = (&read.messages.now.asks[0], &read.messages.before.asks[0]);
    let ranked = read.models.ranked();
    let named: Vec<&Option<Arc<str>>> = ranked
        .iter()
        .take(policy::NAMED_SERIES)
        .map(|(name, _)| *name)
        .collect();
    let points = |grouped: &Grouped| {
        let days = figures::by_day(grouped, 0, Cell::number);
        figures::points(context, context.period, &days)
    };
    let all = points(now);
    let by_model: Vec<Vec<i128>> = named.iter().map(|name| points(&of(now, name))).collect();
    let earlier = context.before().map(|side| {
        let days: HashMap<_, _> = figures::by_day(before, 0, Cell::number);
        figures::points(context, side, &days)
    });
    let row = |(at, start)| -> Row {
        let mut row = vec![Value::Day(start)];
        row.extend(by_model.iter().map(|points| Value::Count(points[at])));
        let named: i128 = by_model.iter().map(|points| points[at]).sum();
        row.push(Value::Count(all[at] - named));
        row.push(Value::Count(all[at]));
        row.push(
            earlier
                .as_ref()
                .map_or(Value::None, |points| Value::Count(points[at])),
        );
        row
    };
    let starts = bucket.starts(context.period);
    Table {
        rows: starts.into_iter().enumerate().map(row).collect(),
        whole: true,
        // 28 rows and more, whose shape the figures' lines already show
        shown: Shown::Exports,
        ..Table::new(
            "daily",
            (bucket_name(bucket), "rows"),
            columns(context, &named),
        )
    }
    .titled("Messages by main model")
}

fn columns(context: &Context<'_>, named: &[&Option<Arc<str>>]) -> Vec<Column> {
    let count = |key: String| {
        let head = key.clone();
        column(key, &head, Unit::Count, Role::Main, Shown::Always)
    };
    let mut columns = vec![over(context)];
    let word = |name: &&Option<Arc<str>>| count(name.as_deref().unwrap_or("not recorded").into());
    columns.extend(named.iter().map(word));
    columns.extend(["other", "messages", "before"].map(|key| count(key.into())));
    columns
}

fn of(grouped: &Grouped, name: &Option<Arc<str>>) -> Grouped {
    let chosen = grouped
        .groups
        .iter()
        .filter(|group| group.names[0] == *name);
    Grouped {
        groups: chosen.cloned().collect(),
    }
}
