//! `askfirst catalog sites`: every place in a source tree that records an event.

use std::path::Path;

use askfirst_catalog::Catalog;
use askfirst_check::sites::{self, Sites};

use crate::args::Format;
use crate::failure::Failure;
use crate::output::{Output, csv};

/// Lists them, and ends with a failure if one records what nobody was told of.
pub(super) fn run(
    dir: &Path,
    search: Option<&str>,
    format: Format,
    output: &Output,
) -> anyhow::Result<()> {
    let catalog = Catalog::builtin();
    let unreadable = |error: askfirst_check::Error| {
        Failure::wrong_use(error.to_string(), "name a folder with source in it")
    };
    let found = sites::find(dir, &catalog).map_err(unreadable)?;
    match format {
        Format::Table => output.result(&found.text())?,
        Format::Csv => output.result(&rows(&found))?,
        Format::Json => output.json(&found)?,
    }
    let undeclared = found.sites.iter().filter(|site| !site.declared).count();
    if undeclared > 0 {
        let places = if undeclared == 1 { "place" } else { "places" };
        return Err(Failure::failed(
            format!("{undeclared} {places} record something the catalog does not declare"),
            "declare it in the catalog, or take it out",
        )
        .into());
    }
    let differs = match search {
        Some(text) => sites::compare(dir, text, &catalog).map_err(unreadable)?,
        None => None,
    };
    match differs {
        None => Ok(()),
        Some(differs) => Err(Failure::failed(
            differs,
            "let the search find each place that records, and nothing else",
        )
        .into()),
    }
}

fn rows(found: &Sites) -> String {
    let rows: Vec<Vec<String>> = found
        .sites
        .iter()
        .map(|site| {
            vec![
                site.file.display().to_string(),
                site.line.to_string(),
                site.event.clone(),
                site.declared.to_string(),
            ]
        })
        .collect();
    csv(&["file", "line", "event", "declared"], &rows)
}
