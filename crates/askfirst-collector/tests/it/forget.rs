//! `POST /forget` (decisions D29, D30).

use askfirst_collector::receipt_key;
use askfirst_receipt::{ForgetKey, Request, Signed, install_id};
use askfirst_store::Reason;

use super::bodies::{KEY, event, uuid};
use super::client::{Ask, Reply};
use super::served::Served;

/// A key, and its id as senders write it.
fn keyed(byte: u8) -> (ForgetKey, String) {
    let key = ForgetKey::of([byte; 32]);
    let hex: String = install_id(&key)
        .iter()
        .map(|it| format!("{it:02x}"))
        .collect();
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    let id = parts.join("-");
    (key, id)
}

fn sends(served: &Served, id: &str, first: u32) {
    let events: Vec<String> = (first..first + 3)
        .map(|n| event("launched", id, &uuid(n)))
        .collect();
    let body = format!(r#"{{"api_key":"{KEY}","batch":[{}]}}"#, events.join(","));
    served.takes(&Ask::post("/batch/", body).json());
}

fn forget(served: &Served, body: impl Into<Vec<u8>>) -> Reply {
    served.ask(&Ask::post("/forget", body).json())
}

fn rows(served: &Served) -> u64 {
    let snapshot = served.store.snapshot().unwrap();
    snapshot.project(served.project).unwrap().rows()
}

#[test]
fn d29_who_shows_the_key_gets_a_receipt_and_is_in_no_report() {
    let served = Served::start();
    let (key, id) = keyed(1);
    let (_, other) = keyed(2);
    sends(&served, &id, 0);
    sends(&served, &other, 10);
    assert_eq!(rows(&served), 6);
    let reply = forget(&served, Request::new(KEY, &key).body());
    assert_eq!((reply.status, rows(&served)), (200, 3));
    let signed = Signed::parse(reply.body.as_bytes()).unwrap();
    let public = receipt_key(served.data()).unwrap().unwrap();
    let receipt = signed.check(public).unwrap();
    assert!(receipt.is_for(&key));
    assert_eq!(
        (
            &*receipt.state,
            &*receipt.tool,
            &*receipt.project,
            &*receipt.accepted_on
        ),
        ("accepted", "aider", "aider", "2026-11-20")
    );
    for secret in [&*key.spelled(), &id, &id.replace('-', ""), KEY] {
        assert!(!reply.body.contains(secret), "{secret}");
    }
    sends(&served, &id, 20);
    assert_eq!(rows(&served), 3);
    assert_eq!(served.count(Reason::Forgotten), 3);
    let again = forget(&served, Request::new(KEY, &key).body());
    assert_eq!(
        again.body, reply.body,
        "Ed25519 signs the same in the same way"
    );
}

#[test]
fn d29_a_known_id_an_unknown_and_an_erased_one_get_the_same_answer() {
    let served = Served::start();
    let (known, id) = keyed(1);
    sends(&served, &id, 0);
    let blank = |key: &ForgetKey| {
        let reply = forget(&served, Request::new(KEY, key).body());
        let signed = Signed::parse(reply.body.as_bytes()).unwrap();
        let text = reply.body.replace(&signed.receipt().asked, "ASKED");
        let (text, _) = text.split_once("\"signature\":").unwrap();
        let headers: Vec<_> = reply
            .headers
            .iter()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("date"))
            .cloned()
            .collect();
        (reply.status, headers, text.to_owned())
    };
    let answer = blank(&known);
    assert_eq!(blank(&keyed(2).0), answer, "nobody has this one");
    assert_eq!(blank(&known), answer, "it is erased already");
    assert_eq!(masked(&served), 2, "each left its tombstone");
}

fn masked(served: &Served) -> usize {
    let snapshot = served.store.snapshot().unwrap();
    snapshot.project(served.project).unwrap().masked()
}

#[test]
fn d29_no_page_is_answered_from_what_was_counted_before_the_receipt() {
    let served = Served::start();
    let (key, id) = keyed(1);
    sends(&served, &id, 0);
    sends(&served, &keyed(2).1, 10);
    let page = Ask::get("/activity.csv?to=today");
    let before = served.ask(&page).body;
    assert_eq!(
        served.ask(&page).body,
        before,
        "the clock stands: it is shared"
    );
    forget(&served, Request::new(KEY, &key).body());
    let after = served.ask(&page).body;
    assert_ne!(after, before);
    served.clock.advance(2_000);
    assert_eq!(served.ask(&page).body, after);
}

