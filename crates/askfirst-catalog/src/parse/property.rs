//! One `[common.NAME]` or `[property.NAME]`.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::de::DeValue;

use super::names;
use crate::catalog::{Property, Role};
use crate::class::Class;
use crate::kind::{Fixed, Kind, Precision, Unit};
use crate::policy;
use crate::problems::Problems;
use crate::spans::{At, Section};

/// Kinds a catalog can name.
const KINDS: &str = "bool, count, amount, duration, enum, version, model, error, frames, constant";

/// Words people try when they want a kind that does not exist.
const TEXT_KINDS: [&str; 6] = ["text", "string", "str", "free", "free-text", "any"];

/// A property that was read, and where.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) entry: String,
    pub(super) line: u32,
    pub(super) aliases: Vec<At<String>>,
    /// Its kind is a stand-in if reading it failed; a problem says so then.
    pub(super) property: Property,
    pub(super) kind_known: bool,
}

/// Reads one property; `version` is the catalog's.
pub(super) fn read(
    name: String,
    common: bool,
    version: u32,
    mut section: Section<'_, '_>,
    problems: &mut Problems,
) -> Draft {
    let line = section.line();
    if !names::is_property(&name) {
        section.problem(
            line,
            "is not a property's name",
            "write a-z, 0-9 and _, beginning with a letter or $ and a letter",
        );
    }
    let why = why(&mut section);
    let since = since(&mut section, version);
    let class = class(&mut section);
    let aliases = aliases(&mut section);
    let withdrawn = section.boolean("withdrawn").is_some_and(|w| w.value);
    let (kind, exact_because) = match kind(&mut section) {
        Some((kind, because)) => (Some(kind), because),
        None => (None, None),
    };
    let kind_known = kind.is_some();
    let kind = kind.unwrap_or(Kind::Bool);
    let role = role(&name, common, kind_known.then_some(&kind), &mut section);
    let property = Property {
        column: format!("p_{}", name.replace('$', "")),
        name: Arc::from(name),
        class: class.map(|class| class.value),
        aliases: aliases.iter().map(|alias| alias.value.clone()).collect(),
        why,
        since,
        exact_because,
        withdrawn,
        common,
        role,
        kind,
    };
    let entry = section.entry();
    // A kind that cannot be read leaves its keys unread; naming them unknown would mislead.
    if kind_known {
        problems.append(section.finish());
    } else {
        problems.append(section.finish_leniently());
    }
    Draft {
        entry,
        line,
        aliases,
        property,
        kind_known,
    }
}

/// The sentence printed on the page.
pub(super) fn why(section: &mut Section<'_, '_>) -> String {
    let fix = "say in one sentence why it is collected; users read it";
    let Some(why) = section.required_text("why", fix) else {
        return String::new();
    };
    if !names::is_sentence(&why.value) {
        section.problem(why.line, "`why` is not one line of text", fix);
    }
    why.value
}

/// The catalog version that brought the entry.
pub(super) fn since(section: &mut Section<'_, '_>, version: u32) -> u32 {
    let Some(since) = section.whole("since") else {
        if !section.has("since") {
            let line = section.line();
            let fix = "write the catalog version that brought it";
            section.problem(line, "has no `since`", fix);
        }
        return version;
    };
    match u32::try_from(since.value) {
        Ok(since) if (1..=version).contains(&since) => since,
        _ => {
            let rule = format!("`since` is {}, not a version of this catalog", since.value);
            section.problem(since.line, rule, "write a number from 1 to its version");
            version
        }
    }
}

/// The class, if one is written.
pub(super) fn class(section: &mut Section<'_, '_>) -> Option<At<Class>> {
    let At { value, line } = section.text("class")?;
    let class = Class::from_name(&value);
    if class.is_none() {
        let known = Class::ALL.map(Class::name).join(", ");
        section.problem(
            line,
            format!("unknown class `{value}`"),
            format!("write one of: {known}"),
        );
    }
    class.map(|value| At { value, line })
}

