//! `posthog-protocol.md` 11.1: what unmodified clients send is taken. The numbers are its ids.

use askfirst_catalog::Catalog;
use askfirst_store::{Note, Reason};

use super::bodies::{
    ALICE, BOB, KEY, NOW, base64, browser_event, event, form, gzip, launched, node, python,
    python_event, uuid,
};
use super::client::{Ask, Connection};
use super::served::Served;

const EVERY_PATH: [&str; 7] = [
    "/batch",
    "/i/v0/e",
    "/e",
    "/capture",
    "/track",
    "/engage",
    "/i/v0/ai/batch",
];

fn two_of_python() -> String {
    python(&[
        python_event("launched", ALICE, "2026-11-20T09:30:00.100000"),
        python_event("exit", ALICE, "2026-11-20T09:30:00.200000"),
    ])
}

#[test]
fn a01_python_3_sends_no_ids_and_is_taken() {
    let served = Served::start();
    served.takes(&Ask::post("/batch/", two_of_python()).json());
    let stored = served.stored();
    let events: Vec<_> = stored
        .iter()
        .map(|row| (row.event.as_str(), row.ts))
        .collect();
    assert_eq!(
        events,
        [("launched", 1_795_167_000_100), ("exit", 1_795_167_000_200)]
    );
    assert_eq!(stored[0].skew_s, 0);
    assert_eq!(stored[0].consent, "unknown");
    assert_eq!(served.noted(Note::EventIdReplaced), 0);
}

#[test]
fn a02_python_compresses_when_told_to() {
    let served = Served::start();
    served.takes(&Ask::post("/batch/", two_of_python()).json().gzip());
    assert_eq!(served.outcomes(), [("accepted", 2)]);
}

#[test]
fn a04_what_makes_persons_is_filtered_and_its_neighbours_are_stored() {
    let served = Served::start();
    let person = ["$identify", "$set", "$groupidentify", "$create_alias"];
    let mut events: Vec<_> = (1..)
        .zip(person)
        .map(|(number, name)| event(name, ALICE, &uuid(number)))
        .collect();
    events.push(event("launched", ALICE, &uuid(9)));
    served.takes(&Ask::post("/batch/", node(&events)).json());
    assert_eq!(served.outcomes(), [("accepted", 1), ("filtered", 4)]);
    assert_eq!(served.count(Reason::PersonEvent), 4);
}

#[test]
fn a05_an_exception_the_sdk_caught_belongs_to_no_install() {
    let served = Served::start();
    let exception = format!(
        r#"{{"api_key":"{KEY}","batch":[{{"event":"$exception","distinct_id":"{ALICE}","uuid":"{}","timestamp":"2026-11-20T09:30:00Z","properties":{{"$lib":"posthog-python","$exception_list":[{{"type":"ValueError","value":"secret","stacktrace":{{"type":"raw","frames":[]}}}}],"$process_person_profile":false}}}}]}}"#,
        uuid(1)
    );
    served.takes(&Ask::post("/batch/", exception).json());
    let stored = served.stored();
    assert_eq!(
        (stored[0].event.as_str(), &stored[0].install),
        ("exception", &None)
    );
    assert_eq!(served.noted(Note::NoInstall), 1);
}

#[test]
fn a06_a_wrong_clock_is_corrected_by_what_it_shows_when_sending() {
    let served = Served::start();
    let batch = launched(1).replace("09:33:20.000Z", "10:33:20.000Z");
    served.takes(&Ask::post("/batch/", batch).json());
    let stored = &served.stored()[0];
    assert_eq!((stored.ts, stored.skew_s), (1_795_167_000_250, -3600));
    assert_eq!(served.noted(Note::ClockCorrected), 1);
}

#[test]
fn a10_node_compresses_by_default() {
    let served = Served::start();
    let events = [
        event("launched", ALICE, &uuid(1)),
        event("exit", BOB, &uuid(2)),
    ];
    served.takes(&Ask::post("/batch/", node(&events)).json().gzip());
    let installs: Vec<_> = served
        .stored()
        .into_iter()
        .filter_map(|row| row.install)
        .collect();
    assert_eq!(installs.len(), 2);
    assert!(
        installs
            .iter()
            .any(|id| id.starts_with(&[0x52, 0xb5, 0xcc, 0x12]))
    );
}

#[test]
fn a12_old_node_does_not() {
    let served = Served::start();
    served.takes(&Ask::post("/batch/", launched(1)).json());
    assert_eq!(served.outcomes(), [("accepted", 1)]);
}

#[test]
fn a13_rust_sends_nanoseconds_and_says_gzip_twice() {
    let served = Served::start();
    let batch = launched(1).replace(".250Z", ".250123456Z");
    served.takes(&Ask::post("/batch/", batch.clone()).json());
    served.takes(&Ask::post("/batch/?compression=gzip", batch).json().gzip());
    assert_eq!(served.outcomes(), [("accepted", 1), ("duplicate", 1)]);
    assert_eq!(served.stored()[0].ts, 1_795_167_000_250);
}