#[test]
fn p04_the_id_opens_nothing() {
    let served = Served::start();
    let (_, id) = keyed(1);
    sends(&served, &id, 0);
    let plain = id.replace('-', "");
    for text in [&id, &plain, &plain.repeat(2)] {
        let body = format!(r#"{{"api_key":"{KEY}","forget_key":"{text}"}}"#);
        forget(&served, body);
    }
    assert_eq!(rows(&served), 3);
}

#[test]
fn what_is_no_request_to_erase_is_refused_and_nothing_of_it_is_said_back() {
    let served = Served::start();
    let (key, _) = keyed(0xab);
    let spelled = key.spelled();
    let with =
        |api_key: &str, key: &str| format!(r#"{{"api_key":"{api_key}","forget_key":"{key}"}}"#);
    for body in [
        String::new(),
        "[]".to_owned(),
        spelled.clone(),
        with(KEY, &spelled[1..]),
        with(KEY, &spelled.to_uppercase()),
        format!(r#"{{"api_key":"{KEY}"}}"#),
        format!(r#"{{"api_key":"{KEY}","forget_key":"{spelled}","more":1}}"#),
    ] {
        let reply = forget(&served, body);
        reply.is_refused(400, "not_a_forget_request");
        assert!(!reply.body.contains(&spelled[2..]));
    }
    let unknown = forget(&served, with("phc_nobody", &spelled));
    unknown.is_refused(401, "unknown_api_key");
    let large = forget(&served, with(KEY, &"a".repeat(5_000)));
    large.is_refused(413, "payload_too_large");
    served
        .ask(&Ask::get("/forget"))
        .is_refused(405, "method_not_allowed");
    assert_eq!(masked(&served), 0);
}

#[test]
fn d29_too_many_requests_are_told_to_come_back() {
    let served = Served::start();
    for n in 0..askfirst_store::policy::FORGETS_AN_HOUR {
        let mut bytes = [3; 32];
        bytes[..4].copy_from_slice(&n.to_le_bytes());
        served
            .store
            .forget(served.project, install_id(&ForgetKey::of(bytes)))
            .unwrap();
    }
    let reply = forget(&served, Request::new(KEY, &keyed(1).0).body());
    reply.is_refused(503, "forget_later");
    assert_eq!(reply.header("retry-after"), Some("3600"));
    served.clock.advance(3_600_000);
    let reply = forget(&served, Request::new(KEY, &keyed(1).0).body());
    assert_eq!(reply.status, 200);
}

#[test]
fn d29_a_restart_keeps_key_and_tombstone() {
    let served = Served::start();
    let (key, id) = keyed(1);
    sends(&served, &id, 0);
    let receipt = forget(&served, Request::new(KEY, &key).body());
    let (dir, ended) = served.stop();
    ended.unwrap();
    let again = Served::on("127.0.0.1:0", askfirst_collector::Limits::default(), dir);
    assert_eq!(rows(&again), 0);
    let public = receipt_key(again.data()).unwrap().unwrap();
    let signed = Signed::parse(receipt.body.as_bytes()).unwrap();
    signed.check(public).unwrap();
    let key_file = again.data().join("receipt.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&key_file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (dir, ended) = again.stop();
    ended.unwrap();
    std::fs::write(&key_file, "not a key\n").unwrap();
    let error = receipt_key(dir.path()).unwrap_err();
    assert!(
        error.to_string().contains("it is not a receipt key"),
        "{error}"
    );
    assert!(error.remedy().is_some());
}

#[test]
fn p02_neither_key_nor_id_is_in_any_file() {
    let served = Served::start();
    let (key, id) = keyed(7);
    forget(&served, Request::new(KEY, &key).body());
    let (dir, ended) = served.stop();
    ended.unwrap();
    let mut looked_at = 0;
    for name in ["MANIFEST", "MANIFEST.prev", "receipt.key"] {
        let Ok(text) = std::fs::read(dir.path().join(name)) else {
            continue;
        };
        looked_at += 1;
        let text = String::from_utf8_lossy(&text).into_owned();
        for secret in [key.spelled(), id.clone(), id.replace('-', "")] {
            assert!(!text.contains(&secret), "{name}");
        }
    }
    assert_eq!(looked_at, 3);
}
