//! `cargo xtask wheel`: the Python package `askfirst`, built by maturin and installed where
//! the tests look for it, with `askfirst-run` beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::environments::{PACKAGE, STAMP};
use crate::{setup, workspace};

/// The crate the wheel is made of.
pub(crate) const CRATE: &str = "crates/askfirst-python";

/// How it is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As everything else the tests compile.
    Dev,
    /// As it is released.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Profile::Dev => "wheel/dev",
            Profile::Release => "wheel/release",
        }
    }
}

/// The environment it is built and installed in.
pub(crate) fn environment() -> PathBuf {
    workspace::cache().join(PACKAGE.folder)
}

/// Whether `cargo xtask setup` could make it.
pub(crate) fn environment_is_there() -> bool {
    environment().join(STAMP).is_file()
}

/// Makes the environment if it is not there, and puts a new wheel into it.
///
/// # Errors
///
/// If there is no Python for it, or the wheel cannot be built or installed.
pub(crate) fn run(profile: Profile) -> Result<()> {
    setup::package()?;
    let wheel = install(profile)?;
    println!(
        "wheel: {} is installed in {}",
        wheel.display(),
        environment().display()
    );
    Ok(())
}

/// Builds the wheel and installs it; gives the file.
///
/// # Errors
///
/// If either fails.
pub(crate) fn install(profile: Profile) -> Result<PathBuf> {
    let _held = setup::lock()?;
    let wheel = build(profile)?;
    install_into(&environment(), &wheel)?;
    Ok(wheel)
}

/// `cargo xtask bench-python`: what it costs inside a Python tool, as it is released, in an
/// environment of its own; `tables` are those of `benches/python/main.py`, all if none is named.
///
/// # Errors
///
/// If the peers are not installed, or anything cannot be built or run.
pub(crate) fn bench(tables: &[String]) -> Result<()> {
    setup::package()?;
    let peers = workspace::cache().join("peers");
    for peer in ["aider-0.86.2", "posthog-7.8.6"] {
        if !peers.join(peer).join(STAMP).is_file() {
            bail!(".cache/peers/{peer} is not installed; `cargo xtask setup` does that");
        }
    }
    let own = workspace::target()?.join("bench-python");
    let python = environment().join("bin/python");
    let held = setup::lock()?;
    let wheel = build(Profile::Release)?;
    workspace::run(Command::new(&python).args(["-m", "venv"]).arg(&own))?;
    install_into(&own, &wheel)?;
    drop(held);
    workspace::run(
        Command::new(&python)
            .current_dir(workspace::root())
            .arg("benches/python/main.py")
            .args([&own, &peers])
            .args(tables),
    )
}

fn install_into(environment: &Path, wheel: &Path) -> Result<()> {
    workspace::run(
        Command::new(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--no-index", "--no-deps"])
            // The version stays the same from one change to the next.
            .arg("--force-reinstall")
            .arg(wheel),
    )
}

/// Builds the wheel. The caller holds [`setup::lock`]: it is built in the environment, and what
/// was built before is deleted.
fn build(profile: Profile) -> Result<PathBuf> {
    let out = workspace::target()?.join(profile.folder());
    // What another version left would be found beside it.
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| format!("cannot empty {}", out.display()))?;
    }
    println!("wheel: building with maturin ...");
    let bin = environment().join("bin");
    let mut maturin = Command::new(bin.join("maturin"));
    maturin
        .current_dir(workspace::root())
        .args(["build", "--locked", "--quiet"])
        .arg("--manifest-path")
        .arg(format!("{CRATE}/Cargo.toml"))
        .arg("--interpreter")
        .arg(bin.join("python"))
        .arg("--out")
        .arg(&out);
    if profile == Profile::Release {
        maturin.arg("--release");
    }
    workspace::run(&mut maturin)?;
    workspace::only_file(&out)
}
