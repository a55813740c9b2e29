//! Is anybody there, more or fewer than before.

use std::collections::HashMap;

use crate::answer::{Column, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Bucket, Day, Period};
use crate::error::Error;
use crate::filters::bucket_name;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::table::{column, totals};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::{Cell, Group, Grouped, NONE};
use crate::sequence::sessions_and;

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let bucket = context.filters.bucket(context.period);
    let all = context.selection(&[]);
    let over_time = |measures| Ask {
        by: vec![],
        bucket: Some(bucket),
        measures,
    };
    let asks = [
        over_time(vec![Measure::Events, Measure::Installs]),
        coverage::timed_ask(),
    ];
    // everything is read once: by bucket, by install, and for session numbers
    let (sessions, found) = sessions_and(&context.reader, &all, bucket, &asks)?;
    let runs = context.reader.ask(
        &context.selection(&["launched"]),
        &[over_time(vec![Measure::Events])],
    )?;
    let seen = Seen::read(context, &found.asks[1])?;

    let by_bucket = Buckets {
        installs: by_day(&found.asks[0]),
        runs: by_day(&runs.asks[0]),
        sessions,
        seen,
    };
    let starts = bucket.starts(context.period);
    let rows = starts
        .iter()
        .map(|&start| by_bucket.row(bucket, start, context.period))
        .collect();
    let total = by_bucket.total(&totals(&found.asks[0]), context.period);
    let table = Table::new(
        "activity",
        (bucket_name(bucket), plural(bucket)),
        columns(bucket, context.period),
    );
    Ok(Built {
        tables: vec![Table { rows, total: Some(total), whole: true, ..table }, windows(context.period, &by_bucket.seen)],
        coverage: Coverage::of(&found, 1),
        caveats: vec![
            "New: its first event ever lies there; returning: it was seen before. A session is the sender's own \
             session number, else a session event; a run begins with each start."
                .into(),
        ],
        not_compared: Vec::new(),
        share_of: None,
    })
}

