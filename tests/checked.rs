//! Published tools as they are, run by `askfirst-run`, keep every promise of their pages, as
//! `askfirst check` sees it: from outside. The other tools are checked by
//! `cargo xtask scoreboard`.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the functions the tests share are tests too: they stop at the first surprise and say what they saw"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

#[path = "flows/runner.rs"]
mod runner;

/// Checks run at once: half of their time is waiting.
const JOBS: &str = "3";

/// One tool at a time: what is checked is also whether it keeps its user waiting.
static ONE: Mutex<()> = Mutex::new(());

#[test]
fn aider_keeps_every_promise_on_askfirst() {
    keeps_all("aider", "aider-0.86.2/bin/aider");
}

#[test]
fn cecli_keeps_every_promise_on_askfirst() {
    keeps_all("cecli", "cecli-1.10.0/bin/cecli");
}

/// Nothing is broken, and nothing is excused.
fn keeps_all(tool: &str, program: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cache = root.canonicalize().unwrap().join(".cache");
    let Some(runner) = runner::runner(in_ci()) else {
        return;
    };
    let program = cache.join("peers").join(program);
    if !program.is_file() {
        let missing = format!("there is no {}; run `cargo xtask setup`", program.display());
        assert!(!in_ci(), "{missing}");
        println!("not run: {missing}");
        return;
    }
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let output = Command::new(env!("CARGO_BIN_EXE_askfirst"))
        .current_dir(&root)
        .args(["check", "--quick", "--format", "json", "--jobs", JOBS])
        .arg("--drive")
        .arg(format!("hosts/drive/{tool}-askfirst.toml"))
        .arg("--")
        .args([&runner, &program])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("no report ({error}): {said}"));
    let lines = report["lines"].as_array().unwrap();
    let not_ok: Vec<&Value> = lines
        .iter()
        .filter(|line| line["verdict"] != "ok")
        .collect();
    assert!(not_ok.is_empty(), "{not_ok:#?}");
    assert_eq!(lines.len(), 36);
    // A line is ok if anything of it could be looked at; of this one, all can.
    let arrives = lines.iter().find(|line| line["number"] == "B13").unwrap();
    let findings = arrives["findings"].as_array().unwrap();
    let unseen: Vec<&Value> = findings.iter().filter(|it| it["verdict"] != "ok").collect();
    assert!(unseen.is_empty(), "{unseen:#?}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "whether something missing is a failure"
)]
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}
