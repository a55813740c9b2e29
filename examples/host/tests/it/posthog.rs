//! What arrives at a PostHog: a batch of the form its capture endpoint takes, saying of every
//! event that nothing is to be looked up or filed, and nothing besides.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::home::Home;
use crate::recorder::Recorder;

/// What the official clients keep to (an event, a request); the server takes more.
const EVENT_BYTES: usize = 900 << 10;
const BATCH_EVENTS: usize = 100;
const BATCH_BYTES: usize = 5 << 20;

/// Distinct ids that PostHog refuses, because broken clients send them for everybody.
const ILLEGAL: [&str; 10] = [
    "anonymous",
    "guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "true",
    "0",
];

/// Every session of a tool there is: commands, messages, an error, a crash.
fn requests() -> Vec<(String, String)> {
    let server = Recorder::start();
    let home = Home::agreed(&server.url, "phc_test");
    let talk = "hello\n/ask\nfail please\n/undo\n/no-such-command\n/exit\n";
    for model in ["gpt-4o", "our-own/model", "openai/secret"] {
        assert!(home.run(&["--model", model], talk).status.success());
    }
    home.run(&[], "/crash\n");
    let mut run = home.begin(&[]);
    let mut requests = Vec::new();
    run.talks_until(|| {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let came = server.heads.try_iter().zip(server.bodies.iter().map(text));
        requests.extend(came);
        requests.len() >= 5
    });
    assert_eq!(run.end(), 0);
    requests
}

fn events(body: &str) -> Vec<Map<String, Value>> {
    let body: Value = serde_json::from_str(body).unwrap();
    let batch = body["batch"].as_array().unwrap().iter();
    batch.map(|it| it.as_object().unwrap().clone()).collect()
}

fn keys(object: &Map<String, Value>) -> Vec<&str> {
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn p02_a_posthog_gets_the_form_it_takes_and_is_told_to_look_nothing_up() {
    let mut ids = BTreeMap::new();
    let mut senders = BTreeSet::new();
    for (head, body) in requests() {
        the_head_says_no_more_than_needed(&head, body.len());
        let whole: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            keys(whole.as_object().unwrap()),
            ["api_key", "batch"],
            "no sent_at"
        );
        assert_eq!(whole["api_key"], "phc_test");
        assert!(body.len() < BATCH_BYTES);
        let events = events(&body);
        assert!(
            (1..=BATCH_EVENTS).contains(&events.len()),
            "{}",
            events.len()
        );
        for event in &events {
            an_event_is_anonymous(event);
            let first = ids
                .entry(event["uuid"].to_string())
                .or_insert(event.clone());
            assert_eq!(first, event, "what is sent again is the same event");
            senders.insert(event["distinct_id"].to_string());
        }
    }
    assert_eq!(senders.len(), 1);
    assert!(ids.len() > 50, "{}", ids.len());
}

fn the_head_says_no_more_than_needed(head: &str, length: usize) {
    let mut lines = head.trim_end().lines();
    assert_eq!(lines.next().unwrap(), "POST /batch/ HTTP/1.1");
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    let headers: BTreeMap<String, &str> = headers
        .map(|(name, value)| (name.to_lowercase(), value))
        .collect();
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["content-length"], length.to_string());
    assert!(headers["user-agent"].starts_with("askfirst/"), "{head}");
    let known = [
        "accept",
        "accept-encoding",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    ];
    let more: Vec<_> = headers
        .keys()
        .filter(|it| !known.contains(&it.as_str()))
        .collect();
    assert_eq!(
        more,
        Vec::<&String>::new(),
        "no cookie, no language, no referrer"
    );
}

