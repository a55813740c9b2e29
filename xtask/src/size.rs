//! `cargo xtask size`: the release binary against its limit.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// Bytes the stripped binary may have: 25 MB, a limit of the project's plan, so
/// that every new dependency is weighed.
const LIMIT: u64 = 25_000_000;

/// Builds the binary (the release profile strips it) and compares.
///
/// # Errors
///
/// If it does not build or is too large.
pub(crate) fn run() -> Result<()> {
    let binary = workspace::release(&["--package=askfirst-cli"], "askfirst")?;
    let size = fs::metadata(&binary)
        .with_context(|| format!("cannot read {}", binary.display()))?
        .len();
    println!(
        "size: askfirst is {}.{} MB of at most {} MB",
        size / 1_000_000,
        size % 1_000_000 / 100_000,
        LIMIT / 1_000_000
    );
    if size > LIMIT {
        bail!("the binary is too large; `cargo tree --package askfirst-cli` shows what is in it");
    }
    Ok(())
}