/// Other names on the wire.
pub(super) fn aliases(section: &mut Section<'_, '_>) -> Vec<At<String>> {
    let aliases = section.texts("alias");
    for alias in &aliases {
        if !names::is_on_wire(&alias.value) {
            section.problem(
                alias.line,
                format!("alias {:?} is not a name", alias.value),
                "write printable ASCII, at most 64 bytes",
            );
        }
    }
    aliases
}

/// The kind with what belongs to it, and why it is exact if it is.
fn kind(section: &mut Section<'_, '_>) -> Option<(Kind, Option<String>)> {
    let fix = format!("write one of: {KINDS}");
    let At { value, line } = section.required_text("kind", &fix)?;
    let kind = match value.as_str() {
        "bool" => Kind::Bool,
        "count" => {
            if !section.has("max") {
                section.problem(
                    line,
                    "a count has no `max`",
                    "write the largest number that makes sense",
                );
            }
            let max = max(section, policy::MAX_COUNT);
            let (precision, because) = precision(section, Precision::TwoDigits);
            return Some((Kind::Count { max, precision }, because));
        }
        "duration" => {
            let max = max(section, policy::MAX_DURATION_MS);
            let (precision, because) = precision(section, Precision::PowerOfTwo);
            return Some((Kind::Duration { max, precision }, because));
        }
        "amount" => {
            let unit = unit(section);
            let (precision, because) = precision(section, Precision::TwoDigits);
            return Some((Kind::Amount { unit, precision }, because));
        }
        "enum" => {
            let other = section.boolean("other").is_none_or(|other| other.value);
            let values = words(section, other);
            Kind::Enum { values, other }
        }
        "error" => Kind::Error {
            values: words(section, true),
        },
        "version" => Kind::Version {
            parts: parts(section),
        },
        "model" => Kind::Model,
        "frames" => Kind::Frames,
        "catalog" => Kind::Catalog,
        "constant" => Kind::Constant(fixed(section)),
        text if TEXT_KINDS.contains(&text) => {
            section.problem(
                line,
                "there is no text kind",
                "list the words that may occur: kind = \"enum\", values = [...]",
            );
            return None;
        }
        unknown => {
            section.problem(line, format!("unknown kind `{unknown}`"), fix);
            return None;
        }
    };
    Some((kind, None))
}

fn max(section: &mut Section<'_, '_>, limit: u64) -> u64 {
    let Some(max) = section.whole("max") else {
        return limit;
    };
    if !(1..=limit).contains(&max.value) {
        section.problem(
            max.line,
            format!("`max` is {}", max.value),
            format!("write a number from 1 to {limit}"),
        );
    }
    max.value
}

fn precision(section: &mut Section<'_, '_>, default: Precision) -> (Precision, Option<String>) {
    let because = section.text("exact_because");
    let Some(At { value, line }) = section.text("precision") else {
        if let Some(because) = because {
            let fix = "remove it, or write precision = \"exact\"";
            section.problem(because.line, "`exact_because` on what is not exact", fix);
        }
        return (default, None);
    };
    let Some(precision) = Precision::from_name(&value) else {
        let known = Precision::ALL.map(Precision::name).join(", ");
        section.problem(
            line,
            format!("unknown precision `{value}`"),
            format!("write one of: {known}"),
        );
        return (default, None);
    };
    match (precision, &because) {
        (Precision::Exact, None) => section.problem(
            line,
            "exact numbers are fingerprints",
            "say in `exact_because` why this one identifies nobody, or cut it",
        ),
        (Precision::Exact, Some(why))
            if !names::is_sentence(&why.value) || why.value.is_empty() =>
        {
            section.problem(
                why.line,
                "`exact_because` is not one line of text",
                "say why the exact number identifies nobody",
            );
        }
        (Precision::TwoDigits | Precision::PowerOfTwo, Some(because)) => section.problem(
            because.line,
            "`exact_because` on what is not exact",
            "remove it, or write precision = \"exact\"",
        ),
        _ => {}
    }
    (precision, because.map(|because| because.value))
}

