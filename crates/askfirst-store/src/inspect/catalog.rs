//! A stored catalog.

use askfirst_catalog::{Catalog, Models};
use sha2::{Digest, Sha256};

use super::{FileKind, Inspected};
use crate::hex;

/// What every catalog says on its first lines; what has none of it is not one.
const SIGN: &str = "[event";

pub(super) fn read(seen: &mut Inspected, bytes: &[u8]) {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains(SIGN) => text,
        _ => return,
    };
    match Catalog::parse("the file", text, Models::builtin()) {
        Err(problems) => {
            let problems = problems.to_string();
            let first = problems.lines().next().unwrap_or_default().trim();
            seen.fault(format!("it looks like a catalog, but {first}"));
        }
        Ok(catalog) => {
            seen.kind = FileKind::Catalog;
            shown(seen, &catalog, bytes);
        }
    }
}

fn shown(seen: &mut Inspected, catalog: &Catalog, bytes: &[u8]) {
    seen.fact("sha256", hex::encode(&catalog.sha256()));
    let canonical = <[u8; 32]>::from(Sha256::digest(bytes)) == catalog.sha256();
    let form = match canonical {
        true => "canonical, as a data directory stores it",
        false => "as it was written: a data directory stores another form of it",
    };
    seen.fact("form", form);
    seen.fact("events", catalog.events().len());
    seen.fact("properties", catalog.properties().len());
    let properties = catalog.properties().iter();
    let lines = properties.map(|it| vec![it.column.to_string(), it.kind.name().to_owned()]);
    let lines = lines.collect();
    seen.list("columns", &["column", "kind"], lines);
    let events = catalog.events().iter();
    seen.list(
        "events",
        &["event"],
        events.map(|it| vec![it.name.to_string()]).collect(),
    );
}
