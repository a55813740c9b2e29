//! Events counted by what they name, in both periods: the rows of lists, and what changed most.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::answer::{Change, Column, NotCompared, Role, Shown, Unit, Value};
use crate::calendar::Day;
use crate::error::Error;
use crate::question::{Allowed, Ask, Dimension, Measure};
use crate::reports::compare::why_not;
use crate::reports::{Context, table};
use crate::scan::{Cell, Grouped};

/// What is counted: events of one or several names by one of their properties.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject {
    /// Events counted; the first says since when the property is recorded.
    pub(crate) events: &'static [&'static str],
    /// Catalog name of the property.
    pub(crate) property: &'static str,
    /// Versions are counted by line.
    pub(crate) lines: bool,
}

/// How often something was named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    pub(crate) now: i128,
    pub(crate) before: i128,
    /// First day in this period.
    pub(crate) first: Option<Day>,
    /// Whether it was there before this period, as far as that was looked up.
    pub(crate) earlier: bool,
}

/// All names of a subject; `None` is what was not recorded.
#[derive(Debug)]
pub(crate) struct Counts {
    pub(crate) by_name: BTreeMap<Option<Arc<str>>, Named>,
    pub(crate) now: i128,
    pub(crate) before: i128,
    /// Why they are not compared, if they are not though a comparison was asked for.
    pub(crate) why_not: Option<String>,
    compared: bool,
}

impl Subject {
    /// What to ask of the subject's events; for [`Counts::of`].
    pub(crate) fn ask(&self, context: &Context<'_>) -> Ask {
        Ask {
            by: vec![Dimension::Text(context.column(self.property))],
            bucket: None,
            measures: vec![Measure::Events, Measure::Span],
        }
    }

    /// Asks only about it.
    pub(crate) fn read(&self, context: &Context<'_>) -> Result<Counts, Error> {
        let both = context.ask_both(self.events, &[self.ask(context)])?;
        Counts::of(context, self, &both.now.asks[0], &both.before.asks[0])
    }

    fn name(&self, name: &Option<Arc<str>>) -> Option<Arc<str>> {
        match name {
            Some(version) if self.lines => Some(line(version).into()),
            name => name.clone(),
        }
    }
}

/// `0.67` of `0.67.1`.
pub(crate) fn line(version: &str) -> &str {
    let second = version.match_indices('.').nth(1);
    second.map_or(version, |(at, _)| &version[..at])
}

/// The numbers of a version, for its order.
pub(crate) fn numbers(version: &str) -> Vec<u64> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

impl Counts {
    /// From the answers to [`Subject::ask`] about both periods. Names that are new are looked up in all
    /// the time before.
    pub(crate) fn of(
        context: &Context<'_>,
        subject: &Subject,
        now: &Grouped,
        before: &Grouped,
    ) -> Result<Counts, Error> {
        let mut by_name: BTreeMap<Option<Arc<str>>, Named> = BTreeMap::new();
        for group in &now.groups {
            let named = by_name.entry(subject.name(&group.names[0])).or_default();
            named.now += group.cells[0].number();
            if let Some(Cell::Span(first, _)) = group.cells.get(1) {
                let day = Day::of_ms(*first);
                named.first = Some(named.first.map_or(day, |first| first.min(day)));
            }
        }
        for group in &before.groups {
            let named = by_name.entry(subject.name(&group.names[0])).or_default();
            named.before += group.cells[0].number();
            named.earlier = true;
        }
        let sum = |of: fn(&Named) -> i128| by_name.values().map(of).sum();
        let (all_now, all_before): (i128, i128) = (sum(|n| n.now), sum(|n| n.before));
        let unnamed = by_name.get(&None).cloned().unwrap_or_default();
        let why_not = why_not(
            context,
            (subject.events[0], subject.property),
            (all_before - unnamed.before, all_before),
            (all_now - unnamed.now, all_now),
        );
        let mut counts = Counts {
            by_name,
            now: all_now,
            before: all_before,
            compared: context.before().is_some() && why_not.is_none(),
            why_not,
        };
        counts.look_back(context, subject)?;
        Ok(counts)
    }

