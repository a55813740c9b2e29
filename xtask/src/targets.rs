//! `cargo xtask targets`: the SDK for the systems CI cannot run.
//!
//! CI runs on Linux. For Windows and macOS the SDK, its macros and the example host are
//! compiled as far as the checks of the compiler and clippy go, and not run. Feature `network`
//! is off: with it a C compiler for each of these systems would be needed.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace;

/// What is checked for.
const TARGETS: [(&str, &str); 2] = [
    ("Windows", "x86_64-pc-windows-gnu"),
    ("macOS", "aarch64-apple-darwin"),
];

/// What is checked: everything a host links, and a host.
const PACKAGES: [&str; 4] = [
    "askfirst-catalog",
    "askfirst-macros",
    "askfirst",
    "askfirst-host",
];

/// Checks every target. One whose standard library is not on this machine and cannot be
/// fetched is named and left out; in CI that is an error.
///
/// # Errors
///
/// If something does not compile, or in CI a target is missing.
pub(crate) fn run() -> Result<()> {
    let mut missing = 0;
    for (system, target) in TARGETS {
        if !there(target)? {
            missing += 1;
            println!(
                "targets: missing: the standard library for {target}. Nothing is checked for \
                 {system}; mend it with `rustup target add {target}`."
            );
            continue;
        }
        println!("targets: {system} ({target}), not run");
        check(target)?;
    }
    if workspace::in_ci() && missing > 0 {
        bail!("in CI every target is checked; what is missing is listed above");
    }
    Ok(())
}

fn check(target: &str) -> Result<()> {
    let mut command = workspace::cargo();
    command.args(["clippy", "--quiet", "--locked", "--target", target]);
    for package in PACKAGES {
        command.args(["--package", package]);
    }
    command.args(["--no-default-features", "--features", "askfirst/clap"]);
    workspace::run(command.args(["--", "-D", "warnings"]))
}

/// Whether the compiler has the target's standard library, fetched if need be.
fn there(target: &str) -> Result<bool> {
    let has = || -> Result<bool> {
        let mut rustc = Command::new("rustc");
        rustc.current_dir(workspace::root());
        let folder =
            workspace::output(rustc.args(["--print", "target-libdir", "--target", target]))?;
        Ok(std::path::Path::new(folder.trim()).is_dir())
    };
    if has()? {
        return Ok(true);
    }
    println!("targets: fetching the standard library for {target} ...");
    let fetched = workspace::run(Command::new("rustup").args(["target", "add", target]));
    if let Err(error) = fetched {
        println!("targets: {error:#}");
    }
    has()
}
