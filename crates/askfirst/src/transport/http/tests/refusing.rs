//! Receivers that answer before they have all of a request, or when nobody asked, with TLS and
//! without.

use std::io::Read;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use rustls::version::{TLS12, TLS13};

use super::encrypted::{Authority, greeting};
use super::server::{converse, head, serve_with};
use super::*;

const LARGE: &[u8] = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n";
const BUSY: &[u8] = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

/// More than lies between two ends of a connection of this machine.
pub(super) fn large() -> Vec<u8> {
    vec![b'x'; 32 << 20]
}

trait Talk: Read + Write {}

impl<T: Read + Write> Talk for T {}

/// The server's end of a line, and a client for it.
struct Line {
    speaks: Arc<dyn Fn(TcpStream) -> Box<dyn Talk> + Send + Sync>,
    http: Http,
    url: fn(&Server) -> String,
}

fn lines() -> Vec<Line> {
    let plain = Line {
        speaks: Arc::new(|stream| Box::new(stream)),
        http: Http::default(),
        url: |server| server.url("/batch/"),
    };
    let encrypted = [&TLS12, &TLS13].map(|speaks| {
        let authority = Authority::new();
        let shows = authority.vouch("localhost", 2100, speaks);
        Line {
            speaks: Arc::new(move |stream| Box::new(greeting(&shows, stream))),
            http: authority.believed(),
            url: Server::encrypted_url,
        }
    });
    [plain].into_iter().chain(encrypted).collect()
}

/// What somebody makes of a large request who reads its head, answers, and hangs up then.
fn refused(mut line: Line, answer: &'static [u8], hangs_up: Receiver<()>) -> Reply {
    line.http.limits.write = 50;
    let speaks = line.speaks;
    let server = serve_with(move |connection| {
        let mut stream = speaks(connection());
        head(&mut stream).unwrap();
        stream.write_all(answer).unwrap();
        stream.flush().unwrap();
        // Held, or gone already.
        let _ = hangs_up.recv();
        Vec::new()
    });
    let reply = line.http.post(&(line.url)(&server), &large());
    assert!(line.http.lock().is_none(), "half a request is on the line");
    reply
}

#[test]
fn b13_who_refuses_before_it_has_all_of_a_batch_is_heard() {
    for line in lines() {
        let at_once = channel().1;
        assert_eq!(refused(line, LARGE, at_once), status(413));
    }
    for line in lines() {
        let (_held, never) = channel();
        assert_eq!(refused(line, LARGE, never), status(413));
    }
}

#[test]
fn b13_nobody_accepts_what_was_not_sent() {
    for line in lines() {
        let (_held, never) = channel();
        let reply = refused(line, OK, never);
        assert_eq!(reply, Reply::Nothing("timed out".to_owned()));
    }
}

/// What the second batch on a line comes to, if something is said before it.
fn after_being_told(line: &Line, unasked: Vec<u8>) -> Reply {
    let (go_on, may_go_on) = channel::<()>();
    let (said, was_said) = channel();
    let speaks = Arc::clone(&line.speaks);
    let server = serve_with(move |connection| {
        let mut first = speaks(connection());
        let asked = converse(&mut first, &[OK.to_vec()]);
        may_go_on.recv().unwrap();
        first.write_all(&unasked).unwrap();
        first.flush().unwrap();
        said.send(()).unwrap();
        let mut second = speaks(connection());
        vec![asked, converse(&mut second, &[BUSY.to_vec()])]
    });
    let url = (line.url)(&server);
    assert_eq!(line.http.post(&url, b"{}"), status(200));
    go_on.send(()).unwrap();
    was_said.recv().unwrap();
    let reply = line.http.post(&url, b"{}");
    line.http.hang_up();
    server.requests();
    reply
}

#[test]
fn b13_what_was_said_when_nobody_asked_is_no_answer_to_the_next_batch() {
    let page = [OK, &[b' '; 12 << 10]].concat();
    for line in lines() {
        for unasked in [OK, &page] {
            assert_eq!(after_being_told(&line, unasked.to_vec()), status(503));
        }
    }
}
