//! What goes into the gate and what comes out of it.

use crate::ids::{EventId, PropertyId};
use crate::value::Value;

/// A value as it came in, before anything is known about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Raw<'a> {
    /// JSON `null`: not sent.
    Null,
    /// JSON `true` or `false`.
    Bool(bool),
    /// A number without fraction or exponent.
    Int(i128),
    /// Any other number; NaN and the infinities of lax senders too.
    Float(f64),
    /// A text.
    Str(&'a str),
    /// The raw text of an array or object. Only `$exception_list` is ever looked into.
    Json(&'a str),
}

/// What our own SDK puts on every event. All `None` on events of other senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Common {
    /// Random number of the session.
    pub session: Option<u64>,
    /// Position of the event in its session.
    pub seq: Option<u64>,
    /// Milliseconds since the session began.
    pub since_start_ms: Option<u64>,
    /// The first 4 bytes of the sender's catalog hash. Only our SDK sends it, and it does
    /// so after a yes: its presence means that the user agreed.
    pub catalog: Option<[u8; 4]>,
    /// Whether an agent, not a person, drove the tool. Also a value of the event.
    pub agent: Option<bool>,
}

/// What was left out of an admitted event, by reason. Numbers only: the values are kept
/// nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Notes {
    /// Properties the catalog does not have on this event.
    pub unknown_property: u32,
    /// Properties of the catalog that are not collected: withdrawn, of a class the profile
    /// leaves off, or frames of a version that was not released.
    pub not_collected: u32,
    /// Values that are not of their property's kind.
    pub wrong_kind: u32,
    /// Numbers outside their bounds.
    pub out_of_range: u32,
    /// Words outside their list; they became `other`, or were dropped where there is none.
    pub not_listed: u32,
    /// Model names that are not public.
    pub redacted: u32,
    /// Amounts of money without a public model beside them (breakage B19).
    pub money_refused: u32,
    /// The event came under a catalog other than the gate's.
    pub catalog_newer: u32,
}

/// Why an event was not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Discard {
    /// No event or alias of the catalog has this name.
    UnknownEvent,
    /// Its collection has ended.
    Expired,
    /// The profile does not switch its class on.
    ClassOff,
    /// It was taken out of the catalog.
    Withdrawn,
    /// Its name spells a word outside an enum that has no `other`.
    NotListed,
}

/// An event that may be kept. Only a [`Gate`](crate::Gate) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    event: EventId,
    values: Vec<(PropertyId, Value)>,
    common: Common,
    notes: Notes,
}

impl Admitted {
    /// `values` are sorted by property.
    pub(super) fn new(
        event: EventId,
        values: Vec<(PropertyId, Value)>,
        common: Common,
        notes: Notes,
    ) -> Admitted {
        Admitted {
            event,
            values,
            common,
            notes,
        }
    }

    /// The event, of the gate's catalog.
    pub fn event(&self) -> EventId {
        self.event
    }

    /// The admitted values, sorted by property, each property once.
    pub fn values(&self) -> &[(PropertyId, Value)] {
        &self.values
    }

    /// The value of one property.
    pub fn value(&self, property: PropertyId) -> Option<&Value> {
        let at = self.values.binary_search_by_key(&property, |(id, _)| *id);
        at.ok().map(|at| &self.values[at].1)
    }

    /// What our SDK adds to every event.
    pub fn common(&self) -> &Common {
        &self.common
    }

    /// What was left out.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Everything, taken apart for the store.
    pub fn into_parts(self) -> (EventId, Vec<(PropertyId, Value)>, Common, Notes) {
        (self.event, self.values, self.common, self.notes)
    }
}
