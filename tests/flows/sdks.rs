//! Unmodified PostHog SDKs: everything they send is stored exactly once, and
//! they have nothing to complain about.

use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tempfile::tempdir;

use crate::collector::{Collector, add_project, models};
use crate::http;
use crate::peer::Sdk;
use crate::stored;

/// More than two of the SDKs' batches of 100.
const MESSAGES: u64 = 250;
const SOMEBODY: &str = "7f3c1c50-1c1e-4c0a-9f1e-0123456789ab";
const SOMEBODY_ELSE: &str = "3e0b61d2-5b0c-4d3f-8f57-ba9876543210";

const PYTHON_3: Sdk = python("posthog-3.25.0", "3.25.0");
const PYTHON_6: Sdk = python("posthog-6.9.3", "6.9.3");
const PYTHON_7_8: Sdk = python("posthog-7.8.6", "7.8.6");
const PYTHON_7_91: Sdk = python("posthog-7.91.1", "7.91.1");
const NODE: Sdk = Sdk {
    environment: "node",
    version: "5.70.0",
    node: true,
};

const fn python(environment: &'static str, version: &'static str) -> Sdk {
    Sdk {
        environment,
        version,
        node: false,
    }
}

#[test]
fn posthog_python_3_25_is_stored_exactly_once() {
    stored_exactly_once(&PYTHON_3);
}

#[test]
fn posthog_python_6_9_is_stored_exactly_once() {
    stored_exactly_once(&PYTHON_6);
}

#[test]
fn posthog_python_7_8_as_aider_pins_it_is_stored_exactly_once() {
    stored_exactly_once(&PYTHON_7_8);
}

#[test]
fn posthog_python_7_91_is_stored_exactly_once() {
    stored_exactly_once(&PYTHON_7_91);
}

#[test]
fn posthog_node_5_70_is_stored_exactly_once() {
    stored_exactly_once(&NODE);
}

#[test]
fn posthog_python_3_25_waits_for_a_collector_that_restarts() {
    waits_for_a_restart(&PYTHON_3);
}

#[test]
fn posthog_python_6_9_waits_for_a_collector_that_restarts() {
    waits_for_a_restart(&PYTHON_6);
}

#[test]
fn posthog_python_7_8_waits_for_a_collector_that_restarts() {
    waits_for_a_restart(&PYTHON_7_8);
}

#[test]
fn posthog_python_7_91_waits_for_a_collector_that_restarts() {
    waits_for_a_restart(&PYTHON_7_91);
}

#[test]
fn posthog_node_5_70_waits_for_a_collector_that_restarts() {
    waits_for_a_restart(&NODE);
}

/// This one sends no uuid: what it sent is known by its content.
#[test]
fn posthog_python_3_25_retries_after_a_lost_reply_and_nothing_is_stored_twice() {
    survives_a_lost_reply(&PYTHON_3);
}

#[test]
fn posthog_python_7_8_retries_after_a_lost_reply_and_nothing_is_stored_twice() {
    survives_a_lost_reply(&PYTHON_7_8);
}

#[test]
fn posthog_python_7_91_retries_after_a_lost_reply_and_nothing_is_stored_twice() {
    survives_a_lost_reply(&PYTHON_7_91);
}

#[test]
fn posthog_node_5_70_retries_after_a_lost_reply_and_nothing_is_stored_twice() {
    survives_a_lost_reply(&NODE);
}