fn unit(section: &mut Section<'_, '_>) -> Unit {
    let Some(At { value, line }) = section.required_text("unit", "write unit = \"usd\"") else {
        return Unit::Usd;
    };
    Unit::from_name(&value).unwrap_or_else(|| {
        section.problem(line, format!("unknown unit `{value}`"), "write usd");
        Unit::Usd
    })
}

fn parts(section: &mut Section<'_, '_>) -> u8 {
    match section.whole("parts") {
        None => 3,
        Some(At { value: 2, .. }) => 2,
        Some(At { value: 3, .. }) => 3,
        Some(At { value, line }) => {
            section.problem(
                line,
                format!("`parts` is {value}"),
                "write 3 for MAJOR.MINOR.PATCH or 2 for MAJOR.MINOR",
            );
            3
        }
    }
}

fn fixed(section: &mut Section<'_, '_>) -> Fixed {
    if !section.has("value") {
        let line = section.line();
        let fix = "write the only value it has on the wire";
        section.problem(line, "a constant has no `value`", fix);
    }
    let value = section.read(
        "value",
        "true, false, a whole number or a printable text",
        |value| match value {
            DeValue::Boolean(b) => Some(Fixed::Bool(*b)),
            DeValue::Integer(int) => i64::from_str_radix(int.as_str(), int.radix())
                .ok()
                .map(Fixed::Int),
            DeValue::String(text) if names::is_word(text) && !text.contains(['"', '\\']) => {
                Some(Fixed::Text(text.to_string()))
            }
            _ => None,
        },
    );
    value.map_or(Fixed::Bool(true), |value| value.value)
}

/// The closed list. `other` is never in it where it is implied.
fn words(section: &mut Section<'_, '_>, other: bool) -> Vec<Arc<str>> {
    let values = section.texts("values");
    if values.is_empty() || values.len() > policy::MAX_WORDS {
        let line = section.line();
        section.problem(
            line,
            format!("`values` lists {} words", values.len()),
            format!("list from 1 to {}", policy::MAX_WORDS),
        );
    }
    let mut seen = BTreeSet::new();
    for At { value, line } in &values {
        if !names::is_word(value) {
            section.problem(
                *line,
                format!("{value:?} is not a word"),
                format!("write printable ASCII, at most {} bytes", policy::MAX_WORD),
            );
        }
        if other && value == "other" {
            let fix = "remove it: what is not listed becomes `other` by itself";
            section.problem(*line, "lists `other`", fix);
        }
        if !seen.insert(value) {
            section.problem(*line, format!("lists `{value}` twice"), "list it once");
        }
    }
    values
        .into_iter()
        .map(|word| Arc::from(word.value))
        .collect()
}

/// Where its value goes. What our SDK adds to every event has names of its own.
fn role(name: &str, common: bool, kind: Option<&Kind>, section: &mut Section<'_, '_>) -> Role {
    let (role, wanted) = match name {
        "session" => (Role::Session, "count"),
        "seq" => (Role::Seq, "count"),
        "since_start" => (Role::SinceStart, "duration"),
        "catalog" => (Role::Catalog, "catalog"),
        "agent" => (Role::Agent, "bool"),
        _ => {
            if matches!(kind, Some(Kind::Catalog)) {
                let line = section.line();
                let fix = "call it common.catalog";
                section.problem(line, "only `catalog` has the kind catalog", fix);
            }
            return match kind {
                Some(Kind::Constant(_)) => Role::Nowhere,
                _ => Role::Column,
            };
        }
    };
    let fits = kind.is_none_or(|kind| kind.name() == wanted);
    if !common || !fits {
        let line = section.line();
        section.problem(
            line,
            format!("`{name}` is what the SDK adds to every event"),
            format!("write it as [common.{name}] of kind {wanted}, or choose another name"),
        );
    }
    role
}
