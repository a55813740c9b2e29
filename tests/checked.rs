//! Published tools as they are, run by `askfirst-run`, keep every promise of their pages, as
//! `askfirst check` sees it: from outside. The other tools are checked by
//! `cargo xtask scoreboard`.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the functions the tests share are tests too: they stop at the first surprise and say what they saw"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

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
    let runner = cache.join("askfirst-python/bin/askfirst-run");
    let program = cache.join("peers").join(program);
    let needed: [&PathBuf; 2] = [&runner, &program];
    if let Some(missing) = needed.into_iter().find(|path| !path.is_file()) {
        let missing = format!(
            "there is no {}; `cargo xtask test` makes it",
            missing.display()
        );
        assert!(!in_ci(), "{missing}");
        println!("not run: {missing}");
        return;
    }
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let check = |only: &[&str]| lines(&root, tool, [&runner, &program], only);
    let all = check(&[]);
    assert_eq!(all.len(), 36);
    let first: Vec<&Value> = all.iter().filter(|line| line["verdict"] != "ok").collect();
    if first.is_empty() {
        return;
    }
    // Of aider one run in hundreds is ended by a signal: what is broken is broken twice.
    let numbers: Vec<&str> = first
        .iter()
        .filter_map(|it| it["number"].as_str())
        .collect();
    println!("looked at again: {numbers:?}: {first:#?}");
    let again = check(&numbers);
    assert!(
        again.iter().all(|line| line["verdict"] == "ok"),
        "{again:#?}"
    );
}

/// What `askfirst check` says of a tool, of these promises or of all.
fn lines(root: &Path, tool: &str, command: [&PathBuf; 2], only: &[&str]) -> Vec<Value> {
    let mut check = Command::new(env!("CARGO_BIN_EXE_askfirst"));
    check
        .current_dir(root)
        .args(["check", "--quick", "--format", "json", "--jobs", JOBS]);
    if !only.is_empty() {
        check.arg("--only").arg(only.join(","));
    }
    let output = check
        .arg("--drive")
        .arg(format!("hosts/drive/{tool}-askfirst.toml"))
        .arg("--")
        .args(command)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("no report ({error}): {said}"));
    report["lines"].as_array().unwrap().clone()
}

#[expect(
    clippy::disallowed_methods,
    reason = "whether something missing is a failure"
)]
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}
