//! What breaks, for how many, since which version, and whether the fix held.

mod figures;
mod rates;
mod read;
mod state;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::answer::{NotCompared, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Day, Period};
use crate::error::Error;
use crate::policy;
use crate::question::{Ask, Dimension, Measure};
use crate::reports::names::line;
use crate::reports::table::{column, name};
use crate::reports::{Built, Context, Coverage, compare, coverage};
use crate::scan::Bitset;

pub(crate) use rates::{Tries, by_line};
pub(crate) use read::places;
use read::{EVENTS, Place, Seen};
pub(crate) use state::Line;
use state::{State, state};

const STARTED: &str = "message_send_starting";

/// Errors of one class at one place, whatever the version.
struct Kind {
    seen: Seen,
    lines: BTreeSet<Line>,
    /// When and where the latest one happened, with its line in the source.
    latest: (i64, Option<Arc<str>>),
}

/// Event, class, and the modules of the frames: their lines move with every release.
type Key = (usize, Option<Arc<str>>, Option<String>);

pub(crate) fn build(context: &Context<'_>) -> Result<Built, Error> {
    let places = places(context)?;
    let known = lines_in_use(context)?;
    let begun = context.ask_both(
        &[STARTED],
        &[by_version(context), over_time(context), coverage::ask()],
    )?;
    let failed = context.ask_both(EVENTS, &[over_time(context), coverage::ask()])?;
    let kinds = kinds(&places);
    let states: BTreeMap<&Key, State> = kinds
        .iter()
        .map(|(key, kind)| (key, state(is_new(context, kind), &kind.lines, &known)))
        .collect();
    let mut coverage = Coverage::of(&failed.now, 1);
    let nothing_failed = coverage.events == 0;
    if nothing_failed {
        // messages were begun and none failed: that is an answer too
        coverage = Coverage::of(&begun.now, 2);
    }
    let rates = by_line(&places, &begun.now.asks[0]);
    Ok(Built {
        tables: vec![
            table(context, &kinds, &states),
            figures::table(context, &begun, &failed, &kinds, &states),
            rates::table(&rates),
            figures::over_time(context, &begun.now.asks[1], &failed.now.asks[0]),
        ],
        coverage,
        caveats: caveats(nothing_failed, &known),
        not_compared: compare::too_late(context, STARTED)
            .map(|late| NotCompared {
                what: "failed messages".into(),
                ..late
            })
            .into_iter()
            .collect(),
        share_of: None,
    })
}

fn caveats(nothing_failed: bool, known: &BTreeSet<Line>) -> Vec<String> {
    let mut said = vec![
        "Two errors are one when class and modules agree; lines of a source move with every release.".to_owned(),
    ];
    if known.is_empty() {
        said.push("No version was started often enough to say that an error is gone.".into());
    }
    if nothing_failed {
        said.push("No message failed and nothing crashed in this period.".into());
    }
    said
}

fn by_version(context: &Context<'_>) -> Ask {
    Ask {
        by: vec![Dimension::Text(context.column("version"))],
        bucket: None,
        measures: vec![Measure::Events],
    }
}

/// By event and bucket.
fn over_time(context: &Context<'_>) -> Ask {
    Ask {
        by: vec![Dimension::Text("event".into())],
        bucket: Some(context.filters.bucket(context.period)),
        measures: vec![Measure::Events],
    }
}

fn is_new(context: &Context<'_>, kind: &Kind) -> bool {
    context.period.from <= Day::of_ms(kind.seen.first)
}

/// Version lines started so often, up to the end of the period, that an error's absence means something.
fn lines_in_use(context: &Context<'_>) -> Result<BTreeSet<Line>, Error> {
    let Some((first, _)) = context.project.days else {
        return Ok(BTreeSet::new());
    };
    let all = Period {
        from: first.min(context.period.from),
        to: context.period.to,
    };
    let selection = context.selection_in(&["launched"], Some(all));
    let found = context.reader.ask(&selection, &[by_version(context)])?;
    let mut starts: BTreeMap<Line, i128> = BTreeMap::new();
    for group in &found.asks[0].groups {
        if let Some(version) = &group.names[0] {
            *starts.entry(Line::new(line(version))).or_default() += group.cells[0].number();
        }
    }
    starts.retain(|_, count| *count >= policy::STARTS_OF_A_LINE);
    Ok(starts.into_keys().collect())
}

