//! Several processes on one home.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Stdio};

use crate::home::Home;

/// Starts many that all wait, and lets them go at once.
fn at_once(home: &Home, runs: &[&[&str]]) -> Vec<String> {
    let mut children: Vec<Child> = runs.iter().map(|args| waiting(home, args)).collect();
    for child in &mut children {
        let mut line = String::new();
        BufReader::with_capacity(1, child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, "ready\n");
    }
    for child in &mut children {
        writeln!(child.stdin.as_mut().unwrap(), "go").unwrap();
    }
    let ends = children
        .into_iter()
        .map(|child| child.wait_with_output().unwrap());
    ends.map(|output| {
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    })
    .collect()
}

fn waiting(home: &Home, args: &[&str]) -> Child {
    let mut command = home.command(&[&["--wait"], args].concat());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn p05_whoever_disables_among_many_it_is_a_no_in_the_end() {
    for _ in 0..5 {
        let home = Home::agreed();
        let runs: [&[&str]; 6] = [
            &["--analytics"],
            &["--analytics-disable"],
            &["--analytics-reset"],
            &[],
            &["--analytics-reset"],
            &["--analytics"],
        ];
        at_once(&home, &runs);
        assert!(home.state("analytics.disabled").exists());
        assert!(
            !home.state("askfirst.json").exists(),
            "no key is left behind"
        );
        assert!(home.said(&["--analytics"]).0.contains("off, row 3"));
    }
}

#[test]
fn p17_p04_many_that_draw_a_key_at_once_have_one_id() {
    let home = Home::agreed();
    for _ in 0..5 {
        home.said(&["--analytics-reset"]);
        let ends = at_once(&home, &[&[], &[], &[], &[], &[], &[]]);
        let mut ids: Vec<&String> = ends.iter().collect();
        ids.dedup();
        assert_eq!(ids.len(), 1, "{ends:?}");
        assert!(ids[0].contains("on, row 7"), "{ends:?}");
    }
}

#[test]
fn p08_two_processes_that_draw_at_once_draw_once() {
    // Only who could be asked draws, so both need a terminal.
    for _ in 0..5 {
        let home = Home::new();
        let mut both: Vec<_> = (0..2).map(|_| home.ask(&["--wait"])).collect();
        for terminal in &mut both {
            terminal.until("ready");
        }
        for terminal in &mut both {
            terminal.types("go");
        }
        for mut terminal in both {
            terminal.answers_nothing("off, row");
            let (code, screen) = terminal.end();
            assert!(code == 0 && screen.contains("off, row 1"), "{screen}");
        }
        let stored = std::fs::read_to_string(home.state("askfirst.json")).unwrap();
        assert_eq!(stored.matches("\"draw\"").count(), 1, "{stored}");
    }
}

#[test]
fn p08_a_thousand_starts_draw_once() {
    let home = Home::new();
    let draw = |home: &Home| {
        let stored = std::fs::read_to_string(home.state("askfirst.json")).unwrap();
        let value: serde_json::Value = serde_json::from_str(&stored).unwrap();
        value["draw"].as_str().unwrap().to_owned()
    };
    let once = |home: &Home| {
        let mut terminal = home.ask(&[]);
        terminal.answers_nothing("off, row");
        terminal.end();
    };
    once(&home);
    let first = draw(&home);
    for _ in 0..20 {
        once(&home);
    }
    assert_eq!(draw(&home), first, "a thousand of them are tried in memory");
}
