//! `askfirst demo`: a simulated population through the real collector, and back out of its
//! reports.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::tempdir;

use crate::collector::{json, lines, run, wait};

/// How long a test waits for a line before it gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a demo printed, and what it said on the way.
struct Shown {
    reports: String,
    said: String,
}

/// The demo as a person types it, with its temporary files in `folder`.
fn demo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_askfirst"));
    command
        .env_clear()
        .env("HOME", folder)
        .env("TMPDIR", folder)
        .args(["demo", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// 30 installs over 8 weeks, kept in `data`.
fn small(folder: &Path, data: &Path, seed: &str) -> Shown {
    let size = ["--installs", "30", "--weeks", "8", "--once"];
    let output = demo(folder, &size)
        .args(["--seed", seed, "--data"])
        .arg(data)
        .output()
        .unwrap();
    let shown = Shown {
        reports: String::from_utf8(output.stdout).unwrap(),
        said: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(output.status.success(), "{}{}", shown.reports, shown.said);
    shown
}

#[test]
fn equal_seeds_give_equal_reports_that_count_every_accepted_event_and_say_simulated() {
    let folder = tempdir().unwrap();
    let data = |name: &str| folder.path().join(name);
    let first = small(folder.path(), &data("first"), "7");
    let again = small(folder.path(), &data("again"), "7");
    let other = small(folder.path(), &data("other"), "8");
    assert_eq!(first.reports, again.reports);
    assert_ne!(first.reports, other.reports);
    assert!(
        first.said.contains("Simulated population"),
        "{}",
        first.said
    );

    let data = data("first");
    let status = json(&data, &["status"]);
    let outcomes = &status["projects"][0]["outcomes"];
    let accepted = outcomes["accepted"]["accepted"].as_u64().unwrap();
    assert!(accepted > 1_000, "{status:#}");
    assert_eq!(status["projects"][0]["events"], accepted);
    let filtered = outcomes["filtered"].as_object();
    let too_old = filtered.and_then(|reasons| reasons.get("too_old"));
    assert_eq!(too_old, None, "{status:#}");

    let all = json(&data, &["report", "activity", "--period", "all"]);
    let days = all["rows"].as_array().unwrap();
    let counted: u64 = days.iter().filter_map(|row| row["events"].as_u64()).sum();
    assert_eq!(counted, accepted, "{all:#}");
    for (report, _) in reports(&data) {
        says_simulated(&data, &first.reports, &report);
    }
}

/// The reports there are.
fn reports(data: &Path) -> Vec<(String, Value)> {
    let list = json(data, &["report"]);
    let of = |report: &Value| (report["name"].as_str().unwrap().to_owned(), report.clone());
    list["reports"].as_array().unwrap().iter().map(of).collect()
}

/// In what the demo printed, and in every format of the same report asked for later.
fn says_simulated(data: &Path, printed: &str, report: &str) {
    let head = format!("$ askfirst report {report}  # simulated\n");
    // A line for every day is too long to begin with.
    assert_eq!(
        printed.contains(&head),
        report != "activity",
        "{report} in:\n{printed}"
    );
    for format in ["csv", "json"] {
        let text = run(data, &["report", report, "--format", format]);
        assert!(
            text.to_lowercase().contains("simulated"),
            "{report} as {format}:\n{text}"
        );
    }
}

/// Waits for a line with `words`, presses Ctrl-C, and waits for the end.
fn interrupt_at(words: &str, mut child: Child, printed: &Receiver<String>) -> Vec<String> {
    while !printed.recv_timeout(PATIENCE).unwrap().contains(words) {}
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let (status, rest) = wait(&mut child, printed);
    assert!(status.success(), "{status}: {rest:?}");
    rest
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    entries.map(|it| name(it).into_string().unwrap()).collect()
}

#[test]
fn ctrl_c_while_it_sends_leaves_no_data_behind() {
    let folder = tempdir().unwrap();
    let mut command = demo(folder.path(), &["--installs", "20000"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = lines(child.stderr.take().unwrap());
    let rest = interrupt_at("Sending", child, &said);
    assert!(rest.iter().any(|it| it.contains("is removed")), "{rest:?}");
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn ctrl_c_while_it_shows_the_page_leaves_no_data_behind() {
    let folder = tempdir().unwrap();
    let mut command = demo(folder.path(), &["--installs", "10", "--weeks", "1"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let printed = lines(child.stdout.take().unwrap());
    interrupt_at("listening on http://127.0.0.1:", child, &printed);
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn a_directory_with_anything_in_it_is_left_alone() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("notes"), "mine").unwrap();
    let mut command = demo(folder.path(), &["--once", "--data"]);
    let output = command.arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is not a new or empty directory"), "{said}");
    assert_eq!(names(folder.path()), ["notes"]);
}

#[test]
fn the_directory_of_the_environment_is_somebodys_and_not_the_demos() {
    let folder = tempdir().unwrap();
    let real = folder.path().join("real");
    let size = ["--installs", "5", "--weeks", "1", "--once"];
    let mut command = demo(folder.path(), &size);
    let output = command.env("ASKFIRST_DATA", &real).output().unwrap();
    assert!(output.status.success());
    assert!(!real.exists());
}
