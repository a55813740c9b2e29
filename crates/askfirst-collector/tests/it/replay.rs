//! Requests of real SDKs, recorded (`../shared/data/posthog-fixtures.jsonl`), sent again with the
//! clock set to the recording's time. Most of their events have names no catalog knows, so what can
//! be seen is that each is understood, and counted under a reason.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::client::{Ask, Reply};
use super::served::Served;

const FIXTURES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/posthog-fixtures.jsonl"
);

/// What belongs to later work, by the start of its path.
const LATER: [&str; 4] = ["/flags/", "/decide/", "/array/", "/i/v1/"];

fn replayed(served: &Served, fixture: &Value) -> Reply {
    let text = |key: &str| fixture[key].as_str().unwrap_or_default();
    let body = STANDARD.decode(text("body_b64")).unwrap();
    let mut ask = match text("method") {
        "GET" => Ask::get(text("target")),
        _ => Ask::post(text("target"), body),
    };
    for header in fixture["headers"].as_array().unwrap() {
        ask = ask.header(header[0].as_str().unwrap(), header[1].as_str().unwrap());
    }
    served.ask(&ask)
}

#[test]
fn what_real_sdks_sent_is_understood_to_the_last_event() {
    let Ok(fixtures) = std::fs::read_to_string(FIXTURES) else {
        println!("{FIXTURES} is not there: nothing replayed");
        return;
    };
    let served = Served::start();
    let mut later = 0;
    for line in fixtures.lines() {
        let fixture: Value = serde_json::from_str(line).unwrap();
        let target = fixture["target"].as_str().unwrap();
        let reply = replayed(&served, &fixture);
        if LATER.iter().any(|path| target.starts_with(path)) {
            reply.is_refused(404, "not_offered");
            later += 1;
        } else {
            assert_eq!(
                (reply.status, target),
                (200, target),
                "{} {reply:?}",
                fixture["id"]
            );
        }
    }
    assert_eq!((fixtures.lines().count(), later), (42, 12));
    // 62 events: `message_send` and four exceptions have names the catalog knows.
    let tally = served.tally();
    let reasons: Vec<_> = tally
        .reasons()
        .map(|(_, reason, n)| (reason.name(), n))
        .collect();
    assert_eq!(
        reasons,
        [
            ("accepted", 10),
            ("unknown_event", 30),
            ("person_event", 20),
            ("no_event_name", 2)
        ]
    );
}
