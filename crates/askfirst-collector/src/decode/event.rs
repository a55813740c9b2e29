//! One event, read in one pass whatever the order of its keys (posthog-python writes the
//! properties before the name), and tolerant of every type in every place: what is wrong with an
//! event costs that event, never its neighbours (`posthog-protocol.md`, rule 6).

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::scalar::Scalar;
use super::timestamp::Stamp;
use crate::policy;

/// What most events have at most: aider's own properties and those of posthog-python.
const USUAL_PROPERTIES: usize = 24;

/// One member of a batch.
#[derive(Debug, Default)]
pub(crate) enum Member<'t> {
    /// An object, whatever is in it.
    Event(Incoming<'t>),
    /// Anything else: posthog's own batches may hold null.
    #[default]
    NotAnObject,
}

/// An event as its sender wrote it, nothing of it checked. It lives no longer than the body.
#[derive(Debug)]
pub struct Incoming<'t> {
    /// The name, if it is a text.
    pub event: Option<Cow<'t, str>>,
    /// Who or what it happened to, in whatever type.
    pub distinct_id: Scalar<'t>,
    /// The id the sender gave the event.
    pub uuid: Option<Cow<'t, str>>,
    /// When it happened, by the sender's clock.
    pub timestamp: Stamp<'t>,
    /// Milliseconds between the event and the moment it was sent (old posthog-js).
    pub offset_ms: Option<i64>,
    /// The project key, if it is on the event.
    pub key: Option<Cow<'t, str>>,
    /// The properties.
    pub properties: Properties<'t>,
}

impl<'t> Incoming<'t> {
    pub(crate) fn empty() -> Incoming<'t> {
        Incoming {
            event: None,
            distinct_id: Scalar::Null,
            uuid: None,
            timestamp: Stamp::Absent,
            offset_ms: None,
            key: None,
            properties: Properties::default(),
        }
    }

    /// The project key on the event or among its properties, where posthog-js puts it.
    pub fn key(&self) -> Option<Cow<'t, str>> {
        let inside = || self.properties.get("token").and_then(Scalar::into_text);
        self.key.clone().or_else(inside)
    }

    /// Who or what it happened to, as PostHog's server understands it: from the properties if
    /// it is not on the event (posthog-js), other types as their JSON text, cut to
    /// [`policy::DISTINCT_ID_CHARS`], none if it is blank.
    pub fn who(&self) -> Option<Cow<'t, str>> {
        let id = match &self.distinct_id {
            Scalar::Null => self.properties.get("distinct_id")?,
            id => id.clone(),
        };
        let id: Cow<'t, str> = match id {
            Scalar::Null => return None,
            Scalar::Str(text) => text,
            Scalar::Json(text) => Cow::Borrowed(text),
            Scalar::Bool(value) => Cow::Owned(value.to_string()),
            Scalar::Int(value) => Cow::Owned(value.to_string()),
            Scalar::Float(value) => Cow::Owned(value.to_string()),
        };
        if id.trim().is_empty() {
            None
        } else {
            Some(cut(id))
        }
    }

    /// Whether a property is there and is this boolean.
    pub(crate) fn says(&self, property: &str, value: bool) -> bool {
        self.properties.get(property) == Some(Scalar::Bool(value))
    }
}

fn cut(id: Cow<'_, str>) -> Cow<'_, str> {
    let end = id
        .char_indices()
        .nth(policy::DISTINCT_ID_CHARS)
        .map(|(at, _)| at);
    let id = match (end, id) {
        (None, id) => id,
        (Some(end), Cow::Borrowed(id)) => Cow::Borrowed(&id[..end]),
        (Some(end), Cow::Owned(id)) => Cow::Owned(id[..end].to_owned()),
    };
    if id.contains('\0') {
        Cow::Owned(id.replace('\0', "\u{fffd}"))
    } else {
        id
    }
}

/// The properties of an event: names and the JSON text of their values, in the sender's order.
/// Values are only looked into when asked for, so an event nobody knows costs a scan.
#[derive(Debug, Default)]
pub struct Properties<'t> {
    held: Vec<(Cow<'t, str>, &'t str)>,
    /// There were more than [`policy::PROPERTIES_PER_EVENT`].
    pub too_many: bool,
    /// They were neither an object nor null.
    pub malformed: bool,
}

