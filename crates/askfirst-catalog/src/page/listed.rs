//! Everything that can be collected: every event and every property of the catalog.

use std::collections::BTreeSet;

use super::kinds;
use super::markdown::{code, codes, table};
use crate::catalog::{Catalog, Event, Expires, Property};
use crate::class::Class;
use crate::ids::PropertyId;
use crate::profile::Profile;

/// The section "Everything that is collected", and what the catalog knows besides.
pub(super) fn everything(catalog: &Catalog, profile: &Profile) -> String {
    let on = Part::of(catalog, profile, true);
    let off = Part::of(catalog, profile, false);
    let name = &profile.name;
    let mut text = format!(
        "### Everything that is collected

This list is made from the catalog {name} carries: version {version} of `{catalog_name}`,
`{hash}`. Nothing that is not in it can be logged or sent. No property holds free text: a value
is a number, a word of a list below, a public model name, a version, or a place in {name}'s own
released source.

Every event carries its name, the random identifier, the time cut to the hour, a random UUID4 of
its own, and what stands under \"On every event\".

#### Events

{events}
#### Properties

{properties}
#### On every event

{common}
Two digits: numbers are rounded to two significant digits, up or down at random so that sums stay
right. Power of two: rounded the same way to 1, 2, 4, 8, ...

#### Words and classes

{words}",
        version = catalog.version(),
        catalog_name = catalog.name(),
        hash = catalog.short_hex(),
        events = on.events(catalog),
        properties = on.properties(catalog, profile),
        common = common(catalog, profile),
        words = on.words(catalog),
    );
    if !off.events.is_empty() || !off.properties.is_empty() {
        text.push_str(&format!(
            "
#### Not collected

The catalog also has the following, for tools that switch it on. {title} does not, and would ask
again before it could.

{events}
{properties}
{words}",
            title = profile.title,
            events = off.events(catalog),
            properties = off.properties(catalog, profile),
            words = off.words(catalog),
        ));
    }
    text
}

/// The class a property has on an event.
fn class_on(property: &Property, event: &Event) -> Class {
    property.class.unwrap_or(event.class)
}

/// The events that are collected, or those that are not, with the properties that stand on
/// these alone.
struct Part<'c> {
    events: Vec<&'c Event>,
    properties: BTreeSet<PropertyId>,
    /// Properties in order of name; identifiers are.
    on: bool,
    profile: &'c Profile,
}

impl<'c> Part<'c> {
    fn of(catalog: &'c Catalog, profile: &'c Profile, on: bool) -> Part<'c> {
        let collected = |event: &Event| profile.classes.contains(event.class) && !event.withdrawn;
        let seen: BTreeSet<PropertyId> = catalog
            .events()
            .iter()
            .filter(|event| collected(event))
            .flat_map(|event| shown(catalog, profile, event))
            .collect();
        let mut part = Part {
            events: Vec::new(),
            properties: seen.clone(),
            on,
            profile,
        };
        if !on {
            let all = catalog.events().iter().flat_map(|event| &event.properties);
            let missing = all.copied().filter(|id| !seen.contains(id));
            part.properties = missing.collect();
        }
        for class in Class::ALL {
            let events = catalog.events().iter();
            let events = events.filter(|event| event.class == class && collected(event) == on);
            part.events.extend(events);
        }
        part
    }

    fn events(&self, catalog: &Catalog) -> String {
        let rows: Vec<[String; 4]> = self
            .events
            .iter()
            .map(|event| {
                let ids: Vec<PropertyId> = match self.on {
                    true => shown(catalog, self.profile, event).collect(),
                    false => event.properties.clone(),
                };
                let properties = codes(ids.into_iter().map(|id| &catalog.property(id).name));
                let class = event.class.to_string();
                [spelled(catalog, event), why(event), properties, class]
            })
            .collect();
        table(["event", "why", "properties", "class"], &rows)
    }

    fn properties(&self, catalog: &Catalog, profile: &Profile) -> String {
        let ids = self.properties.iter();
        let rows: Vec<[String; 5]> = ids
            .map(|id| {
                let classes = self.classes(catalog, *id);
                property_row(catalog.property(*id), &classes, profile)
            })
            .collect();
        if rows.is_empty() {
            return String::new();
        }
        table(PROPERTY_HEAD, &rows)
    }

    /// The classes a property has on the events of this part.
    fn classes(&self, catalog: &Catalog, id: PropertyId) -> Vec<Class> {
        let property = catalog.property(id);
        let events = catalog.events().iter();
        let events = events.filter(|event| event.properties.contains(&id));
        let classes: BTreeSet<Class> = events.map(|event| class_on(property, event)).collect();
        classes.into_iter().collect()
    }

    /// The closed lists of this part's properties; those of common properties in the first.
    fn words(&self, catalog: &Catalog) -> String {
        let mut lists = Vec::new();
        for (property, id) in catalog.properties().iter().zip((0..).map(PropertyId)) {
            let here = self.properties.contains(&id) || (self.on && property.common);
            let words = property.kind.values();
            if here && !words.is_empty() {
                lists.push(format!("- {}: {}\n", code(&property.name), codes(words)));
            }
        }
        lists.concat()
    }
}

/// The properties of an event that the profile collects.
fn shown<'c>(
    catalog: &'c Catalog,
    profile: &'c Profile,
    event: &'c Event,
) -> impl Iterator<Item = PropertyId> + 'c {
    event.properties.iter().copied().filter(|id| {
        let property = catalog.property(*id);
        profile.classes.contains(class_on(property, event)) && !property.withdrawn
    })
}

const PROPERTY_HEAD: [&str; 5] = ["property", "why", "what it can be", "how exact", "class"];

fn property_row(property: &Property, classes: &[Class], profile: &Profile) -> [String; 5] {
    let classes: Vec<&str> = classes.iter().map(|class| class.name()).collect();
    [
        code(&property.name),
        property.why.clone(),
        kinds::values(property, profile),
        kinds::precision(property),
        classes.join(", "),
    ]
}

fn common(catalog: &Catalog, profile: &Profile) -> String {
    let properties = catalog.properties().iter();
    let rows: Vec<[String; 5]> = properties
        .filter(|property| property.common && !property.withdrawn)
        .map(|property| property_row(property, property.class.as_slice(), profile))
        .collect();
    table(PROPERTY_HEAD, &rows)
}

/// The event's name as it stands in a log: `command_NAME`.
fn spelled(catalog: &Catalog, event: &Event) -> String {
    match &event.spelled {
        Some(spelled) => {
            let word = catalog.property(spelled.property).name.to_uppercase();
            code(format!("{}{word}", spelled.prefix))
        }
        None => code(&event.name),
    }
}

fn why(event: &Event) -> String {
    match event.expires {
        Expires::Never(_) => event.why.clone(),
        Expires::After(day) => format!("{} Not after {}.", event.why, date(day)),
    }
}

/// A day counted from 1970-01-01, as `YYYY-MM-DD`.
fn date(day: i32) -> String {
    use jiff::{ToSpan as _, civil};
    let first = civil::date(1970, 1, 1);
    first
        .checked_add(i64::from(day).days())
        .map_or_else(|_| "the end of time".to_owned(), |date| date.to_string())
}
