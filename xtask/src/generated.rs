//! `cargo xtask generate` and `check-generated`: committed files that are made
//! from others, so that they can be read without building anything.
//!
//! Each kind is made by a test that compares, and writes instead when
//! `UPDATE_REFERENCE` is set: what makes a file and what checks it cannot drift.

use anyhow::{Result, bail};

use crate::workspace;

/// Files, and the test that makes them.
struct Made {
    files: &'static str,
    package: &'static str,
    test: &'static str,
}

const MADE: [Made; 2] = [
    Made {
        files: "docs/reference/: pages and privacy notices of the shipped profiles",
        package: "askfirst-catalog",
        test: "reference",
    },
    Made {
        files: "docs/reference/consent.md, environments.md: when analytics are on",
        package: "askfirst",
        test: "reference",
    },
];

/// Compares every file with what it is made from.
///
/// # Errors
///
/// Every kind that is out of date, at once.
pub(crate) fn check() -> Result<()> {
    let stale: Vec<&str> = MADE
        .iter()
        .filter(|made| made.run(false).is_err())
        .map(|made| made.files)
        .collect();
    if !stale.is_empty() {
        bail!(
            "out of date, run `cargo xtask generate` and commit: {}",
            stale.join("; ")
        );
    }
    Ok(())
}

/// Writes every file anew.
///
/// # Errors
///
/// If something does not build or a file cannot be written.
pub(crate) fn write() -> Result<()> {
    for made in &MADE {
        made.run(true)?;
        println!("generate: wrote {}", made.files);
    }
    Ok(())
}

impl Made {
    fn run(&self, update: bool) -> Result<()> {
        let mut command = workspace::cargo();
        command
            .args(["test", "--quiet", "--locked", "--package", self.package])
            .args(["--test", self.test]);
        if update {
            command.env("UPDATE_REFERENCE", "1");
        }
        workspace::run(&mut command)
    }
}
