//! Names become ids, and everything that needs more than one entry is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{event, property};
use crate::catalog::{Event, Property, Spelled};
use crate::ids::PropertyId;
use crate::kind::{Kind, Unit};

/// Takes line, entry, rule and fix of a problem.
pub(super) type Report<'r> = dyn FnMut(u32, &str, String, String) + 'r;

/// Entries in the order of their ids, with the lines they stand on.
#[derive(Debug)]
pub(super) struct Linked {
    pub(super) events: Vec<Event>,
    pub(super) event_lines: Vec<u32>,
    pub(super) properties: Vec<Property>,
    pub(super) property_lines: Vec<u32>,
}

/// The property a price is a price of (breakage B19).
pub(crate) const PRICED_BY: &str = "main_model";

/// Sorts both lists by name, resolves names to ids, and reports every collision.
pub(super) fn link(
    mut properties: Vec<property::Draft>,
    mut events: Vec<event::Draft>,
    report: &mut Report<'_>,
) -> Linked {
    properties.sort_by(|a, b| a.property.name.cmp(&b.property.name));
    events.sort_by(|a, b| a.event.name.cmp(&b.event.name));
    columns_are_unique(&properties, report);

    let ids: BTreeMap<Arc<str>, usize> = properties
        .iter()
        .enumerate()
        .map(|(at, draft)| (Arc::clone(&draft.property.name), at))
        .collect();
    let mut used = BTreeSet::new();
    for draft in &mut events {
        let own = own_properties(draft, &ids, &properties, report);
        used.extend(own.iter().copied());
        names_are_unambiguous(draft, &own, &properties, report);
        money_has_a_model(draft, &own, &properties, report);
        draft.event.spelled = spelled(draft, &own, &properties, report);
        draft.event.properties = own.into_iter().map(id).collect();
    }
    for (at, draft) in properties.iter().enumerate() {
        let property = &draft.property;
        if !(property.common || property.withdrawn || used.contains(&at)) {
            report(
                draft.line,
                &draft.entry,
                "no event has it".to_owned(),
                "put it into the `properties` of an event, or remove it".to_owned(),
            );
        }
    }
    event_names_are_unique(&events, report);
    spellings_are_unambiguous(&events, &properties, report);

    Linked {
        event_lines: events.iter().map(|draft| draft.line).collect(),
        events: events.into_iter().map(|draft| draft.event).collect(),
        property_lines: properties.iter().map(|draft| draft.line).collect(),
        properties: properties.into_iter().map(|draft| draft.property).collect(),
    }
}

fn id(at: usize) -> PropertyId {
    PropertyId(u16::try_from(at).unwrap_or(u16::MAX))
}

/// Two properties must not share a column, nor be defined twice ([common] and [property]).
fn columns_are_unique(properties: &[property::Draft], report: &mut Report<'_>) {
    let mut columns = BTreeMap::new();
    for draft in properties {
        if let Some(other) = columns.insert(&draft.property.column, draft) {
            report(
                draft.line.max(other.line),
                &draft.entry,
                format!(
                    "has the column `{}` of {}",
                    draft.property.column, other.entry
                ),
                "rename one of them: `$` is not part of a column's name".to_owned(),
            );
        }
    }
}

/// The event's own properties as indexes, without those that cannot stand there.
fn own_properties(
    draft: &event::Draft,
    ids: &BTreeMap<Arc<str>, usize>,
    properties: &[property::Draft],
    report: &mut Report<'_>,
) -> Vec<usize> {
    let mut own = Vec::new();
    for name in &draft.properties {
        let mut problem = |rule: String, fix: String| report(name.line, &draft.entry, rule, fix);
        let written = &name.value;
        match ids.get(written.as_str()) {
            None => problem(
                format!("has the undefined property `{written}`"),
                format!("define [property.{written}], or remove it here"),
            ),
            Some(at) if properties[*at].property.common => problem(
                format!("lists the common property `{written}`"),
                "remove it here: it may stand on every event anyway".to_owned(),
            ),
            Some(at) if own.contains(at) => problem(
                format!("lists `{written}` twice"),
                "list it once".to_owned(),
            ),
            Some(at) => own.push(*at),
        }
    }
    own
}

/// On one event, a word on the wire means one property.
fn names_are_unambiguous(
    draft: &event::Draft,
    own: &[usize],
    properties: &[property::Draft],
    report: &mut Report<'_>,
) {
    let common = properties.iter().filter(|draft| draft.property.common);
    let on_event = own.iter().map(|at| &properties[*at]).chain(common);
    let mut words = BTreeMap::new();
    for property in on_event {
        let name = [(&*property.property.name, property.line)];
        let aliases = property.aliases.iter();
        let aliases = aliases.map(|alias| (alias.value.as_str(), alias.line));
        for (word, line) in name.into_iter().chain(aliases) {
            if let Some((other, other_line)) = words.insert(word, (&property.entry, line)) {
                report(
                    line.max(other_line),
                    &property.entry,
                    format!("on {} the word `{word}` also means {other}", draft.entry),
                    "rename one of them, or remove the alias".to_owned(),
                );
            }
        }
    }
}