fn kinds(places: &[(Place, Seen)]) -> BTreeMap<Key, Kind> {
    let mut kinds: BTreeMap<Key, Kind> = BTreeMap::new();
    for (place, seen) in places {
        let modules = place.frames.as_deref().map(modules);
        let kind = kinds
            .entry((place.event, place.class.clone(), modules))
            .or_insert_with(|| Kind {
                seen: Seen::nothing(seen.points.len()),
                lines: BTreeSet::new(),
                latest: (i64::MIN, None),
            });
        kind.seen.merge(seen);
        let version = place.version.as_deref().map(line);
        kind.lines.extend(version.map(Line::new));
        let frame = place
            .frames
            .as_deref()
            .and_then(|all| all.split(';').next());
        let here = (seen.last, frame.map(Arc::from));
        if here > kind.latest {
            kind.latest = here;
        }
    }
    kinds
}

/// `base_coder;main` of `base_coder:1407;main:12`.
fn modules(frames: &str) -> String {
    let module = |frame: &str| {
        frame
            .rsplit_once(':')
            .map_or(frame, |(module, _)| module)
            .to_owned()
    };
    frames.split(';').map(module).collect::<Vec<_>>().join(";")
}

fn table(
    context: &Context<'_>,
    kinds: &BTreeMap<Key, Kind>,
    states: &BTreeMap<&Key, State>,
) -> Table {
    let columns = vec![
        column("state", "state", Unit::Text, Role::Main, Shown::Always),
        column("error", "error", Unit::Text, Role::Main, Shown::Always),
        column("what", "what", Unit::Text, Role::Detail, Shown::Always),
        column("frame", "own frame", Unit::Text, Role::Detail, Shown::Wide),
        column(
            "installs",
            "installs",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column("events", "events", Unit::Count, Role::Main, Shown::Always),
        column(
            "before",
            "before",
            Unit::Count,
            Role::Detail,
            Shown::Exports,
        ),
        column(
            "first_version",
            "first",
            Unit::Text,
            Role::Detail,
            Shown::Always,
        ),
        column(
            "last_version",
            "last",
            Unit::Text,
            Role::Detail,
            Shown::Always,
        ),
        column(
            "first_seen",
            "first seen",
            Unit::Day,
            Role::Detail,
            Shown::Exports,
        ),
        column(
            "last_seen",
            "last seen",
            Unit::Day,
            Role::Detail,
            Shown::Exports,
        ),
        column(
            "per_slice",
            context.slices().1,
            Unit::Series,
            Role::Spark,
            Shown::People,
        ),
    ];
    let shown = kinds
        .iter()
        .filter(|(_, kind)| kind.seen.now + kind.seen.before > 0);
    let mut rows: Vec<Row> = shown
        .map(|(key, kind)| row(key, kind, &states[key]))
        .collect();
    // most installs, then most events; `kinds` has them in the order of their names
    rows.sort_by_key(|row| Reverse((row[4].number(), row[5].number())));
    let mut installs = Bitset::default();
    let (mut events, mut before) = (0, 0);
    for Kind { seen, .. } in kinds.values() {
        installs.union(&seen.installs);
        (events, before) = (events + seen.now, before + seen.before);
    }
    let mut total = vec![Value::None; columns.len()];
    (total[4], total[5], total[6]) = (
        Value::count(installs.count()),
        Value::count(events),
        Value::count(before),
    );
    Table {
        total: (!rows.is_empty()).then_some(total),
        rows,
        ..Table::new("errors", ("error", "errors"), columns)
    }
}

fn row((event, class, _): &Key, kind: &Kind, state: &State) -> Row {
    let version =
        |line: Option<&Line>| line.map_or(Value::None, |line| Value::Text(line.name().clone()));
    let seen = &kind.seen;
    vec![
        Value::text(state.words()),
        name(class.as_ref()),
        Value::text(["failed message", "crash"][*event]),
        kind.latest.1.clone().map_or(Value::None, Value::Text),
        Value::count(seen.installs.count()),
        Value::count(seen.now),
        Value::count(seen.before),
        version(kind.lines.first()),
        version(kind.lines.last()),
        Value::Day(Day::of_ms(seen.first)),
        Value::Day(Day::of_ms(seen.last)),
        Value::Series(seen.points.clone()),
    ]
}
