//! An event's properties on their way out: cut to their precision and encoded once. The same
//! bytes go to the log and to the spool.

use askfirst_catalog::{Admitted, Catalog, Class, ClassSet, Kind, Precision, Property, Value};

use super::json;
use super::precision::cut;
use super::random::Pool;
use super::values::{Frames, Model, Version, Word};

/// A property's name as it is written, and the class a user agreed to.
///
/// Made by the `catalog!` macro, one for each property of the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The name with its quotes and colon: `"main_model":`.
    json: &'static str,
    class: Class,
}

impl Key {
    /// `json` is the name with quotes and colon. Made as a constant: anything else does not
    /// compile.
    pub const fn new(json: &'static str, class: Class) -> Key {
        let name = match json.as_bytes() {
            [b'"', name @ .., b'"', b':'] => json::is_plain(name),
            _ => false,
        };
        assert!(name, "a key is a name with its quotes and its colon");
        Key { json, class }
    }
}

/// What the line of an event begins with: its name, and what opens its properties.
///
/// Made by the `catalog!` macro, one for each event of the catalog.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening(&'static str);

impl Opening {
    /// `json` is `{"event":"NAME","properties":{`. Made as a constant: anything else does not
    /// compile.
    pub const fn of_the_catalog(json: &'static str) -> Opening {
        // Around the name: constants cannot be matched by their texts.
        let mut rest = json.as_bytes();
        let (mut before, mut after) = (BEFORE_NAME, AFTER_NAME);
        while let ([one, others @ ..], [same, more @ ..]) = (rest, before) {
            assert!(*one == *same, "an opening begins as every event does");
            (rest, before) = (others, more);
        }
        while let ([others @ .., one], [more @ .., same]) = (rest, after) {
            assert!(*one == *same, "an opening ends as every event's does");
            (rest, after) = (others, more);
        }
        let whole = before.is_empty() && after.is_empty();
        assert!(whole && json::is_plain(rest), "an opening has a plain name");
        Opening(json)
    }

    /// The bytes.
    pub(super) fn as_bytes(self) -> &'static [u8] {
        self.0.as_bytes()
    }
}

const BEFORE_NAME: &[u8] = b"{\"event\":\"";
const AFTER_NAME: &[u8] = b"\",\"properties\":{";

/// Opens an event whose name is known when it is recorded. Returns whether it did.
pub(super) fn open(out: &mut Vec<u8>, name: &str) -> bool {
    let plain = json::is_plain(name.as_bytes());
    if plain {
        out.extend_from_slice(BEFORE_NAME);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(AFTER_NAME);
    }
    plain
}

/// Where an event writes its properties.
///
/// There is no way to write free text (promise P02): a [`Word`] is a word of the catalog, a
/// [`Model`] is public or redacted, a [`Version`] is numbers and dots, [`Frames`] are the
/// tool's own released modules. A property of a class the user did not agree to is left out
/// (promise P16).
#[derive(Debug)]
pub struct Properties<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) random: &'a mut Pool,
    pub(super) classes: ClassSet,
    /// Whether a model that is public has been written: only then may money follow (B19).
    pub(super) public_model: bool,
}

