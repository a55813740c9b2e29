//! DuckDB, through its Python package, on the same files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Seconds a question took it.
#[derive(Debug, Clone, Deserialize)]
pub struct Theirs {
    /// Of each round.
    pub wall: Vec<f64>,
    /// Of processor time, of one round on average.
    pub cpu: f64,
}

/// Runs `peer.py` and reads what it prints.
///
/// # Errors
///
/// If DuckDB is not there, or fails.
pub fn duckdb<T: DeserializeOwned>(words: &[&str]) -> Result<T> {
    let root = root().context("start it with `cargo bench` or `cargo run`")?;
    let output = Command::new(root.join(".cache/py/bin/python"))
        .arg(root.join("benches/peer.py"))
        .args(words)
        .output()
        .context("no DuckDB; run `cargo xtask setup`")?;
    if !output.status.success() {
        bail!("DuckDB: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The workspace this was started in, which need not be the one it was compiled in.
#[expect(
    clippy::disallowed_methods,
    reason = "no setting: how cargo says what it started"
)]
fn root() -> Option<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")?;
    Some(Path::new(&package).join(".."))
}

/// The questions of the reports, asked of the segments in `data`, from one moment to another in
/// milliseconds.
///
/// # Errors
///
/// If DuckDB is not there, or fails.
pub fn duckdb_reports(
    data: &Path,
    rounds: usize,
    from_ms: i64,
    to_ms: i64,
) -> Result<BTreeMap<String, Theirs>> {
    let mut words = vec!["reports".to_owned(), rounds.to_string()];
    words.extend([from_ms.to_string(), to_ms.to_string()]);
    for project in fs::read_dir(data.join("projects"))? {
        for file in fs::read_dir(project?.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|end| end == "parquet") {
                words.push(path.to_str().context("path is not text")?.to_owned());
            }
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    duckdb(&words)
}
