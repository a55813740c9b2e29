//! Is anybody there, more or fewer than before.

use std::collections::HashMap;

use crate::answer::{Column, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Bucket, Day, Period};
use crate::error::Error;
use crate::filters::bucket_name;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::table::{column, over, totals};
use crate::reports::{Built, Context, Coverage, coverage};
use crate::scan::{Cell, Group, Grouped, NONE};

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let bucket = context.filters.bucket(context.period);
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
    let (both, sessions) = context.ask_both_and_sessions(&asks)?;
    let found = &both.now;
    let runs = context.reader.ask(
        &context.selection(&["launched"]),
        &[over_time(vec![Measure::Events])],
    )?;
    let seen = Seen::read(context, &found.asks[1])?;

    let by_bucket = Buckets {
        installs: by_day(&found.asks[0]),
        runs: by_day(&runs.asks[0]),
        sessions: by_start(&sessions.now, bucket),
        before: context
            .before()
            .map(|side| Before::of(&both.before.asks[0], side, context.period)),
        seen,
    };
    let starts = bucket.starts(context.period);
    let rows = starts
        .iter()
        .map(|&start| by_bucket.row(context, bucket, start))
        .collect();
    let total = by_bucket.total(context, &totals(&found.asks[0]));
    let table = Table::new(
        "activity",
        (bucket_name(bucket), plural(bucket)),
        columns(context, bucket),
    );
    Ok(Built {
        tables: vec![Table { rows, total: Some(total), whole: true, ..table }, windows(context.period, &by_bucket.seen)],
        coverage: Coverage::of(found, 1),
        caveats: vec![
            "New: its first event ever lies there; returning: it was seen before. A session is the sender's own \
             session number, else a session event; a run begins with each start."
                .into(),
        ],
        not_compared: context.late_start().into_iter().collect(),
        share_of: None,
    })
}

fn columns(context: &Context<'_>, bucket: Bucket) -> Vec<Column> {
    // months of two periods do not lie side by side
    let change = match (context.before(), bucket) {
        (None, _) | (_, Bucket::Month) => Shown::Exports,
        _ => Shown::Always,
    };
    vec![
        over(context),
        column(
            "active_installs",
            "active",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column("change", "change", Unit::Change, Role::Change, change),
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
    before: Option<Before>,
    seen: Seen,
}

/// Active installs of the period before.
struct Before {
    /// By the day of this period on which the same weekday's bucket begins.
    by_start: HashMap<Day, u64>,
    all: u64,
}

impl Before {
    fn of(grouped: &Grouped, side: Period, period: Period) -> Before {
        let shift = period.from.0 - side.from.0;
        let active = |cells: &[Cell]| cells.get(1).map_or(0, Cell::installs);
        let by_start = by_day(grouped).into_iter();
        Before {
            by_start: by_start
                .map(|(start, cells)| (start.plus(shift), active(&cells)))
                .collect(),
            all: active(&totals(grouped)),
        }
    }
}

impl Buckets {
    fn row(&self, context: &Context<'_>, bucket: Bucket, start: Day) -> Row {
        let period = context.period;
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
        let before = self.before.as_ref().filter(|_| bucket != Bucket::Month);
        let before = before.map(|before| before.by_start.get(&start).copied().unwrap_or(0));
        let change = change(context, before, cells);
        self.cells(
            (Value::Day(start), change),
            cells,
            days,
            sessions.into(),
            runs,
        )
    }

    fn total(&self, context: &Context<'_>, all: &[Cell]) -> Row {
        let runs = self
            .runs
            .values()
            .filter_map(|cells| cells.first())
            .map(Cell::number)
            .sum();
        let change = change(context, self.before.as_ref().map(|before| before.all), all);
        self.cells(
            (Value::None, change),
            all,
            context.period,
            self.sessions.values().sum::<u64>().into(),
            runs,
        )
    }

    fn cells(
        &self,
        (name, change): (Value, Value),
        cells: &[Cell],
        days: Period,
        sessions: i128,
        runs: i128,
    ) -> Row {
        let (active, new) = match cells.get(1) {
            Some(Cell::Installs(set)) => (set.count(), self.seen.new_in(set.numbers(), days)),
            _ => (0, 0),
        };
        vec![
            name,
            Value::count(active),
            change,
            Value::count(new),
            Value::count(active - new),
            Value::Count(sessions),
            Value::Count(runs),
            Value::Count(cells.first().map_or(0, Cell::number)),
        ]
    }
}

/// The change of active installs, if there is a number before.
fn change(context: &Context<'_>, before: Option<u64>, cells: &[Cell]) -> Value {
    let now = cells.get(1).map_or(0, Cell::installs);
    before.map_or(Value::None, |before| {
        context.change_since_the_start(before.into(), now.into())
    })
}

/// Counts by day as counts by bucket.
fn by_start(days: &HashMap<Day, u64>, bucket: Bucket) -> HashMap<Day, u64> {
    let mut starts = HashMap::new();
    for (day, count) in days {
        *starts.entry(bucket.start(*day)).or_default() += count;
    }
    starts
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
