//! What is around the events: the shapes of `posthog-protocol.md` 2.3. The events are not read
//! here but passed over, so a body without a valid key costs one scan; they are read one at a
//! time once the key is known (decision D24: a batch is held until then, as its own text).

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::event::{Key, Member};
use super::repair::repair;
use super::room::Room;
use super::scalar::Scalar;
use super::timestamp::Stamp;
use crate::policy;
use crate::refusal::Refusal;

/// What an event without name is called where it may be without: PostHog's server takes it for
/// an update of a person.
const NAMELESS: &str = "$identify";

/// A body whose JSON is sound: where its events are, and what it says about all of them.
#[derive(Debug)]
pub struct Decoded<'t> {
    key: Option<Cow<'t, str>>,
    sent_at_ms: Option<i64>,
    members: Members<'t>,
    nameless: bool,
}

#[derive(Debug, Clone, Copy)]
enum Members<'t> {
    /// The text of a JSON list.
    List(&'t str),
    /// The text of one event.
    One(&'t str),
}

impl<'t> Decoded<'t> {
    /// Reads the envelope of `text`. If that is not JSON it is repaired once, into `repaired`,
    /// which outlives what is borrowed from it. `nameless` says whether an event may be without
    /// name (`/engage`).
    ///
    /// # Errors
    ///
    /// [`Refusal::NotJson`], [`Refusal::NoEventName`], [`Refusal::NoEvents`]; [`Refusal::Busy`]
    /// if `room` has none left for the repaired text.
    pub fn of(
        text: &'t str,
        repaired: &'t OnceCell<String>,
        nameless: bool,
        room: &mut Room<'_>,
    ) -> Result<Decoded<'t>, Refusal> {
        let found = match Found::within(text) {
            Some(found) => found,
            None => {
                room.take(text.len())?;
                let repaired = repaired.get_or_init(|| repair(text));
                Found::within(repaired).ok_or(Refusal::NotJson)?
            }
        };
        let (members, key, sent_at) = match found {
            Found::List(list) => (Members::List(list), None, Stamp::Absent),
            Found::Object(envelope, text) => match envelope.batch {
                Some(batch) if batch.starts_with('[') => {
                    (Members::List(batch), envelope.key, envelope.sent_at.0)
                }
                None if envelope.named || nameless => {
                    (Members::One(text), None, envelope.sent_at.0)
                }
                _ => return Err(Refusal::NoEventName),
            },
            Found::Other => return Err(Refusal::NoEventName),
        };
        if matches!(members, Members::List(list) if list[1..].trim_start().starts_with(']')) {
            return Err(Refusal::NoEvents);
        }
        Ok(Decoded {
            key,
            sent_at_ms: sent_at.ms(),
            members,
            nameless,
        })
    }

    /// When the body was sent, by the sender's clock, in milliseconds since 1970.
    pub fn sent_at_ms(&self) -> Option<i64> {
        self.sent_at_ms
    }

    /// The project key: the envelope's, else the one all events agree on.
    ///
    /// # Errors
    ///
    /// [`Refusal::NoKey`], [`Refusal::TwoKeys`].
    pub fn key(&self) -> Result<String, Refusal> {
        if let Some(key) = &self.key {
            return Ok(key.clone().into_owned());
        }
        let mut found: Option<String> = None;
        self.each(|member| {
            let Member::Event(event) = member else {
                return Ok(());
            };
            match (&found, event.key()) {
                (Some(before), Some(key)) if *before != key => return Err(Refusal::TwoKeys),
                (None, Some(key)) => found = Some(key.into_owned()),
                _ => {}
            }
            Ok(())
        })?;
        found.ok_or(Refusal::NoKey)
    }

    /// Gives every member to `take`, in order, reading one at a time.
    ///
    /// # Errors
    ///
    /// [`Refusal::TooLarge`] beyond [`policy::EVENTS_PER_BODY`], and what `take` refuses.
    pub(crate) fn each(
        &self,
        mut take: impl FnMut(Member<'_>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let take = |mut member: Member<'_>| {
            match &mut member {
                Member::Event(event) if self.nameless && event.event.is_none() => {
                    event.event = Some(Cow::Borrowed(NAMELESS));
                }
                _ => {}
            }
            take(member)
        };
        let mut taker = Taker {
            take,
            taken: 0,
            refused: None,
        };
        match self.members {
            Members::One(text) => taker.alone(text),
            Members::List(list) => {
                let mut deserializer = serde_json::Deserializer::from_str(list);
                let whole = deserializer.deserialize_seq(OnePass(&mut taker));
                if whole.is_err() && taker.refused.is_none() {
                    taker.one_by_one(list);
                }
            }
        }
        taker.refused.map_or(Ok(()), Err)
    }
}

/// The one event that `text` is; repaired, into `repaired`, if it is not JSON as it stands.
pub(crate) fn read_member<'t>(text: &'t str, repaired: &'t OnceCell<String>) -> Option<Member<'t>> {
    let strict = serde_json::from_str(text).ok();
    strict.or_else(|| serde_json::from_str(repaired.get_or_init(|| repair(text))).ok())
}

/// What a text is as a whole: one scan, in which events are passed over.
enum Found<'t> {
    List(&'t str),
    Object(Envelope<'t>, &'t str),
    Other,
}

impl<'t> Found<'t> {
    /// None if it is not JSON.
    fn within(text: &'t str) -> Option<Found<'t>> {
        if text.trim_ascii_start().starts_with('{') {
            let envelope = serde_json::from_str(text).ok()?;
            return Some(Found::Object(envelope, text));
        }
        let whole: &RawValue = serde_json::from_str(text).ok()?;
        match whole.get().starts_with('[') {
            true => Some(Found::List(whole.get())),
            false => Some(Found::Other),
        }
    }
}

struct Taker<F> {
    take: F,
    taken: usize,
    refused: Option<Refusal>,
}

impl<F: FnMut(Member<'_>) -> Result<(), Refusal>> Taker<F> {
    fn give(&mut self, member: Member<'_>) {
        if self.refused.is_some() {
            return;
        }
        self.taken += 1;
        self.refused = if self.taken > policy::EVENTS_PER_BODY {
            Some(Refusal::TooLarge)
        } else {
            (self.take)(member).err()
        };
    }

    /// The second way through a list, for one with a member that is not quite JSON: from the
    /// first member that was not taken yet, each read and if need be repaired by itself.
    fn one_by_one(&mut self, list: &str) {
        let members: Vec<&RawValue> = serde_json::from_str(list).unwrap_or_default();
        for member in members.into_iter().skip(self.taken) {
            self.alone(member.get());
        }
    }

    fn alone(&mut self, text: &str) {
        let repaired = OnceCell::new();
        self.give(read_member(text, &repaired).unwrap_or_default());
    }
}

/// The first and usual way through a list: each member read straight from the text.
struct OnePass<'f, F>(&'f mut Taker<F>);

impl<'de, F: FnMut(Member<'_>) -> Result<(), Refusal>> Visitor<'de> for OnePass<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while self.0.refused.is_none() {
            match seq.next_element::<Member<'de>>()? {
                Some(member) => self.0.give(member),
                None => return Ok(()),
            }
        }
        Ok(())
    }
}

