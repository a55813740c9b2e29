use std::path::PathBuf;

use serde_json::json;

use super::*;
use crate::bench::files::Entry;

fn event(name: &str, id: &str, properties: Value) -> Event {
    Event {
        name: name.to_owned(),
        id: id.to_owned(),
        uuid: Some(format!("{name}-{id}")),
        whole: json!({"event": name, "distinct_id": id, "properties": properties}),
        properties: properties.as_object().unwrap().clone(),
        key: String::new(),
    }
}

fn line(name: &str, user: &str, properties: Value) -> LogLine {
    LogLine {
        event: name.to_owned(),
        whole: json!({"event": name, "user_id": user, "properties": properties, "time": 1}),
    }
}

fn files(of: &[(&str, &str)]) -> Files {
    let entry = |text: &str| Entry {
        mode: 0o600,
        bytes: text.as_bytes().to_vec(),
        link: false,
    };
    Files(
        of.iter()
            .map(|(name, text)| (PathBuf::from(name), entry(text)))
            .collect(),
    )
}

fn run(code: i32, stdout: &str, stderr: &str) -> Run {
    Run {
        code: Some(code),
        stdout: stdout.to_owned(),
        stderr: stderr.to_owned(),
        ..Run::default()
    }
}

#[test]
fn p01_a_request_or_an_event_put_by_is_collecting() {
    assert_eq!(sent(&[]), None);
    let request = Request {
        method: "POST".to_owned(),
        target: "/batch/".to_owned(),
        body: br#"{"batch":[{"event":"launched"}]}"#.to_vec(),
        ..Request::default()
    };
    assert_eq!(sent(&[request]).unwrap(), "1 request arrived: launched");
    let (before, after) = (files(&[]), files(&[("spool/1", r#"{"event":"launched"}"#)]));
    assert_eq!(kept(&before, &after).unwrap(), "events wait in spool/1");
    assert_eq!(
        kept(&after, &after),
        None,
        "what waited before is not this run's"
    );
}

#[test]
fn b07_an_identifier_is_found_wherever_it_lies() {
    assert_eq!(
        identified(&files(&[("a.json", "{}"), ("b.json", "")])),
        None
    );
    let with = files(&[(
        "a.json",
        r#"{"uuid": "7f3c1c50-1c1e-4c0a-9f1e-0123456789ab"}"#,
    )]);
    assert!(identified(&with).unwrap().starts_with("a.json holds 7f3c"));
}

#[test]
fn p11_every_value_that_is_sent_stands_in_one_line_of_the_log() {
    let sent = [event("a", "me", json!({"n": 1, "$lib": "x"}))];
    assert_eq!(
        sent_unlogged(&sent, &[line("a", "me", json!({"n": 1, "$lib": "x"}))]),
        None
    );
    let said = |log: &[LogLine]| sent_unlogged(&sent, log).unwrap();
    assert_eq!(
        said(&[line("a", "me", json!({"n": 1}))]),
        "sent and not logged: `a`: $lib"
    );
    assert_eq!(
        said(&[line("a", "me", json!({"n": 2, "$lib": "x"}))]),
        "sent and not logged: `a`: n"
    );
    let nobody = [line("a", "other", json!({"n": 1, "$lib": "x"}))];
    assert_eq!(said(&nobody), "sent and not logged: `a`: distinct_id");
    assert_eq!(said(&[]), "sent and not logged: `a` stands in no line");
}

#[test]
fn p12_what_the_catalog_does_not_have_is_named() {
    let profile = askfirst_catalog::Profile::builtin("aider").unwrap();
    let gate = Gate::new(askfirst_catalog::Catalog::builtin(), profile);
    let good = event(
        "message_send",
        "me",
        json!({"main_model": "gpt-4o", "prompt_tokens": 100}),
    );
    assert_eq!(undeclared(&gate, &[good], 20_000), None);
    let text = event(
        "message_send_exception",
        "me",
        json!({"exception_text": "of a user"}),
    );
    assert_eq!(
        undeclared(&gate, &[text], 20_000).unwrap(),
        "`message_send_exception`: 1 undeclared properties"
    );
    let unknown = event("keystrokes", "me", json!({}));
    assert_eq!(
        undeclared(&gate, &[unknown], 20_000).unwrap(),
        "event `keystrokes`"
    );
}

#[test]
fn b19_a_price_beside_a_private_model_is_found() {
    let public = |name: &str| name == "gpt-4o";
    let told = |model: &str, cost: f64| {
        [event(
            "message_send",
            "me",
            json!({"main_model": model, "cost": cost}),
        )]
    };
    assert_eq!(priced(&told("gpt-4o", 0.2), public), None);
    assert_eq!(priced(&told("x/REDACTED", 0.0), public), None);
    assert!(
        priced(&told("x/REDACTED", 0.2), public)
            .unwrap()
            .contains("x/REDACTED")
    );
}

#[test]
fn b18_an_event_without_an_address_of_nobody_takes_the_connections() {
    assert_eq!(
        addressed(&[event("a", "me", json!({"$ip": "0.0.0.0"}))]),
        None
    );
    assert!(addressed(&[event("a", "me", json!({}))]).is_some());
    assert!(addressed(&[event("a", "me", json!({"$ip": "192.0.2.7"}))]).is_some());
}

#[test]
fn b10_one_line_more_is_noise_and_so_is_another_exit_code() {
    let quiet = run(0, "hello\n", "");
    assert_eq!(differ(&run(0, "hello\n", ""), &quiet), None);
    assert_eq!(
        differ(&run(0, "hello\n", "oops\n"), &quiet).unwrap(),
        "it prints \"oops\""
    );
    assert_eq!(
        differ(&run(0, "", ""), &quiet).unwrap(),
        "it no longer prints \"hello\""
    );
    assert_eq!(
        differ(&run(0, "hello\nhello\n", ""), &quiet).unwrap(),
        "it prints \"hello\""
    );
    assert!(
        differ(&run(1, "hello\n", ""), &quiet)
            .unwrap()
            .starts_with("exit code 1")
    );
}

#[test]
fn b09_only_a_wait_that_no_busy_machine_explains_is_one() {
    let seconds = |all: &[f64]| {
        all.iter()
            .map(|s| Duration::from_secs_f64(*s))
            .collect::<Vec<_>>()
    };
    let base = seconds(&[2.5, 2.4, 2.9]);
    assert_eq!(
        waits(&seconds(&[2.6, 9.0, 3.3]), &base),
        None,
        "one slow run of three"
    );
    assert_eq!(
        waits(&seconds(&[8.6, 8.5, 8.7]), &base).unwrap(),
        "8.6 s; without analytics 2.5 s"
    );
}

#[test]
fn b13_each_event_of_the_log_is_to_arrive_once() {
    let log = [
        line("a", "me", json!({})),
        line("a", "me", json!({})),
        line("b", "me", json!({})),
    ];
    let one = event("a", "me", json!({}));
    assert_eq!(
        lost(&log, std::slice::from_ref(&one)).unwrap(),
        "2 of 3 events never arrived: 1 `a`, 1 `b`"
    );
    let all = [
        one.clone(),
        event("a", "2", json!({})),
        event("b", "me", json!({})),
    ];
    assert_eq!(lost(&log, &all), None);
    let again = [one.clone(), one.clone(), event("b", "me", json!({}))];
    assert_eq!(
        lost(&log, &again).unwrap(),
        "1 of 3 events never arrived: 1 `a`",
        "an event that came again stands for no other"
    );
}

#[test]
fn b13_what_is_sent_again_under_its_id_counts_once_and_anything_else_counts_twice() {
    let at_noon = |uuid: Option<&str>, n: u32| {
        let mut one = event("a", "me", json!({ "n": n }));
        one.uuid = uuid.map(str::to_owned);
        one.whole["uuid"] = json!(uuid);
        one.whole["timestamp"] = json!("2026-11-22T12:00:00Z");
        one
    };
    let one = at_noon(Some("1"), 1);
    assert_eq!(doubled(&[one.clone(), one.clone()]), None);
    assert_eq!(doubled(&[one.clone(), at_noon(Some("2"), 2)]), None);
    assert_eq!(
        doubled(&[one.clone(), at_noon(Some("1"), 2)]).unwrap(),
        "1 came again with other content: `a`"
    );
    let under_two_ids = [one.clone(), at_noon(Some("2"), 1)];
    let under_none = [at_noon(None, 1), at_noon(None, 1)];
    for twice in [under_two_ids, under_none] {
        assert_eq!(doubled(&twice).unwrap(), "1 are counted twice: `a`");
    }
    let timeless = Event {
        uuid: None,
        ..event("a", "me", json!({}))
    };
    assert_eq!(doubled(&[timeless.clone(), timeless]), None);
}

#[test]
fn b17_words_are_compared_and_not_lines_or_colours() {
    assert_eq!(
        squeezed("\u{1b}[32mOne\u{1b}[0m\n  two\r\nthree"),
        "One two three"
    );
}

#[test]
fn b06_a_program_that_falls_over_is_seen() {
    assert_eq!(fell(&run(0, "done", "")), None);
    let python = run(1, "", "Traceback (most recent call last):\n  File\n");
    assert!(fell(&python).unwrap().contains("exit code 1"));
    let hung = Run {
        hung: true,
        ..Run::default()
    };
    assert!(fell(&hung).is_some());
}

#[test]
fn p08_a_share_is_doubted_only_where_chance_cannot_explain_it() {
    assert!((at_most(0, 40, 0.1) - 0.9_f64.powi(40)).abs() < 1e-12);
    assert!((at_most(40, 40, 0.1) - 1.0).abs() < 1e-9);
    assert!(at_most(3, 40, 0.1) > 0.4, "three of forty is usual");
    assert!(1.0 - at_most(19, 40, 0.1) < 1e-5, "twenty of forty is not");
}

#[test]
fn p02_what_was_found_is_named_with_its_place() {
    let canaries = Canaries::draw();
    let body = format!("..{}..", canaries.of("prompt"));
    assert_eq!(
        leaked(&canaries, &[], &[("a body", body.as_bytes())]).unwrap(),
        "prompt in a body (as it is)"
    );
    assert_eq!(
        leaked(&canaries, &["key"], &[("a body", body.as_bytes())]),
        None
    );
    assert_eq!(leaked(&canaries, &[], &[("a body", b"nothing")]), None);
}