#[test]
fn a15_the_browser_sends_a_form_without_saying_how_it_is_packed() {
    let served = Served::start();
    let event = browser_event(1, r#""timestamp":"2026-11-20T09:31:57.000Z""#);
    let body = form(&base64(&event));
    let target = format!("/e/?ip=1&_={}&ver=1.80.0", NOW + 7_200_000);
    let ask = Ask::post(&target, body).header("Content-Type", "application/x-www-form-urlencoded");
    served.takes(&ask);
    let stored = &served.stored()[0];
    assert_eq!((stored.event.as_str(), stored.skew_s), ("launched", -7200));
    assert!(stored.install.is_some());
}

#[test]
fn a16_events_without_timestamp_happened_some_time_before_they_were_sent() {
    let served = Served::start();
    let events = [
        browser_event(1, r#""offset":3000"#),
        browser_event(2, r#""offset":0"#),
    ];
    let body = gzip(format!("[{}]", events.join(",")).as_bytes());
    let target = "/e/?compression=gzip-js&ip=1&_=1795167200000&ver=1.80.0";
    let ask = Ask::post(target, body).header("Content-Type", "text/plain");
    served.takes(&ask);
    // A retry says the same about another moment of sending, and is known again by its id.
    served.clock.advance(90_000);
    served.takes(&ask);
    assert_eq!(served.outcomes(), [("accepted", 2), ("duplicate", 2)]);
}

#[test]
fn a17_the_browser_may_say_base64() {
    let served = Served::start();
    let event = browser_event(1, r#""timestamp":"2026-11-20T09:31:57.000Z""#);
    let ask = Ask::post(
        "/e/?ip=1&_=1795167126857&compression=base64",
        form(&base64(&event)),
    );
    served.takes(&ask.header("Content-Type", "application/x-www-form-urlencoded"));
    assert_eq!(served.outcomes(), [("accepted", 1)]);
}

#[test]
fn a18_the_browser_may_send_an_object_or_a_list_as_json() {
    let served = Served::start();
    let event = |number| browser_event(number, r#""timestamp":"2026-11-20T09:31:57.000Z""#);
    served.takes(&Ask::post("/e/?ip=1", event(1)).json());
    served.takes(&Ask::post("/i/v0/e/?ip=1", format!("[{}]", event(2))).json());
    let packed = Ask::post("/i/v0/e/?compression=gzip-js", gzip(event(3).as_bytes()));
    served.takes(&packed.header("Content-Type", "text/plain"));
    assert_eq!(served.outcomes(), [("accepted", 3)]);
}

#[test]
fn a19_gzip_is_told_by_its_first_bytes() {
    let served = Served::start();
    let ask = Ask::post("/e/", gzip(launched(1).as_bytes())).header("Content-Type", "text/plain");
    served.takes(&ask);
    assert_eq!(served.outcomes(), [("accepted", 1)]);
}

#[test]
fn a20_only_a_beacon_is_answered_204() {
    let served = Served::start();
    let body = form(&base64(&launched(1)));
    let ask = |target| {
        let ask = Ask::post(target, body.clone());
        ask.header("Content-Type", "application/x-www-form-urlencoded")
    };
    served.takes(&ask("/e/?compression=base64"));
    let reply = served.ask(&ask("/e/?compression=base64&beacon=1"));
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
}

fn single(number: u32) -> String {
    format!(
        r#"{{"api_key":"{KEY}","event":"launched","distinct_id":"{ALICE}","uuid":"{}"}}"#,
        uuid(number)
    )
}

#[test]
fn a21_a_single_event_may_be_posted_by_hand() {
    let served = Served::start();
    served.takes(&Ask::post("/capture", single(1)).json());
    assert_eq!(served.stored()[0].ts, NOW);
}

#[test]
fn a22_base64_needs_no_content_type() {
    let served = Served::start();
    served.takes(&Ask::post("/e", base64(&single(1))));
    assert_eq!(served.outcomes(), [("accepted", 1)]);
}

#[test]
fn a23_an_event_may_stand_in_the_query() {
    let served = Served::start();
    let data = form(&base64(&single(1)));
    served.takes(&Ask::get(&format!("/e/?{data}&_=1795167200000")));
    served.takes(&Ask::get(&format!("/e/?{}", form(&single(2)))));
    assert_eq!(served.outcomes(), [("accepted", 2)]);
}

#[test]
fn a25_engage_needs_no_name_and_makes_no_person() {
    let served = Served::start();
    let engage = format!(r#"{{"token":"{KEY}","$distinct_id":"{ALICE}","$set":{{"a":1}}}}"#);
    served.takes(&Ask::post("/engage", engage).json());
    served.takes(&Ask::post("/track", single(1)).json());
    assert_eq!(served.outcomes(), [("accepted", 1), ("filtered", 1)]);
    assert_eq!(served.count(Reason::PersonEvent), 1);
}

#[test]
fn a26_every_path_is_there_with_and_without_a_slash_at_its_end() {
    let served = Served::start();
    for path in EVERY_PATH {
        for path in [path.to_owned(), format!("{path}/")] {
            served.takes(&Ask::post(&path, launched(1)).json());
        }
    }
    assert_eq!(served.outcomes(), [("accepted", 1), ("duplicate", 13)]);
}

#[test]
fn a27_connections_are_kept_and_bodies_may_come_in_chunks() {
    let served = Served::start();
    let mut connection = Connection::to(served.address());
    for number in 0..3 {
        let ask = Ask::post("/batch/", launched(number)).json();
        connection.send(&ask).is_ok();
        connection.write(&ask.chunked(7));
        connection.reply().unwrap().is_ok();
    }
    assert_eq!(served.outcomes(), [("accepted", 3), ("duplicate", 3)]);
}

#[test]
fn a28_a_browser_may_ask_first() {
    let served = Served::start();
    for path in EVERY_PATH {
        let ask = Ask::new("OPTIONS", path)
            .header("Origin", "https://shop.example")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Private-Network", "true")
            .header("Access-Control-Request-Headers", "content-type,x-a");
        let reply = served.ask(&ask);
        assert_eq!(reply.status, 200);
        for (name, value) in [
            ("access-control-allow-origin", "https://shop.example"),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "GET, POST, OPTIONS"),
            ("access-control-allow-headers", "content-type,x-a"),
            ("access-control-allow-private-network", "true"),
            ("access-control-expose-headers", "Retry-After"),
            ("access-control-max-age", "600"),
            (
                "vary",
                "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            ),
        ] {
            assert_eq!(reply.header(name), Some(value), "{path} {name}");
        }
    }
}

#[test]
fn a29_a_browser_may_read_every_refusal() {
    let served = Served::start();
    let origin = |ask: Ask| served.ask(&ask.header("Origin", "https://shop.example"));
    for (status, ask) in [
        (400, Ask::post("/e/", "nonsense")),
        (401, Ask::post("/e/", launched(1).replace(KEY, "phc_other"))),
        (404, Ask::post("/nowhere", "")),
        (404, Ask::get("/array/phc_testkey/config.js")),
        (405, Ask::new("PUT", "/e/")),
        (413, Ask::post("/e/", vec![b' '; (8 << 20) + 1])),
        (415, Ask::post("/e/?compression=lz64", "N4IghgDglg")),
    ] {
        let reply = origin(ask);
        assert_eq!(reply.status, status);
        let allowed = reply.header("access-control-allow-origin");
        assert_eq!(allowed, Some("https://shop.example"), "{status}");
    }
}

#[test]
fn a30_start_up_calls_are_refused_in_a_way_every_sdk_goes_on_from() {
    let served = Served::start();
    for ask in [
        Ask::post("/flags/?v=2", format!(r#"{{"api_key":"{KEY}"}}"#)).json(),
        Ask::post("/decide/?v=3", "data=e30%3D"),
        Ask::get("/array/phc_testkey/config"),
        Ask::get("/array/phc_testkey/config.js"),
        Ask::get("/static/surveys.js"),
        Ask::post("/i/v1/analytics/events", "{}").json(),
    ] {
        served.ask(&ask).is_refused(404, "not_offered");
    }
}

/// An event as our own SDK sends it, under the catalog with this hash.
fn own(number: u32, lib: &str, catalog: &str) -> String {
    format!(
        r#"{{"event":"launched","uuid":"{}","distinct_id":"{ALICE}","timestamp":"2026-11-20T09:00:00Z","properties":{{"$lib":"{lib}","$lib_version":"0.1.0","$process_person_profile":false,"$geoip_disable":true,"$ip":"0.0.0.0","catalog":"{catalog}","session":7,"seq":{number}}}}}"#,
        uuid(number)
    )
}

#[test]
fn p01_only_our_sdk_under_a_catalog_shows_that_its_user_agreed() {
    let served = Served::start();
    let ours = Catalog::builtin().short_hex();
    let batch = node(&[
        own(1, "askfirst", &ours),
        own(2, "posthog-python", &ours),
        own(3, "askfirst", "no hash"),
        own(4, "askfirst", "00000000"),
    ]);
    served.takes(&Ask::post("/batch/", batch).json());
    let mut rows: Vec<_> = served
        .stored()
        .into_iter()
        .map(|row| (row.consent, row.install.is_some()))
        .collect();
    rows.sort();
    let agreed = ("agreed".to_owned(), true);
    let unknown = ("unknown".to_owned(), false);
    assert_eq!(rows, [agreed.clone(), agreed, unknown.clone(), unknown]);
    assert_eq!(served.noted(Note::CatalogNewer), 1);
}
