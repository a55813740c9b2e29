//! Who is on which version and platform, and how fast a release is taken up.

mod adoption;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Day, Period};
use crate::error::Error;
use crate::policy;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::caveats::many;
use crate::reports::errors::{self, Line, Tries};
use crate::reports::names::{Counts, Subject, line};
use crate::reports::table::{column, name, over, totals};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::{Cell, Grouped};

use adoption::Adoption;

const LAUNCHES: Subject = Subject {
    events: &["launched"],
    property: "version",
    lines: true,
};

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let text = |property: &str| Ask {
        by: vec![Dimension::Text(context.column(property))],
        bucket: None,
        measures: vec![Measure::Events, Measure::Installs],
    };
    let asks = [
        coverage::ask(),
        text("version"),
        text("os_platform"),
        text("python_version"),
    ];
    let (all, adoption) = Adoption::read(context, &asks)?;
    let launches = LAUNCHES.read(context)?;
    let places = errors::places(context)?;
    let started = Ask {
        measures: vec![Measure::Events],
        ..text("version")
    };
    let begun = context
        .reader
        .ask(&context.selection(&["message_send_starting"]), &[started])?;
    let coverage = Coverage::of(&all, 0);
    let versions = Versions {
        context,
        first: firsts(context)?,
        tries: errors::by_line(&places, &begun.asks[0]),
        launches: &launches,
        adoption: &adoption,
        installs: totals(&all.asks[1]).get(1).map_or(0, Cell::installs),
    };
    let unversioned = unnamed(&all.asks[1]);
    Ok(Built {
        tables: vec![
            versions.table(),
            over_time(context, &adoption),
            places_of(
                "platforms",
                "Platforms",
                ("platform", "platforms"),
                &all.asks[2],
            ),
            places_of("pythons", "Python", ("version", "versions"), &all.asks[3]),
        ],
        coverage,
        caveats: (unversioned > 0)
            .then(|| {
                format!(
                    "{} no version.",
                    many(unversioned, "event carries", "events carry")
                )
            })
            .into_iter()
            .collect(),
        not_compared: launches.not_compared("versions").into_iter().collect(),
        share_of: Some(versions.installs),
    })
}

fn unnamed(grouped: &Grouped) -> u64 {
    let none = grouped.groups.iter().find(|group| group.names[0].is_none());
    none.map_or(0, |group| {
        u64::try_from(group.cells[0].number()).unwrap_or(0)
    })
}

/// The first day of every line, of all time up to the end of the period, by its first start.
fn firsts(context: &Context<'_>) -> Result<BTreeMap<Line, Day>, Error> {
    let mut firsts = BTreeMap::new();
    let Some((first, _)) = context.project.days else {
        return Ok(firsts);
    };
    let all = Period {
        from: first.min(context.period.from),
        to: context.period.to,
    };
    let ask = Ask {
        by: vec![Dimension::Text(context.column("version"))],
        bucket: None,
        measures: vec![Measure::Span],
    };
    let selection = context.selection_in(LAUNCHES.events, Some(all));
    for group in &context.reader.ask(&selection, &[ask])?.asks[0].groups {
        if let (Some(version), [Cell::Span(first, _)]) = (&group.names[0], group.cells.as_slice()) {
            let day = Day::of_ms(*first);
            let known = firsts.entry(Line::new(line(version))).or_insert(day);
            *known = day.min(*known);
        }
    }
    Ok(firsts)
}

/// What the table of versions is made of.
struct Versions<'a> {
    context: &'a Context<'a>,
    first: BTreeMap<Line, Day>,
    tries: BTreeMap<Option<Line>, Tries>,
    launches: &'a Counts,
    adoption: &'a Adoption,
    /// Active installs, with a version or without.
    installs: u64,
}