    fn look_back(&mut self, context: &Context<'_>, subject: &Subject) -> Result<(), Error> {
        let unknown = self.by_name.iter().filter(|(_, named)| !named.earlier);
        let names: Vec<Allowed> = unknown
            .filter_map(|(name, _)| name.as_deref())
            .map(|name| match subject.lines {
                true => Allowed::Line(name.to_owned()),
                false => Allowed::Exactly(name.to_owned()),
            })
            .collect();
        let seen: HashSet<Option<Arc<str>>> = context
            .seen_earlier(subject.events, subject.property, names)?
            .into_iter()
            .map(|name| subject.name(&Some(name)))
            .collect();
        for (name, named) in &mut self.by_name {
            // nothing looks up rows that do not carry the property: such rows are never "new"
            named.earlier |= name.is_none() || seen.contains(name);
        }
        Ok(())
    }

    /// Whether a change may be said.
    pub(crate) fn compared(&self) -> bool {
        self.compared
    }

    /// The column of changes; it leaves a terminal where nothing is compared.
    pub(crate) fn column(&self) -> Column {
        table::column("change", "change", Unit::Change, Role::Change, self.shown())
    }

    /// The same for a table that is not compared.
    pub(crate) fn no_column() -> Column {
        table::column(
            "change",
            "change",
            Unit::Change,
            Role::Change,
            Shown::Exports,
        )
    }

    /// Where columns of the comparison are shown.
    pub(crate) fn shown(&self) -> Shown {
        match self.compared {
            true => Shown::Always,
            false => Shown::Exports,
        }
    }

    /// The change of one name, if it may be said.
    pub(crate) fn change(&self, named: &Named) -> Value {
        if self.compared {
            Value::Change(Change::of(named.before, named.now, named.earlier))
        } else {
            Value::None
        }
    }

    /// The change by name, for reports that have counted this period's rows themselves.
    pub(crate) fn change_of(&self, name: Option<&Arc<str>>) -> Value {
        let named = self.by_name.get(&name.cloned());
        self.change(&named.cloned().unwrap_or_default())
    }

    /// The change of all together.
    pub(crate) fn total_change(&self) -> Value {
        if self.compared {
            Value::Change(Change::of(self.before, self.now, true))
        } else {
            Value::None
        }
    }

    /// What stands in an answer's `not_compared`.
    pub(crate) fn not_compared(&self, what: &str) -> Option<NotCompared> {
        let because = self.why_not.clone()?;
        Some(NotCompared {
            what: what.to_owned(),
            because,
        })
    }

    /// Names that occur in this period, the most frequent first, then by name; what was not recorded last
    /// among equals.
    pub(crate) fn ranked(&self) -> Vec<(&Option<Arc<str>>, &Named)> {
        let mut ranked: Vec<_> = self
            .by_name
            .iter()
            .filter(|(_, named)| named.now > 0)
            .collect();
        ranked.sort_by(|(a, x), (b, y)| {
            y.now
                .cmp(&x.now)
                .then(a.is_none().cmp(&b.is_none()))
                .then(a.cmp(b))
        });
        ranked
    }

    /// Rows of a list: name, count, share, before, change.
    pub(crate) fn row(&self, name: &Option<Arc<str>>, named: &Named) -> Vec<Value> {
        vec![
            table::name(name.as_ref()),
            Value::Count(named.now),
            Value::Share {
                part: named.now,
                whole: self.now,
            },
            if self.compared {
                Value::Count(named.before)
            } else {
                Value::None
            },
            self.change(named),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_first_two_numbers_of_a_version() {
        assert_eq!(line("0.67.1"), "0.67");
        assert_eq!(line("0.67"), "0.67");
        assert_eq!(line("1"), "1");
    }
}