fn an_event_is_anonymous(event: &Map<String, Value>) {
    assert_eq!(
        keys(event),
        ["distinct_id", "event", "properties", "timestamp", "uuid"],
        "no $set, no $set_once, no offset"
    );
    let text = |key: &str| event[key].as_str().unwrap();
    assert!((1..=200).contains(&text("event").len()));
    assert!(Value::Object(event.clone()).to_string().len() < EVENT_BYTES);
    for id in [text("uuid"), text("distinct_id")] {
        assert!(is_uuid4(id), "{id}");
        assert!(!ILLEGAL.contains(&id.to_lowercase().as_str()));
    }
    assert!(is_an_hour(text("timestamp")), "{}", text("timestamp"));
    let properties = event["properties"].as_object().unwrap();
    for (key, value) in [
        ("$process_person_profile", Value::Bool(false)),
        ("$geoip_disable", Value::Bool(true)),
        ("$ip", "0.0.0.0".into()),
        ("$lib", "askfirst".into()),
    ] {
        assert_eq!(properties[key], value, "{key} of {event:?}");
    }
    let own = [
        "$geoip_disable",
        "$ip",
        "$lib",
        "$lib_version",
        "$process_person_profile",
    ];
    for (key, value) in properties {
        assert!(
            !key.starts_with('$') || own.contains(&key.as_str()),
            "{key}"
        );
        assert!(
            value.is_string() || value.is_boolean() || value.is_u64() || value.is_f64(),
            "{key} is a plain value: {value}"
        );
    }
}

fn is_uuid4(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            14 => *byte == b'4',
            19 => b"89ab".contains(byte),
            _ => b"0123456789abcdef".contains(byte),
        })
}

/// RFC 3339 in UTC, cut to the hour.
fn is_an_hour(text: &str) -> bool {
    let form = "dddd-dd-ddTdd:00:00Z";
    text.len() == form.len()
        && text.chars().zip(form.chars()).all(|(c, form)| match form {
            'd' => c.is_ascii_digit(),
            exactly => c == exactly,
        })
}

#[test]
fn p12_show_prints_exactly_the_bytes_of_the_bodies_that_are_sent() {
    let server = Recorder::start();
    let home = Home::agreed(&server.url, "phc_test");
    for _ in 0..3 {
        assert!(home.run(&[], "hello\n/ask\n/exit\n").status.success());
    }
    let shown = String::from_utf8(home.run(&["--analytics-show"], "").stdout).unwrap();
    let mut bodies: Vec<String> = Vec::new();
    for line in shown.lines() {
        match line.starts_with("{\"event\":") {
            true => {
                let body = bodies.last_mut().unwrap();
                let comma = if body.ends_with('[') { "" } else { "," };
                body.push_str(comma);
                body.push_str(line);
            }
            // As the line itself says.
            false => {
                assert!(
                    line.contains("between {\"api_key\":KEY,\"batch\":[ and ]}:"),
                    "{line}"
                );
                assert!(
                    line.contains(&format!("for {}/batch/", server.url)),
                    "{line}"
                );
                bodies.push("{\"api_key\":\"phc_test\",\"batch\":[".to_owned());
            }
        }
    }
    let mut expected: Vec<String> = bodies.iter().map(|body| format!("{body}]}}")).collect();
    assert_eq!(expected.len(), 4, "the run that asked, and three");
    let mut run = home.begin(&[]);
    let mut sent = Vec::new();
    run.talks_until(|| {
        sent.extend(server.bodies.try_iter());
        sent.len() >= 4
    });
    assert_eq!(run.end(), 0);
    sent.truncate(4);
    let mut sent: Vec<String> = sent
        .into_iter()
        .map(|it| String::from_utf8(it).unwrap())
        .collect();
    sent.sort();
    expected.sort();
    for (sent, expected) in sent.iter().zip(&expected) {
        let same = sent
            .bytes()
            .zip(expected.bytes())
            .take_while(|(a, b)| a == b);
        let from = same.count().saturating_sub(40);
        let end = |text: &str| {
            text.get(from..)
                .unwrap_or_default()
                .chars()
                .take(80)
                .collect()
        };
        let (was, said): (String, String) = (end(sent), end(expected));
        assert!(sent == expected, "sent: {was}\nshown: {said}");
    }
}
