//! Requests over real connections of this machine, to servers that answer as they are told.

#[cfg(target_os = "linux")]
mod dialing;
mod encrypted;
mod keeping;
mod refusing;
mod server;

use std::io::Write;

use proptest::prelude::*;

use self::server::{Server, hanging, nobody, serve, serve_with};
use super::{Http, Limits};
use crate::transport::{Reply, Transport};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"status\": \"Ok\"}";

/// One that gives up soon.
fn impatient() -> Http {
    Http {
        limits: Limits {
            request: 100,
            connect: 100,
            write: 50,
            rest: 100,
        },
        ..Http::default()
    }
}

fn status(code: u16) -> Reply {
    Reply::Status {
        code,
        retry_after_ms: None,
    }
}

/// What one answer makes of a request whose answer says something.
fn asked(answer: &[u8]) -> (Reply, Vec<u8>) {
    let server = serve([[answer]]);
    let replied = Http::default().ask(&server.url("/forget"), b"{}", 64);
    server.requests();
    replied
}

fn nothing(why: &str) -> (Reply, Vec<u8>) {
    (Reply::Nothing(why.to_owned()), Vec::new())
}

#[test]
fn p11_a_request_has_six_lines_that_are_the_same_for_everybody_and_the_body() {
    let server = serve([[OK]]);
    let reply = Http::default().post(&server.url("/batch/"), b"{\"batch\":[]}");
    assert_eq!(reply, status(200));
    let wanted = format!(
        "POST /batch/ HTTP/1.1\r\nHost: {}\r\nUser-Agent: askfirst/{}\r\nAccept: */*\r\n\
         Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{{\"batch\":[]}}",
        server.authority(),
        env!("CARGO_PKG_VERSION"),
    );
    assert_eq!(server.requests(), [[wanted.into_bytes()]]);
}

#[test]
fn a_status_and_a_wait_in_seconds_come_back() {
    let replied = |answer: &[u8]| asked(answer).0;
    let waits = b"HTTP/1.1 503 Busy\r\nretry-after:  7 \r\nContent-Length: 0\r\n\r\n";
    let seconds = Reply::Status {
        code: 503,
        retry_after_ms: Some(7_000),
    };
    assert_eq!(replied(waits), seconds);
    let dated = b"HTTP/1.1 429 \r\nRetry-After: Sun, 22 Nov 2026 08:00:00 GMT\r\n\r\n";
    assert_eq!(replied(dated), status(429));
    assert_eq!(replied(b"HTTP/1.0 204 Done\r\n\r\n"), status(204));
    let interim = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 413 Large\r\n\r\n";
    assert_eq!(replied(interim), status(413));
}

#[test]
fn an_answer_is_read_wherever_it_ends() {
    let said = |answer: &[u8]| {
        let (reply, said) = asked(answer);
        assert_eq!(reply, status(200));
        String::from_utf8(said).unwrap()
    };
    let twice = b"HTTP/1.1 200 OK\r\nContent-Length: 7, 7\r\n\r\nreceipt";
    assert_eq!(said(twice), "receipt");
    let sized = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nreceipt";
    assert_eq!(said(sized), "receipt");
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        3\r\nrec\r\n4;named=\"part\"\r\neipt\r\n0\r\nTrailer: x\r\n\r\n";
    assert_eq!(said(chunked), "receipt");
    let until_closed = b"HTTP/1.1 200 OK\r\n\r\nreceipt";
    assert_eq!(said(until_closed), "receipt");
}

#[test]
fn an_answer_that_breaks_off_is_none() {
    let broke_off = "the connection was closed before the answer";
    let not_http = "the answer is not HTTP/1.1";
    for (ends, why) in [
        ("Content-Length: 8\r\n\r\nreceipt", broke_off),
        (
            "Transfer-Encoding: chunked\r\n\r\n9\r\nreceipt\r\n",
            broke_off,
        ),
        ("Transfer-Encoding: chunked\r\n\r\n7\r\nreceipt", broke_off),
        (
            "Transfer-Encoding: chunked\r\n\r\n7\r\nreceipt\r\n",
            broke_off,
        ),
        (
            "Transfer-Encoding: chunked\r\n\r\n7\r\nreceipts\r\n0\r\n\r\n",
            not_http,
        ),
        (
            "Transfer-Encoding: chunked\r\n\r\nseven\r\nreceipt\r\n0\r\n\r\n",
            not_http,
        ),
        (
            "Transfer-Encoding: chunked\r\n\r\n7\r\nreceipt\r\n\r\n\r\n",
            not_http,
        ),
    ] {
        let answer = ["HTTP/1.1 200 OK\r\n", ends].concat();
        assert_eq!(asked(answer.as_bytes()), nothing(why), "{answer}");
    }
}

