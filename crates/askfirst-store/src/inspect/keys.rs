//! A key run. The keys themselves are not shown: they say nothing, and are made from ids.

use std::path::Path;

use super::{Inspected, time};
use crate::dir::Dir;
use crate::error::Error;
use crate::keys::audit::{audit, named};
use crate::keys::run::Run;
use crate::manifest::RunKind;

pub(super) fn read(seen: &mut Inspected, dir: &Dir, path: &Path, begin: &[u8]) {
    let Some(named) = named(begin, seen.bytes) else {
        seen.fault("it begins like a key run, but is of no kind this version knows");
        return;
    };
    match Run::open(dir, path, &named).and_then(|run| audit(&run)) {
        Ok(audit) => {
            seen.fact("keys", audit.keys);
            match (named.kind, audit.ends) {
                (RunKind::Received, Some((first, last))) => {
                    seen.fact("of", "received events");
                    seen.fact("first time", time(first.0));
                    seen.fact("last time", time(last.0));
                }
                (RunKind::Received, None) => seen.fact("of", "received events"),
                (RunKind::Lines, _) => seen.fact("of", "lines of imported logs"),
            }
            if !audit.ordered || audit.hidden > 0 {
                seen.fault("its keys are not in order, or some would not be found");
            }
            seen.fact(
                "checksums",
                "those of the header, every filter and every block fit",
            );
        }
        Err(Error::Corrupt {
            offset, problem, ..
        }) => seen.fault(format!("byte {offset}: {problem}")),
        Err(error) => seen.fault(error.to_string()),
    }
}
