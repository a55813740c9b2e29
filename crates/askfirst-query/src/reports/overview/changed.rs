//! What changed most since the period before.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::answer::{Change, Role, Row, Shown, Table, Unit, Value};
use crate::policy;
use crate::reports::names::Named;
use crate::reports::overview::Read;
use crate::reports::table::column;

/// The largest differences among everything that has a name and may be compared.
pub(super) fn table(read: &Read) -> Table {
    let columns = vec![
        column("what", "what", Unit::Text, Role::Main, Shown::Always),
        column("kind", "kind", Unit::Text, Role::Detail, Shown::Always),
        column(
            "counted",
            "counted",
            Unit::Text,
            Role::Tokens,
            Shown::Always,
        ),
        column("before", "before", Unit::Count, Role::Change, Shown::Always),
        column("now", "now", Unit::Count, Role::Main, Shown::Always),
        column("change", "change", Unit::Change, Role::Main, Shown::Always),
        column(
            "first_seen",
            "first seen",
            Unit::Day,
            Role::Detail,
            Shown::Wide,
        ),
    ];
    let mut found: Vec<(i128, Row)> = Vec::new();
    for (counts, kind, counted) in read.kinds() {
        if !counts.compared() {
            continue;
        }
        for (name, named) in &counts.by_name {
            if let Some(name) = name.as_ref().filter(|_| moved(named)) {
                found.push(row(name, named, kind, counted));
            }
        }
    }
    // as wide a difference, then by kind and name: the order is total
    found.sort_by_cached_key(|(difference, row)| {
        (Reverse(*difference), format!("{:?} {:?}", row[1], row[0]))
    });
    let rows = found.into_iter().take(policy::CHANGED_ROWS);
    Table {
        rows: rows.map(|(_, row)| row).collect(),
        whole: true,
        ..Table::new("changed", ("change", "changes"), columns)
    }
    .titled("What changed most")
}

/// Enough events on one side, and enough of a change.
fn moved(named: &Named) -> bool {
    let (before, now) = (named.before, named.now);
    let difference = (now - before).abs();
    before.max(now) >= policy::EVENTS_FOR_PERCENT
        && difference * 100 >= before * policy::CHANGED_PERCENT
        && difference > 0
}

fn row(name: &Arc<str>, named: &Named, kind: &str, counted: &str) -> (i128, Row) {
    let what = match kind {
        "command" => format!("/{name}"),
        _ => name.to_string(),
    };
    let change = Change::of(named.before, named.now, named.earlier);
    let first = match change {
        Change::New => named.first.map_or(Value::None, Value::Day),
        _ => Value::None,
    };
    let row = vec![
        Value::text(what),
        Value::text(kind),
        Value::text(counted),
        Value::Count(named.before),
        Value::Count(named.now),
        Value::Change(change),
        first,
    ];
    ((named.now - named.before).abs(), row)
}
