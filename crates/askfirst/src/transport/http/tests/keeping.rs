//! One connection for several batches.

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
fn a_connection_nobody_used_for_long_is_not_used_again() {
    let limits = Limits {
        idle: 0,
        ..Http::default().limits
    };
    let http = Http {
        limits,
        ..Http::default()
    };
    let server = serve([[OK], [OK]]);
    assert_eq!(post(&http, &server), status(200));
    assert_eq!(post(&http, &server), status(200));
    assert_eq!(counts(server), [1, 1]);
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