impl Versions<'_> {
    /// Whether there are enough installs to speak of shares, and of half of them.
    fn shares(&self) -> bool {
        self.installs >= policy::INSTALLS_FOR_SHARES
    }

    /// The newest line first, what carries no version last.
    fn table(&self) -> Table {
        let shares = match self.shares() {
            true => Shown::Always,
            false => Shown::Exports,
        };
        let columns = vec![
            column("version", "version", Unit::Text, Role::Main, Shown::Always),
            column(
                "first_seen",
                "first seen",
                Unit::Day,
                Role::Detail,
                Shown::Always,
            ),
            column(
                "days_to_half",
                "days to half",
                Unit::Count,
                Role::Detail,
                shares,
            ),
            column(
                "installs",
                "installs",
                Unit::Count,
                Role::Main,
                Shown::Always,
            ),
            column("share_now", "share", Unit::Share, Role::Share, shares),
            column(
                "launches",
                "launches",
                Unit::Count,
                Role::Main,
                Shown::Always,
            ),
            self.launches.column(),
            column(
                "failed",
                "failed",
                Unit::Count,
                Role::Detail,
                Shown::Exports,
            ),
            column(
                "started",
                "started",
                Unit::Count,
                Role::Detail,
                Shown::Exports,
            ),
            column(
                "failed_rate",
                "failed of messages",
                Unit::Share,
                Role::Detail,
                Shown::Wide,
            ),
        ];
        let used = self
            .launches
            .by_name
            .iter()
            .filter(|(_, named)| named.now > 0);
        let launched = used.filter_map(|(name, _)| name.as_deref().map(Line::new));
        let lines: BTreeSet<Line> = launched
            .chain(self.adoption.period.keys().cloned())
            .collect();
        let mut rows: Vec<Row> = lines
            .iter()
            .rev()
            .map(|line| self.row(Some(line)))
            .collect();
        let unnamed = self.launches.by_name.get(&None);
        if unnamed.is_some_and(|named| named.now > 0) {
            rows.push(self.row(None));
        }
        let mut total = vec![Value::None; columns.len()];
        (total[3], total[5]) = (Value::count(self.installs), Value::Count(self.launches.now));
        Table {
            total: (!rows.is_empty()).then_some(total),
            rows,
            ..Table::new("versions", ("version", "versions"), columns)
        }
    }

    fn row(&self, line: Option<&Line>) -> Row {
        let text: Option<Arc<str>> = line.map(|line| line.name().clone());
        let named = self
            .launches
            .by_name
            .get(&text)
            .cloned()
            .unwrap_or_default();
        let first = line.and_then(|line| self.first.get(line).copied());
        // a line that was there before anybody counted was released on a day nobody knows
        let released = first.filter(|day| {
            self.context
                .project
                .days
                .is_some_and(|(recorded, _)| recorded < *day)
                && self.context.period.contains(*day)
        });
        let half = line
            .zip(released.filter(|_| self.shares()))
            .and_then(|(line, day)| self.adoption.days_to_half(line, day));
        let installs = line.map(|line| self.adoption.period.get(line).copied().unwrap_or(0));
        let all: u64 = self.adoption.period.values().sum();
        let tries = self.tries.get(&line.cloned()).copied().unwrap_or_default();
        let counted = |value: u64| match tries.started {
            0 => Value::None,
            _ => Value::count(value),
        };
        let share = |part: u64, whole: u64| match whole {
            0 => Value::None,
            _ => Value::Share {
                part: part.into(),
                whole: whole.into(),
            },
        };
        vec![
            name(text.as_ref()),
            first.map_or(Value::None, Value::Day),
            half.map_or(Value::None, |days| Value::Count(days.into())),
            installs.map_or(Value::None, Value::count),
            match installs {
                Some(installs) if self.shares() => share(installs, all),
                _ => Value::None,
            },
            Value::Count(named.now),
            self.launches.change(&named),
            counted(tries.failed),
            counted(tries.started),
            share(tries.failed, tries.started),
        ]
    }
}

/// Installs by the line they last reported, by bucket: the newest lines, and all others.
fn over_time(context: &Context<'_>, adoption: &Adoption) -> Table {
    let newest: Vec<&Line> = adoption
        .period
        .keys()
        .rev()
        .take(policy::NAMED_SERIES)
        .collect();
    let count = |key: String| {
        let head = key.clone();
        column(key, &head, Unit::Count, Role::Main, Shown::Always)
    };
    let mut columns = vec![over(context)];
    columns.extend(newest.iter().map(|line| count(line.name().to_string())));
    columns.extend(["older", "installs"].map(|key| count(key.into())));
    let bucket = context.filters.bucket(context.period);
    let row = |start: Day| -> Row {
        let lines = adoption.buckets.get(&start.max(context.period.from));
        let of = |line: &Line| {
            lines
                .and_then(|lines| lines.get(line))
                .copied()
                .unwrap_or(0)
        };
        let all: u64 = lines.into_iter().flat_map(BTreeMap::values).sum();
        let named: u64 = newest.iter().map(|line| of(line)).sum();
        let mut row = vec![Value::Day(start)];
        row.extend(newest.iter().map(|line| Value::count(of(line))));
        row.extend([Value::count(all - named), Value::count(all)]);
        row
    };
    Table {
        rows: bucket.starts(context.period).into_iter().map(row).collect(),
        whole: true,
        shown: Shown::Exports,
        ..Table::new("adoption", ("row", "rows"), columns)
    }
    .titled("Installs by the version they last reported")
}

/// Installs and events by one property.
fn places_of(
    key: &'static str,
    title: &str,
    noun: (&'static str, &'static str),
    grouped: &Grouped,
) -> Table {
    let columns = vec![
        column("name", noun.0, Unit::Text, Role::Main, Shown::Always),
        column(
            "installs",
            "installs",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column("events", "events", Unit::Count, Role::Main, Shown::Always),
        column(
            "share",
            "share of events",
            Unit::Share,
            Role::Share,
            Shown::Always,
        ),
    ];
    let all: i128 = grouped
        .groups
        .iter()
        .map(|group| group.cells[0].number())
        .sum();
    let row = |group: &crate::scan::Group| -> Row {
        let events = group.cells[0].number();
        vec![
            name(group.names[0].as_ref()),
            Value::count(group.cells[1].installs()),
            Value::Count(events),
            Value::Share {
                part: events,
                whole: all,
            },
        ]
    };
    let rows = grouped.groups.iter().map(row).collect();
    let mut table = Table::new(key, noun, columns)
        .titled(title)
        .filled(rows, None, 2);
    table.few = Some(policy::LIST_ROWS);
    table
}
