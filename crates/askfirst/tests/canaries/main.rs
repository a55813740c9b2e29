//! Promise P02 over the whole way out: canaries in everything a tool can hand over, and in
//! everything around it, come out nowhere: not in the log, the spool, a request, on the
//! terminal or in status.
//!
//! | module | what it is |
//! |---|---|
//! | [`canary`] | the secret, every way it is written, and the search for it |
//! | [`tool`] | a tool that hands over nothing else, in a home full of it |
//! | [`listener`] | where its requests go, kept byte for byte |
//!
//! It is a process of its own: it records every panic of the process.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the functions the tests share are tests too: they stop at the first surprise and say what they saw"
)]

mod canary;
mod listener;
mod tool;

use askfirst::testing::Dice;

use crate::canary::Search;
use crate::listener::Listener;
use crate::tool::{Seen, Tool};

/// Events of one session.
const SESSION: u64 = 10_000;

/// Records so many events and searches everything that came out. The same seed, the same
/// events.
fn nothing_comes_out(events: u64, seed: u64) -> Seen {
    let listener = Listener::start();
    let dice = Dice::new(seed);
    let tool = Tool::new(&listener.url);
    let search = Search::new();
    let mut seen = Seen::default();
    tool.asks(&search, &mut seen);
    for _ in 0..events.div_ceil(SESSION) {
        tool.session(SESSION, &dice, &listener, &search, &mut seen);
    }
    tool.says_no(&search, &mut seen);
    seen
}

#[test]
fn p02_no_canary_comes_out_of_50_000_events() {
    let seen = nothing_comes_out(50_000, 1);
    assert_seen(&seen, 50_000);
}

#[test]
#[ignore = "the long run: a million events"]
fn long_p02_no_canary_comes_out_of_a_million_events() {
    let seen = nothing_comes_out(1_000_000, 2);
    eprintln!("{seen:?}");
    assert_seen(&seen, 1_000_000);
}

/// A search that looked at nothing would find nothing.
fn assert_seen(seen: &Seen, events: u64) {
    assert!(seen.logged >= events, "{seen:?}");
    assert!(seen.spooled > 0, "{seen:?}");
    assert_eq!(seen.delivered, seen.logged, "{seen:?}");
    assert!(seen.terminal > 1_000, "{seen:?}");
}

#[test]
fn a_canary_is_found_however_it_is_written() {
    let search = Search::new();
    for text in canary::spellings() {
        let line = format!("{{\"event\":\"x\",\"properties\":{{\"y\":\"a{text}b\"}}}}");
        assert!(search.find(line.as_bytes()).is_some(), "{text:?}");
    }
    assert_eq!(search.find(b"{\"event\":\"message_send\"}"), None);
}
