//! `cargo xtask long`: the tests that are short in CI, at full length.
//!
//! Prints the figures as a table for `docs/long-runs.md` and writes `docs/scoreboard.md`; who ran
//! it commits both with the date and the machine. The test profile is used, as in CI: its checks of
//! arithmetic find more than speed would. Crash points alone are taken in release: of these the
//! number counts.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::{scoreboard, workspace};

/// What is run, how often, and the test's name.
struct Long {
    what: &'static str,
    package: &'static str,
    /// The test program, and how it is built.
    target: &'static [&'static str],
    test: &'static str,
    /// A variable that says how many; without one the test is ignored in the normal run.
    variable: Option<&'static str>,
    many: &'static str,
}

const LONG: [Long; 4] = [
    Long {
        what: "kill -9 of the collector under load",
        package: "askfirst-cli",
        target: &["--test", "flows"],
        test: "kill::",
        variable: Some("ASKFIRST_TEST_KILLS"),
        many: "1000",
    },
    Long {
        what: "tools that record at once, killed at random",
        package: "askfirst-host",
        target: &["--test", "it"],
        test: "long_b13",
        variable: None,
        many: "5 times 200",
    },
    Long {
        what: "events with canaries in everything a tool can hand over",
        package: "askfirst",
        target: &["--test", "canaries"],
        test: "long_p02",
        variable: None,
        many: "1000000",
    },
    Long {
        what: "the store, crashed at random points of random actions",
        package: "askfirst-store",
        target: &["--release", "--test", "store"],
        test: "20_000",
        variable: None,
        many: "20000",
    },
];

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
                .args(long.variable.is_none().then_some("--ignored"))
                .envs(long.variable.map(|variable| (variable, long.many))),
        )
        .is_ok();
        failed += u32::from(!passed);
        println!(
            "| {} | {} | {} | {} |",
            long.what,
            long.many,
            if passed { "passed" } else { "FAILED" },
            start.elapsed().as_secs().div_ceil(60)
        );
    }
    scoreboard::run()?;
    if failed > 0 {
        bail!(
            "{failed} of {} failed; the seeds are printed above",
            LONG.len()
        );
    }
    Ok(())
}
