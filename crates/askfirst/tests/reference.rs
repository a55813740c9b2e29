//! What `docs/reference/` says of the SDK is made from the SDK, and is up to date.

use std::fs;
use std::path::Path;

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
        fs::write(&path, made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/reference/{name} is out of date; run `cargo xtask generate`"
    );
}

#[test]
fn the_committed_decision_table_is_the_one_that_decides() {
    compare("consent.md", &askfirst::consent::reference());
}

#[test]
fn the_committed_list_of_variables_is_the_one_that_is_looked_at() {
    compare("environments.md", &askfirst::environment::reference());
}
