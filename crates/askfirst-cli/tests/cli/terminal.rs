//! On a terminal: a person is asked, lines fit, colour can be turned off; a pipe that closes is
//! no failure.

use std::io::Read as _;
use std::process::Stdio;

use crate::home::{Home, real_log};
use crate::pty::Terminal;

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let Some(log) = real_log() else { return };
    let home = Home::new();
    home.import(&log, "--host aider").ok();
    let mut child = home
        .askfirst()
        .args([
            "report", "models", "--period", "all", "--top", "all", "--format", "json",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    let status = child.wait().unwrap();
    assert!(status.success(), "{status}: {stderr}");
    assert!(!stderr.contains("error"), "{stderr}");
}

#[test]
fn no_progress_and_no_colour_into_a_pipe() {
    let Some(log) = real_log() else { return };
    let home = Home::new();
    let ran = home.import(&log, "--host aider");
    assert!(
        !(ran.stdout.contains('\u{1b}') || ran.stderr.contains('\u{1b}')),
        "{ran:?}"
    );
}

#[test]
fn a_report_fits_the_terminal_and_begins_with_title_and_caveat() {
    let Some(home) = imported() else { return };
    for columns in [120, 80, 48, 40] {
        let (code, screen) = on(&home, AUTUMN, columns, &[("NO_COLOR", "1")]);
        assert_eq!(code, 0, "{screen}");
        assert!(screen.starts_with("Models, tokens and cost"), "{screen}");
        assert!(screen.contains("$52.61"), "{screen}");
        for line in screen.lines() {
            let cells = line.chars().count();
            assert!(
                cells <= usize::from(columns),
                "{cells} cells in {columns}: {line}"
            );
        }
    }
    let (_, wide) = on(&home, AUTUMN, 80, &[("NO_COLOR", "1")]);
    assert!(wide.contains("█"), "{wide}");
}

#[test]
fn colour_obeys_the_flag_and_the_conventions() {
    let Some(home) = imported() else { return };
    let colored = |args: &str, variables: &[(&str, &str)]| {
        on(&home, &format!("{AUTUMN} {args}"), 80, variables)
            .1
            .contains('\u{1b}')
    };
    assert!(colored("", &[]));
    assert!(!colored("", &[("NO_COLOR", "1")]));
    assert!(!colored("", &[("TERM", "dumb")]));
    assert!(!colored("--color never", &[("CLICOLOR_FORCE", "1")]));
    assert!(colored("--color always", &[("NO_COLOR", "1")]));
    assert!(colored("", &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    assert!(!colored("", &[("ASKFIRST_COLOR", "never")]));
}

#[test]
fn without_a_utf8_locale_everything_is_ascii() {
    let Some(home) = imported() else { return };
    for line in [AUTUMN, "report", "status"] {
        let (_, screen) = on(&home, line, 80, &[("LC_ALL", "C"), ("NO_COLOR", "1")]);
        assert!(screen.is_ascii(), "{line}: {screen}");
    }
    let (_, screen) = on(&home, AUTUMN, 80, &[("LC_ALL", "C"), ("NO_COLOR", "1")]);
    assert!(screen.contains("###"), "{screen}");
}

#[test]
fn removing_a_project_asks_for_its_name() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let mut terminal = start(&home, "project remove mine", 80, &[]);
    terminal.until("Type its name to go on:");
    terminal.types("yes");
    let (code, screen) = terminal.end();
    assert_eq!(code, 2, "{screen}");
    assert!(screen.contains("`yes` is not its name"), "{screen}");
    assert!(home.ok("project list").contains("mine"));
    let mut terminal = start(&home, "project remove mine", 80, &[]);
    terminal.until("Type its name to go on:");
    terminal.types("mine");
    let (code, screen) = terminal.end();
    assert_eq!(code, 0, "{screen}");
    assert!(!home.ok("project list").contains("mine"));
}

#[test]
fn serving_an_empty_directory_offers_to_make_a_project() {
    let home = Home::new();
    let mut terminal = start(&home, "serve --listen 127.0.0.1:0", 80, &[]);
    terminal.until("Which tool will send its events here?");
    terminal.types("adier");
    terminal.until("there is no host profile `adier`");
    terminal.types("aider");
    let screen = terminal.until("--analytics-posthog-project-api-key phc_");
    assert!(
        screen.contains("listening on http://127.0.0.1:"),
        "{screen}"
    );
    let id = terminal.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let (code, screen) = terminal.end();
    assert_eq!(code, 0, "{screen}");
    assert!(home.ok("project list").contains("aider"));
}

const AUTUMN: &str = "report models --from 2024-10-30 --to 2024-12-31";

fn imported() -> Option<Home> {
    let (home, log) = (Home::new(), real_log()?);
    home.import(&log, "--host aider").ok();
    Some(home)
}

fn start(home: &Home, line: &str, columns: u16, variables: &[(&str, &str)]) -> Terminal {
    let mut command = home.askfirst();
    command
        .args(line.split_whitespace())
        .env("TERM", "xterm-256color");
    command.envs(variables.iter().copied());
    Terminal::start(command, columns)
}

/// Runs to the end on a terminal; exit code and screen.
fn on(home: &Home, line: &str, columns: u16, variables: &[(&str, &str)]) -> (i32, String) {
    start(home, line, columns, variables).end()
}
