//! A check that cannot fail is none: before a tool that breaks everything, every one of them
//! says so.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "the functions the tests share are tests too: they stop at the first surprise"
)]

use std::ffi::OsString;
use std::path::Path;

use askfirst_catalog::{Catalog, Profile};
use askfirst_check::bench::{Bench, Subject};
use askfirst_check::report::{BegunAnew, Report};
use askfirst_check::{Drive, Line, PROMISES, Plan, Verdict};

/// 2026-11-21.
const TODAY: i32 = 20_778;

fn checked(more: &[&str], only: &[&str]) -> Vec<Line> {
    checked_as("", more, only)
}

/// With something more at the head of the drive file.
fn checked_as(said: &str, more: &[&str], only: &[&str]) -> Vec<Line> {
    report(said, more, only).lines
}

fn report(said: &str, more: &[&str], only: &[&str]) -> Report {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_host");
    let text = std::fs::read_to_string(dir.join("drive.toml")).unwrap();
    let text = format!("{said}\n{text}");
    let mut command: Vec<OsString> = vec!["python3".into(), dir.join("bad_host.py").into()];
    command.extend(more.iter().map(|word| OsString::from(*word)));
    #[expect(clippy::disallowed_methods, reason = "where python3 is found")]
    let path = std::env::var_os("PATH");
    let bench = Bench::new(Subject {
        command,
        drive: Drive::parse("drive.toml", &text).unwrap(),
        drive_dir: dir,
        profile_name: "aider".to_owned(),
        profile: Profile::builtin("aider").unwrap(),
        catalog: Catalog::builtin(),
        path,
        today: TODAY,
    })
    .unwrap();
    let plan = Plan {
        only: only.iter().map(|number| (*number).to_owned()).collect(),
        jobs: 12,
    };
    let lines = askfirst_check::run(&bench, &plan, &|_| {}).unwrap();
    Report::new("bad host", "aider", lines, bench.begun_anew())
}

fn not_broken(lines: &[Line]) -> Vec<String> {
    let kept = lines.iter().filter(|line| line.verdict != Verdict::Broken);
    kept.map(|line| format!("{} {:?}: {:#?}", line.number, line.verdict, line.findings))
        .collect()
}

#[test]
fn every_check_reports_the_tool_that_breaks_everything() {
    let all: Vec<&str> = PROMISES.iter().map(|(number, _)| *number).collect();
    let but_deaf: Vec<&str> = all.into_iter().filter(|number| *number != "B14").collect();
    let lines = checked(&[], &but_deaf);
    assert_eq!(lines.len(), 35);
    assert_eq!(not_broken(&lines), Vec::<String>::new());
}

#[test]
fn b14_flags_that_do_nothing_are_reported_and_nothing_else_is_called_kept() {
    let numbers = ["B14", "P01", "P05", "P06", "P07", "P11", "B04", "B13"];
    let lines = checked(&["--deaf"], &numbers);
    let verdict = |number: &str| {
        lines
            .iter()
            .find(|line| line.number == number)
            .unwrap()
            .verdict
    };
    for deaf in ["B14", "P05", "P06", "P11"] {
        assert_eq!(
            verdict(deaf),
            Verdict::Broken,
            "{deaf}: a flag was typed and did nothing"
        );
    }
    for silent in ["P01", "P07", "B04", "B13"] {
        assert_eq!(
            verdict(silent),
            Verdict::NotApplicable,
            "{silent}: silence keeps no promise"
        );
    }
}

#[test]
fn p01_a_tool_that_collects_and_never_asks_is_reported() {
    let lines = checked(&["--rude"], &["P01", "P06", "B07"]);
    assert_eq!(not_broken(&lines), Vec::<String>::new());
}

const ABORTS: &str = "aborts_by_itself = true";

fn evidence(lines: &[Line]) -> String {
    let [line] = lines else {
        panic!("{lines:?}");
    };
    assert_eq!(line.verdict, Verdict::Broken);
    let findings = line.findings.iter().map(|it| it.evidence.as_str());
    findings.collect::<Vec<_>>().join("\n")
}

#[test]
fn b07_a_check_of_a_tool_that_fell_by_itself_begins_anew_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let fallen = folder.path().join("fallen");
    let once = ["--aborts-once", fallen.to_str().unwrap()];
    let fell = report(ABORTS, &once, &["B07"]);
    let said = evidence(&fell.lines);
    assert!(said.contains("attempts with an aborted run: 1"), "{said}");
    assert!(fell.text().contains("begun anew: B07 "), "{}", fell.text());
    assert!(fallen.exists(), "it did fall");
    // Stood from the beginning, nothing of the kind is said.
    let stood = report(ABORTS, &once, &["B07"]);
    let said = evidence(&stood.lines) + &stood.text();
    assert!(!said.contains("aborted"), "{said}");
}

#[test]
fn what_checks_share_is_begun_anew_too_and_the_report_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for (at, only, shared) in [
        ("analytics", "B15", "a person's yes"),
        ("analytics-log", "P02", "a day's work"),
    ] {
        let fallen = folder.path().join(only);
        let once = ["--aborts-once", fallen.to_str().unwrap(), "--aborts-at", at];
        let fell = report(ABORTS, &once, &[only]);
        assert!(fallen.exists(), "it did fall");
        let begun = BegunAnew {
            what: format!("{shared}, which checks share"),
            given_up: 1,
        };
        assert_eq!(fell.begun_anew, [begun]);
        let said = format!("begun anew: {shared}, which checks share (attempts with an aborted");
        assert!(fell.text().contains(&said), "{}", fell.text());
    }
}

#[test]
fn b10_of_a_check_of_many_runs_the_part_with_the_fallen_one_alone_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let fallen = folder.path().join("fallen");
    let once = ["--aborts-once", fallen.to_str().unwrap()];
    let once = [&once[..], &["--aborts-at", "no-analytics"]].concat();
    let fell = report(ABORTS, &once, &["B10"]);
    assert!(fallen.exists(), "it did fall");
    let begun = BegunAnew {
        what: "a run with `--no-analytics` before a collector that answers".to_owned(),
        given_up: 1,
    };
    assert_eq!(fell.begun_anew, [begun]);
}

#[test]
fn b10_a_tool_that_falls_in_every_attempt_is_reported_whatever_its_drive_file_says() {
    let fell = report(ABORTS, &["--aborts"], &["B07", "B10", "B15"]);
    assert_eq!(not_broken(&fell.lines), Vec::<String>::new());
    for line in fell.lines {
        let said = evidence(&[line]);
        assert!(said.contains("each of 5 attempts"), "{said}");
    }
    // What two of them share is attempted once for both.
    let begun = ["B07", "a person's yes, which checks share"].map(|what| BegunAnew {
        what: what.to_owned(),
        given_up: 5,
    });
    assert_eq!(fell.begun_anew, begun);
}
