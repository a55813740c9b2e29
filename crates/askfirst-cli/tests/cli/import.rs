//! Existing logs go in once, whole, and again without a trace.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::json;

use crate::home::{Home, files, line, real_log};

#[test]
fn the_published_log_is_stored_but_for_one_unknown_event() {
    let (home, Some(log)) = (Home::new(), real_log()) else {
        return;
    };
    let said = home.import(&log, "--host aider").ok();
    assert!(
        said.contains("9,660 lines read, 9,659 stored, 1 refused"),
        "{said}"
    );
    assert!(said.contains("unknown event"), "{said}");
    assert!(
        !said.contains("file_added"),
        "what was refused is not named: {said}"
    );
}

#[test]
fn d18_importing_again_changes_nothing() {
    let (home, Some(log)) = (Home::new(), real_log()) else {
        return;
    };
    home.import(&log, "--host aider").ok();
    let before = files(&home.data());
    let said = home.import(&log, "--host aider --format json").ok();
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["lines"], 9660);
    assert_eq!(said["stored"], 0);
    assert_eq!(said["already_there"], 9659);
    assert_eq!(said["refused"], json!({ "unknown_event": 1 }));
    let after = files(&home.data());
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in before {
        assert!(after[&path] == bytes, "{} changed", path.display());
    }
}

#[test]
fn d18_equal_lines_are_events_of_their_own_and_a_grown_copy_adds_what_is_new() {
    let home = Home::new();
    let (one, two) = (
        line("launched", 1_733_000_000, &json!({})),
        line("no-repo", 1_733_000_001, &json!({})),
    );
    let first = home.write("a.jsonl", format!("{one}{one}{two}"));
    let grown = home.write("b.jsonl", format!("{one}{one}{two}{one}"));
    assert_eq!(stored(&home, &first), (3, 0));
    assert_eq!(stored(&home, &grown), (1, 3));
    assert_eq!(stored(&home, &grown), (0, 4));
}

#[test]
fn half_a_line_at_the_end_is_left_for_the_next_import_and_said() {
    let home = Home::new();
    let whole = line("launched", 1_733_000_000, &json!({}));
    let next = line("no-repo", 1_733_000_001, &json!({}));
    let (half, rest) = next.split_at(next.len() / 2);
    let log = home.write("log.jsonl", format!("{whole}{half}"));
    let ran = home.import(&log, "--host aider");
    assert!(ran.stdout.contains("1 line read, 1 stored"), "{ran:?}");
    assert!(ran.stdout.contains("half a line"), "{ran:?}");
    home.write("log.jsonl", format!("{whole}{half}{rest}"));
    assert_eq!(stored(&home, &log), (1, 1));
}

#[test]
fn a_last_line_without_its_end_counts_once_when_it_is_whole() {
    let home = Home::new();
    let whole = line("launched", 1_733_000_000, &json!({}));
    let log = home.write("log.jsonl", whole.trim_end());
    assert_eq!(stored(&home, &log), (1, 0));
    home.write("log.jsonl", &whole);
    assert_eq!(stored(&home, &log), (0, 1));
}

#[test]
fn b01_what_is_refused_is_counted_by_reason_and_never_shown() {
    let home = Home::new();
    let good = line(
        "launched",
        1_733_000_000,
        &json!({ "secret-property": "s3cr3t" }),
    );
    let unknown = line("s3cr3t event", 1_733_000_000, &json!({}));
    let log = home.write(
        "log.jsonl",
        format!("{good}{unknown}s3cr3t\n[\"s3cr3t\"]\n\n"),
    );
    let ran = home.import(&log, "--host aider --format json");
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(
        (&said["lines"], &said["stored"]),
        (&json!(4), &json!(1)),
        "{said}"
    );
    assert_eq!(said["refused"]["unknown_event"], 1, "{said}");
    assert_eq!(said["notes"]["unknown_property"], 1, "{said}");
    let text = home.import(&log, "--host aider");
    assert!(
        !format!("{ran:?}{text:?}").contains("s3cr3t"),
        "{ran:?}{text:?}"
    );
}

