//! Names that were looked up before: a sender that records the same event again and again
//! need not say them each time. What is admitted is decided as for any other event.

use super::admitted::{Admitted, Discard, Raw};
use super::table::Slot;
use super::{Draft, Gate};

/// An event of one gate, found by its name. Means nothing to another gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEvent(u16);

/// What a property's name means on one event of one gate. Means nothing anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownProperty(Slot);

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

    /// [`Gate::admit`] for names that were looked up; `None` stands for one the event does
    /// not have.
    ///
    /// # Errors
    ///
    /// The reason the event as a whole is refused.
    pub fn admit_known<'r>(
        &self,
        event: KnownEvent,
        properties: impl IntoIterator<Item = (Option<KnownProperty>, Raw<'r>)>,
        today: i32,
    ) -> Result<Admitted, Discard> {
        let rules = self.table.rules(event.0).ok_or(Discard::UnknownEvent)?;
        rules.may_enter(today)?;
        let properties = properties.into_iter();
        let mut draft = Draft::new(self, rules, properties.size_hint().0);
        for (property, raw) in properties {
            draft.offer(property.map(|KnownProperty(slot)| slot), &raw);
        }
        Ok(draft.finish())
    }
}
