//! The calls a tool makes again and again. Their names are the same objects every time, and
//! mostly their words too: each is looked up once, and then known by the object it is. What a
//! text stands for, the gate says; where it does not say so for good, it is asked again.
//!
//! An object is kept as long as it is known, so that no other can take its place; only plain
//! strings are, which are never changed and have no code of their own. Of what the gate does
//! not take as it is, nothing is kept.

use askfirst::Analytics;
use askfirst_catalog::{Discard, Gate, KnownEvent, KnownProperty, KnownText, Notes, Sent};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::values::Value;

/// How many events, and names of properties of one, are known at once. The catalog has fewer:
/// more are the same names in other objects, and then all is looked up anew.
const MOST: usize = 64;

/// The longest text that is known, in bytes; the names of models are shorter.
const LONGEST: usize = 128;

/// What was looked up.
#[derive(Debug, Default)]
pub(crate) struct Calls(Vec<Call>);

/// The calls that record one event.
#[derive(Debug)]
struct Call {
    name: Py<PyString>,
    event: KnownEvent,
    keywords: Vec<Keyword>,
    /// The values of the call under way, each with the place of its keyword; those under a
    /// name the event does not have are without.
    values: Vec<(Option<usize>, Value)>,
}

/// A property's name, and its last value if that was a text.
#[derive(Debug)]
struct Keyword {
    name: Py<PyString>,
    property: KnownProperty,
    text: String,
    /// What the gate makes of `text`, if it says so once and for all.
    known: Option<KnownText>,
    /// The object `text` was read from.
    read_from: Option<Py<PyString>>,
}

impl Calls {
    /// Records an event; `None` if it is not one of those that can be known.
    pub(crate) fn record(
        &mut self,
        analytics: &Analytics,
        gate: &Gate,
        event: &Bound<'_, PyAny>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Option<Result<Notes, Discard>> {
        let call = self.of(event, gate)?;
        call.read(keywords, gate)?;
        let outcome = analytics.record_known(gate, call.event, call.sent());
        if outcome != Ok(Notes::default()) {
            call.forget_texts();
        }
        Some(outcome)
    }

    fn of(&mut self, event: &Bound<'_, PyAny>, gate: &Gate) -> Option<&mut Call> {
        let known = self.0.iter().position(|call| call.name.is(event));
        let at = match known {
            Some(at) => at,
            None => {
                let (name, text) = plain(event)?;
                let event = gate.event_named(&text)?;
                if self.0.len() >= MOST {
                    self.0.clear();
                }
                self.0.push(Call {
                    name,
                    event,
                    keywords: Vec::new(),
                    values: Vec::new(),
                });
                self.0.len().checked_sub(1)?
            }
        };
        self.0.get_mut(at)
    }
}

impl Call {
    /// Reads the values of a call; `None` if a name is not a plain string.
    fn read(&mut self, keywords: Option<&Bound<'_, PyDict>>, gate: &Gate) -> Option<()> {
        self.values.clear();
        if self.keywords.len() > MOST {
            self.keywords.clear();
        }
        let Some(keywords) = keywords else {
            return Some(());
        };
        for (at, (name, value)) in keywords.iter().enumerate() {
            let keyword = self.keyword(at, &name, gate)?;
            let value = match keyword.and_then(|at| self.keywords.get_mut(at)) {
                Some(keyword) => keyword.read(&value, gate),
                None if value.is_none() => Value::Null,
                None => Value::Foreign,
            };
            self.values.push((keyword, value));
        }
        Some(())
    }

    /// Where a name is, most likely at the place it had the last time.
    fn keyword(
        &mut self,
        at: usize,
        name: &Bound<'_, PyAny>,
        gate: &Gate,
    ) -> Option<Option<usize>> {
        let same = |keyword: &Keyword| keyword.name.is(name);
        if self.keywords.get(at).is_some_and(same) {
            return Some(Some(at));
        }
        if let Some(at) = self.keywords.iter().position(same) {
            return Some(Some(at));
        }
        let (name, text) = plain(name)?;
        let Some(property) = gate.property_named(self.event, &text) else {
            return Some(None);
        };
        self.keywords.push(Keyword {
            name,
            property,
            text: String::new(),
            known: None,
            read_from: None,
        });
        Some(self.keywords.len().checked_sub(1))
    }

    /// What was read, for the gate. The SDK goes through it while no other event can be
    /// recorded: nothing of Python's may be touched here, whose objects can have code that
    /// records.
    fn sent(&self) -> impl Iterator<Item = Sent<'_>> {
        self.values.iter().map(
            |(at, value)| match at.and_then(|at| self.keywords.get(at)) {
                Some(keyword) => keyword.sent(*value),
                None => Sent::Raw(None, value.raw("")),
            },
        )
    }

    /// Of a private model's name not even this process keeps a copy.
    fn forget_texts(&mut self) {
        for keyword in &mut self.keywords {
            keyword.text = String::new();
            keyword.known = None;
            keyword.read_from = None;
        }
    }
}

impl Keyword {
    fn read(&mut self, value: &Bound<'_, PyAny>, gate: &Gate) -> Value {
        if self.read_from.as_ref().is_some_and(|it| it.is(value)) {
            return Value::Text;
        }
        self.read_from = None;
        self.known = None;
        let read = Value::read(value, &mut self.text);
        if read == Value::Text
            && self.text.len() <= LONGEST
            && let Ok(object) = value.cast_exact::<PyString>()
        {
            self.read_from = Some(object.clone().unbind());
            self.known = gate.text_known(self.property, &self.text);
        }
        read
    }

    /// What the gate is asked about.
    fn sent(&self, value: Value) -> Sent<'_> {
        match &self.known {
            Some(text) if value == Value::Text => Sent::Text(text),
            _ => Sent::Raw(Some(self.property), value.raw(&self.text)),
        }
    }
}

/// A plain string, and its text.
fn plain(name: &Bound<'_, PyAny>) -> Option<(Py<PyString>, String)> {
    let name = name.cast_exact::<PyString>().ok()?;
    let mut text = String::new();
    (Value::read(name, &mut text) == Value::Text).then(|| (name.clone().unbind(), text))
}