impl<'t> Properties<'t> {
    /// The value of a property; of several with one name the last, as in any JSON reader.
    pub fn get(&self, name: &str) -> Option<Scalar<'t>> {
        let mut from_last = self.held.iter().rev();
        let found = from_last.find(|(held, _)| held == name)?;
        Some(Scalar::of(found.1))
    }

    /// All that are held, classified.
    pub fn values(&self) -> impl Iterator<Item = (&str, Scalar<'t>)> {
        self.held
            .iter()
            .map(|(name, raw)| (name.as_ref(), Scalar::of(raw)))
    }

    /// Names and JSON texts, sorted: the same for a retry of the same event.
    pub(crate) fn canonical(&self) -> Vec<(&str, &str)> {
        let mut sorted: Vec<_> = self
            .held
            .iter()
            .map(|(name, raw)| (&**name, *raw))
            .collect();
        sorted.sort_unstable();
        sorted
    }

    fn push(&mut self, name: Cow<'t, str>, raw: &'t RawValue) {
        if self.held.len() < policy::PROPERTIES_PER_EVENT {
            self.held.push((name, raw.get()));
        } else {
            self.too_many = true;
        }
    }
}

/// A key of an object.
pub(super) struct Key<'t>(pub(super) Cow<'t, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// The methods of a visitor that takes an object by its own `visit_map`, null for the default,
/// and every other value for `$other`.
macro_rules! tolerant_visitor {
    ($other:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON value")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok($other)
        }
    };
}

impl<'de> Deserialize<'de> for Properties<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Properties<'de>;
            tolerant_visitor!(Properties {
                malformed: true,
                ..Properties::default()
            });
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut properties = Properties {
                    held: Vec::with_capacity(USUAL_PROPERTIES),
                    ..Properties::default()
                };
                while let Some(Key(name)) = map.next_key()? {
                    properties.push(name, map.next_value()?);
                }
                Ok(properties)
            }
        }
        deserializer.deserialize_any(Object)
    }
}

impl<'de> Deserialize<'de> for Member<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Member<'de>;
            tolerant_visitor!(Member::NotAnObject);
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut event = Incoming::empty();
                while let Some(Key(key)) = map.next_key()? {
                    event.field(&key, &mut map)?;
                }
                Ok(Member::Event(event))
            }
        }
        deserializer.deserialize_any(Object)
    }
}

impl<'de> Incoming<'de> {
    /// Takes one key of an event and its value: the keys of PostHog's protocol, and `user_id`
    /// and `time` of an analytics log where those are missing.
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "event" => self.event = scalar(map)?.into_text(),
            "distinct_id" | "$distinct_id" => self.distinct_id = scalar(map)?,
            "user_id" if self.distinct_id == Scalar::Null => self.distinct_id = scalar(map)?,
            "token" | "$token" | "api_key" => self.key = scalar(map)?.into_text(),
            "uuid" => self.uuid = scalar(map)?.into_text(),
            "timestamp" => match Stamp::of(scalar(map)?) {
                Stamp::Absent => {}
                stamp => self.timestamp = stamp,
            },
            "time" if self.timestamp == Stamp::Absent => self.timestamp = Stamp::of(scalar(map)?),
            "offset" => self.offset_ms = whole(scalar(map)?),
            "properties" => self.properties = map.next_value()?,
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

fn scalar<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Scalar<'de>, A::Error> {
    Ok(Scalar::of(map.next_value::<&RawValue>()?.get()))
}

fn whole(value: Scalar<'_>) -> Option<i64> {
    match value {
        Scalar::Int(value) => i64::try_from(value).ok(),
        _ => None,
    }
}
