//! Failed messages by version line, with how far chance alone could move the rate.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::reports::errors::read::{FAILED, Place, Seen};
use crate::reports::errors::state::Line;
use crate::reports::names::line;
use crate::reports::table::column;
use crate::scan::Grouped;

/// Messages begun and failed in one version line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tries {
    pub(crate) started: u64,
    pub(crate) failed: u64,
}

/// What was begun and what failed, by line; `None` is what carries no version.
pub(crate) fn by_line(places: &[(Place, Seen)], begun: &Grouped) -> BTreeMap<Option<Line>, Tries> {
    let of =
        |version: &Option<Arc<str>>| version.as_deref().map(|version| Line::new(line(version)));
    let mut by_line: BTreeMap<Option<Line>, Tries> = BTreeMap::new();
    for group in &begun.groups {
        let started = u64::try_from(group.cells[0].number()).unwrap_or(0);
        by_line.entry(of(&group.names[0])).or_default().started += started;
    }
    for (place, seen) in places.iter().filter(|(place, _)| place.event == FAILED) {
        by_line.entry(of(&place.version)).or_default().failed += seen.now;
    }
    by_line
}

/// A row for each line, the newest first, what carries no version last.
pub(super) fn table(by_line: &BTreeMap<Option<Line>, Tries>) -> Table {
    let columns = vec![
        column("version", "version", Unit::Text, Role::Main, Shown::Always),
        column("started", "started", Unit::Count, Role::Main, Shown::Always),
        column("failed", "failed", Unit::Count, Role::Main, Shown::Always),
        column("rate", "rate", Unit::Share, Role::Detail, Shown::Always),
        column(
            "rate_low",
            "95 % from",
            Unit::Share,
            Role::Detail,
            Shown::Always,
        ),
        column("rate_high", "to", Unit::Share, Role::Detail, Shown::Always),
    ];
    let newest_first = by_line.iter().rev().filter(|(line, _)| line.is_some());
    let unnamed = by_line.iter().filter(|(line, _)| line.is_none());
    let rows: Vec<Row> = newest_first
        .chain(unnamed)
        .filter(|(_, tries)| tries.started > 0)
        .map(|(line, tries)| row(line.as_ref().map(Line::name), *tries))
        .collect();
    Table {
        rows,
        whole: true,
        ..Table::new("by_version", ("version", "versions"), columns)
    }
    .titled("Failed messages by version")
}

fn row(line: Option<&Arc<str>>, tries: Tries) -> Row {
    let rate = |part: i128, whole: i128| Value::Share { part, whole };
    let (low, high) = interval(tries.failed, tries.started);
    vec![
        crate::reports::table::name(line),
        Value::count(tries.started),
        Value::count(tries.failed),
        rate(tries.failed.into(), tries.started.into()),
        rate(low, MILLION),
        rate(high, MILLION),
    ]
}

const MILLION: i128 = 1_000_000;

/// Wilson's 95 % interval of a rate, in millionths. It holds for few tries and for none that failed, where
/// the plain one would say "exactly zero".
pub(crate) fn interval(part: u64, whole: u64) -> (i128, i128) {
    if whole == 0 {
        return (0, MILLION);
    }
    const Z: f64 = 1.959_964;
    // more failed than were begun: what is recorded does not fit together, and the rate is at its end
    let (n, p) = (whole as f64, (part.min(whole) as f64) / whole as f64);
    let center = p + Z * Z / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    let millionths = |rate: f64| (rate.clamp(0.0, 1.0) * MILLION as f64).round() as i128;
    let low = if part == 0 {
        0
    } else {
        millionths((center - spread) / scale)
    };
    let high = if part >= whole {
        MILLION
    } else {
        millionths((center + spread) / scale)
    };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // from the formula, with a calculator
        assert_eq!(interval(2, 925), (593, 7_849));
        assert_eq!(interval(0, 100), (0, 36_993));
        assert_eq!(interval(10, 10), (722_467, 1_000_000));
        assert_eq!(interval(0, 0), (0, 1_000_000));
    }
}
