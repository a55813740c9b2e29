//! Starting, stopping, and what is in between.

use std::net::TcpListener;
use std::sync::Arc;

use askfirst_catalog::Catalog;
use askfirst_collector::{Config, Error, Limits, serve};
use askfirst_store::testing::{FakeDisk, ManualClock};
use askfirst_store::{Options, Store};

use super::bodies::{NOW, launched};
use super::client::{Ask, Connection};
use super::served::Served;

fn store(dir: &std::path::Path) -> Store {
    let clock = Arc::new(ManualClock::new(NOW));
    Store::open(
        dir,
        Options {
            clock,
            ..Options::new(Catalog::builtin())
        },
    )
    .unwrap()
}

#[test]
fn a_port_in_use_is_said_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let config = Config::new(taken.local_addr().unwrap(), dir.path());
    let never = std::future::pending();
    let error = serve(store(dir.path()), config, |_| unreachable!(), never).unwrap_err();
    assert!(matches!(error, Error::PortInUse { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "{} is in use by another program",
            taken.local_addr().unwrap()
        )
    );
    assert!(error.remedy().unwrap().contains("--listen"));
    // The store was let go: another start is possible at once.
    drop(store(dir.path()));
}

#[test]
fn health_is_good_while_events_can_be_taken() {
    let served = Served::start();
    for path in ["/healthz", "/readyz", "/_readiness", "/_liveness"] {
        assert_eq!(served.ask(&Ask::get(path)).status, 200, "{path}");
    }
    served.store.close().unwrap();
    for path in ["/healthz", "/readyz", "/_readiness"] {
        let reply = served.ask(&Ask::get(path));
        reply.is_refused(503, "service_unavailable");
        assert_eq!(reply.header("retry-after"), Some("1"));
    }
    assert_eq!(served.ask(&Ask::get("/_liveness")).status, 200);
}

#[test]
fn r19_a_store_that_takes_nothing_sends_everyone_away_for_a_second() {
    let served = Served::start();
    served.store.close().unwrap();
    let reply = served.ask(&Ask::post("/batch/", launched(1)).json());
    reply.is_refused(503, "service_unavailable");
    assert_eq!(reply.header("retry-after"), Some("1"));
}

#[test]
fn a_stop_seals_and_the_next_start_knows_what_was_stored() {
    let served = Served::start();
    served.takes(&Ask::post("/batch/", launched(1)).json());
    let (dir, stopped) = served.stop();
    stopped.unwrap();
    let served = Served::on("127.0.0.1:0", Limits::default(), dir);
    served.takes(&Ask::post("/batch/", launched(1)).json());
    served.takes(&Ask::post("/batch/", launched(2)).json());
    assert_eq!(served.outcomes(), [("accepted", 2), ("duplicate", 1)]);
}

#[test]
fn a_stop_waits_for_the_request_at_hand() {
    let served = Served::start();
    let mut connection = Connection::to(served.address());
    let mut idle = Connection::to(served.address());
    idle.send(&Ask::get("/healthz"));
    let bytes = Ask::post("/batch/", launched(1)).json().bytes();
    let (before, after) = bytes.split_at(bytes.len() - 10);
    connection.write(before);
    // The request is known to be at hand once the server has answered another.
    idle.send(&Ask::get("/healthz"));
    let stopping = std::thread::spawn(move || served.stop());
    assert_eq!(idle.reply(), None);
    connection.write(after);
    connection.reply().unwrap().is_ok();
    stopping.join().unwrap().1.unwrap();
}

#[test]
fn d20_a_disk_that_fails_ends_the_server_and_nothing_is_acknowledged() {
    let disk = FakeDisk::new();
    let dir = tempfile::tempdir().unwrap();
    let served = Served::over(
        Arc::new(disk.clone()),
        "127.0.0.1:0",
        Limits::default(),
        dir,
    );
    disk.fail_syncs(1);
    let reply = served.ask(&Ask::post("/batch/", launched(1)).json());
    reply.is_refused(503, "service_unavailable");
    let error = served.ended().unwrap_err();
    assert!(matches!(error, Error::Stopped(_)), "{error}");
    assert!(error.remedy().unwrap().contains("start again"));
}

#[test]
fn d21_a_full_disk_sends_everyone_away_until_there_is_room() {
    let disk = FakeDisk::new();
    let dir = tempfile::tempdir().unwrap();
    let served = Served::over(
        Arc::new(disk.clone()),
        "127.0.0.1:0",
        Limits::default(),
        dir,
    );
    served.takes(&Ask::post("/batch/", launched(0)).json());
    disk.set_capacity(0);
    let mut number = 0;
    let reply = loop {
        number += 1;
        let reply = served.ask(&Ask::post("/batch/", launched(number)).json());
        if reply.status != 200 {
            break reply;
        }
    };
    reply.is_refused(503, "service_unavailable");
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(served.ask(&Ask::get("/healthz")).status, 503);
    assert_eq!(
        served.operate(Ask::get("/operator/status")).json()["health"],
        "disk_full"
    );
    disk.set_capacity(1 << 30);
    assert_eq!(served.ask(&Ask::get("/healthz")).status, 200);
    served.takes(&Ask::post("/batch/", launched(number)).json());
    assert_eq!(served.outcomes(), [("accepted", u64::from(number) + 1)]);
}