fn columns(bucket: Bucket, period: Period) -> Vec<Column> {
    let day = match bucket {
        Bucket::Month => Unit::Month,
        _ if period.from.same_year(period.to) => Unit::Day,
        _ => Unit::DayOfYear,
    };
    let head = if bucket == Bucket::Week {
        "week from"
    } else {
        bucket_name(bucket)
    };
    vec![
        column(bucket_name(bucket), head, day, Role::Main, Shown::Always),
        column(
            "active_installs",
            "active",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column(
            "new_installs",
            "new",
            Unit::Count,
            Role::Change,
            Shown::Always,
        ),
        column(
            "returning_installs",
            "returning",
            Unit::Count,
            Role::Detail,
            Shown::Always,
        ),
        column(
            "sessions",
            "sessions",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column("runs", "runs", Unit::Count, Role::Detail, Shown::Always),
        column("events", "events", Unit::Count, Role::Detail, Shown::Always),
    ]
}

fn plural(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Week => "weeks",
        Bucket::Month => "months",
        _ => "days",
    }
}

/// What is known by bucket, keyed by its first day.
struct Buckets {
    installs: HashMap<Day, Vec<Cell>>,
    runs: HashMap<Day, Vec<Cell>>,
    sessions: HashMap<Day, u64>,
    seen: Seen,
}

impl Buckets {
    fn row(&self, bucket: Bucket, start: Day, period: Period) -> Row {
        let last = bucket.next(start).plus(-1);
        let days = Period {
            from: start.max(period.from),
            to: last.min(period.to),
        };
        let cells = self.installs.get(&start).map_or(&[][..], Vec::as_slice);
        let runs = self
            .runs
            .get(&start)
            .and_then(|cells| cells.first())
            .map_or(0, Cell::number);
        let sessions = self.sessions.get(&start).copied().unwrap_or(0);
        self.cells(Value::Day(start), cells, days, sessions.into(), runs)
    }

    fn total(&self, all: &[Cell], period: Period) -> Row {
        let runs = self
            .runs
            .values()
            .filter_map(|cells| cells.first())
            .map(Cell::number)
            .sum();
        self.cells(
            Value::None,
            all,
            period,
            self.sessions.values().sum::<u64>().into(),
            runs,
        )
    }

    fn cells(&self, name: Value, cells: &[Cell], days: Period, sessions: i128, runs: i128) -> Row {
        let (active, new) = match cells.get(1) {
            Some(Cell::Installs(set)) => (set.count(), self.seen.new_in(set.numbers(), days)),
            _ => (0, 0),
        };
        vec![
            name,
            Value::count(active),
            Value::count(new),
            Value::count(active - new),
            Value::Count(sessions),
            Value::Count(runs),
            Value::Count(cells.first().map_or(0, Cell::number)),
        ]
    }
}

fn by_day(grouped: &Grouped) -> HashMap<Day, Vec<Cell>> {
    grouped
        .groups
        .iter()
        .filter_map(|group| Some((group.day?, group.cells.clone())))
        .collect()
}

/// When installs were seen, by dense number.
struct Seen {
    /// First day of all, whatever the filters say: an install is new once.
    first: HashMap<u32, Day>,
    /// Last day in the period, of events that pass the filters.
    last: HashMap<u32, Day>,
}

impl Seen {
    /// `in_period` is the answer to [`coverage::timed_ask`]. Without filters only what lies before the
    /// period has to be read besides.
    fn read(context: &Context<'_>, in_period: &Grouped) -> Result<Seen, Error> {
        let mut seen = Seen {
            first: HashMap::new(),
            last: HashMap::new(),
        };
        seen.add_firsts(in_period);
        for (install, (_, last)) in in_period.groups.iter().filter_map(span) {
            let latest = seen.last.entry(install).or_insert(last);
            *latest = last.max(*latest);
        }
        let Some((recorded, _)) = context.project.days else {
            return Ok(seen);
        };
        let to = if context.filters.choose_rows() {
            context.period.to
        } else {
            context.period.from.plus(-1)
        };
        if recorded <= to {
            let ask = Ask {
                by: vec![Dimension::Install],
                bucket: None,
                measures: vec![Measure::Span],
            };
            let earlier = context.unfiltered(&[], Some(Period { from: recorded, to }));
            seen.add_firsts(&context.reader.ask(&earlier, &[ask])?.asks[0]);
        }
        Ok(seen)
    }

    fn add_firsts(&mut self, grouped: &Grouped) {
        for (install, (first, _)) in grouped.groups.iter().filter_map(span) {
            let earliest = self.first.entry(install).or_insert(first);
            *earliest = first.min(*earliest);
        }
    }

    fn new_in(&self, installs: impl Iterator<Item = u32>, days: Period) -> u64 {
        let new = |number: &u32| {
            self.first
                .get(number)
                .is_some_and(|first| days.contains(*first))
        };
        installs.filter(new).count() as u64
    }
}

/// First and last day of a group of one install.
fn span(group: &Group) -> Option<(u32, (Day, Day))> {
    match group.cells.last() {
        Some(Cell::Span(first, last)) if group.install != NONE => {
            Some((group.install, (Day::of_ms(*first), Day::of_ms(*last))))
        }
        _ => None,
    }
}

/// Daily, weekly and monthly active installs at the end of the period.
fn windows(period: Period, seen: &Seen) -> Table {
    let columns = vec![
        column(
            "window",
            "at the end",
            Unit::Text,
            Role::Main,
            Shown::Always,
        ),
        column(
            "active_installs",
            "active",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column(
            "new_installs",
            "new",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column(
            "returning_installs",
            "returning",
            Unit::Count,
            Role::Detail,
            Shown::Always,
        ),
    ];
    let fits = |(days, _): &(i32, &str)| *days <= period.days();
    let windows = [(1, "last day"), (7, "last 7 days"), (28, "last 28 days")]
        .into_iter()
        .filter(fits);
    let row = |(days, name): (i32, &'static str)| {
        let window = Period {
            from: period.to.plus(1 - days),
            to: period.to,
        };
        let active = || {
            seen.last
                .iter()
                .filter(|(_, last)| window.contains(**last))
                .map(|(number, _)| *number)
        };
        let (count, new) = (active().count() as u64, seen.new_in(active(), window));
        vec![
            Value::text(name),
            Value::count(count),
            Value::count(new),
            Value::count(count - new),
        ]
    };
    let table = Table::new("active", ("window", "windows"), columns).titled("Active installs");
    Table {
        rows: windows.map(row).collect(),
        whole: true,
        ..table
    }
}
