//! From the text of a catalog to a [`Catalog`], or to every problem it has.
//!
//! Each entry is read on its own first ([`property`], [`event`]), so that a broken one hides
//! no problem of another. Then they are [`links`]ed: names found, collisions reported.
//!
//! A collector keeps every catalog it ever admitted by, and reads it again at each start. So
//! what was valid once stays valid: a rule added later belongs into [`Catalog::compare`].

mod event;
mod links;
mod names;
mod property;

pub use event::REPORTS;
pub(crate) use links::PRICED_BY;

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::canonical;
use crate::catalog::{Catalog, Lines};
use crate::ids::{EventId, PropertyId};
use crate::models::Models;
use crate::policy;
use crate::problems::{Problem, Problems};
use crate::spans::{At, Document};

/// Reads and checks a catalog; see [`Catalog::parse`].
pub(crate) fn catalog(file: &str, text: &str, models: Arc<Models>) -> Result<Catalog, Problems> {
    let document = Document::parse(file, text)?;
    let mut problems = Problems::default();
    let mut root = document.root();

    let head = match root.section("catalog") {
        Some(section) => head(section, &mut problems),
        None => {
            let line = root.line();
            root.problem(line, "has no [catalog]", "name the catalog and its version");
            Head::default()
        }
    };
    let mut properties = Vec::new();
    for (key, common) in [("common", true), ("property", false)] {
        for (name, section) in root.sections(key) {
            properties.push(property::read(
                name,
                common,
                head.version.value,
                section,
                &mut problems,
            ));
        }
    }
    let mut events = Vec::new();
    for (name, section) in root.sections("event") {
        events.push(event::read(
            name,
            head.version.value,
            section,
            &mut problems,
        ));
    }
    for (what, count) in [("properties", properties.len()), ("events", events.len())] {
        if count > policy::MAX_ENTRIES {
            let line = root.line();
            root.problem(
                line,
                format!("has {count} {what}"),
                format!("keep at most {}", policy::MAX_ENTRIES),
            );
        }
    }
    problems.append(root.finish());

    let mut report = |line, entry: &str, rule: String, fix: String| {
        problems.push(Problem {
            file: file.to_owned(),
            line,
            entry: entry.to_owned(),
            rule,
            fix,
        });
    };
    let linked = links::link(properties, events, &mut report);
    problems.or(())?;
    Ok(build(file, head, linked, models))
}

/// The `[catalog]` table.
#[derive(Debug)]
struct Head {
    name: String,
    version: At<u32>,
    models: String,
}

impl Default for Head {
    fn default() -> Head {
        Head {
            name: String::new(),
            version: At {
                value: u32::MAX,
                line: 1,
            },
            models: String::new(),
        }
    }
}

fn head(mut section: crate::spans::Section<'_, '_>, problems: &mut Problems) -> Head {
    let name = section.required_text("name", "write the catalog's name in quotes");
    if let Some(At { value, line }) = &name
        && !names::is_catalog(value)
    {
        section.problem(
            *line,
            format!("`{value}` is not a catalog's name"),
            "write a-z, 0-9 and -",
        );
    }
    let models = section.required_text("models", "name the list, models = \"models.tsv\"");
    let version = section.whole("version");
    let version = match version {
        Some(At { value, line }) if (1..u64::from(u32::MAX)).contains(&value) => At {
            value: u32::try_from(value).unwrap_or(u32::MAX),
            line,
        },
        _ => {
            let line = section.line();
            if !section.has("version") || version.is_some() {
                section.problem(
                    line,
                    "has no version",
                    "write version = 1, or more than the last one",
                );
            }
            At {
                value: u32::MAX,
                line,
            }
        }
    };
    problems.append(section.finish());
    Head {
        name: name.map(|name| name.value).unwrap_or_default(),
        version,
        models: models.map(|models| models.value).unwrap_or_default(),
    }
}

fn build(file: &str, head: Head, linked: links::Linked, models: Arc<Models>) -> Catalog {
    let ids = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    let event_ids = linked.events.iter().enumerate();
    let event_ids: HashMap<_, _> = event_ids
        .map(|(at, event)| (Arc::clone(&event.name), EventId(ids(at))))
        .collect();
    let property_ids = linked.properties.iter().enumerate();
    let property_ids: HashMap<_, _> = property_ids
        .map(|(at, property)| (Arc::clone(&property.name), PropertyId(ids(at))))
        .collect();
    let mut catalog = Catalog {
        file: file.to_owned(),
        name: head.name,
        version: head.version.value,
        models_file: head.models,
        models,
        events: linked.events,
        properties: linked.properties,
        event_ids,
        property_ids,
        lines: Lines {
            version: head.version.line,
            events: linked.event_lines,
            properties: linked.property_lines,
        },
        canonical: String::new(),
        sha256: [0; 32],
    };
    catalog.canonical = canonical::print(&catalog);
    catalog.sha256 = Sha256::digest(catalog.canonical.as_bytes()).into();
    catalog
}

#[cfg(test)]
mod tests;
