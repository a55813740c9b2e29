//! One connection for several batches.

use super::server::{converse, serve_with};
use super::*;

fn post(http: &Http, server: &Server) -> Reply {
    http.post(&server.url("/batch/"), b"{}")
}

/// How many requests each connection had.
fn counts(server: Server) -> Vec<usize> {
    server.requests().iter().map(Vec::len).collect()
}

#[test]
fn batches_to_one_receiver_share_a_connection() {
    let chunked: &[u8] =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOk\r\n0\r\n\r\n";
    let empty: &[u8] = b"HTTP/1.1 204 Done\r\n\r\n";
    let server = serve([[OK, chunked, empty, OK]]);
    let http = Http::default();
    for code in [200, 200, 204, 200] {
        assert_eq!(post(&http, &server), status(code));
    }
    assert_eq!(counts(server), [4]);
}

#[test]
fn a_connection_that_was_closed_meanwhile_costs_no_batch() {
    let server = serve([[OK], [OK], [OK]]);
    let http = Http::default();
    for _ in 0..3 {
        assert_eq!(post(&http, &server), status(200));
    }
    assert_eq!(counts(server), [1, 1, 1]);
}

#[test]
fn a_connection_is_kept_only_where_the_next_answer_is_known_to_be_the_next() {
    for answer in [
        "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n\r\n",
        "HTTP/1.1 204 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ] {
        let server = serve([[answer.as_bytes(), OK], [OK, OK]]);
        let http = Http::default();
        assert!(
            matches!(post(&http, &server), Reply::Status { .. }),
            "{answer}"
        );
        assert!(http.lock().is_none(), "{answer}");
        drop(http);
        assert_eq!(counts(server), [1], "{answer}");
    }
}

#[test]
fn a_connection_is_closed_when_no_batch_follows() {
    let http = Http::default();
    let server = serve([vec![OK, OK], vec![OK]]);
    assert_eq!(post(&http, &server), status(200));
    http.hang_up();
    assert_eq!(post(&http, &server), status(200));
    assert_eq!(counts(server), [1, 1]);
}

#[test]
fn p04_a_request_to_erase_shares_no_connection_with_the_batches() {
    let server = serve_with(|connection| {
        let mut batches = connection();
        let mut asked = converse(&mut batches, &[OK.to_vec()]);
        let erased = converse(&mut connection(), &[OK.to_vec()]);
        asked.extend(converse(&mut batches, &[OK.to_vec()]));
        vec![asked, erased]
    });
    let http = Http::default();
    assert_eq!(post(&http, &server), status(200));
    let answer = b"{\"status\": \"Ok\"}".to_vec();
    let asked = http.ask(&server.url("/forget"), b"{}", 64);
    assert_eq!(asked, (status(200), answer));
    assert_eq!(post(&http, &server), status(200));
    assert_eq!(counts(server), [2, 1]);
}

#[test]
fn p04_another_receiver_has_a_connection_of_its_own() {
    let (one, other) = (serve([[OK, OK]]), serve([[OK, OK]]));
    let http = Http::default();
    assert_eq!(post(&http, &one), status(200));
    assert_eq!(post(&http, &other), status(200));
    drop(http);
    assert_eq!((counts(one), counts(other)), (vec![1], vec![1]));
}
