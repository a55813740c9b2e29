//! Is anybody there, more or fewer than before.

use std::collections::HashMap;

use crate::answer::{Column, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Bucket, Day, Period};
use crate::error::Error;
use crate::filters::bucket_name;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::table::{column, totals};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::{Bitset, Cell, Grouped};
use crate::sequence::sessions;

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
        coverage::ask(),
    ];
    let found = context.reader.ask(&all, &asks)?;
    let runs = context.reader.ask(
        &context.selection(&["launched"]),
        &[over_time(vec![Measure::Events])],
    )?;
    let sessions = sessions(&context.reader, &all, bucket)?;
    let firsts = Firsts::read(context)?;

    let by_bucket = Buckets {
        installs: by_day(&found.asks[0]),
        runs: by_day(&runs.asks[0]),
        sessions,
        firsts,
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
        tables: vec![Table { rows, total: Some(total), whole: true, ..table }, windows(context, &by_bucket.firsts)?],
        coverage: Coverage::of(&found.asks[1]),
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
    firsts: Firsts,
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
            Some(Cell::Installs(set)) => (set.count(), self.firsts.new_in(set, days)),
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

/// The first day of every install, by dense number, whatever the filters say: an install is new once.
struct Firsts(HashMap<u32, Day>);

impl Firsts {
    fn read(context: &Context<'_>) -> Result<Firsts, Error> {
        let ask = Ask {
            by: vec![Dimension::Install],
            bucket: None,
            measures: vec![Measure::Span],
        };
        let until = context.project.recorded.map(|(first, _)| Period {
            from: first.min(context.period.from),
            to: context.period.to,
        });
        let found = context
            .reader
            .ask(&context.unfiltered(&[], until), &[ask])?;
        let first = |group: &crate::scan::Group| match group.cells.first() {
            Some(Cell::Span(first, _)) => Some((group.install, Day::of_ms(*first))),
            _ => None,
        };
        Ok(Firsts(
            found.asks[0].groups.iter().filter_map(first).collect(),
        ))
    }

    fn new_in(&self, installs: &Bitset, days: Period) -> u64 {
        let new = |number: &u32| {
            self.0
                .get(number)
                .is_some_and(|first| days.contains(*first))
        };
        installs.numbers().filter(new).count() as u64
    }
}

/// Daily, weekly and monthly active installs at the end of the period.
fn windows(context: &Context<'_>, firsts: &Firsts) -> Result<Table, Error> {
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
    let mut rows = Vec::new();
    for (days, name) in [(1, "last day"), (7, "last 7 days"), (28, "last 28 days")] {
        let window = Period {
            from: context.period.to.plus(1 - days),
            to: context.period.to,
        };
        let ask = Ask {
            by: vec![],
            bucket: None,
            measures: vec![Measure::Installs],
        };
        let found = context
            .reader
            .ask(&context.selection_in(&[], Some(window)), &[ask])?;
        let (active, new) = match totals(&found.asks[0]).first() {
            Some(Cell::Installs(set)) => (set.count(), firsts.new_in(set, window)),
            _ => (0, 0),
        };
        rows.push(vec![
            Value::text(name),
            Value::count(active),
            Value::count(new),
            Value::count(active - new),
        ]);
    }
    let table = Table::new("active", ("window", "windows"), columns).titled("Active installs");
    Ok(Table {
        rows,
        whole: true,
        ..table
    })
}