/// Two senders, the second compressing its bodies: the report shows them while
/// the collector runs, and the files hold each event once.
fn stored_exactly_once(sdk: &Sdk) {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let Some(plain) = sdk.send(&collector.url(), &key, SOMEBODY, MESSAGES, &[]) else {
        return;
    };
    assert_eq!(plain.finish(), MESSAGES + 2);
    let gzip = sdk.send(&collector.url(), &key, SOMEBODY_ELSE, MESSAGES, &["gzip"]);
    assert_eq!(gzip.unwrap().finish(), MESSAGES + 2);

    let report = models(&data);
    let row = &report["rows"][0];
    assert_eq!(row["main_model"], "gpt-4o", "{report:#}");
    assert_eq!(row["messages"], 2 * MESSAGES);
    assert_eq!(row["tokens_in"], MESSAGES * (MESSAGES + 1));
    assert_eq!(row["tokens_out"], 2 * 7 * MESSAGES);
    assert_eq!(row["cost_usd"].as_f64(), Some(0.25 * 2.0 * MESSAGES as f64));

    collector.stop();
    stored::assert_numbered(&data, MESSAGES, 2);
    let rows = stored::rows(&data);
    let count = |event: &str| rows.iter().filter(|row| row.event == event).count();
    assert_eq!((count("launched"), count("exit")), (2, 2));
}

/// The SDK has everything queued and finds nobody listening; the collector
/// comes back at the same address.
fn waits_for_a_restart(sdk: &Sdk) {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let (address, url) = (collector.address(), collector.url());
    collector.kill();
    let Some(sending) = sdk.send(&url, &key, SOMEBODY, MESSAGES, &[]) else {
        return;
    };
    let collector = Collector::start_at(&data, address);
    assert_eq!(sending.finish(), MESSAGES + 2);
    collector.stop();
    stored::assert_numbered(&data, MESSAGES, 1);
}

/// The collector has stored and acknowledged every batch, but the first replies
/// never reach the SDK, which therefore sends again.
fn survives_a_lost_reply(sdk: &Sdk) {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let road = LossyRoad::to(collector.address(), 2);
    let Some(sending) = sdk.send(&road.url(), &key, SOMEBODY, MESSAGES, &[]) else {
        return;
    };
    assert_eq!(sending.finish(), MESSAGES + 2);
    assert_eq!(road.lost(), 2, "replies lost on the way");
    collector.stop();
    stored::assert_numbered(&data, MESSAGES, 1);
}

/// Hands requests on to the collector and its replies back, but for the first few.
struct LossyRoad {
    address: SocketAddr,
    lost: Arc<AtomicUsize>,
}

impl LossyRoad {
    fn to(collector: SocketAddr, lose: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let lost = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&lost);
        // Ends with the test's process: it waits for connections that no longer come.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if let Some(reply) = fetch(&stream, collector) {
                    if counter.load(Ordering::SeqCst) < lose {
                        counter.fetch_add(1, Ordering::SeqCst);
                        let _ = stream.shutdown(Shutdown::Both);
                    } else {
                        let _ = (&stream).write_all(&reply);
                    }
                }
            }
        });
        Self { address, lost }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn lost(&self) -> usize {
        self.lost.load(Ordering::SeqCst)
    }
}

/// The collector's reply to the request on a connection. The connection is for
/// this request alone, and both sides are told so.
fn fetch(stream: &TcpStream, collector: SocketAddr) -> Option<Vec<u8>> {
    let request = http::read_message(&mut stream.try_clone().ok()?).ok()?;
    let end = request.windows(2).position(|window| window == b"\r\n")? + 2;
    let head_end = request
        .windows(4)
        .position(|window| window == b"\r\n\r\n")?;
    let mut once = request[..end].to_vec();
    once.extend_from_slice(b"Connection: close\r\n");
    for line in String::from_utf8_lossy(&request[end..head_end]).lines() {
        if !line.to_ascii_lowercase().starts_with("connection:") {
            once.extend_from_slice(line.as_bytes());
            once.extend_from_slice(b"\r\n");
        }
    }
    once.extend_from_slice(b"\r\n");
    once.extend_from_slice(&request[head_end + 4..]);
    let reply = http::exchange(collector, &once).ok()?;
    assert_eq!(
        reply.status,
        200,
        "{}",
        String::from_utf8_lossy(&reply.bytes)
    );
    Some(reply.bytes)
}