#[test]
fn several_files_and_standard_input_are_read_in_turn() {
    let home = Home::new();
    let one = home.write("one.jsonl", line("launched", 1_733_000_000, &json!({})));
    let two = home.write("two.jsonl", line("no-repo", 1_733_000_001, &json!({})));
    let args = [
        "import",
        one.to_str().unwrap(),
        two.to_str().unwrap(),
        "--host",
        "aider",
    ];
    let said = home.run_args(&args).ok();
    assert!(said.contains("2 lines read, 2 stored"), "{said}");
    let input = std::fs::File::open(&one).unwrap();
    let output = home
        .askfirst()
        .args(["import", "-", "--host", "aider"])
        .stdin(input)
        .output();
    let said = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(
        said.contains("1 line read, 0 stored, 1 already there"),
        "{said}"
    );
}

#[test]
fn d17_a_running_collector_takes_the_import_and_reports_see_it() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let server = home.serve();
    let text: String = (0..2_000)
        .map(|n| line("launched", 1_733_000_000 + n, &json!({})))
        .collect();
    let log = home.write("log.jsonl", text);
    assert_eq!(stored(&home, &log), (2_000, 0));
    assert_eq!(stored(&home, &log), (0, 2_000));
    assert_eq!(
        home.json("status --format json")["projects"][0]["events"],
        2_000
    );
    drop(server);
    assert_eq!(stored(&home, &log), (0, 2_000));
}

/// Imports a file; how many events were stored, and how many were there before.
fn stored(home: &Home, log: &std::path::Path) -> (u64, u64) {
    let said = home.import(log, "--host aider --format json").ok();
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let number = |key: &str| {
        said[key]
            .as_u64()
            .unwrap_or_else(|| panic!("{key} in {said}"))
    };
    (number("stored"), number("already_there"))
}

#[test]
fn d18_a_server_counts_lines_and_files_as_this_process_does() {
    let mut said = Vec::new();
    for served in [false, true] {
        let home = Home::new();
        home.ok("project add mine --host aider");
        let server = served.then(|| home.serve());
        let one = line(
            "launched",
            1_733_000_000,
            &json!({ "main_model": "my-model" }),
        );
        let two = line(
            "message_send",
            1_733_000_001,
            &json!({ "main_model": "my-model" }),
        );
        home.write(
            "a.jsonl",
            format!("{one}\n{one}\r\n{two}{{}}\n{}", &one[..20]),
        );
        home.write("b.jsonl", format!("{one}not JSON\n{}", two.trim_end()));
        let line = "import a.jsonl b.jsonl --host aider --format json";
        said.push((home.json(line), home.json(line)));
        drop(server);
    }
    assert_eq!(said[0], said[1]);
    let (first, again) = &said[0];
    let numbers = |said: &serde_json::Value| {
        ["lines", "stored", "already_there", "unfinished"].map(|key| said[key].as_u64().unwrap())
    };
    assert_eq!(numbers(first), [7, 3, 2, 1], "{first}");
    assert_eq!(numbers(again), [7, 0, 5, 1], "{again}");
    assert_eq!(
        first["refused"],
        json!({ "bad_json": 1, "no_event_name": 1 })
    );
    assert_eq!(first["notes"]["redacted"], 1, "{first}");
}

#[test]
fn d18_an_import_killed_half_way_is_made_whole_by_the_next() {
    let home = Home::new();
    let text: String = (0..6_000)
        .map(|n| line("launched", 1_733_000_000 + n, &json!({})))
        .collect();
    let log = home.write("log.jsonl", &text);
    let mut command = home.askfirst();
    command
        .args(["import", "-", "--host", "aider"])
        .stdin(Stdio::piped());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // Far more than a pipe holds: when this returns, the program is reading lines.
    input.write_all(&text.as_bytes()[..text.len() / 2]).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let (new, before) = stored(&home, &log);
    assert_eq!(new + before, 6_000);
    assert_eq!(
        home.json("status --format json")["projects"][0]["events"],
        6_000
    );
}

#[cfg(target_os = "linux")]
#[test]
fn an_import_that_fails_keeps_no_other_waiting() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let server = home.serve();
    // A server takes a chunk of 2 MiB at a time: the first is sent before the second file fails.
    let text: String = (0..20_000)
        .map(|n| line("launched", 1_733_000_000 + n, &json!({})))
        .collect();
    let log = home.write("log.jsonl", text);
    let said = home
        .run("import log.jsonl /proc/self/mem --host aider")
        .refused(1);
    assert!(said.contains("/proc/self/mem"), "{said}");
    assert_eq!(stored(&home, &log), (20_000, 0));
    drop(server);
}
