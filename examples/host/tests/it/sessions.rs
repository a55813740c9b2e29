//! Whole sessions.

use std::fs;
use std::time::Duration;

use crate::collector::Collector;
use crate::home::Home;
use crate::recorder::Recorder;

#[test]
fn b13_what_short_runs_leave_arrives_once_by_a_run_that_lasts() {
    let collector = Collector::start();
    let home = Home::agreed(&collector.url, &collector.key);
    for _ in 0..3 {
        let output = home.run(&["--message", "hello"], "");
        assert!(output.status.success());
    }
    let mut run = home.begin(&[]);
    run.talks_until(|| collector.count("message_send") == 3);
    assert_eq!(run.end(), 0);
    // One of the four earlier runs asked and sent no message.
    assert_eq!(collector.count("exit"), 4);
    assert_eq!(collector.count("launched"), 4);
    let mut again = home.begin(&[]);
    again.talks_until(|| collector.count("launched") == 5);
    assert_eq!(again.end(), 0);
    assert_eq!(collector.count("message_send"), 3, "nothing came twice");
}

#[test]
fn p11_the_body_on_the_wire_is_rebuilt_from_the_log_byte_for_byte() {
    let server = Recorder::start();
    let home = Home::agreed(&server.url, "phc_test");
    // What the run that asked left is not in the log.
    let mut first = home.begin(&[]);
    let mut bodies = Vec::new();
    first.talks_until(|| {
        bodies.extend(server.bodies.try_recv());
        !bodies.is_empty()
    });
    assert_eq!(first.end(), 0);
    let log = home.path("analytics.jsonl");
    let input = "hello\n/ask\nfail please\n/no-such-command\n/exit\n";
    let output = home.run(
        &[
            "--analytics-log",
            log.to_str().unwrap(),
            "--model",
            "our-own/model",
        ],
        input,
    );
    assert!(output.status.success());
    let rebuilt = format!(
        r#"{{"api_key":"phc_test","batch":[{}]}}"#,
        rebuilt(&fs::read_to_string(log).unwrap())
    );
    let shown = String::from_utf8(home.run(&["--analytics-show"], "").stdout).unwrap();
    let mut last = home.begin(&[]);
    let mut sent = Vec::new();
    last.talks_until(|| {
        sent.extend(server.bodies.try_iter());
        sent.iter().any(|body| body == rebuilt.as_bytes())
    });
    assert_eq!(last.end(), 0);
    for event in rebuilt.split(r#"{"event":"#).skip(1) {
        let event = event.trim_end_matches([',', ']', '}']);
        assert!(
            shown.contains(event),
            "P12: --analytics-show shows the bytes"
        );
    }
    let private = ["our-own", "no-such-command", "hello", "please"];
    for word in private {
        assert!(!rebuilt.contains(word), "P02: {word}");
    }
}

/// The events of a log, as the wire has them.
fn rebuilt(log: &str) -> String {
    let event = |line: &str| {
        let (shared, rest) = line.split_once(",\"user_id\":").unwrap();
        let (id, rest) = rest.split_once(",\"time\":").unwrap();
        let (_, identity) = rest.split_once(",\"uuid\":").unwrap();
        format!("{shared},\"distinct_id\":{id},\"uuid\":{identity}")
    };
    log.lines().map(event).collect::<Vec<_>>().join(",")
}

#[test]
fn p05_a_no_in_another_process_stops_a_running_session() {
    let server = Recorder::start();
    let home = Home::agreed(&server.url, "phc_test");
    let mut run = home.begin(&[]);
    run.talks_until(|| server.bodies.try_recv().is_ok());
    let output = home.run(&["--analytics-disable"], "/exit\n");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("permanently disabled"));
    // What was on its way when the no came; the no waited for it.
    server.bodies.try_iter().for_each(drop);
    // Far more than closes a file and asks for its delivery.
    for _ in 0..400 {
        run.says("/tokens").unwrap();
    }
    assert_eq!(run.end(), 0);
    assert!(
        server.bodies.recv_timeout(Duration::ZERO).is_err(),
        "nothing after the no"
    );
    let next = home.run(&["--analytics", "--message", "hello"], "");
    assert!(String::from_utf8_lossy(&next.stderr).contains("Analytics stay off"));
}

#[test]
fn b01_a_crash_is_recorded_as_its_class_and_never_as_its_words() {
    let server = Recorder::start();
    let home = Home::agreed(&server.url, "phc_test");
    let crashed = home.run(&[], "/crash\n");
    assert!(!crashed.status.success());
    assert!(
        String::from_utf8_lossy(&crashed.stderr).contains("panicked"),
        "the user sees what they saw"
    );
    let mut run = home.begin(&[]);
    let mut seen = String::new();
    run.talks_until(|| {
        for body in server.bodies.try_iter() {
            seen.push_str(&String::from_utf8(body).unwrap());
        }
        seen.contains("\"exception\"")
    });
    assert_eq!(run.end(), 0);
    assert!(seen.contains(r#""error":"panic""#), "{seen}");
    for word in [
        "quote anything",
        "askfirst-host",
        "src/work.rs",
        env!("CARGO_MANIFEST_DIR"),
    ] {
        assert!(!seen.contains(word), "{word}");
    }
}

#[test]
fn b03_a_crash_is_in_the_log_like_everything_else_and_under_the_same_id() {
    let home = Home::agreed("http://127.0.0.1:9", "phc_test");
    let log = home.path("analytics.jsonl");
    let args = ["--analytics-log", log.to_str().unwrap()];
    assert!(!home.run(&args, "hello\n/crash\n").status.success());
    let log = fs::read_to_string(log).unwrap();
    let ids: std::collections::BTreeSet<String> = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|event| event["user_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let last = log.lines().last().unwrap();
    assert!(last.starts_with(r#"{"event":"exception","#), "{last}");
    let names = |text: &str| text.matches(r#"{"event":"exception","#).count();
    let waits: usize = home
        .waiting()
        .iter()
        .map(|file| names(&fs::read_to_string(file).unwrap()))
        .sum();
    assert_eq!(waits, 1, "what is logged is what is sent");
}

#[cfg(target_os = "linux")]
#[test]
fn b16_no_process_is_started_and_none_is_left_behind() {
    let server = Recorder::start();
    let home = Home::agreed(&server.url, "phc_test");
    let mut run = home.begin(&[]);
    let children = format!("/proc/{0}/task", run.child.id());
    let children = || -> String {
        let threads = fs::read_dir(&children).unwrap().flatten();
        threads
            .map(|thread| fs::read_to_string(thread.path().join("children")).unwrap())
            .collect()
    };
    run.talks_until(|| {
        assert_eq!(children(), "", "a child while it works");
        server.bodies.try_recv().is_ok()
    });
    assert!(
        fs::read_dir(format!("/proc/{}/task", run.child.id()))
            .unwrap()
            .count()
            > 1
    );
    assert_eq!(children(), "", "a child while it delivers");
    assert_eq!(run.end(), 0);
}
