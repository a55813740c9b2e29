//! Since when what is recorded: a report says "not recorded before" instead of showing a
//! zero.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

/// The first day (since 1970-01-01, UTC, by corrected time) of each event of a project, and
/// of each property of each event. Days only ever become earlier: what retention deletes was
/// recorded all the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recorded {
    events: BTreeMap<String, Event>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    day: i32,
    properties: BTreeMap<String, i32>,
}

impl Recorded {
    /// The first day of an event, by its canonical name.
    pub fn event(&self, event: &str) -> Option<i32> {
        self.events.get(event).map(|it| it.day)
    }

    /// The first day on which an event came with a value of a property, by its name in the
    /// catalog.
    pub fn property(&self, event: &str, property: &str) -> Option<i32> {
        let name = property.strip_prefix('$').unwrap_or(property);
        self.events.get(event)?.properties.get(name).copied()
    }

    /// Notes that an event happened on a day; `columns` are those it had values in, each
    /// with the first day.
    pub(crate) fn add<'n>(
        &mut self,
        event: &str,
        day: i32,
        columns: impl Iterator<Item = (&'n str, i32)>,
    ) {
        let known = match self.events.entry(event.to_owned()) {
            Entry::Vacant(entry) => entry.insert(Event {
                day,
                properties: BTreeMap::new(),
            }),
            Entry::Occupied(entry) => entry.into_mut(),
        };
        known.day = known.day.min(day);
        for (column, day) in columns {
            let name = column.strip_prefix("p_").unwrap_or(column);
            match known.properties.get_mut(name) {
                Some(known) => *known = (*known).min(day),
                None => drop(known.properties.insert(name.to_owned(), day)),
            }
        }
    }

    /// Adds what another part of the same project has.
    pub(crate) fn merge(&mut self, other: &Recorded) {
        for (name, event) in &other.events {
            let properties = event.properties.iter();
            self.add(
                name,
                event.day,
                properties.map(|(name, day)| (name.as_str(), *day)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_day_stays() {
        let mut recorded = Recorded::default();
        recorded.add("exit", 7, [("p_reason", 7), ("p_os", 8)].into_iter());
        let mut other = Recorded::default();
        other.add("exit", 9, [("p_reason", 5)].into_iter());
        other.add("launched", 6, std::iter::empty());
        recorded.merge(&other);
        assert_eq!(recorded.event("exit"), Some(7));
        assert_eq!(recorded.event("launched"), Some(6));
        assert_eq!(recorded.event("repo"), None);
        assert_eq!(recorded.property("exit", "reason"), Some(5));
        assert_eq!(recorded.property("exit", "$os"), Some(8));
        assert_eq!(recorded.property("launched", "os"), None);
    }

    #[test]
    fn it_is_written_as_the_format_says() {
        let mut recorded = Recorded::default();
        recorded.add("exit", 20056, [("p_reason", 20056)].into_iter());
        let json = serde_json::to_string(&recorded).unwrap();
        let said = r#"{"exit":{"day":20056,"properties":{"reason":20056}}}"#;
        assert_eq!(json, said);
        assert_eq!(serde_json::from_str::<Recorded>(said).unwrap(), recorded);
    }
}
