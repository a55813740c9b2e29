//! Everything that is decided before the first event comes.

use std::sync::Arc;

use super::admitted::Discard;
use super::read::{self, Reader, Reading};
use super::{Raw, exception};
use crate::catalog::{Catalog, Event, Expires, Property, Role};
use crate::ids::{EventId, PropertyId};
use crate::kind::Kind;
use crate::models::Models;
use crate::parse::PRICED_BY;
use crate::profile::Profile;
use crate::words::Words;

/// Events by name, and a reader for every property.
#[derive(Debug)]
pub(super) struct Table {
    names: Words<u16>,
    /// Prefixes of spelled names, none of which begins another.
    prefixes: Vec<(String, u16)>,
    events: Vec<EventRules>,
    readers: Vec<Reader>,
    models: Arc<Models>,
}

/// What holds for one event.
#[derive(Debug)]
pub(super) struct EventRules {
    pub(super) event: EventId,
    refused: Option<Discard>,
    last_day: Option<i32>,
    slots: Words<Slot>,
    /// The property that stands in the event's name.
    pub(super) spelled: Option<PropertyId>,
    /// The model that amounts of money are the price of.
    pub(super) priced_by: Option<PropertyId>,
    pub(super) version: Option<PropertyId>,
    pub(super) dev: Option<PropertyId>,
    pub(super) agent: Option<PropertyId>,
    pub(super) error: Option<PropertyId>,
    pub(super) frames: Option<PropertyId>,
}

/// What a word means on an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Property(PropertyId),
    /// In the catalog, but withdrawn or of a class that is off.
    NotCollected,
    /// PostHog's list of exceptions with their stack traces.
    ExceptionList,
    /// The stack trace of PostHog's older browser library.
    StackTrace,
}

impl Table {
    pub(super) fn new(catalog: &Catalog, profile: &Profile) -> Table {
        let mut table = Table {
            names: Words::default(),
            prefixes: Vec::new(),
            events: Vec::new(),
            readers: catalog.properties().iter().map(Reader::new).collect(),
            models: Arc::clone(catalog.models()),
        };
        for (at, event) in (0..).zip(catalog.events()) {
            let names = event.aliases.iter().map(String::as_str);
            for name in names.chain([&*event.name]) {
                table.names.insert(Box::from(name), at);
            }
            if let Some(spelled) = &event.spelled {
                table.prefixes.push((spelled.prefix.clone(), at));
            }
            let rules = EventRules::new(EventId(at), event, catalog, profile);
            table.events.push(rules);
        }
        table
    }

    /// The event a name on the wire means, and the word it spells.
    pub(super) fn find<'n>(&self, name: &'n str) -> Option<(&EventRules, Option<&'n str>)> {
        if let Some(at) = self.names.get(name) {
            return Some((&self.events[usize::from(*at)], None));
        }
        self.prefixes.iter().find_map(|(prefix, at)| {
            let word = name.strip_prefix(prefix.as_str())?;
            Some((&self.events[usize::from(*at)], Some(word)))
        })
    }

    /// Where the rules of a whole name are, one that spells no word.
    pub(super) fn position(&self, name: &str) -> Option<u16> {
        self.names.get(name).copied()
    }

    /// The rules of one event.
    pub(super) fn rules(&self, at: u16) -> Option<&EventRules> {
        self.events.get(usize::from(at))
    }

    /// What may be kept of a value.
    pub(super) fn read<'r>(&self, property: PropertyId, raw: &Raw<'r>) -> Reading<'r> {
        self.readers[property.index()].read(raw, &self.models)
    }

    /// What may be kept of an exception's class.
    pub(super) fn error(&self, property: PropertyId, class: &str) -> Reading<'static> {
        match &self.readers[property.index()] {
            Reader::Error(list) => read::error_class(class, list),
            _ => Reading::WrongKind,
        }
    }
}

impl EventRules {
    fn new(id: EventId, event: &Event, catalog: &Catalog, profile: &Profile) -> EventRules {
        let refused = if event.withdrawn {
            Some(Discard::Withdrawn)
        } else if !profile.classes.contains(event.class) {
            Some(Discard::ClassOff)
        } else {
            None
        };
        let mut rules = EventRules {
            event: id,
            refused,
            last_day: match event.expires {
                Expires::Never(_) => None,
                Expires::After(day) => Some(day),
            },
            slots: Words::default(),
            spelled: event.spelled.as_ref().map(|spelled| spelled.property),
            priced_by: None,
            version: None,
            dev: None,
            agent: None,
            error: None,
            frames: None,
        };
        for (at, property) in (0..).zip(catalog.properties()) {
            let id = PropertyId(at);
            if property.common || event.properties.contains(&id) {
                let collected = is_collected(property, event, profile);
                rules.add(id, property, collected);
            }
        }
        rules.add_exception_words();
        rules
    }

    fn add(&mut self, id: PropertyId, property: &Property, collected: bool) {
        let slot = if collected {
            Slot::Property(id)
        } else {
            Slot::NotCollected
        };
        let aliases = property.aliases.iter().map(String::as_str);
        for name in aliases.chain([&*property.name]) {
            self.slots.insert(Box::from(name), slot);
        }
        if !collected {
            return;
        }
        if property.role == Role::Agent {
            self.agent = Some(id);
        }
        match (&*property.name, &property.kind) {
            (PRICED_BY, Kind::Model) => self.priced_by = Some(id),
            ("version", Kind::Version { parts: 3 }) => self.version = Some(id),
            ("dev", Kind::Bool) => self.dev = Some(id),
            (_, Kind::Error { .. }) => self.error = Some(id),
            (_, Kind::Frames) => self.frames = Some(id),
            _ => {}
        }
    }

    /// PostHog's words for an exception, unless the catalog gives them a meaning.
    fn add_exception_words(&mut self) {
        let mut add = |name: &str, slot| {
            self.slots.entry(Box::from(name)).or_insert(slot);
        };
        if self.error.is_some() || self.frames.is_some() {
            add(exception::LIST, Slot::ExceptionList);
        }
        if self.frames.is_some() {
            add(exception::TRACE, Slot::StackTrace);
        }
        if let Some(error) = self.error {
            add(exception::TYPE, Slot::Property(error));
        }
    }

    /// Whether the event is collected at all today.
    pub(super) fn may_enter(&self, today: i32) -> Result<(), Discard> {
        if let Some(discard) = self.refused {
            return Err(discard);
        }
        match self.last_day {
            Some(day) if today > day => Err(Discard::Expired),
            _ => Ok(()),
        }
    }

    /// How many words the event knows: more values than that cannot be kept.
    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// What a word means on this event.
    pub(super) fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.get(name)
    }
}

/// What our SDK adds to find order and consent is not a matter of classes.
fn is_collected(property: &Property, event: &Event, profile: &Profile) -> bool {
    let class = property.class.unwrap_or(event.class);
    let of_class = match property.role {
        Role::Column | Role::Agent => profile.classes.contains(class),
        Role::Session | Role::Seq | Role::SinceStart | Role::Catalog | Role::Nowhere => true,
    };
    of_class && !property.withdrawn
}
