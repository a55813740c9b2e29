//! On a terminal: a person is asked, lines fit, colour can be turned off; a pipe that closes is
//! no failure.

use std::io::Read as _;
use std::process::Stdio;

use crate::home::{Home, real_log};

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
