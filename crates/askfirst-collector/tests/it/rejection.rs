//! `posthog-protocol.md` 11.2: what is refused, and the dirt that is taken. The numbers are its
//! ids. A refusal is always an object: `is_refused` holds r14.

use askfirst_store::{Note, Reason};

use super::bodies::{ALICE, BOB, KEY, event, gzip, launched, node, python, python_event, uuid};
use super::client::{Ask, Connection};
use super::served::Served;

/// What a batch of `members` beside one good event becomes.
fn beside_a_good_one(members: &[&str]) -> Served {
    let served = Served::start();
    let mut events: Vec<_> = members.iter().map(|member| (*member).to_owned()).collect();
    events.insert(members.len() / 2, event("launched", ALICE, &uuid(1)));
    served.takes(&Ask::post("/batch/", node(&events)).json());
    served
}

#[test]
fn r01_nothing_at_all_is_refused() {
    let served = Served::start();
    served
        .ask(&Ask::post("/batch/", "").json())
        .is_refused(400, "empty_body");
    served
        .ask(&Ask::get("/e/?_=1"))
        .is_refused(400, "empty_body");
}

#[test]
fn r02_a_batch_of_nothing_is_refused() {
    let served = Served::start();
    for body in [node(&[]), "[ ]".to_owned()] {
        served
            .ask(&Ask::post("/batch/", body).json())
            .is_refused(400, "empty_batch");
    }
}

