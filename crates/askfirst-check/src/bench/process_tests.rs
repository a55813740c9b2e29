use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// What a program that is started here ignores.
const SHOW: &str = "grep SigIgn /proc/self/status";

const LONG: Duration = Duration::from_secs(60);

static RUNS: AtomicUsize = AtomicUsize::new(0);

/// A run by a mark of its own: whatever carries it is ended with the run.
fn running(script: &str, input: Input) -> Running {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    let run = RUNS.fetch_add(1, Ordering::SeqCst);
    let mark = format!("test-{}-{run}", std::process::id());
    Running::start(command, input, &mark, String::new()).unwrap()
}

fn shown(input: Input) -> String {
    running(SHOW, input).finish(LONG).stdout
}

#[test]
#[cfg(target_os = "linux")]
fn a_tool_ignores_no_signal_at_its_start() {
    for input in [Input::Nothing, Input::Terminal(80)] {
        let shown = shown(input);
        // The last sixteen, of which each is a bit: those that people and shells send.
        assert!(shown.trim_end().ends_with("0000"), "{input:?}: {shown}");
    }
}

/// That test again, started as a script starts what is to go on without it.
#[test]
#[cfg(target_os = "linux")]
fn nor_where_this_was_started_to_ignore_some() {
    let output = Command::new("sh")
        .args(["-c", "trap '' HUP INT QUIT TERM; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .arg("--exact")
        .arg("bench::process::tests::a_tool_ignores_no_signal_at_its_start")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn a_run_that_ends_leaves_those_beside_it_alone() {
    let mut waits = running("read word; exit 3", Input::Pipe);
    for input in [Input::Nothing, Input::Terminal(80)] {
        assert_eq!(running("exit 4", input).finish(LONG).code, Some(4));
        drop(running("sleep 60", input));
    }
    waits.types("word\n");
    let ended = waits.finish(LONG);
    assert_eq!(ended.code, Some(3), "{}", ended.end());
}
