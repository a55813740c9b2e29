//! Stored catalogs: each is what its name says, and each that is named is there.

use std::collections::BTreeSet;
use std::sync::Arc;

use askfirst_catalog::{Catalog, Models};
use sha2::{Digest, Sha256};

use super::{Check, RESTORE};
use crate::error::Error;
use crate::manifest::Manifest;
use crate::shape::{Shape, Shapes};
use crate::{dir, hex};

/// Checks every file of `catalogs/`; gives those that can be read.
pub(super) fn check(check: &mut Check<'_>) -> Result<Arc<Shapes>, Error> {
    let mut shapes = Shapes::default();
    let models = Models::builtin();
    for name in check.dir.list(&check.dir.catalogs())? {
        let Some(sha256) = dir::catalog_hash(&name) else {
            continue;
        };
        let path = check.dir.catalog(&sha256);
        let bytes = match check.dir.read(&path) {
            Err(error) if error.is_not_found() => continue,
            bytes => bytes?,
        };
        check.read(bytes.len() as u64);
        check.done.files += 1;
        if <[u8; 32]>::from(Sha256::digest(&bytes)) != sha256 {
            check.problem(&path, "its SHA-256 is not its name", RESTORE);
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        match Catalog::parse(&name, &text, Arc::clone(&models)) {
            Err(problems) => {
                let first = problems.to_string();
                let first = first.lines().next().unwrap_or_default();
                check.problem(
                    &path,
                    format!("this version cannot read it: {first}"),
                    "use the version of askfirst that wrote it",
                );
            }
            Ok(catalog) => {
                if let Err(error) = shapes.insert(Arc::new(Shape::of(&catalog))) {
                    check.problem(&path, error.to_string(), super::REPORT);
                }
            }
        }
    }
    Ok(Arc::new(shapes))
}

/// Every catalog that made a stored row must be there.
pub(super) fn named(check: &mut Check<'_>, manifest: &Manifest, shapes: &Shapes) {
    let segments = manifest.projects.iter().flat_map(|it| &it.segments);
    let named: BTreeSet<[u8; 32]> = segments.flat_map(|it| it.catalogs.clone()).collect();
    for sha256 in named {
        let path = check.dir.catalog(&sha256);
        let there = check.dir.disk.open(&path).is_ok();
        if !there && shapes.of_hash(&sha256).is_none() {
            let short = &hex::encode(&sha256)[..8];
            let what = format!("rows were made by catalog {short}, but it is not there");
            check.problem(&path, what, RESTORE);
        }
    }
}