/// Cost by tokens reveals the model, so a price needs a public model beside it.
fn money_has_a_model(
    draft: &event::Draft,
    own: &[usize],
    properties: &[property::Draft],
    report: &mut Report<'_>,
) {
    let has =
        |wanted: &dyn Fn(&Property) -> bool| own.iter().any(|at| wanted(&properties[*at].property));
    let priced = has(&|p| {
        matches!(
            p.kind,
            Kind::Amount {
                unit: Unit::Usd,
                ..
            }
        )
    });
    let modelled = has(&|p| &*p.name == PRICED_BY && p.kind == Kind::Model);
    if priced && !modelled {
        report(
            draft.line,
            &draft.entry,
            "has an amount of money without the model it was paid for".to_owned(),
            format!("add the property `{PRICED_BY}`: without a public model no price is admitted"),
        );
    }
}

/// `PREFIX{NAME}` with NAME an enum of the event.
fn spelled(
    draft: &event::Draft,
    own: &[usize],
    properties: &[property::Draft],
    report: &mut Report<'_>,
) -> Option<Spelled> {
    let spelled = draft.spelled.as_ref()?;
    let mut problem = |rule: String, fix: &str| {
        report(spelled.line, &draft.entry, rule, fix.to_owned());
    };
    let parts = spelled
        .value
        .strip_suffix('}')
        .and_then(|rest| rest.split_once('{'))
        .filter(|(prefix, name)| !prefix.is_empty() && !name.contains(['{', '}']));
    let Some((prefix, name)) = parts else {
        problem(
            format!("`spelled` is {:?}", spelled.value),
            "write a prefix and the property in braces: \"command_{name}\"",
        );
        return None;
    };
    let property = own
        .iter()
        .find(|at| &*properties[**at].property.name == name);
    let Some(at) = property else {
        problem(
            format!("spells `{name}`, which is not a property of it"),
            "put it into `properties`, or spell another",
        );
        return None;
    };
    let property = &properties[*at];
    if property.kind_known && !matches!(property.property.kind, Kind::Enum { .. }) {
        problem(
            format!("spells `{name}`, which is no enum"),
            "spell an enum: only words of a closed list can stand in a name",
        );
        return None;
    }
    Some(Spelled {
        prefix: prefix.to_owned(),
        property: id(*at),
    })
}

/// A name on the wire is one event.
fn event_names_are_unique(events: &[event::Draft], report: &mut Report<'_>) {
    let mut names = BTreeMap::new();
    for draft in events {
        let name = [(&*draft.event.name, draft.line)];
        let aliases = draft.aliases.iter();
        let aliases = aliases.map(|alias| (alias.value.as_str(), alias.line));
        for (name, line) in name.into_iter().chain(aliases) {
            if let Some((other, other_line)) = names.insert(name, (&draft.entry, line)) {
                report(
                    line.max(other_line),
                    &draft.entry,
                    format!("the name `{name}` also means {other}"),
                    "rename one of them, or remove the alias".to_owned(),
                );
            }
        }
    }
}

/// A spelled name is one event and one word: no prefix begins another, and no name or alias
/// takes a listed word away.
fn spellings_are_unambiguous(
    events: &[event::Draft],
    properties: &[property::Draft],
    report: &mut Report<'_>,
) {
    for draft in events {
        let Some(spelled) = &draft.event.spelled else {
            continue;
        };
        let line = draft.spelled.as_ref().map_or(draft.line, |at| at.line);
        let values = properties[spelled.property.index()].property.kind.values();
        for other in events {
            let other_prefix = other.event.spelled.as_ref().map(|s| s.prefix.as_str());
            if draft.entry != other.entry
                && other_prefix.is_some_and(|p| p.starts_with(&spelled.prefix))
            {
                report(
                    line,
                    &draft.entry,
                    format!(
                        "its prefix `{}` begins that of {}",
                        spelled.prefix, other.entry
                    ),
                    "choose prefixes of which none begins another".to_owned(),
                );
            }
            let aliases = other.event.aliases.iter().map(String::as_str);
            for name in aliases.chain([&*other.event.name]) {
                let word = name.strip_prefix(&spelled.prefix);
                if word.is_some_and(|word| values.iter().any(|value| &**value == word)) {
                    report(
                        other.line,
                        &other.entry,
                        format!("the name `{name}` is also spelled by {}", draft.entry),
                        "remove the word from its list, or rename this event".to_owned(),
                    );
                }
            }
        }
    }
}
