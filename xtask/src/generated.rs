//! `cargo xtask generate` and `check-generated`: files that a command of ours
//! makes and that are committed so that they can be read without it.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// A committed file and the arguments of the `askfirst` that prints it.
type Generated = (&'static str, &'static [&'static str]);

const FILES: &[Generated] = &[];

/// Compares every file with what its command prints now.
///
/// # Errors
///
/// Every file that differs, at once.
pub(crate) fn check() -> Result<()> {
    let mut stale = Vec::new();
    for (path, arguments) in FILES {
        let found = fs::read_to_string(workspace::root().join(path)).unwrap_or_default();
        if found != printed(arguments)? {
            stale.push(*path);
        }
    }
    if !stale.is_empty() {
        bail!(
            "out of date: {}; run `cargo xtask generate` and commit",
            stale.join(", ")
        );
    }
    println!("check-generated: {} files up to date", FILES.len());
    Ok(())
}

/// Writes every file.
///
/// # Errors
///
/// If a command fails or a file cannot be written.
pub(crate) fn write() -> Result<()> {
    for (path, arguments) in FILES {
        fs::write(workspace::root().join(path), printed(arguments)?)
            .with_context(|| format!("cannot write {path}"))?;
        println!("generate: {path}");
    }
    Ok(())
}

fn printed(arguments: &[&str]) -> Result<String> {
    workspace::output(
        workspace::cargo()
            .args(["run", "--quiet", "--locked", "--package=askfirst-cli", "--"])
            .args(arguments),
    )
}
