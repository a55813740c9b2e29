//! `docs/reference/` is made from the catalog and the profiles, and is up to date.

use std::fs;
use std::path::Path;

use askfirst_catalog::{Catalog, Profile, page, privacy};

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference");

/// Compares a committed file with what it is made from; with `UPDATE_REFERENCE=1` in the
/// environment it is written instead.
#[expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test has no command line to declare the variable on, and may stop where it fails"
)]
fn compare(name: &str, made: &str) {
    let path = Path::new(REFERENCE).join(name);
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let line = committed
        .lines()
        .zip(made.lines())
        .position(|(a, b)| a != b);
    assert!(
        committed == made,
        "docs/reference/{name} differs from line {:?} on; \
         run `UPDATE_REFERENCE=1 cargo test -p askfirst-catalog --test reference`",
        line.map(|line| line + 1)
    );
}

#[test]
fn p12_the_committed_pages_are_what_the_catalog_makes() {
    for id in Profile::builtin_ids() {
        let profile = Profile::builtin(id).unwrap();
        compare(
            &format!("pages/{id}.md"),
            &page(&Catalog::builtin(), &profile),
        );
    }
}

#[test]
fn p15_the_committed_privacy_notices_are_what_the_profiles_make() {
    for id in Profile::builtin_ids() {
        let profile = Profile::builtin(id).unwrap();
        compare(&format!("privacy/{id}.md"), &privacy(&profile));
    }
}
