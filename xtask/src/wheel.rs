//! `cargo xtask wheel`: the Python package `askfirst`, built by maturin and installed where
//! the tests look for it, with `askfirst-run` beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::environments::{PACKAGE, STAMP};
use crate::{setup, sources, workspace};

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

    /// What cargo calls it.
    fn cargo(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Release => "python",
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
    let stamp = environment().join(sources::STAMP);
    if stamp.exists() {
        fs::remove_file(&stamp).with_context(|| format!("cannot remove {}", stamp.display()))?;
    }
    // Read before they are built: who changes them meanwhile has a stale wheel.
    let made_of = made_of()?;
    let wheel = build(profile)?;
    install_into(&environment(), &wheel)?;
    fs::write(&stamp, made_of).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(wheel)
}

/// What a wheel that is built now is made of: the crates in it, what they include, and what
/// says how they are built.
fn made_of() -> Result<String> {
    let mut paths: Vec<String> = ["Cargo.lock", "Cargo.toml", "catalogs", "hosts"]
        .map(str::to_owned)
        .into();
    paths.extend(crates()?.iter().map(|name| format!("crates/{name}")));
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    sources::stamp(workspace::root(), &paths).context("cannot read what the wheel is made of")
}

/// The crates of this repository that are compiled into it, or run to compile it.
fn crates() -> Result<BTreeSet<String>> {
    let printed = workspace::output(
        workspace::cargo()
            .args(["tree", "--locked", "--package=askfirst-python"])
            .args(["--edges=normal,build", "--prefix=none", "--format={p}"]),
    )?;
    let names = printed.lines().filter_map(|line| line.split(' ').next());
    let own = names.filter(|name| name.starts_with("askfirst"));
    Ok(own.map(str::to_owned).collect())
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
        .args(["--profile", profile.cargo()])
        .arg("--out")
        .arg(&out);
    workspace::run(&mut maturin)?;
    workspace::only_file(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_is_of_other_sources_once_one_is_changed_added_renamed_or_gone() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        let write = |path: &str, text: &str| {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), text).unwrap();
        };
        let stamp = || sources::stamp(root.path(), &["Cargo.lock", "crates/a"]).unwrap();
        write("Cargo.lock", "one");
        write("crates/a/src/lib.rs", "two");
        let before = stamp();
        assert_eq!(
            before.lines().skip(1).collect::<Vec<_>>(),
            ["Cargo.lock", "crates/a"]
        );
        for no_part_of_it in ["crates/b/src/lib.rs", "crates/a/tests/it.rs"] {
            write(no_part_of_it, "three");
            assert_eq!(stamp(), before, "{no_part_of_it}");
        }
        write("Cargo.lock", "other");
        assert_ne!(stamp(), before, "changed");
        write("Cargo.lock", "one");
        write("crates/a/src/more/mod.rs", "");
        assert_ne!(stamp(), before, "added");
        fs::remove_dir_all(at("crates/a/src/more")).unwrap();
        assert_eq!(stamp(), before);
        fs::rename(at("crates/a/src/lib.rs"), at("crates/a/src/bin.rs")).unwrap();
        assert_ne!(stamp(), before, "renamed");
        fs::remove_file(at("Cargo.lock")).unwrap();
        assert!(
            sources::stamp(root.path(), &["Cargo.lock"]).is_err(),
            "gone"
        );
    }

    #[test]
    fn a_wheel_is_made_of_the_sdk_and_not_of_the_collector() {
        let crates = crates().unwrap();
        for part in [
            "askfirst",
            "askfirst-catalog",
            "askfirst-macros",
            "askfirst-python",
        ] {
            assert!(crates.contains(part), "{part} is not in {crates:?}");
        }
        assert!(!crates.contains("askfirst-collector"), "{crates:?}");
        assert!(!made_of().unwrap().is_empty());
    }
}
