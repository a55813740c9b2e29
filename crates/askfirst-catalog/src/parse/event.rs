//! One `[event.NAME]`.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::{names, property};
use crate::catalog::{Event, Expires};
use crate::class::Class;
use crate::problems::Problems;
use crate::spans::{At, Section};

/// The names an event can give in `reports`. What each of them means is defined by the crate
/// `askfirst-query`.
pub const REPORTS: [&str; 11] = [
    "overview",
    "activity",
    "models",
    "edits",
    "commands",
    "exits",
    "errors",
    "versions",
    "retention",
    "funnel",
    "quality",
];

/// An event that was read, with its links still as names.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) entry: String,
    pub(super) line: u32,
    pub(super) aliases: Vec<At<String>>,
    pub(super) properties: Vec<At<String>>,
    pub(super) spelled: Option<At<String>>,
    pub(super) event: Event,
}

/// Reads one event; `version` is the catalog's.
pub(super) fn read(
    name: String,
    version: u32,
    mut section: Section<'_, '_>,
    problems: &mut Problems,
) -> Draft {
    let line = section.line();
    if !names::is_on_wire(&name) {
        section.problem(
            line,
            "is not an event's name",
            "write printable ASCII, at most 64 bytes",
        );
    }
    if !section.has("class") {
        let known = Class::ALL.map(Class::name).join(", ");
        section.problem(line, "has no `class`", format!("write one of: {known}"));
    }
    let class = property::class(&mut section);
    let why = property::why(&mut section);
    let since = property::since(&mut section, version);
    let reports = reports(&mut section);
    let expires = expires(&mut section);
    let aliases = property::aliases(&mut section);
    let properties = section.texts("properties");
    let spelled = section.text("spelled");
    let withdrawn = section.boolean("withdrawn").is_some_and(|w| w.value);
    let event = Event {
        name: Arc::from(name),
        class: class.map_or(Class::Work, |class| class.value),
        why,
        reports,
        since,
        expires,
        aliases: aliases.iter().map(|alias| alias.value.clone()).collect(),
        properties: Vec::new(),
        spelled: None,
        withdrawn,
    };
    let entry = section.entry();
    problems.append(section.finish());
    Draft {
        entry,
        line,
        aliases,
        properties,
        spelled,
        event,
    }
}

/// The reports that use it: an entry nobody reads has no place.
fn reports(section: &mut Section<'_, '_>) -> Vec<String> {
    let known = REPORTS.join(", ");
    let reports = section.texts("reports");
    if reports.is_empty() {
        let line = section.line();
        section.problem(
            line,
            "no report uses it",
            format!("write in `reports` which does, or remove it: {known}"),
        );
    }
    let mut seen = BTreeSet::new();
    for At { value, line } in &reports {
        if !REPORTS.contains(&value.as_str()) {
            section.problem(
                *line,
                format!("unknown report `{value}`"),
                format!("write some of: {known}"),
            );
        }
        if !seen.insert(value) {
            section.problem(*line, format!("lists `{value}` twice"), "list it once");
        }
    }
    reports.into_iter().map(|report| report.value).collect()
}

/// `never: REASON`, or the last day.
fn expires(section: &mut Section<'_, '_>) -> Expires {
    let fix = "write \"never: REASON\" or its last day, \"2028-12-31\"";
    let Some(At { value, line }) = section.required_text("expires", fix) else {
        return Expires::Never(String::new());
    };
    if let Some(reason) = value.strip_prefix("never:") {
        let reason = reason.trim();
        if reason.is_empty() || !names::is_sentence(reason) {
            section.problem(line, "never expires, without a reason", fix);
        }
        return Expires::Never(reason.to_owned());
    }
    match day(&value) {
        Some(day) => Expires::After(day),
        None => {
            section.problem(line, format!("`expires` is {value:?}"), fix);
            Expires::Never(String::new())
        }
    }
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
fn day(text: &str) -> Option<i32> {
    let date: Date = (text.len() == 10).then(|| text.parse().ok()).flatten()?;
    date.since(Date::constant(1970, 1, 1))
        .ok()
        .map(|span| span.get_days())
}
