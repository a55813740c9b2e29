//! What may be compared with the period before, and what became of it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::answer::{Change, NotCompared, Value};
use crate::calendar::{Day, Period};
use crate::error::Error;
use crate::policy;
use crate::question::{Allowed, Ask, Dimension, Filter, Measure};
use crate::reports::Context;

impl Context<'_> {
    /// The first day an event was recorded, or a property of it.
    pub(crate) fn recorded(&self, event: &str, property: Option<&str>) -> Option<Day> {
        (self.project.recorded)(event, property)
    }

    /// The day since which it is recorded, if that is too late for a comparison.
    pub(crate) fn too_late(&self, event: &str, property: Option<&str>) -> Option<Day> {
        let before = self.before()?;
        self.recorded(event, property)
            .filter(|first| *first > before.from)
    }

    /// The change of a count of an event's rows, or of a property of it.
    pub(crate) fn change(
        &self,
        (event, property): (&str, Option<&str>),
        before: i128,
        now: i128,
    ) -> Value {
        match (self.before(), self.too_late(event, property)) {
            (None, _) => Value::None,
            (_, Some(since)) => Value::Change(Change::Since(since)),
            // a total was there before the previous period, or this would be "recorded since"
            _ => Value::Change(Change::of(before, now, true)),
        }
    }

    /// The change of a count of anything, which is recorded since the project's first event.
    pub(crate) fn change_since_the_start(&self, before: i128, now: i128) -> Value {
        match (self.before(), self.first_too_late()) {
            (None, _) => Value::None,
            (_, Some(first)) => Value::Change(Change::Since(first)),
            _ => Value::Change(Change::of(before, now, true)),
        }
    }

    /// What stands in `not_compared` when the project itself is younger than the period before.
    pub(crate) fn late_start(&self) -> Option<NotCompared> {
        let first = self.first_too_late()?;
        Some(NotCompared {
            what: "installs".into(),
            because: format!("recorded since {}", first.long()),
        })
    }

    fn first_too_late(&self) -> Option<Day> {
        let (before, (first, _)) = (self.before()?, self.project.days?);
        (first > before.from).then_some(first)
    }

    /// The names among these that the rows of an event had before this period.
    pub(crate) fn seen_earlier(
        &self,
        events: &[&str],
        property: &str,
        names: Vec<Allowed>,
    ) -> Result<HashSet<Arc<str>>, Error> {
        let Some((first, _)) = self.project.days else {
            return Ok(HashSet::new());
        };
        let earlier = Period {
            from: first,
            to: self.period.from.plus(-1),
        };
        if names.is_empty() || earlier.to < earlier.from {
            return Ok(HashSet::new());
        }
        let column = self.column(property);
        let mut selection = self.selection_in(events, Some(earlier));
        selection.filters.push(Filter {
            column: column.clone(),
            any: names,
        });
        let ask = Ask {
            by: vec![Dimension::Text(column)],
            bucket: None,
            measures: vec![Measure::Events],
        };
        let found = self.reader.ask(&selection, &[ask])?;
        let groups = found.asks.into_iter().flat_map(|grouped| grouped.groups);
        Ok(groups.filter_map(|group| group.names[0].clone()).collect())
    }
}

/// Why the names of a property are not compared: recorded too late, or not in the same share of the events.
pub(crate) fn why_not(
    context: &Context<'_>,
    (event, property): (&str, &str),
    before: (i128, i128),
    now: (i128, i128),
) -> Option<String> {
    context.before()?;
    let since = |day: Day| format!("recorded since {}", day.long());
    let late = context
        .too_late(event, None)
        .or_else(|| context.too_late(event, Some(property)));
    late.map(since).or_else(|| {
        let percent = |(part, whole): (i128, i128)| part * 100 / whole.max(1);
        let moved = percent(now) - percent(before);
        (before.1 > 0 && now.1 > 0 && moved.abs() > policy::RECORDED_POINTS).then(|| {
            format!(
                "recorded in {}\u{202f}% of the events, {}\u{202f}% before",
                percent(now),
                percent(before)
            )
        })
    })
}

/// A figure that is not compared because an event is recorded too late.
pub(crate) fn too_late(context: &Context<'_>, event: &str) -> Option<NotCompared> {
    let since = context.too_late(event, None)?;
    Some(NotCompared {
        what: event.to_owned(),
        because: format!("recorded since {}", since.long()),
    })
}
