//! Errors in five figures, and over time.

use std::collections::BTreeMap;

use crate::answer::{Change, Role, Row, Shown, Table, Unit, Value};
use crate::reports::both::Both;
use crate::reports::errors::read::EVENTS;
use crate::reports::errors::{Key, Kind, STARTED, State, is_new};
use crate::reports::table::{column, over};
use crate::reports::{Context, Coverage};
use crate::scan::{Cell, Grouped};

pub(super) fn table(
    context: &Context<'_>,
    begun: &Both,
    failed: &Both,
    kinds: &BTreeMap<Key, Kind>,
    states: &BTreeMap<&Key, State>,
) -> Table {
    let columns = vec![
        column("figure", "figure", Unit::Text, Role::Main, Shown::Always),
        column("now", "now", Unit::Count, Role::Main, Shown::Always),
        column("of", "of", Unit::Count, Role::Main, Shown::Always),
        column("before", "before", Unit::Count, Role::Detail, Shown::Always),
        column(
            "change",
            "change",
            Unit::Change,
            Role::Change,
            Shown::Always,
        ),
    ];
    let sides = |both: &Both, event: &str| {
        (
            of(&both.before.asks[0], event),
            of(&both.now.asks[0], event),
        )
    };
    let (failed_before, failed_now) = sides(failed, EVENTS[0]);
    let (crashed_before, crashed_now) = sides(failed, EVENTS[1]);
    let (begun_before, begun_now) = (
        of(&begun.before.asks[1], STARTED),
        of(&begun.now.asks[1], STARTED),
    );
    let recorded = context.recorded(STARTED, None).is_some();
    let rate = match context.too_late(STARTED, None) {
        Some(since) => Some(Change::Since(since)),
        None => Change::of_rates((failed_before, begun_before), (failed_now, begun_now)),
    };
    let known = |value: i128| match context.before() {
        Some(_) => Value::Count(value),
        None => Value::None,
    };
    let started = if recorded {
        Value::Count(begun_now)
    } else {
        Value::NotRecorded
    };
    let crashes = |count: i128| match context.recorded(EVENTS[1], None) {
        Some(_) => Value::Count(count),
        None => Value::NotRecorded,
    };
    let installs = |both: &Both| {
        let side = (
            Coverage::of(&both.before, 1).installs,
            Coverage::of(&both.now, 1).installs,
        );
        (i128::from(side.0), i128::from(side.1))
    };
    let (affected_before, affected) = installs(failed);
    let all = Coverage::of(&begun.now, 2)
        .installs
        .max(Coverage::of(&failed.now, 1).installs);
    let alone = |name: &str, count: usize| -> Row {
        let count = Value::Count(count as i128);
        vec![
            Value::text(name),
            count,
            Value::None,
            Value::None,
            Value::None,
        ]
    };
    let new = kinds.values().filter(|kind| is_new(context, kind)).count();
    let gone = states
        .iter()
        .filter(|(key, state)| matches!(state, State::GoneSince(_)) && kinds[*key].seen.before > 0);
    let rows = vec![
        vec![
            Value::text("failed messages"),
            Value::Count(failed_now),
            started,
            known(failed_before),
            rate.filter(|_| context.before().is_some())
                .map_or(Value::None, Value::Change),
        ],
        vec![
            Value::text("crashes"),
            crashes(crashed_now),
            Value::None,
            crashes(crashed_before).or_none(context.before().is_some()),
            match context.recorded(EVENTS[1], None) {
                Some(_) => context.change((EVENTS[1], None), crashed_before, crashed_now),
                None => Value::None,
            },
        ],
        vec![
            Value::text("installs affected"),
            Value::Count(affected),
            Value::count(all),
            known(affected_before),
            context.change((EVENTS[0], None), affected_before, affected),
        ],
        alone("new errors", new),
        alone("gone errors", gone.count()),
    ];
    Table {
        rows,
        whole: true,
        ..Table::new("figures", ("figure", "figures"), columns)
    }
    .titled("In figures")
}

/// Messages begun, failed messages and crashes by bucket.
pub(super) fn over_time(context: &Context<'_>, begun: &Grouped, failed: &Grouped) -> Table {
    let mut columns = vec![over(context)];
    let count = |key: &'static str| column(key, key, Unit::Count, Role::Main, Shown::Always);
    columns.extend(["started", "failed", "crashes"].map(count));
    let starts = context
        .filters
        .bucket(context.period)
        .starts(context.period);
    let number = |grouped: &Grouped, event: &str, start| {
        let mut groups = grouped.groups.iter();
        let found = groups
            .find(|group| group.day == Some(start) && group.names[0].as_deref() == Some(event));
        Value::Count(
            found
                .and_then(|group| group.cells.first())
                .map_or(0, Cell::number),
        )
    };
    let row = |start| {
        vec![
            Value::Day(start),
            number(begun, STARTED, start),
            number(failed, EVENTS[0], start),
            number(failed, EVENTS[1], start),
        ]
    };
    Table {
        rows: starts.into_iter().map(row).collect(),
        whole: true,
        shown: Shown::Exports,
        ..Table::new("daily", ("row", "rows"), columns)
    }
    .titled("Over time")
}

fn of(grouped: &Grouped, event: &str) -> i128 {
    let groups = grouped.groups.iter();
    groups
        .filter(|group| group.names[0].as_deref() == Some(event))
        .map(|group| group.cells[0].number())
        .sum()
}