#[test]
fn an_answer_that_is_too_long_says_nothing() {
    for (ends, bytes) in [
        ("Content-Length: 65\r\n\r\n", 65),
        ("\r\n", 65),
        ("\r\n", 1 << 20),
        ("Transfer-Encoding: chunked\r\n\r\n41\r\n", 65),
        ("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 65),
    ] {
        let answer = ["HTTP/1.1 200 OK\r\n", ends, &"r".repeat(bytes)].concat();
        assert_eq!(
            asked(answer.as_bytes()),
            (status(200), Vec::new()),
            "{ends}"
        );
    }
}

#[test]
fn what_is_no_answer_is_none_and_says_why() {
    let not_http = nothing("the answer is not HTTP/1.1");
    assert_eq!(asked(b"SSH-2.0-OpenSSH_9.2\r\n"), not_http);
    assert_eq!(asked(b"HTTP/2.0 200 OK\r\n\r\n"), not_http);
    for code in ["000", "099", "600", "999"] {
        let answer = ["HTTP/1.1 ", code, " Odd\r\n\r\n"].concat();
        assert_eq!(asked(answer.as_bytes()), not_http, "{code}");
    }
    for length in [
        "-1",
        "+1",
        "",
        "1, 2",
        "1\r\nContent-Length: 2",
        "9".repeat(20).as_str(),
    ] {
        let answer = ["HTTP/1.1 200 OK\r\nContent-Length: ", length, "\r\n\r\nx"].concat();
        assert_eq!(asked(answer.as_bytes()), not_http, "{length}");
    }
    for long in [17 << 10, 64 << 10] {
        let head = ["HTTP/1.1 204 OK\r\nX: ", &"x".repeat(long), "\r\n\r\n"].concat();
        assert_eq!(asked(head.as_bytes()), not_http, "{long}");
    }
    let (interim, late) = ("HTTP/1.1 103 Early\r\n\r\n", "x".repeat(16 << 10));
    let head = [interim, "HTTP/1.1 204 OK\r\nX: ", &late, "\r\n\r\n"].concat();
    assert_eq!(asked(head.as_bytes()), not_http);
    let lines = ["HTTP/1.1 200 OK\r\n", &"X: x\r\n".repeat(200), "\r\n"].concat();
    assert_eq!(asked(lines.as_bytes()), not_http);
    let closed = nothing("the connection was closed before the answer");
    assert_eq!(asked(b""), closed);
    assert_eq!(asked(b"HTTP/1.1 200 OK\r\nContent"), closed);
}

#[test]
fn p13_a_redirect_is_not_followed() {
    let elsewhere = serve([[OK]]);
    let answer = format!(
        "HTTP/1.1 307 Elsewhere\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        elsewhere.url("/batch/")
    );
    assert_eq!(asked(answer.as_bytes()).0, status(307));
    assert_eq!(elsewhere.requests(), Vec::<Vec<Vec<u8>>>::new());
}

#[test]
fn b09_who_refuses_or_never_answers_is_given_up() {
    let (url, _held) = hanging();
    assert_eq!(impatient().ask(&url, b"{}", 64), nothing("timed out"));
    let encrypted = url.replace("http://", "https://");
    assert_eq!(impatient().ask(&encrypted, b"{}", 64), nothing("timed out"));
    assert_eq!(
        impatient().ask(&url, &refusing::large(), 64),
        nothing("timed out")
    );
    let Reply::Nothing(why) = Http::default().post(&nobody(), b"{}") else {
        panic!("somebody answered");
    };
    assert!(why.contains("refused"), "{why}");
    let Reply::Nothing(why) = Http::default().post("ftp://127.0.0.1/", b"{}") else {
        panic!("somebody answered");
    };
    assert!(why.starts_with("not an address; write it as"), "{why}");
}

#[test]
fn b09_who_always_says_a_little_more_is_given_up() {
    let server = serve_with(|connection| {
        let mut stream = connection();
        while stream.write_all(b"HTTP/1.1 102 Processing\r\n\r\n").is_ok() {}
        Vec::new()
    });
    let replied = impatient().ask(&server.url("/"), b"{}", 64);
    assert_eq!(replied, nothing("timed out"));
    server.requests();
}

#[test]
fn a_name_is_looked_up() {
    let server = serve([[OK]]);
    let url = server.url("/").replace("127.0.0.1", "localhost");
    assert_eq!(Http::default().post(&url, b"{}"), status(200));
    server.requests();
}

proptest! {
    /// Whatever is answered, whole or torn, makes a reply and no panic.
    #[test]
    fn no_answer_is_too_strange(
        begins in prop::sample::select(vec![
            "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: ", "HTTP/1.1 100 Continue\r\n\r\n",
        ]),
        goes_on in prop::collection::vec(prop_oneof![
            Just(b'\r'), Just(b'\n'), Just(b'0'), Just(b':'), any::<u8>(),
        ], 0..256),
    ) {
        let (_, said) = asked(&[begins.as_bytes(), &goes_on].concat());
        prop_assert!(said.len() <= 64);
    }
}
