//! From Python values to raw ones. No value's own code is run, so that recording cannot fail
//! and cannot take long: of a subclass of a built-in type only what the built-in type keeps is
//! read, and of an exception what the interpreter itself knows of its class ([`own`]).

use askfirst_catalog::Raw;
use pyo3::PyTypeInfo;
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString, PyType};

/// A value that was read. The bytes of a text are kept beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// None if it does not fit, which is out of every bound.
    Int(Option<i64>),
    Float(f64),
    Text,
    /// Nothing a property can be: the gate counts it as of the wrong kind.
    Foreign,
}

impl Value {
    /// Reads a value; if it is a text, puts that into `text`.
    pub(crate) fn read(value: &Bound<'_, PyAny>, text: &mut String) -> Value {
        text.clear();
        // The types themselves first: each is an address to compare, where of a subclass the
        // interpreter has to be asked.
        if let Some(n) = exactly::<PyInt>(value) {
            Value::whole(n)
        } else if let Some(said) = exactly::<PyString>(value) {
            put(said, text)
        } else if let Some(n) = exactly::<PyFloat>(value) {
            Value::Float(n.value())
        } else if value.is_none() {
            Value::Null
        } else {
            Value::of_a_subclass(value, text)
        }
    }

    fn of_a_subclass(value: &Bound<'_, PyAny>, text: &mut String) -> Value {
        if let Ok(said) = value.cast::<PyString>() {
            put(said, text)
        } else if let Ok(yes) = value.cast::<PyBool>() {
            Value::Bool(yes.is_true())
        } else if let Ok(n) = value.cast::<PyInt>() {
            Value::whole(n)
        } else if let Ok(n) = value.cast::<PyFloat>() {
            Value::Float(n.value())
        } else if value.is_instance_of::<PyBaseException>() {
            Value::class_of(&value.get_type(), text)
        } else {
            Value::Foreign
        }
    }

    fn whole(n: &Bound<'_, PyInt>) -> Value {
        Value::Int(n.extract().ok())
    }

    /// The class of an exception, with its module unless it is one of the language's own. Its
    /// message is not looked at (breakage B01).
    pub(crate) fn class_of(class: &Bound<'_, PyType>, text: &mut String) -> Value {
        let read = |name: &str| {
            let said = own::<PyType>(class, name).ok()?;
            let mut text = String::new();
            (put(said.cast().ok()?, &mut text) == Value::Text).then_some(text)
        };
        *text = match (read("__qualname__"), read("__module__")) {
            (Some(name), Some(module)) if module == "builtins" => name,
            (Some(name), Some(module)) => format!("{module}.{name}"),
            _ => return Value::Foreign,
        };
        Value::Text
    }

    /// What the gate is asked about; `text` is what was read beside it.
    pub(crate) fn raw(self, text: &str) -> Raw<'_> {
        match self {
            Value::Null => Raw::Null,
            Value::Bool(yes) => Raw::Bool(yes),
            Value::Int(n) => Raw::Int(n.map_or(i128::MAX, i128::from)),
            Value::Float(n) => Raw::Float(n),
            Value::Text => Raw::Str(text),
            Value::Foreign => Raw::Json("{}"),
        }
    }
}

/// A value of a type itself. To be told that it is not, by PyO3, costs an error each time.
fn exactly<'v, 'py, T: PyTypeInfo>(value: &'v Bound<'py, PyAny>) -> Option<&'v Bound<'py, T>> {
    let is_one = value.is_exact_instance_of::<T>();
    is_one.then(|| value.cast_exact().ok()).flatten()
}

/// An attribute as the built-in type `T` reads it, whatever the object's own class says to be
/// asked for it.
pub(crate) fn own<'py, T: PyTypeInfo>(
    object: &Bound<'py, PyAny>,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let members = object.py().get_type::<T>().getattr("__dict__")?;
    let reads = members.get_item(name)?;
    reads.call_method1("__get__", (object, object.get_type()))
}

/// A text as UTF-8; one that cannot be (half of a surrogate pair) is none.
fn put(said: &Bound<'_, PyString>, text: &mut String) -> Value {
    let bytes = said.encode_utf8();
    match bytes.as_ref().map(|bytes| str::from_utf8(bytes.as_bytes())) {
        Ok(Ok(said)) => {
            text.push_str(said);
            Value::Text
        }
        _ => Value::Foreign,
    }
}

/// The keywords of a call.
#[derive(Debug, Default)]
pub(crate) struct Properties(Vec<Property>);

#[derive(Debug)]
struct Property {
    name: String,
    value: Value,
    text: String,
}

impl Properties {
    pub(crate) fn of(keywords: Option<&Bound<'_, PyDict>>) -> Properties {
        let read = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            let (mut read, mut text) = (String::new(), String::new());
            let name = put(name.cast::<PyString>().ok()?, &mut read);
            (name == Value::Text).then(|| Property {
                name: read,
                value: Value::read(&value, &mut text),
                text,
            })
        };
        let all = keywords.map(|keywords| keywords.iter().filter_map(read).collect());
        Properties(all.unwrap_or_default())
    }

    pub(crate) fn push(&mut self, name: &str, value: Value, text: String) {
        self.0.push(Property {
            name: name.to_owned(),
            value,
            text,
        });
    }

    pub(crate) fn raw(&self) -> Vec<(&str, Raw<'_>)> {
        let all = self.0.iter();
        all.map(|it| (it.name.as_str(), it.value.raw(&it.text)))
            .collect()
    }
}
