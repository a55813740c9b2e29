//! `cargo xtask test`: what the tests need, then every test, then one line.
//!
//! `cargo test` ends with the last crate's doc tests, which says nothing about
//! the rest. So the results are added up and the sum is the last line.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{setup, workspace};

/// Sums of the `test result:` lines.
#[derive(Default, Debug, PartialEq, Eq)]
struct Totals {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Totals {
    /// Adds a line like `test result: ok. 12 passed; 0 failed; 1 ignored; ...`.
    fn add(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else {
            return;
        };
        let counts = counts.split_once(". ").map_or(counts, |(_, rest)| rest);
        for count in counts.split("; ") {
            let mut words = count.split(' ');
            let number = words.next().and_then(|word| word.parse::<u64>().ok());
            match (number, words.next()) {
                (Some(number), Some("passed")) => self.passed += number,
                (Some(number), Some("failed")) => self.failed += number,
                (Some(number), Some("ignored")) => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// Runs everything; `arguments` go to `cargo test --workspace`.
///
/// # Errors
///
/// If a test fails, none ran, or in CI something the tests need is missing.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let missing = setup::run()?;
    if workspace::in_ci() && !missing.is_empty() {
        bail!("in CI every test runs; what is missing is listed above");
    }
    if !workspace::root().join("../shared").is_dir() {
        println!(
            "test: there is no ../shared beside this clone; tests that compare with its data say so and pass"
        );
    }
    let mut command = workspace::cargo();
    command
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    println!("test: {}", workspace::shown(&command));
    let start = Instant::now();
    let mut child = command.spawn().context("cannot start cargo")?;
    let mut totals = Totals::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.context("cannot read what cargo test prints")?;
            totals.add(&line);
            println!("{line}");
        }
    }
    let status = child.wait().context("cannot wait for cargo test")?;
    println!("\ntest: {} s", start.elapsed().as_secs());
    println!(
        "{} passed, {} failed, {} skipped",
        totals.passed, totals.failed, totals.ignored
    );
    if !status.success() {
        bail!("cargo test failed ({status}); the failing tests are named above");
    }
    if totals.passed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_crates_are_added_up() {
        let mut totals = Totals::default();
        for line in [
            "running 3 tests",
            "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 40 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.01s",
        ] {
            totals.add(line);
        }
        assert_eq!(
            totals,
            Totals {
                passed: 42,
                failed: 2,
                ignored: 1
            }
        );
    }
}
