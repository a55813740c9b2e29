//! Names and texts that were looked up before: a sender that records the same event again and
//! again need not say them each time. What is admitted is decided as for any other event.

use super::admitted::{Admitted, Discard, Raw};
use super::read::{self, Reading};
use super::table::Slot;
use super::{Draft, Gate};
use crate::ids::PropertyId;
use crate::value::Value;

/// An event of one gate, found by its name. Means nothing to another gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEvent(u16);

/// What a property's name means on one event of one gate. Means nothing anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownProperty(Slot);

/// What one gate makes of a text under one property of one event: a word of its list, or a
/// public model. Only the gate makes one, and it means nothing anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownText {
    pub(super) property: PropertyId,
    pub(super) value: Value,
    /// Money may be the price of it.
    pub(super) public_model: bool,
}

/// A property of an event whose names were looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sent<'a> {
    /// A value as it came in, under a name; `None` stands for one the event does not have.
    Raw(Option<KnownProperty>, Raw<'a>),
    /// A text that the gate has read before, under the name it was read for.
    Text(&'a KnownText),
}

impl Gate {
    /// The event of this name; `None` if there is none, and for a name that spells a word,
    /// `command_ask`: its property is in it.
    pub fn event_named(&self, event: &str) -> Option<KnownEvent> {
        self.table.position(event).map(KnownEvent)
    }

    /// The property of this name on an event; `None` if the event has none.
    pub fn property_named(&self, event: KnownEvent, property: &str) -> Option<KnownProperty> {
        let rules = self.table.rules(event.0)?;
        rules.slot(property).copied().map(KnownProperty)
    }

    /// What `text` stands for under a property, if that is a word or a public model whatever
    /// else the event holds. `None` of any other text: it is to be sent as it is, and what is
    /// not listed or not public is seen, and counted, each time.
    pub fn text_known(&self, property: KnownProperty, text: &str) -> Option<KnownText> {
        let Slot::Property(property) = property.0 else {
            return None;
        };
        let (value, public_model) = match self.table.read(property, &Raw::Str(text)) {
            Reading::Value(value) => (value, false),
            Reading::Model(model) if !model.redacted => (read::kept(model.text), true),
            _ => return None,
        };
        Some(KnownText {
            property,
            value,
            public_model,
        })
    }

    /// [`Gate::admit`] for names that were looked up, and texts that were read. `room` is where
    /// the values are put, so that it can be used again; what is in it is dropped.
    ///
    /// # Errors
    ///
    /// The reason the event as a whole is refused.
    pub fn admit_known<'a>(
        &self,
        event: KnownEvent,
        properties: impl IntoIterator<Item = Sent<'a>>,
        today: i32,
        room: Vec<(PropertyId, Value)>,
    ) -> Result<Admitted, Discard> {
        let rules = self.table.rules(event.0).ok_or(Discard::UnknownEvent)?;
        rules.may_enter(today)?;
        let properties = properties.into_iter();
        let mut draft = Draft::new(self, rules, room, properties.size_hint().0);
        for sent in properties {
            match sent {
                Sent::Raw(property, raw) => draft.offer(property.map(|it| it.0), &raw),
                Sent::Text(text) => draft.take_known(text),
            }
        }
        Ok(draft.finish())
    }
}
