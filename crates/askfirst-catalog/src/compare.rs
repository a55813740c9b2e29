//! What a new version of a catalog must not do to the one before (decision D27).
//!
//! Columns are forever: a property has one kind for all time, because files written years
//! ago are read with today's meaning. A new meaning is a new name.

use crate::catalog::{Catalog, Property};
use crate::kind::Kind;
use crate::problems::{Problem, Problems};

impl Catalog {
    /// Checks this catalog as the successor of `previous`.
    ///
    /// # Errors
    ///
    /// Every entry that is gone, changed its kind or its `since`, or claims to be older than
    /// it is, and a version that did not grow although something changed.
    pub fn compare(&self, previous: &Catalog) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let mut report = |line: u32, entry: String, rule: String, fix: &str| {
            problems.push(Problem {
                file: self.file.clone(),
                line,
                entry,
                rule,
                fix: fix.to_owned(),
            });
        };
        let head = self.lines.version;
        if self.name != previous.name {
            report(
                head,
                "catalog".to_owned(),
                format!("is `{}`, the one before is `{}`", self.name, previous.name),
                "compare versions of one catalog",
            );
            return problems.or(());
        }
        if self.sha256 != previous.sha256 && self.version <= previous.version {
            report(
                head,
                "catalog".to_owned(),
                format!("changed, but its version is {}", self.version),
                &format!("write {}", previous.version.saturating_add(1)),
            );
        }
        for old in &previous.properties {
            let Some(id) = self.find_property(&old.name) else {
                report(
                    head,
                    entry(old),
                    "is gone".to_owned(),
                    "keep it with withdrawn = true: its column stays readable",
                );
                continue;
            };
            let (new, line) = (self.property(id), self.lines.properties[id.index()]);
            if !same_kind(&old.kind, &new.kind) {
                report(
                    line,
                    entry(new),
                    format!("was {}, is {}", describe(&old.kind), describe(&new.kind)),
                    "withdraw it and add a property of another name",
                );
            }
            if old.since != new.since {
                report(line, entry(new), changed_since(old.since, new.since), SINCE);
            }
        }
        for old in &previous.events {
            let Some(id) = self.find_event(&old.name) else {
                report(
                    head,
                    format!("event.{}", old.name),
                    "is gone".to_owned(),
                    "keep it with withdrawn = true: what is stored stays readable",
                );
                continue;
            };
            let (new, line) = (self.event(id), self.lines.events[id.index()]);
            if old.since != new.since {
                let entry = format!("event.{}", new.name);
                report(line, entry, changed_since(old.since, new.since), SINCE);
            }
        }
        let lines = self.properties.iter().zip(&self.lines.properties);
        let properties = lines
            .filter(|(new, _)| previous.find_property(&new.name).is_none())
            .map(|(new, line)| (entry(new), new.since, *line));
        let lines = self.events.iter().zip(&self.lines.events);
        let events = lines
            .filter(|(new, _)| previous.find_event(&new.name).is_none())
            .map(|(new, line)| (format!("event.{}", new.name), new.since, *line));
        for (entry, since, line) in properties.chain(events) {
            if since <= previous.version {
                report(
                    line,
                    entry,
                    format!("is new, but says it came with version {since}"),
                    "write the version that brings it",
                );
            }
        }
        problems.or(())
    }
}

const SINCE: &str = "keep the version that brought the entry";

fn changed_since(old: u32, new: u32) -> String {
    format!("came with version {old}, and now says {new}")
}

fn entry(property: &Property) -> String {
    let table = if property.common {
        "common"
    } else {
        "property"
    };
    format!("{table}.{}", property.name)
}

/// Bounds, lists and precision may change; what the stored column means may not.
fn same_kind(old: &Kind, new: &Kind) -> bool {
    match (old, new) {
        (Kind::Amount { unit: old, .. }, Kind::Amount { unit: new, .. }) => old == new,
        (Kind::Version { parts: old }, Kind::Version { parts: new }) => old == new,
        _ => old.name() == new.name(),
    }
}

fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Amount { unit, .. } => format!("amount in {}", unit.name()),
        Kind::Version { parts } => format!("version of {parts} parts"),
        _ => kind.name().to_owned(),
    }
}

#[cfg(test)]
mod tests;
