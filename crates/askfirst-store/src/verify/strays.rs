//! Files that nobody names: what a crash left, and what is not ours.

use super::{Check, LEFT};
use crate::dir::{self, Dir};
use crate::error::Error;
use crate::manifest::Manifest;
use crate::row::ProjectId;

const FOREIGN: &str = "nothing: askfirst neither reads nor deletes it";

/// What lies in the root of a data directory.
const KNOWN: [&str; 10] = [
    "LOCK",
    "MANIFEST",
    "MANIFEST.prev",
    "askfirst.toml",
    "catalogs",
    "operator.token",
    "projects",
    "receipt.key",
    "serve.json",
    "wal",
];

/// Whether a directory without a manifest has anything of a store in it.
pub(super) fn anything(dir: &Dir) -> Result<bool, Error> {
    for path in [dir.wal(), dir.projects(), dir.catalogs()] {
        if !dir.list(&path)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn check(check: &mut Check<'_>, manifest: &Manifest) -> Result<(), Error> {
    let dir = check.dir;
    for name in dir.list(&dir.root)? {
        if !KNOWN.contains(&name.as_str()) {
            let ours = matches!(name.as_str(), "MANIFEST.tmp" | "MANIFEST.prev.tmp");
            say(check, &dir.root.join(&name), ours);
        }
    }
    for name in dir.list(&dir.wal())? {
        let number = dir::wal_number(&name);
        let reserve = name == "reserve.tmp";
        let half = name.strip_suffix(".tmp").and_then(dir::wal_number);
        // A file before the position is about to be deleted, or will be at the next start.
        if number.is_none() && !reserve {
            say(check, &dir.wal().join(&name), half.is_some());
        }
    }
    for name in dir.list(&dir.catalogs())? {
        if dir::catalog_hash(&name).is_none() {
            let half = name.strip_suffix(".tmp").and_then(dir::catalog_hash);
            say(check, &dir.catalogs().join(&name), half.is_some());
        }
    }
    for name in dir.list(&dir.projects())? {
        let path = dir.projects().join(&name);
        match name.parse().ok().map(ProjectId) {
            None => say(check, &path, false),
            Some(id) => of_project(check, manifest, id)?,
        }
    }
    Ok(())
}

fn of_project(check: &mut Check<'_>, manifest: &Manifest, id: ProjectId) -> Result<(), Error> {
    let dir = check.dir;
    let named = manifest
        .project(id)
        .map(|it| it.files())
        .unwrap_or_default();
    for name in dir.list(&dir.project(id))? {
        let path = dir.project(id).join(&name);
        let half = name.strip_suffix(".tmp");
        match dir::file_number(half.unwrap_or(&name)) {
            None => say(check, &path, false),
            Some(number) if half.is_none() && named.contains(&number) => {}
            // The writer may be making it, or have just replaced it.
            Some(number) if number >= manifest.next_file || gone(check, &path) => {}
            Some(_) => say(check, &path, true),
        }
    }
    Ok(())
}

fn gone(check: &Check<'_>, path: &std::path::Path) -> bool {
    check.dir.disk.open(path).is_err()
}

fn say(check: &mut Check<'_>, path: &std::path::Path, ours: bool) {
    if gone(check, path) && ours {
        return;
    }
    match ours {
        true => check.note(path, "left over: no manifest names it", LEFT),
        false => check.note(path, "not a file of askfirst", FOREIGN),
    }
}
