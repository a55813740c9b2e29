use super::*;

/// What a program that is started here ignores.
const SHOW: &str = "grep SigIgn /proc/self/status";

fn shown(input: Input) -> String {
    let mut command = Command::new("sh");
    command.args(["-c", SHOW]);
    let running = Running::start(command, input, "signals", String::new()).unwrap();
    running.finish(Duration::from_secs(60)).stdout
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
