//! Exactly one outcome for every event, and why.

use askfirst_catalog::{Discard, Notes};

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Stored.
    Accepted,
    /// Understood and refused: the catalog or a limit says no.
    Filtered,
    /// Not understood.
    Invalid,
    /// Stored before.
    Duplicate,
    /// Refused because the project has had enough.
    OverQuota,
}

impl Outcome {
    /// Every outcome, in the order reports list them.
    pub const ALL: [Outcome; 5] = [
        Outcome::Accepted,
        Outcome::Filtered,
        Outcome::Invalid,
        Outcome::Duplicate,
        Outcome::OverQuota,
    ];

    /// The name in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Filtered => "filtered",
            Outcome::Invalid => "invalid",
            Outcome::Duplicate => "duplicate",
            Outcome::OverQuota => "over_quota",
        }
    }
}

macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($(#[$entry:meta])* $variant:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type { $($(#[$entry])* $variant),* }

        impl $type {
            /// Every one, in the order reports list them.
            pub const ALL: &'static [$type] = &[$($type::$variant),*];

            /// The name in the WAL, the manifest, reports and JSON. Never reused for
            /// another meaning.
            pub fn name(self) -> &'static str {
                match self { $($type::$variant => $name),* }
            }

            /// The one with this name.
            pub fn from_name(name: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|it| it.name() == name)
            }
        }
    };
}

named! {
    /// Why an event got its outcome. A closed list: no reason ever carries a value.
    Reason {
        /// Stored.
        Accepted = "accepted",
        /// The catalog has no event of this name.
        UnknownEvent = "unknown_event",
        /// The profile leaves the event's class off.
        ClassOff = "class_off",
        /// The catalog says its collection has ended.
        Expired = "expired",
        /// It was taken out of the catalog.
        Withdrawn = "withdrawn",
        /// Its name spells a word outside a closed list without `other`.
        NotListed = "not_listed",
        /// It happened longer ago than [`policy::ACCEPT_DAYS`](crate::policy::ACCEPT_DAYS).
        TooOld = "too_old",
        /// A PostHog bookkeeping event (`$identify`, `$set`, ...) that asks for a person.
        PersonEvent = "person_event",
        /// Its install asked for what it sent to be erased (decision D29).
        Forgotten = "forgotten",
        /// It is no JSON object.
        NotAnObject = "not_an_object",
        /// It has no event name.
        NoEventName = "no_event_name",
        /// Its event name is too long, or no text.
        BadEventName = "bad_event_name",
        /// It has no `distinct_id`.
        NoDistinctId = "no_distinct_id",
        /// Its `distinct_id` is too long, or no text or number.
        BadDistinctId = "bad_distinct_id",
        /// Its time cannot be understood, or lies outside of what a calendar holds.
        BadTimestamp = "bad_timestamp",
        /// Its properties are no JSON object.
        BadProperties = "bad_properties",
        /// It has more properties than any event may have.
        TooManyProperties = "too_many_properties",
        /// It is larger than any event may be.
        TooLarge = "too_large",
        /// It is no valid JSON, or a line of a log without its end.
        BadJson = "bad_json",
        /// Stored before.
        Duplicate = "duplicate",
        /// The project has had enough.
        OverQuota = "over_quota",
    }
}

impl Reason {
    /// The one outcome this reason stands for.
    pub fn outcome(self) -> Outcome {
        match self {
            Reason::Accepted => Outcome::Accepted,
            Reason::UnknownEvent
            | Reason::ClassOff
            | Reason::Expired
            | Reason::Withdrawn
            | Reason::NotListed
            | Reason::TooOld
            | Reason::Forgotten
            | Reason::PersonEvent => Outcome::Filtered,
            Reason::NotAnObject
            | Reason::NoEventName
            | Reason::BadEventName
            | Reason::NoDistinctId
            | Reason::BadDistinctId
            | Reason::BadTimestamp
            | Reason::BadProperties
            | Reason::TooManyProperties
            | Reason::TooLarge
            | Reason::BadJson => Outcome::Invalid,
            Reason::Duplicate => Outcome::Duplicate,
            Reason::OverQuota => Outcome::OverQuota,
        }
    }
}

impl From<Discard> for Reason {
    /// The reason under which the gate's refusal is counted.
    fn from(discard: Discard) -> Reason {
        match discard {
            Discard::Expired => Reason::Expired,
            Discard::ClassOff => Reason::ClassOff,
            Discard::Withdrawn => Reason::Withdrawn,
            Discard::NotListed => Reason::NotListed,
            _ => Reason::UnknownEvent,
        }
    }
}

named! {
    /// Something about an accepted event that a report on quality wants to know. Counted
    /// beside outcomes; an event can have several.
    Note {
        /// A property the catalog does not have on this event.
        UnknownProperty = "unknown_property",
        /// A property that is withdrawn or of a class the profile leaves off.
        NotCollected = "not_collected",
        /// A value that is not of its property's kind.
        WrongKind = "wrong_kind",
        /// A number outside its bounds.
        OutOfRange = "out_of_range",
        /// A word outside its list.
        NotListed = "not_listed",
        /// A model name that is not public.
        Redacted = "redacted",
        /// An amount of money without a public model beside it (breakage B19).
        MoneyRefused = "money_refused",
        /// It came under a catalog other than ours.
        CatalogNewer = "catalog_newer",
        /// Its `distinct_id` was no random UUID and was replaced.
        DistinctIdReplaced = "distinct_id_replaced",
        /// Its event id was no random UUID and was replaced.
        EventIdReplaced = "event_id_replaced",
        /// It came without a usable install id: counted as event, never as install.
        NoInstall = "no_install",
        /// Its clock was wrong by more than a minute and was corrected.
        ClockCorrected = "clock_corrected",
        /// Its clock was so far ahead that the time of arrival is taken.
        ClockAhead = "clock_ahead",
    }
}

impl Note {
    /// What the gate left out of one event, under the names it is counted by.
    pub fn of(notes: &Notes) -> impl Iterator<Item = (Note, u32)> + use<> {
        let counts = [
            (Note::UnknownProperty, notes.unknown_property),
            (Note::NotCollected, notes.not_collected),
            (Note::WrongKind, notes.wrong_kind),
            (Note::OutOfRange, notes.out_of_range),
            (Note::NotListed, notes.not_listed),
            (Note::Redacted, notes.redacted),
            (Note::MoneyRefused, notes.money_refused),
            (Note::CatalogNewer, notes.catalog_newer),
        ];
        counts.into_iter().filter(|(_, n)| *n > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_its_own() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_name(reason.name()), Some(*reason));
        }
        for note in Note::ALL {
            assert_eq!(Note::from_name(note.name()), Some(*note));
        }
    }

    #[test]
    fn every_outcome_has_a_reason() {
        for outcome in Outcome::ALL {
            assert!(Reason::ALL.iter().any(|it| it.outcome() == outcome));
        }
    }
}
