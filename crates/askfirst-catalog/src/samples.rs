//! One sample of every event: what a person is shown before anything is collected.
//!
//! The SDK writes those of the shipped catalog into a program when it is compiled. So a tool
//! that only shows them contains no reader of catalogs, and not the catalog's text either.

use std::borrow::Cow;

use crate::catalog::{Catalog, Event, Property};
use crate::class::Class;
use crate::kind::{Kind, Unit};

/// A sample of one event, with values its properties could have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The event's name.
    pub event: Cow<'static, str>,
    /// What a user agreed to when it is collected.
    pub class: Class,
    /// How many properties the event has, withdrawn ones too.
    pub properties: usize,
    /// Those that are not withdrawn, sorted by name: the class of each, and `"name":value`.
    pub members: Cow<'static, [(Class, Cow<'static, str>)]>,
}

impl Catalog {
    /// A sample of every event that is not withdrawn, in the catalog's order.
    pub fn samples(&self) -> Vec<Sample> {
        let events = self.events().iter().filter(|event| !event.withdrawn);
        events.map(|event| sample(self, event)).collect()
    }
}

fn sample(catalog: &Catalog, event: &Event) -> Sample {
    let mut members: Vec<(Class, Cow<'static, str>)> = Vec::new();
    for id in &event.properties {
        let property = catalog.property(*id);
        if property.withdrawn {
            continue;
        }
        let class = property.class.unwrap_or(event.class);
        let text = format!("\"{}\":{}", property.name, value(catalog, property));
        // A sort of its own would be 9 kB of every tool, for a dozen.
        let at = members.partition_point(|(_, before)| **before < *text);
        members.insert(at, (class, text.into()));
    }
    Sample {
        event: Cow::Owned(event.name.to_string()),
        class: event.class,
        properties: event.properties.len(),
        members: members.into(),
    }
}

/// A value the property could have, as JSON.
fn value(catalog: &Catalog, property: &Property) -> Cow<'static, str> {
    let text = |word: &str| Cow::Owned(serde_json::to_string(word).unwrap_or_default());
    match &property.kind {
        Kind::Bool => "true".into(),
        Kind::Count { .. } => "2500".into(),
        Kind::Amount {
            unit: Unit::Usd, ..
        } => "0.012".into(),
        Kind::Duration { .. } => "4096".into(),
        Kind::Version { .. } => text("1.2.3"),
        Kind::Model => text(&catalog.models().admit("gpt-4o").text),
        Kind::Enum { values, .. } => values.first().map_or("null".into(), |word| text(word)),
        _ => text("other"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p12_a_sample_is_json_with_every_property_of_its_event() {
        let catalog = Catalog::builtin();
        let samples = catalog.samples();
        let live = catalog.events().iter().filter(|event| !event.withdrawn);
        assert_eq!(samples.len(), live.count());
        for sample in samples {
            let members: Vec<&str> = sample.members.iter().map(|(_, it)| &**it).collect();
            assert!(members.is_sorted(), "{}", sample.event);
            let text = format!("{{{}}}", members.join(","));
            let read: serde_json::Map<_, _> = serde_json::from_str(&text).unwrap();
            let event = catalog.find_event(&sample.event).unwrap();
            let event = catalog.event(event);
            let mut listed = event.properties.iter().map(|id| catalog.property(*id));
            assert!(listed.all(|it| it.withdrawn || read.contains_key(&*it.name)));
            assert_eq!(event.properties.len(), sample.properties);
        }
    }
}
