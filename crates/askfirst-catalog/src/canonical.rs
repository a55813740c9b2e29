//! The one canonical spelling of a catalog: what its hash is taken of.
//!
//! Sorted, without comments, every default written out, so that neither the order of a file
//! nor a later change of a default alters the hash. The escapes are written here and not by
//! a TOML library, because their form must never change.

use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::catalog::{Catalog, Event, Expires, Property};
use crate::kind::{Fixed, Kind};

/// One table: `event.exit` and its keys.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) keys: Vec<(&'static str, Field)>,
}

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field {
    /// A number, bool, or other value that is written as it is.
    Plain(String),
    Text(String),
    /// Sorted.
    List(Vec<String>),
}

/// Prints the catalog in its canonical spelling.
pub(crate) fn print(catalog: &Catalog) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "[catalog]");
    let _ = writeln!(text, "name = {}", quoted(&catalog.name));
    let _ = writeln!(text, "version = {}", catalog.version);
    let _ = writeln!(text, "models = {}", quoted(&catalog.models_file));
    for entry in entries(catalog) {
        let _ = writeln!(text, "\n[{}.{}]", entry.kind, key(&entry.name));
        for (name, field) in entry.keys {
            let _ = match field {
                Field::Plain(value) => writeln!(text, "{name} = {value}"),
                Field::Text(value) => writeln!(text, "{name} = {}", quoted(&value)),
                Field::List(values) => {
                    let quoted: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                    writeln!(text, "{name} = [{}]", quoted.join(", "))
                }
            };
        }
    }
    text
}

/// Every table after `[catalog]`: common, property, event, each sorted by name.
pub(crate) fn entries(catalog: &Catalog) -> Vec<Entry> {
    let properties = |common: bool| {
        let chosen = catalog
            .properties
            .iter()
            .filter(move |p| p.common == common);
        chosen.map(property)
    };
    properties(true)
        .chain(properties(false))
        .chain(catalog.events.iter().map(|e| event(catalog, e)))
        .collect()
}

fn property(property: &Property) -> Entry {
    let mut keys = vec![("kind", text(property.kind.name()))];
    if let Some(class) = property.class {
        keys.push(("class", text(class.name())));
    }
    keys.push(("why", text(&property.why)));
    keys.push(("since", plain(property.since)));
    keys.push(("alias", list(&property.aliases)));
    match &property.kind {
        Kind::Count { max, .. } | Kind::Duration { max, .. } => keys.push(("max", plain(max))),
        Kind::Amount { unit, .. } => keys.push(("unit", text(unit.name()))),
        Kind::Enum { values, other } => {
            keys.push(("values", list(values)));
            keys.push(("other", plain(other)));
        }
        Kind::Error { values } => keys.push(("values", list(values))),
        Kind::Version { parts } => keys.push(("parts", plain(parts))),
        Kind::Constant(Fixed::Text(value)) => keys.push(("value", text(value))),
        Kind::Constant(value) => keys.push(("value", plain(value))),
        Kind::Bool | Kind::Model | Kind::Frames | Kind::Catalog => {}
    }
    if let Some(precision) = property.kind.precision() {
        keys.push(("precision", text(precision.name())));
    }
    if let Some(because) = &property.exact_because {
        keys.push(("exact_because", text(because)));
    }
    keys.push(("withdrawn", plain(property.withdrawn)));
    Entry {
        kind: if property.common {
            "common"
        } else {
            "property"
        },
        name: property.name.to_string(),
        keys,
    }
}

fn event(catalog: &Catalog, event: &Event) -> Entry {
    let name_of = |id| &*catalog.property(id).name;
    let properties: Vec<&str> = event.properties.iter().copied().map(name_of).collect();
    let mut keys = vec![
        ("class", text(event.class.name())),
        ("why", text(&event.why)),
        ("reports", list(&event.reports)),
        ("since", plain(event.since)),
        ("expires", text(&expires(&event.expires))),
        ("alias", list(&event.aliases)),
        ("properties", list(&properties)),
    ];
    if let Some(spelled) = &event.spelled {
        let name = name_of(spelled.property);
        keys.push(("spelled", text(&format!("{}{{{name}}}", spelled.prefix))));
    }
    keys.push(("withdrawn", plain(event.withdrawn)));
    Entry {
        kind: "event",
        name: event.name.to_string(),
        keys,
    }
}

fn expires(expires: &Expires) -> String {
    match expires {
        Expires::Never(reason) => format!("never: {reason}"),
        Expires::After(day) => Date::constant(1970, 1, 1)
            .checked_add(day.days())
            .map(|date| date.to_string())
            .unwrap_or_default(),
    }
}

fn plain(value: impl ToString) -> Field {
    Field::Plain(value.to_string())
}

fn text(value: &str) -> Field {
    Field::Text(value.to_owned())
}

fn list<S: AsRef<str>>(values: &[S]) -> Field {
    let mut values: Vec<String> = values.iter().map(|v| v.as_ref().to_owned()).collect();
    values.sort_unstable();
    Field::List(values)
}

/// A TOML key: bare where that is allowed.
fn key(name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(bare) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A TOML basic string. Control characters do not occur: the parser refuses them.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
