//! `cargo xtask test`: what the tests need, then every test, then one line.
//!
//! `cargo test` ends with the last crate's doc tests, which says nothing about
//! the rest, and the Python package is tested by pytest. So the results are added
//! up and the sum is the last line.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{setup, wheel, workspace};

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

    /// Adds the line pytest ends with: `1 failed, 40 passed, 2 skipped in 3.21s`.
    fn add_pytest(&mut self, line: &str) {
        let counts = line.split(" in ").next().unwrap_or(line);
        for count in counts.split(", ") {
            let mut words = count.split(' ');
            let number = words.next().and_then(|word| word.parse::<u64>().ok());
            match (number, words.next()) {
                (Some(number), Some("passed")) => self.passed += number,
                (Some(number), Some("failed" | "error" | "errors")) => self.failed += number,
                (Some(number), Some("skipped")) => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// Runs everything; with `arguments`, only the tests they name to `cargo test --workspace`.
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
    let package = arguments.is_empty() && wheel::environment_is_there();
    // Before the flow tests, which run tools with it.
    if package {
        wheel::install(wheel::Profile::Dev)?;
    }
    let start = Instant::now();
    let mut totals = Totals::default();
    let mut ended = vec![("cargo test", cargo_test(arguments, &mut totals)?)];
    if package {
        ended.push(("pytest", pytest(&mut totals)?));
    }
    println!("\ntest: {} s", start.elapsed().as_secs());
    println!(
        "{} passed, {} failed, {} skipped",
        totals.passed, totals.failed, totals.ignored
    );
    verdict(&ended, &totals)
}

/// How it ended: what failed comes before that nothing ran, which may be why.
fn verdict(ended: &[(&str, ExitStatus)], totals: &Totals) -> Result<()> {
    if let Some((what, status)) = ended.iter().find(|(_, status)| !status.success()) {
        bail!("{what} failed ({status}); what failed is named above");
    }
    if totals.passed + totals.failed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

fn cargo_test(arguments: &[String], totals: &mut Totals) -> Result<ExitStatus> {
    let mut command = workspace::cargo();
    command
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .args(arguments);
    lines_of(&mut command, |line| totals.add(line))
}

/// Runs the tests of the Python package over what is installed.
fn pytest(totals: &mut Totals) -> Result<ExitStatus> {
    let mut last = String::new();
    let mut command = Command::new(wheel::environment().join("bin/python"));
    command
        .current_dir(workspace::root())
        .args(["-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider"])
        .arg(wheel::CRATE.to_owned() + "/tests")
        // What is compiled would lie between the sources.
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let status = lines_of(&mut command, |line| {
        if !line.is_empty() {
            line.clone_into(&mut last);
        }
    })?;
    totals.add_pytest(&last);
    Ok(status)
}

/// Runs a command to its end, shows its standard output and gives each line of it.
fn lines_of(command: &mut Command, mut each: impl FnMut(&str)) -> Result<ExitStatus> {
    let shown = workspace::shown(command);
    println!("test: {shown}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {shown}"))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.with_context(|| format!("cannot read what {shown} prints"))?;
            each(&line);
            println!("{line}");
        }
    }
    child
        .wait()
        .with_context(|| format!("cannot wait for {shown}"))
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

    #[cfg(unix)]
    #[test]
    fn what_failed_is_said_before_that_nothing_ran() {
        use std::os::unix::process::ExitStatusExt as _;

        let (well, failed) = (ExitStatus::default(), ExitStatus::from_raw(101 << 8));
        let said = |ended: &[(&str, ExitStatus)], passed, failed| {
            let ignored = 0;
            let totals = Totals {
                passed,
                failed,
                ignored,
            };
            verdict(ended, &totals).map_err(|error| error.to_string())
        };
        let broken = |what| {
            Err(format!(
                "{what} failed (exit status: 101); what failed is named above"
            ))
        };
        // A compile error, and the one test that was named.
        assert_eq!(said(&[("cargo test", failed)], 0, 0), broken("cargo test"));
        assert_eq!(said(&[("cargo test", failed)], 0, 1), broken("cargo test"));
        let both = [("cargo test", well), ("pytest", failed)];
        assert_eq!(said(&both, 7, 0), broken("pytest"));
        assert_eq!(
            said(&[("cargo test", well)], 0, 0),
            Err("no test ran".to_owned())
        );
        assert_eq!(said(&[("cargo test", well)], 1, 0), Ok(()));
    }

    #[test]
    fn what_pytest_ends_with_is_added_too() {
        let mut totals = Totals::default();
        totals
            .add_pytest("1 failed, 40 passed, 2 skipped, 3 warnings, 2 errors in 63.21s (0:01:03)");
        totals.add_pytest("7 passed in 0.12s");
        totals.add_pytest("no tests ran in 0.01s");
        assert_eq!(
            totals,
            Totals {
                passed: 47,
                failed: 3,
                ignored: 2
            }
        );
    }
}
