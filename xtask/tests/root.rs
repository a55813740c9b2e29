//! Which workspace the chores work on. One target directory may serve two clones, and cargo
//! does not build this program anew for the second: it must not remember the first.

#![expect(
    clippy::unwrap_used,
    reason = "the function the tests share is a test too: it stops at the first surprise"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Writes the page of no reports, started as cargo starts it for the package in this folder.
fn scoreboard(manifest_dir: Option<&Path>) -> Output {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("none.json"), "{}").unwrap();
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask
        .args(["scoreboard", "none.json"])
        .current_dir(&folder)
        .env_remove("CARGO_MANIFEST_DIR");
    if let Some(manifest_dir) = manifest_dir {
        xtask.env("CARGO_MANIFEST_DIR", manifest_dir);
    }
    xtask.output().unwrap()
}

#[test]
fn the_workspace_is_the_one_cargo_was_started_in() {
    let clone = tempfile::tempdir().unwrap();
    for folder in ["docs", "xtask"] {
        fs::create_dir(clone.path().join(folder)).unwrap();
    }
    fs::write(clone.path().join("xtask/Cargo.toml"), "").unwrap();
    let output = scoreboard(Some(&clone.path().join("xtask")));
    assert!(output.status.success(), "{output:?}");
    assert!(clone.path().join("docs/scoreboard.md").is_file());
}

#[test]
fn started_past_cargo_it_says_how_to_start_it() {
    let elsewhere = tempfile::tempdir().unwrap();
    for manifest_dir in [None, Some(elsewhere.path())] {
        let output = scoreboard(manifest_dir);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("start it with `cargo xtask`"), "{said}");
    }
}