#[test]
fn r03_without_a_key_anywhere_there_is_no_project() {
    let served = Served::start();
    let body = format!(r#"{{"batch":[{}]}}"#, event("launched", ALICE, &uuid(1)));
    served
        .ask(&Ask::post("/batch/", body).json())
        .is_refused(401, "no_api_key");
}

#[test]
fn r04_events_of_two_projects_do_not_come_together() {
    let served = Served::start();
    let single = |key| format!(r#"{{"token":"{key}","event":"exit","distinct_id":"{ALICE}"}}"#);
    let two = format!("[{},{}]", single(KEY), single("phc_other"));
    served
        .ask(&Ask::post("/e/", two).json())
        .is_refused(401, "two_api_keys");
    served.takes(&Ask::post("/e/", format!("[{},{}]", single(KEY), single(KEY))).json());
}

#[test]
fn r05_what_cannot_be_a_project_key_is_said_to_be_none() {
    let served = Served::start();
    let with_key = |key: &str| {
        let body = launched(1).replace(KEY, key);
        served.ask(&Ask::post("/batch/", body).json())
    };
    for key in [
        "phx_personal",
        &"k".repeat(65),
        "phc_ä",
        r"phc_\u0000",
        "  ",
    ] {
        with_key(key).is_refused(401, "bad_api_key");
    }
    with_key("phc_other").is_refused(401, "unknown_api_key");
    with_key(&format!(r" {KEY}\n")).is_ok();
}

#[test]
fn r06_words_of_pythons_encoder_become_null_and_the_neighbours_are_stored() {
    let served = beside_a_good_one(&[&format!(
        r#"{{"event":"exit","distinct_id":"{BOB}","uuid":"{}","properties":{{"nan":NaN,"inf":[Infinity,-Infinity],"big":1180591620717411303424}}}}"#,
        uuid(2)
    )]);
    assert_eq!(served.outcomes(), [("accepted", 2)]);
}

#[test]
fn r07_half_a_surrogate_costs_nothing() {
    let lone = |key: &str| {
        format!(
            r#"{{"event":"exit","distinct_id":"{BOB}","uuid":"{}","properties":{{{key}:"a\ud800b"}}}}"#,
            uuid(2)
        )
    };
    for key in [r#""value""#, r#""key \udc00""#] {
        let served = beside_a_good_one(&[&lone(key)]);
        assert_eq!(served.outcomes(), [("accepted", 2)], "{key}");
    }
}

#[test]
fn r08_events_nobody_can_read_cost_themselves() {
    let served = beside_a_good_one(&[
        &event("", ALICE, &uuid(2)),
        &event("launched", "  ", &uuid(3)),
        r#"{"event":"launched","distinct_id":null}"#,
        r#"{"event":7,"distinct_id":"x"}"#,
        r#"{"event":"launched","distinct_id":"x","properties":[1,2]}"#,
        "null",
        "[[]]",
        "1e999",
    ]);
    assert_eq!(served.outcomes(), [("accepted", 1), ("invalid", 8)]);
    for (reason, count) in [
        (Reason::NoEventName, 2),
        (Reason::NoDistinctId, 2),
        (Reason::BadProperties, 1),
        (Reason::NotAnObject, 3),
    ] {
        assert_eq!(served.count(reason), count, "{reason:?}");
    }
}

#[test]
fn r09_an_id_that_is_none_is_replaced() {
    let served = Served::start();
    let batch = node(&[
        event("launched", ALICE, "not-a-uuid"),
        event("exit", ALICE, ""),
    ]);
    served.takes(&Ask::post("/batch/", batch).json());
    assert_eq!(served.outcomes(), [("accepted", 2)]);
    assert_eq!(served.noted(Note::EventIdReplaced), 1);
}

#[test]
fn r10_a_distinct_id_of_any_type_and_length_stands_for_an_install() {
    let served = Served::start();
    let long = "x".repeat(200);
    let of = |number, id: &str| {
        format!(
            r#"{{"event":"launched","uuid":"{}","distinct_id":{id}}}"#,
            uuid(number)
        )
    };
    let batch = node(&[
        of(1, &format!(r#""{long}""#)),
        of(2, &format!(r#""{long}yz""#)),
        of(3, "23"),
        of(4, r#""23""#),
        of(5, r#"{"a":1}"#),
    ]);
    served.takes(&Ask::post("/batch/", batch).json());
    let mut installs: Vec<_> = served.stored().into_iter().map(|row| row.install).collect();
    installs.sort();
    installs.dedup();
    assert_eq!(installs.len(), 3);
    assert_eq!(served.noted(Note::DistinctIdReplaced), 5);
}

#[test]
fn r11_broken_gzip_is_refused() {
    let served = Served::start();
    let mut cut = gzip(launched(1).as_bytes());
    cut.truncate(cut.len() / 2);
    for body in [cut, b"no gzip at all".to_vec()] {
        let ask = Ask::post("/batch/", body)
            .json()
            .header("Content-Encoding", "gzip");
        served.ask(&ask).is_refused(400, "bad_gzip");
    }
}

#[test]
fn r13_after_a_body_that_is_too_large_the_connection_goes_on() {
    let served = Served::start();
    let mut connection = Connection::to(served.address());
    let large = Ask::post("/batch/", vec![b' '; 24 << 20]).json();
    connection.send(&large).is_refused(413, "payload_too_large");
    connection
        .send(&Ask::post("/batch/", launched(1)).json())
        .is_ok();
}

#[test]
fn r15_a_form_that_is_none_is_refused() {
    let served = Served::start();
    let ask = Ask::post("/e/", launched(1));
    let ask = ask.header(
        "Content-Type",
        "application/x-www-form-urlencoded; charset=utf-8",
    );
    served.ask(&ask).is_refused(400, "not_a_form");
}

#[test]
fn r16_an_unknown_compression_is_no_hint() {
    let served = Served::start();
    served.takes(&Ask::post("/batch/?compression=foo", launched(1)).json());
}

#[test]
fn a_compression_we_do_not_read_is_named() {
    let served = Served::start();
    for (target, encoding) in [
        ("/e/?compression=lz64", "identity"),
        ("/e/", "br"),
        ("/e/", "zstd"),
        ("/e/", "deflate"),
    ] {
        let ask = Ask::post(target, "N4Ig").header("Content-Encoding", encoding);
        served.ask(&ask).is_refused(415, "unsupported_compression");
    }
}

#[test]
fn r17_what_no_catalog_knows_is_filtered() {
    let served = Served::start();
    let batch = node(&[event("$performance_event", ALICE, &uuid(1))]);
    served.takes(&Ask::post("/e/", batch).json());
    assert_eq!(served.outcomes(), [("filtered", 1)]);
    assert_eq!(served.count(Reason::UnknownEvent), 1);
    assert_eq!(served.stored(), []);
}

#[test]
fn r18_a_batch_sent_again_is_stored_once_with_ids_or_without() {
    let served = Served::start();
    let at =
        |micros: &str| python_event("launched", ALICE, &format!("2026-11-20T09:30:00.{micros}"));
    let without = python(&[at("100001"), at("100002")]);
    for batch in [launched(1), without] {
        let ask = Ask::post("/batch/", batch).json();
        served.takes(&ask);
        served.clock.advance(70_000);
        served.takes(&ask);
    }
    assert_eq!(served.outcomes(), [("accepted", 3), ("duplicate", 3)]);
}

#[test]
fn an_event_older_than_what_is_remembered_is_filtered() {
    let served = Served::start();
    let batch = launched(1).replace("2026-11-20T09:30", "2026-10-15T09:30");
    served.takes(&Ask::post("/batch/", batch).json());
    assert_eq!(served.outcomes(), [("filtered", 1)]);
    assert_eq!(served.count(Reason::TooOld), 1);
}

#[test]
fn an_event_from_the_future_happened_now() {
    let served = Served::start();
    let batch = launched(1).replace("2026-11-20T09:30", "2999-11-20T09:30");
    served.takes(&Ask::post("/batch/", batch).json());
    let stored = &served.stored()[0];
    let corrected = stored.ts + i64::from(stored.skew_s) * 1000;
    assert!((corrected - super::bodies::NOW).abs() < 1000, "{stored:?}");
    assert_eq!(served.noted(Note::ClockAhead), 1);
}

#[test]
fn a_body_that_is_no_json_is_refused_and_says_nothing_of_what_was_in_it() {
    let served = Served::start();
    for body in [
        "canary",
        "{\"api_key\":\"canary\"",
        "[1,2",
        "\"canary\"",
        "7",
    ] {
        let reply = served.ask(&Ask::post("/batch/", body).json());
        assert_eq!(reply.status, 400, "{body}");
        assert!(!reply.body.contains("canary"), "{reply:?}");
    }
    let invalid = [b"{\"api_key\":\"".as_slice(), b"\xff\xfe\"}"].concat();
    served
        .ask(&Ask::post("/batch/", invalid).json())
        .is_refused(400, "not_utf8");
}

#[test]
fn no_reply_ever_redirects_or_asks_a_browser_to_slow_down() {
    let served = Served::start();
    for ask in [
        Ask::post("/batch", launched(1)).json(),
        Ask::post("//batch/", launched(1)).json(),
        Ask::post("/batch//", launched(1)).json(),
        Ask::post("/BATCH", launched(1)).json(),
        Ask::get("/healthz/"),
    ] {
        let status = served.ask(&ask).status;
        assert!(!(300..400).contains(&status) && status != 429, "{ask:?}");
    }
}
