//! `cargo xtask long`: the tests that are short in CI, at full length.
//!
//! Prints the figures as a table for `docs/long-runs.md`; who ran it commits
//! them with the date and the machine. The test profile is used, as in CI: its
//! checks of arithmetic find more than speed would.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::workspace;

/// What is run, with which variable at which value, and the test's name.
struct Long {
    what: &'static str,
    package: &'static str,
    target: &'static [&'static str],
    test: &'static str,
    variable: &'static str,
    value: &'static str,
}

const LONG: [Long; 1] = [Long {
    what: "kill -9 of the collector under load",
    package: "askfirst-cli",
    target: &["--test", "flows"],
    test: "kill::",
    variable: "ASKFIRST_TEST_KILLS",
    value: "1000",
}];

/// Runs each and prints one row of the table for it.
///
/// # Errors
///
/// If one fails, after all have run.
pub(crate) fn run() -> Result<()> {
    println!("| what | how many | result | minutes |\n|---|---|---|---|");
    let mut failed = 0;
    for long in &LONG {
        let start = Instant::now();
        let passed = workspace::run(
            workspace::cargo()
                .args(["test", "--quiet", "--locked", "--package", long.package])
                .args(long.target)
                .arg(long.test)
                .args(["--", "--nocapture"])
                .env(long.variable, long.value),
        )
        .is_ok();
        failed += u32::from(!passed);
        println!(
            "| {} | {} | {} | {} |",
            long.what,
            long.value,
            if passed { "passed" } else { "FAILED" },
            start.elapsed().as_secs().div_ceil(60)
        );
    }
    if failed > 0 {
        bail!(
            "{failed} of {} failed; the seeds are printed above",
            LONG.len()
        );
    }
    Ok(())
}