/// The keys of an object that may be an envelope or a single event.
#[derive(Default)]
struct Envelope<'t> {
    key: Option<Cow<'t, str>>,
    sent_at: Sent<'t>,
    batch: Option<&'t str>,
    named: bool,
}

/// `sent_at`, or what takes its place.
struct Sent<'t>(Stamp<'t>);

impl Default for Sent<'_> {
    fn default() -> Self {
        Sent(Stamp::Absent)
    }
}

impl<'de> Deserialize<'de> for Envelope<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Envelope<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut envelope = Envelope::default();
                while let Some(key) = map.next_key()? {
                    let Key(key) = key;
                    envelope.field(&key, &mut map)?;
                }
                Ok(envelope)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl<'de> Envelope<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "batch" => self.batch = Some(map.next_value::<&RawValue>()?.get()),
            "api_key" | "token" | "$token" => {
                let value = Scalar::of(map.next_value::<&RawValue>()?.get());
                self.key = value.into_text().or(self.key.take());
            }
            // posthog-python before 7.20.0 writes `sentAt`.
            "sent_at" | "sentAt" => {
                let value = Scalar::of(map.next_value::<&RawValue>()?.get());
                self.sent_at = Sent(Stamp::of(value));
            }
            "event" => {
                self.named = true;
                map.next_value::<IgnoredAny>()?;
            }
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}
