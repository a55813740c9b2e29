//! All the checks, or some.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::PROMISES;
use crate::bench::Bench;
use crate::bench::anew::Stood;
use crate::checks;
use crate::error::Error;
use crate::verdict::{Finding, Line, Verdict};

/// What to check, and how.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The numbers; all, if there are none.
    pub only: Vec<String>,
    /// How many checks run at once. Those that measure time run alone, of these.
    pub jobs: usize,
}

/// Numbers whose evidence is a time.
const TIMED: [&str; 1] = ["B09"];

/// Checks one tool. `progress` is told each number as it is done.
///
/// # Errors
///
/// If the bench itself fails: a tool that cannot be started, no terminal to be had.
pub fn run(
    bench: &Bench,
    plan: &Plan,
    progress: &(dyn Fn(&Line) + Sync),
) -> Result<Vec<Line>, Error> {
    let wanted = |number: &str| plan.only.is_empty() || plan.only.iter().any(|only| only == number);
    let (timed, other): (Vec<_>, Vec<_>) = PROMISES
        .iter()
        .copied()
        .filter(|(number, _)| wanted(number))
        .partition(|(number, _)| TIMED.contains(number));
    let mut lines = Vec::new();
    for (number, promise) in timed {
        let line = one(bench, number, promise)?;
        progress(&line);
        lines.push(line);
    }
    lines.extend(together(bench, &other, plan.jobs.max(1), progress)?);
    lines.sort_by_key(|line| {
        PROMISES
            .iter()
            .position(|(number, _)| *number == line.number)
    });
    Ok(lines)
}

fn together(
    bench: &Bench,
    numbers: &[(&'static str, &'static str)],
    jobs: usize,
    progress: &(dyn Fn(&Line) + Sync),
) -> Result<Vec<Line>, Error> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((number, promise)) = numbers.get(next.fetch_add(1, Ordering::SeqCst)) {
            let line = one(bench, number, promise);
            if let Ok(line) = &line {
                progress(line);
            }
            if let Ok(mut done) = done.lock() {
                done.push(line);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(work);
        }
    });
    done.into_inner().unwrap_or_default().into_iter().collect()
}

fn one(bench: &Bench, number: &'static str, promise: &'static str) -> Result<Line, Error> {
    if let Some(why) = bench.drive.not_applicable.get(number) {
        let finding = Finding::not_applicable(promise, format!("{why} (says the drive file)"));
        return Ok(Line::new(number, promise, vec![finding]));
    }
    let Some(check) = checks::of(number) else {
        return Ok(Line::new(number, promise, Vec::new()));
    };
    let findings = match bench.anew.until_it_stands(number, || check(bench)) {
        Ok(Stood { of, given_up }) => with_what_was_given_up(of, given_up),
        Err(Error::NotApplicable(why)) => vec![Finding::not_applicable(promise, why)],
        Err(fell @ Error::NeverStood { .. }) => {
            vec![Finding::unless(Some(fell.to_string()), STANDS)]
        }
        Err(error) => return Err(error),
    };
    Ok(Line::new(number, promise, findings))
}

/// What a tool does that falls by itself now and then.
const STANDS: &str = "in one attempt of some no run of it is aborted";

/// A report says where it is of a second attempt.
fn with_what_was_given_up(mut findings: Vec<Finding>, given_up: usize) -> Vec<Finding> {
    let looked_at = |it: &Finding| it.verdict != Verdict::NotApplicable;
    if given_up > 0 && findings.iter().any(looked_at) {
        let begun = format!("begun anew, attempts with an aborted run: {given_up}");
        findings.push(Finding::unless(None, STANDS).with(begun));
    }
    findings
}
