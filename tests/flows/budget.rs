//! The memory of a collector in which everything waits at once that may wait (decision D22).
//!
//! | part | budget, MB | how it is filled |
//! |---|---|---|
//! | bodies in flight | 48 | large bodies that lack their last byte |
//! | dedup cache | 24 | 2,500,000 events of random days, a fifth of them sent again |
//! | unsealed rows, a seal in progress | 90 | clients that send as fast as they are answered |
//! | connections, and the program itself | 15 | 500 that have been answered once and stay |
//! | unsynced log | 16 | not at all: a disk would have to stall for a tenth of a second under full load. So the others must leave that much free |

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use tempfile::tempdir;

use crate::collector::{Collector, add_project};

/// What the process may take, and what the log may take of it that no client can fill.
const BUDGET_MB: f64 = 200.0 - UNSYNCED_MB;
const UNSYNCED_MB: f64 = 16.0 * 1.048_576;
/// More keys than the cache holds filters and blocks of, where the program is optimised; else
/// as many as can be sent in half a minute.
const REMEMBERED: u64 = if cfg!(debug_assertions) {
    200_000
} else {
    2_500_000
};
/// Three times the rows that are sealed together.
const WAITING: u64 = 400_000;
const CLIENTS: u64 = 16;
const IDLE: usize = 500;
/// Ten bodies of five megabytes are what all bodies may take together.
const LARGE: usize = 10;
const LARGE_BYTES: usize = 4_900_000;
const A_BODY: u64 = 100;

#[test]
fn d22_everything_that_may_wait_at_once_fits_into_200_mb() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let load = Load {
        to: collector.address(),
        key,
        now: jiff::Timestamp::now().as_second(),
    };
    let started = collector.memory_mb();
    load.send(0..REMEMBERED, 1);
    load.send(0..REMEMBERED, 5);
    let remembered = collector.memory_mb();
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| load.idle()).collect();
    let connected = collector.memory_mb();
    let large: Vec<TcpStream> = (0..LARGE).map(|at| load.large(at as u64)).collect();
    load.send(REMEMBERED..REMEMBERED + WAITING, 1);
    let loaded = collector.memory_mb();
    for mut stream in large {
        let _ = stream.write_all(b"}");
        let _ = stream.read(&mut [0; 1024]);
    }
    drop(idle);
    let peak = collector.memory_mb();
    collector.stop();
    println!(
        "peak MB: started {started:.0}, remembering {remembered:.0}, connected {connected:.0}, \
         loaded {loaded:.0}, at the end {peak:.0}"
    );
    assert!(peak < BUDGET_MB, "{peak:.0} MB, of {BUDGET_MB:.0}");
}

struct Load {
    to: SocketAddr,
    key: String,
    now: i64,
}

impl Load {
    /// Sends events by their numbers, or those of every so many bodies.
    fn send(&self, events: std::ops::Range<u64>, every: u64) {
        let next = AtomicU64::new(events.start / A_BODY);
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    let mut stream = TcpStream::connect(self.to).unwrap();
                    loop {
                        let body = next.fetch_add(every, Ordering::Relaxed) * A_BODY;
                        if body >= events.end {
                            return;
                        }
                        let body = self.body(body..body + A_BODY, 0);
                        while !posted(&mut stream, body.as_bytes()) {
                            thread::yield_now();
                        }
                    }
                });
            }
        });
    }

    /// A connection that has been answered and stays open.
    fn idle(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.to).unwrap();
        posted(&mut stream, self.body(0..1, 0).as_bytes());
        stream
    }

    /// A connection that has sent all of a large body but its last byte.
    fn large(&self, number: u64) -> TcpStream {
        let first = (1 << 40) + number * 10_000;
        let body = self.body(first..first + 9_000, LARGE_BYTES);
        let mut stream = TcpStream::connect(self.to).unwrap();
        stream.write_all(head(body.len()).as_bytes()).unwrap();
        stream
            .write_all(&body.as_bytes()[..body.len() - 1])
            .unwrap();
        stream
    }

    /// Events of random moments within 34 days, filled up with spaces to so many bytes.
    fn body(&self, events: std::ops::Range<u64>, bytes: usize) -> String {
        let mut body = String::from(r#"{"batch":["#);
        for n in events.clone() {
            if n > events.start {
                body.push(',');
            }
            let dice = mixed(n);
            let time = self.now - (dice % (34 * 86_400)) as i64;
            let time = jiff::Timestamp::from_second(time).unwrap();
            let (person, model) = (dice % 20_000, MODELS[(dice >> 20) as usize % MODELS.len()]);
            write!(
                body,
                r#"{{"event":"message_send","distinct_id":"7f3c1c50-1c1e-4c0a-9f1e-{person:012x}","timestamp":"{time}","uuid":"{:08x}-0000-4000-a000-{n:012x}","properties":{{"main_model":"{model}","weak_model":"{model}","edit_format":"diff","prompt_tokens":{},"completion_tokens":{},"cost":0.25,"total_cost":{},"version":"0.86.1","python_version":"3.12.3","os_platform":"Linux","os_release":"6.8.0","machine":"x86_64"}}}}"#,
                dice >> 32,
                dice % 20_011,
                dice % 2_003,
                dice % 31,
            )
            .unwrap();
        }
        write!(body, r#"],"api_key":"{}""#, self.key).unwrap();
        while body.len() + 1 < bytes {
            body.push(' ');
        }
        body.push('}');
        body
    }
}

const MODELS: [&str; 3] = [
    "gpt-4o",
    "claude-3-5-sonnet-20241022",
    "deepseek/deepseek-chat",
];

fn mixed(n: u64) -> u64 {
    let z = (n ^ 0x5851_f42d_4c95_7f2d).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (z ^ (z >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

fn head(bytes: usize) -> String {
    format!(
        "POST /batch/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: {bytes}\r\n\r\n"
    )
}

/// Sends a body and reads the reply: whether it was taken, or the collector is behind.
fn posted(stream: &mut TcpStream, body: &[u8]) -> bool {
    stream.write_all(head(body.len()).as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let reply = crate::http::read_message(stream).unwrap();
    match reply.get(9..12) {
        Some(b"200") => true,
        Some(b"503") => false,
        _ => panic!("{}", String::from_utf8_lossy(&reply)),
    }
}
