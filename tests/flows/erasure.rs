//! Erasing what an install sent, with the real collector: every report is that of a collector
//! that never had the install, whatever happens to the process (decisions D29, D30).

use std::net::SocketAddr;
use std::path::Path;

use askfirst_receipt::{ForgetKey, Request, install_id};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::collector::{Collector, add_project, askfirst, json, run};
use crate::http::{self, Reply};

const REPORTS: [&str; 9] = [
    "overview", "activity", "models", "edits", "errors", "versions", "commands", "exits", "quality",
];
const DAY_S: i64 = 86_400;

fn key(byte: u8) -> ForgetKey {
    ForgetKey::of([byte; 32])
}

/// The id a key makes, as senders write it.
fn id(byte: u8) -> String {
    let hex: Vec<String> = install_id(&key(byte))
        .iter()
        .map(|it| format!("{it:02x}"))
        .collect();
    let part = |range: std::ops::Range<usize>| hex[range].concat();
    [
        part(0..4),
        part(4..6),
        part(6..8),
        part(8..10),
        part(10..16),
    ]
    .join("-")
}

/// What one install sends: a session on each of some days, different for each install.
fn sessions(api_key: &str, install: u8, noon: i64) -> String {
    let mut events = Vec::new();
    let mut event = |name: &str, at: i64, properties: Value| {
        let n = events.len();
        events.push(json!({
            "event": name,
            "distinct_id": id(install),
            "uuid": format!("{install:08x}-0000-4000-8000-{n:012x}"),
            "timestamp": jiff::Timestamp::from_second(at).unwrap().to_string(),
            "properties": properties,
        }));
    };
    for day in 0..8 {
        if (day + i64::from(install)) % 3 == 0 && install != 2 {
            continue;
        }
        let at = noon - day * DAY_S + 60 * i64::from(install);
        let version = if day < 4 { "0.86.2" } else { "0.85.0" };
        event(
            "launched",
            at,
            json!({"version": version, "os_platform": "Linux"}),
        );
        for turn in 0..=i64::from(install) {
            let tokens = 100 * i64::from(install) + turn;
            event("message_send_starting", at + turn, json!({}));
            event(
                "message_send",
                at + turn,
                json!({
                    "main_model": if install == 1 { "gpt-4o" } else { "o3-mini" },
                    "edit_format": "diff", "prompt_tokens": tokens, "completion_tokens": 7,
                    "total_tokens": tokens + 7, "cost": 0.25, "version": version,
                }),
            );
        }
        event("command_add", at + 5, json!({"version": version}));
        event(
            "exception",
            at + 6,
            json!({"exception": "ValueError", "version": version}),
        );
        event(
            "exit",
            at + 9,
            json!({"reason": "/exit", "version": version}),
        );
    }
    json!({"api_key": api_key, "batch": events}).to_string()
}

fn post(to: SocketAddr, path: &str, body: &[u8]) -> Reply {
    http::post(to, path, &["Content-Type: application/json"], body).unwrap()
}

fn send(to: SocketAddr, api_key: &str, install: u8, noon: i64) {
    let body = sessions(api_key, install, noon);
    assert_eq!(post(to, "/batch/", body.as_bytes()).status, 200);
}

/// Asks to erase; the receipt, which is written to a file.
fn forget(to: SocketAddr, api_key: &str, install: u8, receipt: &Path) -> String {
    let reply = post(to, "/forget", &Request::new(api_key, &key(install)).body());
    assert_eq!(reply.status, 200);
    let text = String::from_utf8(reply.bytes).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    std::fs::write(receipt, body).unwrap();
    body.to_owned()
}

/// What a report says, but for what counts arrivals: those have no id.
fn without_arrivals(mut report: Value) -> Value {
    if report["report"] == "quality" {
        // Its first table, and this one.
        for of_arrivals in ["rows", "total"] {
            report[of_arrivals].take();
        }
        report["tables"]["notes"].take();
    }
    report
}

/// Every report in the terminal.
fn told(data: &Path) -> Vec<Value> {
    let ask = |name: &&str| {
        let words = [
            "report", name, "--host", "aider", "--period", "28d", "--to", "today",
        ];
        without_arrivals(json(data, &words))
    };
    REPORTS.iter().map(ask).collect()
}

/// Every report over HTTP.
fn served(to: SocketAddr) -> Vec<Value> {
    let ask = |name: &&str| {
        let head = format!(
            "GET /{name}.json?to=today HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n"
        );
        let reply = http::exchange(to, head.as_bytes()).unwrap();
        let text = String::from_utf8(reply.bytes).unwrap();
        assert_eq!(reply.status, 200, "{name}: {text}");
        without_arrivals(serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap())
    };
    REPORTS.iter().map(ask).collect()
}

/// A time of day whose events are in the past, the same for both collectors.
fn noon() -> i64 {
    let now = jiff::Timestamp::now().as_second();
    now - now % 3600 - 3600
}

fn assert_same(told: &[Value], expected: &[Value], when: &str) {
    for ((name, told), expected) in REPORTS.iter().zip(told).zip(expected) {
        assert_eq!(told, expected, "report {name}, {when}");
    }
}

