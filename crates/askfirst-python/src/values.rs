//! From Python values to raw ones. No value's own code is run: only the built-in types are
//! looked at, so that recording cannot fail and cannot take long.

use askfirst_catalog::Raw;
use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString, PyType};

/// A value that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    /// Nothing a property can be: the gate counts it as of the wrong kind.
    Foreign,
}

impl Value {
    fn raw(&self) -> Raw<'_> {
        match self {
            Value::Null => Raw::Null,
            Value::Bool(yes) => Raw::Bool(*yes),
            Value::Int(n) => Raw::Int(*n),
            Value::Float(n) => Raw::Float(*n),
            Value::Text(text) => Raw::Str(text),
            Value::Foreign => Raw::Json("{}"),
        }
    }
}

/// The keywords of a call.
#[derive(Debug, Default)]
pub(crate) struct Properties(Vec<(String, Value)>);

impl Properties {
    pub(crate) fn of(keywords: Option<&Bound<'_, PyDict>>) -> Properties {
        let read = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            let name = name.cast::<PyString>().ok()?;
            Some((name.to_cow().ok()?.into_owned(), of(&value)))
        };
        let all = keywords.map(|keywords| keywords.iter().filter_map(read).collect());
        Properties(all.unwrap_or_default())
    }

    pub(crate) fn push(&mut self, name: &str, value: Value) {
        self.0.push((name.to_owned(), value));
    }

    pub(crate) fn raw(&self) -> Vec<(&str, Raw<'_>)> {
        let all = self.0.iter();
        all.map(|(name, value)| (name.as_str(), value.raw()))
            .collect()
    }
}

fn of(value: &Bound<'_, PyAny>) -> Value {
    if value.is_none() {
        Value::Null
    } else if let Ok(yes) = value.cast::<PyBool>() {
        Value::Bool(yes.is_true())
    } else if let Ok(n) = value.cast::<PyInt>() {
        // What does not fit is out of every bound.
        Value::Int(n.extract::<i64>().map_or(i128::MAX, i128::from))
    } else if let Ok(n) = value.cast::<PyFloat>() {
        Value::Float(n.value())
    } else if let Ok(text) = value.cast::<PyString>() {
        text.to_cow()
            .map_or(Value::Foreign, |text| Value::Text(text.into_owned()))
    } else if value.is_instance_of::<PyBaseException>() {
        class_of(&value.get_type())
    } else {
        Value::Foreign
    }
}

/// The class of an exception, with its module unless it is one of the language's own. Its
/// message is not looked at (breakage B01).
pub(crate) fn class_of(class: &Bound<'_, PyType>) -> Value {
    let name = class
        .qualname()
        .and_then(|name| Ok(name.to_cow()?.into_owned()));
    let module = class
        .module()
        .and_then(|name| Ok(name.to_cow()?.into_owned()));
    match (name, module) {
        (Ok(name), Ok(module)) if module == "builtins" => Value::Text(name),
        (Ok(name), Ok(module)) => Value::Text(format!("{module}.{name}")),
        _ => Value::Foreign,
    }
}
