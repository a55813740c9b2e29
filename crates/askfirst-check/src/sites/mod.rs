//! Every place in a source tree that records an event: `askfirst catalog sites DIR`.
//!
//! Three languages, read as text and not compiled: what stands in comments and strings is left
//! out, everything else is taken at its word.
//!
//! | language | a place that records | example |
//! |---|---|---|
//! | Rust | `record(`, behind a dot or a path, and the event type in it | `analytics.record(MessageSend { .. })` |
//! | Python | `.event(` or `.capture(` and the name in quotes | `analytics.event("message_send", ...)` |
//! | TypeScript, JavaScript | `.event(`, `.record(` or `.capture(` and the name in quotes | `analytics.event("exit")` |
//!
//! A name that is put together while the program runs cannot be read: it is listed as such, and
//! counts as undeclared, because nobody can say what it will be.

mod call;
mod lexer;
mod python;
mod rust;
mod tree;
mod typescript;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use askfirst_catalog::{Catalog, Event};

use crate::error::Error;

/// A place that records.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Site {
    /// The file, from the tree's root.
    pub file: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// The event, by the catalog's name where it is declared; as it is written otherwise.
    pub event: String,
    /// Whether the catalog has it.
    pub declared: bool,
}

/// Every place of a tree, and what the catalog has and no place records.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Sites {
    /// By file and line.
    pub sites: Vec<Site>,
    /// Declared events that are recorded nowhere.
    pub never: Vec<String>,
}

impl Sites {
    /// Whether every place records something declared.
    pub fn all_declared(&self) -> bool {
        self.sites.iter().all(|site| site.declared)
    }

    /// For people: a line for each place, and then what is never recorded.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for site in &self.sites {
            let place = format!("{}:{}", site.file.display(), site.line);
            let note = if site.declared { "" } else { "  not declared" };
            text.push_str(&format!("{place:<36} {}{note}\n", site.event));
        }
        let undeclared = self.sites.iter().filter(|site| !site.declared).count();
        text.push_str(&format!(
            "\n{} places, {undeclared} of them record something the catalog does not declare\n",
            self.sites.len()
        ));
        if !self.never.is_empty() {
            text.push_str(&format!(
                "declared and never recorded: {}\n",
                self.never.join(", ")
            ));
        }
        text
    }
}

/// Reads a tree.
///
/// # Errors
///
/// If it cannot be read.
pub fn find(dir: &Path, catalog: &Catalog) -> Result<Sites, Error> {
    let mut sites = Vec::new();
    for file in tree::sources(dir)? {
        let text = tree::read(&file.path)?;
        for call in file.language.calls(&text) {
            let declared = declared(catalog, &call.event);
            sites.push(Site {
                file: file.name.clone(),
                line: call.line,
                event: declared.map_or_else(|| call.event.clone(), |event| event.name.to_string()),
                declared: declared.is_some(),
            });
        }
    }
    let recorded: BTreeSet<&str> = sites.iter().map(|site| site.event.as_str()).collect();
    let never = catalog
        .events()
        .iter()
        .filter(|event| !event.withdrawn && !recorded.contains(&*event.name))
        .map(|event| event.name.to_string())
        .collect();
    Ok(Sites { sites, never })
}

/// The event a call names: by name, by a name it goes by, as a type, or spelled with a word.
fn declared<'c>(catalog: &'c Catalog, written: &str) -> Option<&'c Event> {
    let event = |id| catalog.event(id);
    if let Some(id) = catalog.find_event(written) {
        return Some(event(id));
    }
    let mut events = catalog.events().iter();
    events.find(|event| {
        let spelled = event.spelled.as_ref();
        let begins = spelled.is_some_and(|spelled| {
            let prefix = spelled.prefix.as_str();
            !prefix.is_empty() && written.starts_with(prefix) && written.len() > prefix.len()
        });
        begins || rust::type_name(&event.name) == written
    })
}

/// What a page's search and the places that record disagree on: a line the search finds that
/// records nothing, or a place it does not find.
///
/// # Errors
///
/// If the tree cannot be read.
pub fn compare(dir: &Path, call_search: &str, catalog: &Catalog) -> Result<Option<String>, Error> {
    let sites = find(dir, catalog)?.sites;
    if sites.is_empty() {
        return Ok(Some("no place records anything".to_owned()));
    }
    let places: BTreeSet<(PathBuf, usize)> = sites
        .iter()
        .map(|site| (site.file.clone(), site.line))
        .collect();
    let mut found = BTreeSet::new();
    for file in tree::sources(dir)? {
        let text = tree::read(&file.path)?;
        let hits = text.lines().enumerate();
        let hits = hits.filter(|(_, line)| line.contains(call_search));
        found.extend(hits.map(|(at, _)| (file.name.clone(), at + 1)));
    }
    let named = |(file, line): &(PathBuf, usize)| format!("{}:{line}", file.display());
    let missed = places.difference(&found).next();
    let more = found.difference(&places).next();
    Ok(match (missed, more) {
        (Some(place), _) => Some(format!("`{call_search}` does not find {}", named(place))),
        (None, Some(place)) => Some(format!(
            "`{call_search}` finds {}, which records nothing",
            named(place)
        )),
        (None, None) => None,
    })
}

#[cfg(test)]
mod tests;
