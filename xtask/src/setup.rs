//! `cargo xtask setup`: installs what [`crate::environments`] lists.
//!
//! Idempotent: an environment whose stamp file holds the pins in force (and
//! the interpreter's version) is left alone; any other is made anew.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::environments::{
    BROWSER, BROWSER_PACKAGE, BROWSER_TESTS, NODE_FOLDER, NODE_TESTS, OWN_TESTS, OWN_TESTS_FILE,
    OWN_TESTS_FOLDER, OWN_TESTS_PYTEST, OWN_TESTS_TOOL, PACKAGE, PYTHON, PythonEnvironment,
    SCOREBOARD, STAMP,
};
use crate::interpreters::{self, Interpreter};
use crate::workspace;

/// Something the tests need and this machine does not have.
pub(crate) struct Missing {
    what: String,
    tests: &'static str,
}

/// Makes every environment and gives what could not be had, having said so.
///
/// # Errors
///
/// If an installation that was started fails.
pub(crate) fn run() -> Result<Vec<Missing>> {
    let _held = lock()?;
    environments(&workspace::cache())
}

/// Keeps every other setup out of `.cache/` for as long as it is held. Whoever holds it calls nothing
/// that takes it: that would wait for itself.
///
/// # Errors
///
/// If there can be no such file.
pub(crate) fn lock() -> Result<File> {
    let cache = workspace::cache();
    fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
    let path = cache.join("setup.lock");
    File::create(&path)
        .and_then(|file| file.lock().map(|()| file))
        .with_context(|| format!("cannot lock {}", path.display()))
}

/// Makes the environments of the scoreboard's tools, and those the tests share.
///
/// # Errors
///
/// If there is no Python for one, or an installation that was started fails.
pub(crate) fn scoreboard() -> Result<()> {
    let _held = lock()?;
    let tools = PYTHON
        .iter()
        .filter(|one| one.folder.contains("aider") || one.folder.contains("cecli"));
    all_of(tools.chain(&SCOREBOARD))
}

/// Makes the environment of the Python package alone.
///
/// # Errors
///
/// If there is no Python for it, or the installation fails.
pub(crate) fn package() -> Result<()> {
    let _held = lock()?;
    all_of([&PACKAGE])
}

/// The caller holds [`lock`].
fn all_of<'e>(environments: impl IntoIterator<Item = &'e PythonEnvironment>) -> Result<()> {
    let cache = workspace::cache();
    let mut missing = Vec::new();
    for environment in environments {
        python_or_missing(&cache, environment, &mut missing)?;
    }
    match missing.first() {
        None => Ok(()),
        Some(one) => bail!("there is no {}, which {} needs", one.what, one.tests),
    }
}

fn python_or_missing(
    cache: &Path,
    environment: &PythonEnvironment,
    missing: &mut Vec<Missing>,
) -> Result<()> {
    match interpreters::python(environment.versions) {
        Some(python) => python_environment(cache, environment, &python)?,
        None => missing.push(Missing {
            what: format!(
                "a Python ({}) with the modules venv and ensurepip",
                environment.versions
            ),
            tests: environment.tests,
        }),
    }
    Ok(())
}

fn environments(cache: &Path) -> Result<Vec<Missing>> {
    let mut missing = Vec::new();
    for environment in &PYTHON {
        python_or_missing(cache, environment, &mut missing)?;
    }
    if cache.join(OWN_TESTS_TOOL).join(STAMP).is_file() {
        own_tests(cache)?;
    }
    match interpreters::node() {
        Some(node) => node_packages(cache, &node)?,
        None => missing.push(Missing {
            what: "Node.js 20.20 or 22.22 and newer, with npm".to_owned(),
            tests: NODE_TESTS,
        }),
    }
    if !browser() {
        missing.push(Missing {
            what: format!("Chromium (on Debian: apt-get install {BROWSER_PACKAGE}, as root)"),
            tests: BROWSER_TESTS,
        });
    }
    missing.dedup_by(|a, b| a.what == b.what && a.tests == b.tests);
    for one in &missing {
        println!(
            "setup: missing: {}. Without it these do not run: {}.",
            one.what, one.tests
        );
    }
    Ok(missing)
}

fn python_environment(
    cache: &Path,
    environment: &PythonEnvironment,
    python: &Interpreter,
) -> Result<()> {
    let requirements = workspace::root()
        .join("tests/peers")
        .join(environment.requirements);
    let pins = format!("python {}\n{}", python.version, read(&requirements)?);
    let folder = cache.join(environment.folder);
    install(&folder, environment.folder, environment.note, &pins, || {
        workspace::run(
            Command::new(python.command)
                .args(["-m", "venv"])
                .arg(&folder),
        )?;
        workspace::run(
            Command::new(folder.join("bin/python"))
                .args(["-m", "pip", "install"])
                .args(["--quiet", "--no-input", "--disable-pip-version-check"])
                .arg("--requirement")
                .arg(&requirements),
        )
    })
}

