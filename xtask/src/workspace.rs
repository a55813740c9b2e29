//! Where things are, and how other programs are started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The root of the workspace this was started in. Cargo says so when it starts this program:
/// what was so when it was compiled may be another clone with the same target directory.
static ROOT: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    #[expect(
        clippy::disallowed_methods,
        reason = "no setting: how cargo says what it started"
    )]
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)?;
    let root = package.parent()?;
    let is_ours = root.join("xtask/Cargo.toml").is_file();
    is_ours.then(|| root.to_owned())
});

/// Before anything is done: that there is a workspace to do it in.
///
/// # Errors
///
/// If cargo did not start this.
pub(crate) fn found() -> Result<()> {
    match *ROOT {
        Some(_) => Ok(()),
        None => bail!(
            "CARGO_MANIFEST_DIR does not name a workspace with an xtask: start it with `cargo xtask`"
        ),
    }
}

/// The root of the workspace, which was [`found`].
pub(crate) fn root() -> &'static Path {
    ROOT.as_deref().unwrap_or(Path::new("."))
}

/// The folder for what is installed or made here and belongs to no commit.
pub(crate) fn cache() -> PathBuf {
    root().join(".cache")
}

/// The cargo that started this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root());
    command
}

/// Whether this runs in CI, where what is missing is an error and not a note.
pub(crate) fn in_ci() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where a chore reads the environment"
    )]
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Runs a command to its end, its output going to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed: {status}", shown(command));
    }
    Ok(())
}

/// Runs a command to its end and gives what it printed on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} failed: {}", shown(command), output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} printed something that is not UTF-8", shown(command)))
}

/// A command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> Result<PathBuf> {
    let said = output(cargo().args(["metadata", "--format-version=1", "--no-deps", "--locked"]))?;
    let said: Value = serde_json::from_str(&said).context("cargo metadata printed no JSON")?;
    let folder = said["target_directory"].as_str();
    folder
        .map(PathBuf::from)
        .context("cargo metadata names no target directory")
}

/// The one entry of a folder.
///
/// # Errors
///
/// If there is none, or more.
pub(crate) fn only_file(folder: &Path) -> Result<PathBuf> {
    let cannot = || format!("cannot read {}", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot)?;
    let files: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .with_context(cannot)?;
    match <[PathBuf; 1]>::try_from(files) {
        Ok([file]) => Ok(file),
        Err(files) => bail!(
            "there are {} files in {} instead of one",
            files.len(),
            folder.display()
        ),
    }
}

/// Builds a program as it is released and gives its path, wherever the target directory is.
/// `choice` says which package, program and features.
pub(crate) fn release(choice: &[&str], name: &str) -> Result<PathBuf> {
    let messages = output(
        cargo()
            .args(["build", "--release", "--locked"])
            .arg("--message-format=json-render-diagnostics")
            .args(choice),
    )?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .with_context(|| format!("cargo built no executable called {name}"))
}