impl Properties<'_> {
    /// Yes or no.
    #[inline]
    pub fn bool(&mut self, key: Key, value: bool) {
        if self.begin(key) {
            let text: &[u8] = if value { b"true," } else { b"false," };
            self.out.extend_from_slice(text);
        }
    }

    /// A number of things; one above `max` is left out.
    #[inline]
    pub fn count(&mut self, key: Key, value: u64, max: u64, precision: Precision) {
        if value <= max && self.begin(key) {
            self.number(value, max, precision);
        }
    }

    fn number(&mut self, value: u64, max: u64, precision: Precision) {
        let cut = cut(value, precision, || self.random.rounding()).min(max);
        json::number(self.out, cut);
        self.out.push(b',');
    }

    /// Milliseconds; more than `max` are left out.
    #[inline]
    pub fn duration(&mut self, key: Key, ms: u64, max: u64, precision: Precision) {
        self.count(key, ms, max, precision);
    }

    /// Money in billionths of its unit. Left out unless a public model was written before:
    /// the price tells the model (breakage B19).
    #[inline]
    pub fn amount(&mut self, key: Key, nanos: u64, precision: Precision) {
        if self.public_model && self.begin(key) {
            self.billionths(nanos, precision);
        }
    }

    fn billionths(&mut self, nanos: u64, precision: Precision) {
        let cut = cut(nanos, precision, || self.random.rounding());
        json::billionths(self.out, cut);
        self.out.push(b',');
    }

    /// A word of a closed list.
    #[inline]
    pub fn word(&mut self, key: Key, word: Word) {
        if self.begin(key) {
            self.plain("", word.as_str());
        }
    }

    /// A model: its public name, or redacted. `prices` says whether this is the property
    /// that the event's money belongs to.
    #[inline]
    pub fn model(&mut self, key: Key, model: &Model, prices: bool) {
        if self.begin(key) {
            match model.parts() {
                (None, name) => self.plain("", name),
                (Some(provider), name) => self.plain(provider, name),
            }
            self.public_model |= prices && model.is_public();
        }
    }

    /// A version number.
    pub fn version(&mut self, key: Key, version: &Version) {
        self.text(key, version.as_str());
    }

    /// Where in the tool's own source an error came from.
    pub fn frames(&mut self, key: Key, frames: &Frames) {
        self.text(key, frames.as_str());
    }

    /// A value that was looked at when the program was compiled, or when it was made: `SECOND`,
    /// or `FIRST/SECOND`.
    fn plain(&mut self, first: &'static str, second: &'static str) {
        self.out.push(b'"');
        if !first.is_empty() {
            self.out.extend_from_slice(first.as_bytes());
            self.out.push(b'/');
        }
        self.out.extend_from_slice(second.as_bytes());
        self.out.extend_from_slice(b"\",");
    }

    /// Any other text: left out altogether if it needs an escape.
    fn text(&mut self, key: Key, text: &str) {
        let before = self.out.len();
        if !self.begin(key) {
            return;
        }
        match json::word(self.out, text) {
            true => self.out.push(b','),
            false => self.out.truncate(before),
        }
    }

    /// Begins a property, if it is agreed to. Inlined into the tool's own events, where the
    /// key is a constant: then it is a few moves.
    #[inline]
    fn begin(&mut self, key: Key) -> bool {
        let agreed = self.classes.contains(key.class);
        if agreed {
            self.out.extend_from_slice(key.json.as_bytes());
        }
        agreed
    }

    /// Everything a gate admitted.
    pub(super) fn admitted(&mut self, catalog: &Catalog, event: Class, admitted: &Admitted) {
        for (id, value) in admitted.values() {
            let property = catalog.property(*id);
            let class = property.class.unwrap_or(event);
            if !self.classes.contains(class) {
                continue;
            }
            let before = self.out.len();
            // Small letters, digits and `_`, perhaps after a `$`: no catalog has another.
            self.out.push(b'"');
            self.out.extend_from_slice(property.name.as_bytes());
            self.out.extend_from_slice(b"\":");
            match self.value(property, value) {
                true => self.out.push(b','),
                false => self.out.truncate(before),
            }
        }
    }

    fn value(&mut self, property: &Property, value: &Value) -> bool {
        let precision = property.kind.precision().unwrap_or(Precision::TwoDigits);
        let mut cut = |n: u64| cut(n, precision, || self.random.rounding());
        match (value, &property.kind) {
            (Value::Bool(yes), _) => {
                let text: &[u8] = if *yes { b"true" } else { b"false" };
                self.out.extend_from_slice(text);
            }
            (
                Value::Count(n) | Value::Duration(n),
                Kind::Count { max, .. } | Kind::Duration { max, .. },
            ) => {
                let n = cut(*n).min(*max);
                json::number(self.out, n);
            }
            (Value::Amount(nanos), _) => {
                let nanos = cut(nanos.unsigned_abs());
                json::billionths(self.out, nanos);
            }
            (Value::Text(word), _) => return json::word(self.out, word),
            _ => return false,
        }
        true
    }
}
