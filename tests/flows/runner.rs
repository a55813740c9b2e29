//! `askfirst-run`, as `cargo xtask wheel` installs it.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../xtask/src/sources.rs"]
mod sources;

/// `askfirst-run`, if it is installed and was built of the sources as they are now.
///
/// # Panics
///
/// In CI, where it must be.
pub(crate) fn runner(in_ci: bool) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().unwrap();
    let environment = root.join(".cache/askfirst-python");
    let runner = environment.join("bin/askfirst-run");
    let wrong = match fs::read_to_string(environment.join(sources::STAMP)) {
        _ if !runner.is_file() => "not installed",
        Ok(stamp) if is_of(&root, &stamp) => return Some(runner),
        _ => "stale: it was built of other sources",
    };
    let missing = format!("askfirst-run is {wrong}; run `cargo xtask wheel`");
    assert!(!in_ci, "{missing}");
    println!("not run: {missing}");
    None
}

/// Whether a stamp is of these sources.
fn is_of(root: &Path, stamp: &str) -> bool {
    let paths: Vec<&str> = stamp.lines().skip(1).collect();
    sources::stamp(root, &paths).is_ok_and(|now| now == stamp)
}
