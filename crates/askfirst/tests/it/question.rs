//! The question on a real terminal.

use rustix::process::{Pid, Signal, kill_process};

use crate::home::{Home, ON};
use crate::pty::Terminal;

const QUESTION: &str = "\
Aider respects your privacy and never collects your code, prompts, chats, keys or any personal
info.
For more info: https://aider.chat/docs/more/analytics.html
Allow collection of anonymous analytics to help improve aider? (Y)es/(N)o [Yes]: ";

#[test]
fn p09_the_question_is_the_pages_and_a_yes_is_on() {
    let home = Home::new();
    let mut terminal = home.ask(&["--analytics"]);
    terminal.until("[Yes]: ");
    terminal.types("yes");
    let (code, screen) = terminal.end();
    assert_eq!(code, 0);
    assert!(
        screen.starts_with(&format!("ready\n{QUESTION}yes\n")),
        "{screen}"
    );
    assert!(screen.contains("Analytics are on. To turn them off: `aider --no-analytics`"));
    assert!(screen.contains("\non, row 8, "), "{screen}");
    // The next start is on by itself, with a terminal or without.
    let (out, err) = home.said(&[]);
    assert!(out.starts_with(ON), "{out}{err}");
}

#[test]
fn p10_a_no_disables_for_good() {
    let home = Home::new();
    let mut terminal = home.ask(&["--analytics"]);
    terminal.until("[Yes]: ");
    terminal.types("N");
    let (_, screen) = terminal.end();
    assert!(
        screen.contains("Analytics are permanently disabled: "),
        "{screen}"
    );
    assert_eq!(
        std::fs::read(home.state("analytics.disabled")).unwrap(),
        b""
    );
    let (_, screen) = home.ask(&["--analytics"]).end();
    assert!(
        screen.contains("Analytics stay off: they are disabled"),
        "{screen}"
    );
}

#[test]
fn p09_a_question_mark_explains_and_asks_again() {
    let home = Home::new();
    let mut terminal = home.ask(&["--analytics"]);
    terminal.until("[Yes]: ");
    terminal.types("?");
    terminal.until("\"user_id\"");
    terminal.until("Received by: ");
    terminal.until("}\r\n\r\nAllow collection of anonymous analytics");
    terminal.types("n");
    assert!(terminal.end().1.contains("permanently disabled"));
}

#[test]
fn b05_what_was_typed_before_the_question_is_not_its_answer() {
    let home = Home::new();
    let mut terminal = home.ask(&["--analytics", "--wait"]);
    terminal.until("ready");
    // One line for the tool, which waits for it, and three that nobody has read when the
    // question comes.
    terminal.types("go\n\ny\nyes");
    terminal.until("[Yes]: ");
    terminal.types("n");
    let (_, screen) = terminal.end();
    assert!(screen.contains("permanently disabled"), "{screen}");
}

#[test]
fn b05_end_of_input_is_no_answer() {
    let home = Home::new();
    let mut terminal = home.ask(&["--analytics"]);
    terminal.until("[Yes]: ");
    terminal.presses(b"\x04");
    let (code, screen) = terminal.end();
    assert_eq!(code, 0, "the program goes on");
    assert!(screen.contains("\noff, row 8, no id"), "{screen}");
    let stored = std::fs::read_to_string(home.state("askfirst.json")).unwrap();
    assert_eq!(stored, "{\n  \"version\": 1,\n  \"attempts\": 1\n}\n");
    assert!(!home.state("analytics.disabled").exists());
}

#[test]
fn b05_a_signal_is_no_answer_and_does_what_it_does_in_the_host() {
    let home = Home::new();
    let mut terminal = home.ask(&["--analytics"]);
    terminal.until("[Yes]: ");
    interrupt(&terminal);
    let (code, _) = terminal.end();
    assert_eq!(code, -1, "this host has no handler: it is killed");
    let stored = std::fs::read_to_string(home.state("askfirst.json")).unwrap();
    assert!(
        stored.contains("\"attempts\": 1"),
        "counted before it was shown"
    );
    assert!(!stored.contains("yes") && !home.state("analytics.disabled").exists());
}

/// That test again, started as a script starts what is to go on without it.
#[test]
#[cfg(target_os = "linux")]
fn b05_a_signal_does_the_same_where_the_tests_were_started_to_ignore_it() {
    let output = std::process::Command::new("sh")
        .args(["-c", "trap '' INT; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .arg("--exact")
        .arg("question::b05_a_signal_is_no_answer_and_does_what_it_does_in_the_host")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
}

fn interrupt(terminal: &Terminal) {
    let id = Pid::from_raw(i32::try_from(terminal.id()).unwrap()).unwrap();
    kill_process(id, Signal::INT).unwrap();
}

#[test]
fn b05_anything_else_asks_again_twice_and_then_counts_as_unanswered() {
    let home = Home::new();
    let mut terminal = home.ask(&["--analytics"]);
    for _ in 0..3 {
        terminal.until_anew("[Yes]: ");
        terminal.types("perhaps");
    }
    let (_, screen) = terminal.end();
    assert!(screen.contains("\noff, row 8, no id"), "{screen}");
    assert_eq!(screen.matches("Please answer yes or no").count(), 2);
}

#[test]
fn b05_nobody_is_asked_without_a_terminal_or_by_an_agent_or_with_yes_always() {
    let home = Home::new();
    let (out, err) = home.said(&["--analytics"]);
    assert!(out.contains("off, row 9"), "{out}");
    assert!(
        err.contains("there is no terminal to ask at. To opt in, run"),
        "{err}"
    );
    let (_, screen) = home.ask(&["--analytics", "--yes-always"]).end();
    assert!(
        screen.contains("told to answer its own questions"),
        "{screen}"
    );
    let mut agent = home.command(&["--analytics"]);
    agent.env("CLAUDECODE", "1");
    let (_, screen) = Terminal::start(agent, 120).end();
    assert!(
        screen.contains("a coding agent runs this (Claude Code)"),
        "{screen}"
    );
    assert!(home.files().is_empty(), "nothing was written");
}

#[test]
fn p09_the_lines_fit_a_narrow_terminal() {
    let home = Home::new();
    let mut terminal = Terminal::start(home.command(&["--analytics"]), 60);
    terminal.until("[Yes]: ");
    terminal.types("n");
    let (_, screen) = terminal.end();
    let statement = screen
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with("Analytics"));
    assert!(statement.clone().all(|line| line.len() <= 60), "{screen}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&screen).contains(&words(QUESTION)), "{screen}");
}

#[test]
fn stdout_is_the_hosts_alone() {
    let home = Home::new();
    let plain = home.said(&["--no-analytics"]).0.replace("row 2", "row N");
    for args in [&["--analytics"][..], &["--analytics-disable"], &[]] {
        let out = home.said(args).0;
        let row = out.split("row ").nth(1).unwrap().split(',').next().unwrap();
        assert_eq!(out.replace(&format!("row {row}"), "row N"), plain);
    }
}
