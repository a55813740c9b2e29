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
    workspace::run(
        Command::new(environment().join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--no-index", "--no-deps"])
            // The version stays the same from one change to the next.
            .arg("--force-reinstall")
            .arg(&wheel),
    )?;
    Ok(wheel)
}

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
    only_file(&out)
}

fn only_file(folder: &Path) -> Result<PathBuf> {
    let cannot = || format!("cannot read {}", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot)?;
    let files: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .with_context(cannot)?;
    match <[PathBuf; 1]>::try_from(files) {
        Ok([file]) => Ok(file),
        Err(files) => bail!(
            "maturin left {} files in {} instead of one wheel",
            files.len(),
            folder.display()
        ),
    }
}
