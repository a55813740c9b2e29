//! Too large, too slow, too many: bounded, answered, and nobody else's trouble.

use std::time::Duration;

use askfirst_collector::Limits;
use askfirst_store::Reason;

use super::bodies::{ALICE, event, gzip, launched, node, uuid};
use super::client::{Ask, Connection};
use super::served::Served;

#[test]
fn r12_a_bomb_is_stopped_while_it_unfolds() {
    let served = Served::start();
    let bomb = gzip(&vec![b' '; 256 << 20]);
    assert!(bomb.len() < 1 << 20);
    let ask = Ask::post("/batch/", bomb)
        .json()
        .header("Content-Encoding", "gzip");
    served.ask(&ask).is_refused(413, "payload_too_large");
    served.takes(&Ask::post("/batch/", launched(1)).json());
}

#[test]
fn d22_bodies_share_one_bound_and_what_does_not_fit_is_told_to_come_back() {
    let limits = Limits {
        bodies_in_flight: 1 << 20,
        body_share_wait: Duration::from_millis(1),
        ..Limits::default()
    };
    let served = Served::with(limits);
    let unfolds = Ask::post("/batch/", vec![b' '; 2 << 20]).gzip();
    let wire = Ask::post("/batch/", vec![b' '; 2 << 20]);
    for ask in [unfolds, wire] {
        let reply = served.ask(&ask);
        reply.is_refused(503, "service_unavailable");
        assert_eq!(reply.header("retry-after"), Some("1"));
    }
    // What they had is given back.
    let almost = format!("{}{}", " ".repeat(900_000), launched(1));
    served.takes(&Ask::post("/batch/", almost).json());
}

#[test]
fn ten_thousand_properties_cost_the_event_that_has_them_and_no_other() {
    let served = Served::start();
    let many: String = (0..10_000)
        .map(|number| format!(r#""p{number}":{number},"#))
        .collect();
    let batch =
        event("launched", ALICE, &uuid(1)).replace(r#""$lib":"#, &format!(r#"{many}"$lib":"#));
    served.takes(&Ask::post("/batch/", node(&[batch, event("exit", ALICE, &uuid(2))])).json());
    assert_eq!(served.outcomes(), [("accepted", 1), ("invalid", 1)]);
    assert_eq!(served.count(Reason::TooManyProperties), 1);
    assert_eq!(served.stored()[0].event, "exit");
}

#[test]
fn a_text_of_a_megabyte_is_left_out() {
    let served = Served::start();
    let long = "a".repeat(1 << 20);
    let batch = event("message_send", ALICE, &uuid(1)).replace(
        r#""$lib""#,
        &format!(r#""main_model":"{long}","note":"{long}\n","$lib""#),
    );
    served.takes(&Ask::post("/batch/", node(&[batch])).json());
    assert_eq!(served.stored()[0].main_model.as_deref(), Some("REDACTED"));
}

#[test]
fn more_events_than_a_body_may_have_are_refused_together() {
    let served = Served::start();
    let events: Vec<_> = (0..10_001)
        .map(|number| event("launched", ALICE, &uuid(number)))
        .collect();
    let ask = Ask::post("/batch/", node(&events)).json();
    served.ask(&ask).is_refused(413, "payload_too_large");
    served.takes(&Ask::post("/batch/", node(&events[1..])).json());
    assert_eq!(served.outcomes(), [("accepted", 10_000)]);
}

#[test]
fn deeply_nested_json_is_read_without_recursion() {
    let served = Served::start();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let batch =
        event("launched", ALICE, &uuid(1)).replace(r#""$lib""#, &format!(r#""x":{deep},"$lib""#));
    served.takes(&Ask::post("/batch/", node(&[batch])).json());
    assert_eq!(served.outcomes(), [("accepted", 1)]);
    served
        .ask(&Ask::post("/batch/", deep).json())
        .is_refused(401, "no_api_key");
}

#[test]
fn a_client_that_does_not_finish_its_head_is_let_go() {
    let served = Served::with(Limits {
        head_time: Duration::from_millis(50),
        ..Limits::default()
    });
    let mut connection = Connection::to(served.address());
    connection.write(b"POST /batch/ HTTP/1.1\r\nHost: x\r\n");
    assert_eq!(connection.reply(), None);
}

#[test]
fn a_client_that_says_nothing_is_let_go() {
    let served = Served::with(Limits {
        head_time: Duration::from_millis(50),
        ..Limits::default()
    });
    assert_eq!(Connection::to(served.address()).reply(), None);
    let mut kept = Connection::to(served.address());
    kept.send(&Ask::post("/batch/", launched(1)).json()).is_ok();
    assert_eq!(kept.reply(), None);
}

#[test]
fn a_client_that_does_not_finish_its_body_is_told_so() {
    let served = Served::with(Limits {
        body_time: Duration::from_millis(50),
        ..Limits::default()
    });
    let mut connection = Connection::to(served.address());
    connection
        .write(b"POST /batch/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"api_key\"");
    connection
        .reply()
        .unwrap()
        .is_refused(408, "body_read_timeout");
    assert_eq!(connection.reply(), None);
}

#[test]
fn connections_beyond_the_limit_wait_for_a_place() {
    let served = Served::with(Limits {
        connections: 1,
        ..Limits::default()
    });
    let mut first = Connection::to(served.address());
    first
        .send(&Ask::post("/batch/", launched(1)).json())
        .is_ok();
    let mut second = Connection::to(served.address());
    second.write(&Ask::post("/batch/", launched(2)).json().bytes());
    drop(first);
    second.reply().unwrap().is_ok();
}

#[test]
fn a_head_that_never_ends_is_refused() {
    let served = Served::start();
    let mut connection = Connection::to(served.address());
    connection.write(b"GET /e/?data=");
    connection.try_write(&vec![b'a'; 1 << 20]);
    assert!(
        connection
            .reply()
            .is_none_or(|reply| (400..500).contains(&reply.status))
    );
    served.takes(&Ask::post("/batch/", launched(1)).json());
}