#[test]
fn d29_every_report_is_that_of_a_collector_that_never_had_the_install() {
    let folder = tempdir().unwrap();
    let (with, never) = (folder.path().join("with"), folder.path().join("never"));
    let (key_with, key_never) = (add_project(&with), add_project(&never));
    let noon = noon();
    let collector = Collector::start(&never);
    for install in [2, 3, 4] {
        send(collector.address(), &key_never, install, noon);
    }
    let expected = served(collector.address());
    collector.stop();
    let expected_told = told(&never);
    assert_eq!(expected, expected_told, "one definition of every report");

    // Half of it is sealed, the other half is not.
    let collector = Collector::start(&with);
    for install in [2, 1] {
        send(collector.address(), &key_with, install, noon);
    }
    collector.stop();
    let collector = Collector::start(&with);
    let address = collector.address();
    for install in [3, 4] {
        send(address, &key_with, install, noon);
    }
    assert_ne!(told(&with), expected_told, "a test of nothing");
    assert_ne!(served(address), expected);
    let receipt = folder.path().join("receipt.json");
    forget(address, &key_with, 1, &receipt);
    assert_same(
        &served(address),
        &expected,
        "served right after the receipt",
    );
    assert_same(&told(&with), &expected, "told right after the receipt");

    // Late events of the install are refused, and counted for themselves.
    let before = json(&with, &["status"]);
    send(address, &key_with, 1, noon - DAY_S);
    assert_same(&told(&with), &expected, "told after late events");
    let status = json(&with, &["status"]);
    let refused = &status["projects"][0]["outcomes"]["filtered"]["forgotten"];
    assert!(refused.as_u64().unwrap() > 10, "{status}");
    assert_eq!(status["projects"][0]["masked"], 1);
    for count in ["events", "installs"] {
        assert_eq!(status["projects"][0][count], before["projects"][0][count]);
    }

    collector.kill();
    assert_same(&told(&with), &expected, "told after kill -9");
    let collector = Collector::start(&with);
    assert_same(
        &served(collector.address()),
        &expected,
        "served after a start",
    );
    collector.stop();
    assert_same(&told(&with), &expected, "told after everything was sealed");
    run(&with, &["store", "verify"]);
}

#[test]
fn d29_kill_9_right_after_the_reply_keeps_what_it_said() {
    let folder = tempdir().unwrap();
    for round in 0..5 {
        let data = folder.path().join(format!("data{round}"));
        let api_key = add_project(&data);
        let collector = Collector::start(&data);
        send(collector.address(), &api_key, 1, noon());
        send(collector.address(), &api_key, 2, noon());
        forget(
            collector.address(),
            &api_key,
            1,
            &folder.path().join("receipt.json"),
        );
        collector.kill();
        let status = json(&data, &["status"]);
        assert_eq!(status["projects"][0]["installs"], 1, "round {round}");
        assert_eq!(status["projects"][0]["masked"], 1);
    }
}

#[test]
fn d29_a_receipt_is_checked_offline_and_no_byte_of_it_can_be_changed() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let api_key = add_project(&data);
    let collector = Collector::start(&data);
    let receipt = folder.path().join("receipt.json");
    let text = forget(collector.address(), &api_key, 1, &receipt);
    let status = json(&data, &["status"]);
    let public = status["receipt_key"].as_str().unwrap();
    // Nobody is there to be asked.
    collector.kill();
    let file = receipt.to_str().unwrap();
    let verify = |arguments: &[&str]| {
        let mut command = askfirst(&data);
        let output = command
            .args(["verify-receipt", file])
            .args(arguments)
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said) = verify(&["--key", public, "--forget-key", &key(1).spelled()]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("a receipt, whole, signed with the key given"),
        "{said}"
    );
    assert!(said.contains("it is for the forget key given"), "{said}");
    let (code, said) = verify(&["--key", public, "--forget-key", &key(2).spelled()]);
    assert_eq!(code, 1);
    assert!(said.contains("for another forget key"), "{said}");
    let (code, said) = verify(&["--key", &"0".repeat(64)]);
    assert_eq!(code, 1);
    assert!(
        said.contains("signed with another key than the one expected"),
        "{said}"
    );
    let (code, said) = verify(&[]);
    assert_eq!(code, 1, "the shipped profile names no collector");
    assert!(
        said.contains("no profile of aider here pins a key"),
        "{said}"
    );

    // A profile that names this collector and pins its key.
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../hosts/aider.toml");
    let profile = std::fs::read_to_string(shipped).unwrap().replace(
        "project_key = ",
        &format!("host = \"collect.example.org\"\nreceipt_key = \"{public}\"\nproject_key = "),
    );
    let pinned = folder.path().join("aider.toml");
    std::fs::write(&pinned, profile).unwrap();
    let (code, said) = verify(&["--profile", pinned.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("signed with the key the profile aider pins"),
        "{said}"
    );

    for at in (0..text.len()).step_by(61) {
        let mut changed = text.clone().into_bytes();
        changed[at] ^= 1;
        std::fs::write(&receipt, changed).unwrap();
        let (code, said) = verify(&["--key", public]);
        assert_eq!(code, 1, "byte {at}: {said}");
        assert!(said.contains("to do: "), "{said}");
    }
}
