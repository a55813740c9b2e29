//! The difference of two catalogs in lines a person reads: a change of it is a change of
//! what users' tools send.

use std::collections::BTreeMap;

use crate::canonical::{self, Entry, Field};
use crate::catalog::Catalog;

/// What changed from `older` to `newer`: `+` for entries that came, `-` for those that went,
/// `~` for each key that changed. Empty if the catalogs say the same.
pub fn diff(older: &Catalog, newer: &Catalog) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, old, new) in [
        ("name", older.name().to_owned(), newer.name().to_owned()),
        (
            "version",
            older.version().to_string(),
            newer.version().to_string(),
        ),
    ] {
        if old != new {
            lines.push(format!("~ catalog: {key} {old} -> {new}"));
        }
    }
    let (mut before, after) = (entries(older), entries(newer));
    for (path, new) in after {
        match before.remove(&path) {
            None => lines.push(format!("+ {}: {}", path.1, summary(&new))),
            Some(old) => changes(&path.1, &old, &new, &mut lines),
        }
    }
    lines.extend(before.into_keys().map(|path| format!("- {}", path.1)));
    lines
}

/// By the order of the tables in a catalog, then by path.
type Path = (u8, String);

fn entries(catalog: &Catalog) -> BTreeMap<Path, Entry> {
    let entries = canonical::entries(catalog).into_iter();
    entries
        .map(|entry| {
            let order = match entry.kind {
                "event" => 0,
                "common" => 1,
                _ => 2,
            };
            ((order, format!("{}.{}", entry.kind, entry.name)), entry)
        })
        .collect()
}

/// What a reader needs of a new entry: class or kind, and why.
fn summary(entry: &Entry) -> String {
    let first = entry.keys.iter().find_map(|(key, field)| match field {
        Field::Text(text) if matches!(*key, "class" | "kind") => Some(text.as_str()),
        _ => None,
    });
    let why = entry.keys.iter().find_map(|(key, field)| match field {
        Field::Text(text) if *key == "why" => Some(text.as_str()),
        _ => None,
    });
    format!("{}, {}", first.unwrap_or_default(), why.unwrap_or_default())
}

fn changes(path: &str, old: &Entry, new: &Entry, lines: &mut Vec<String>) {
    let absent = Field::Plain("(none)".to_owned());
    let keys = new.keys.iter().map(|(key, _)| *key);
    let gone = old
        .keys
        .iter()
        .map(|(key, _)| *key)
        .filter(|key| new.keys.iter().all(|(other, _)| other != key));
    for key in keys.chain(gone) {
        let field = |entry: &Entry| {
            let found = entry.keys.iter().find(|(name, _)| *name == key);
            found.map_or_else(|| absent.clone(), |(_, field)| field.clone())
        };
        let (old, new) = (field(old), field(new));
        if old != new {
            lines.push(format!("~ {path}: {key} {}", change(&old, &new)));
        }
    }
}

fn change(old: &Field, new: &Field) -> String {
    if let (Field::List(old), Field::List(new)) = (old, new) {
        let missing = |from: &[String], of: &[String]| -> Vec<String> {
            let words = of.iter().filter(|word| !from.contains(word));
            words.cloned().collect()
        };
        let signed = [("+", missing(old, new)), ("-", missing(new, old))];
        let parts = signed.iter().filter(|(_, words)| !words.is_empty());
        let parts: Vec<String> = parts
            .map(|(sign, words)| format!("{sign} {}", words.join(", ")))
            .collect();
        return parts.join(" ");
    }
    format!("{} -> {}", show(old), show(new))
}

fn show(field: &Field) -> String {
    match field {
        Field::Plain(value) => value.clone(),
        Field::Text(text) => canonical::quoted(text),
        Field::List(words) => words.join(", "),
    }
}