/// Fetches the tests that tools' own sources carry; they are in no wheel.
fn own_tests(cache: &Path) -> Result<()> {
    let sources = OWN_TESTS.map(|(sources, _)| sources).join("\n");
    let pins = format!("{sources}\n{}\n", OWN_TESTS_PYTEST.join("\n"));
    let folder = cache.join(OWN_TESTS_FOLDER);
    let python = cache.join(OWN_TESTS_TOOL).join("bin/python");
    install(&folder, OWN_TESTS_FOLDER, "25 MB", &pins, || {
        for (sources, package) in OWN_TESTS {
            own_tests_of(&python, sources, package, &folder.join(package))?;
        }
        workspace::run(
            pip(&python)
                .args(["install", "--target"])
                .arg(folder.join("pytest"))
                .args(OWN_TESTS_PYTEST),
        )
    })
}

/// Alone: beside the rest of the sources they would test those.
fn own_tests_of(python: &Path, sources: &str, package: &str, folder: &Path) -> Result<()> {
    let (archive, unpacked) = (folder.join("archive"), folder.join("sources"));
    workspace::run(
        pip(python)
            .args(["download", "--no-deps", "--no-binary=:all:", "--dest"])
            .arg(&archive)
            .arg(sources),
    )?;
    workspace::run(
        Command::new(python)
            .args(["-m", "tarfile", "--extract"])
            .args([&workspace::only_file(&archive)?, &unpacked]),
    )?;
    let from = workspace::only_file(&unpacked)?;
    let first = Path::new(package).join("__init__.py");
    for (file, to) in [
        (Path::new(OWN_TESTS_FILE), "test_analytics.py".into()),
        (first.as_path(), first.clone()),
    ] {
        let to: PathBuf = folder.join(to);
        fs::create_dir_all(to.parent().unwrap_or(folder))
            .and_then(|()| fs::copy(from.join(file), &to))
            .with_context(|| format!("cannot copy {} of {sources}", file.display()))?;
    }
    for done in [archive, unpacked] {
        fs::remove_dir_all(&done).with_context(|| format!("cannot remove {}", done.display()))?;
    }
    Ok(())
}

fn pip(python: &Path) -> Command {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "--quiet", "--no-input"]);
    pip.arg("--disable-pip-version-check");
    pip
}

fn node_packages(cache: &Path, node: &Interpreter) -> Result<()> {
    let peers = workspace::root().join("tests/peers");
    let pins = format!(
        "node {}\n{}",
        node.version,
        read(&peers.join("package-lock.json"))?
    );
    let folder = cache.join(NODE_FOLDER);
    install(&folder, NODE_FOLDER, "25 MB", &pins, || {
        for name in ["package.json", "package-lock.json", ".npmrc"] {
            fs::copy(peers.join(name), folder.join(name))
                .with_context(|| format!("cannot copy {name} to {}", folder.display()))?;
        }
        workspace::run(
            Command::new("npm")
                .args(["ci", "--ignore-scripts", "--silent"])
                .current_dir(&folder),
        )
    })
}

/// Whether there is a browser; where this runs as root and there is apt, it installs one.
fn browser() -> bool {
    let there = || {
        BROWSER.iter().any(|name| {
            Command::new(name)
                .arg("--version")
                .output()
                .is_ok_and(|said| said.status.success())
        })
    };
    if there() {
        return true;
    }
    let is_root = Command::new("id").arg("-u").output();
    if !is_root.is_ok_and(|said| said.stdout.trim_ascii() == b"0") {
        return false;
    }
    println!("setup: installing {BROWSER_PACKAGE} with apt-get (100 MB) ...");
    for arguments in [
        &["update", "--quiet"][..],
        &[
            "install",
            "--quiet",
            "--yes",
            "--no-install-recommends",
            BROWSER_PACKAGE,
        ],
    ] {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        // Without apt, or without a network: it is reported as missing like everything else.
        if workspace::run(&mut apt).is_err() {
            return false;
        }
    }
    there()
}

/// Runs `fill` on an emptied `folder`, unless its stamp already says `pins`.
fn install(
    folder: &Path,
    name: &str,
    note: &str,
    pins: &str,
    fill: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == pins) {
        println!("setup: .cache/{name}: up to date");
        return Ok(());
    }
    println!("setup: .cache/{name}: installing ({note}) ...");
    let start = Instant::now();
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fill().with_context(|| {
        format!("cannot install .cache/{name}; the packages come from the usual registries, so this needs them in reach")
    })?;
    fs::write(&stamp, pins).with_context(|| format!("cannot write {}", stamp.display()))?;
    println!(
        "setup: .cache/{name}: ready after {} s",
        start.elapsed().as_secs()
    );
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
