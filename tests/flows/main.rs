//! Flow tests: the real `askfirst`, started as a person starts it, with real
//! senders in front of it and nothing replaced inside it.
//!
//! | module | what it shows |
//! |---|---|
//! | [`aider`] | an unmodified aider shows up in the report |
//! | [`on_askfirst`] | the same aider run by `askfirst-run`: asked, recorded, delivered, read |
//! | [`sdks`] | unmodified PostHog SDKs are stored exactly once, whatever happens on the way |
//! | [`kill`] | kill -9 under load loses nothing acknowledged and stores nothing twice |
//! | [`pages`] | what a browser shows is what was stored, on every screen |
//! | [`budget`] | D22: everything that may wait at once fits into 200 MB |
//! | [`canaries`] | P02: what the catalog does not admit is in no byte of the data directory |
//! | [`erasure`] | D29: what was erased is in no report, whatever happens to the collector |
//! | [`demo`] | a simulated population comes back out of the reports, whole and named as such |
//!
//! The rest is what they stand on: [`collector`] runs the program, [`peer`]
//! finds and runs the senders installed by `cargo xtask setup`, [`runner`] finds `askfirst-run`, [`browser`] drives
//! a real Chromium, [`person`] uses aider, [`pty`] is their terminal, [`http`] speaks raw HTTP, [`hostile`] makes requests with canaries,
//! [`stored`] reads the Parquet files without any code of ours, [`dice`] rolls
//! the same dice for the same seed, [`environment`] is what is read from it.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the functions the tests share are tests too: they stop at the first surprise and say what they saw"
)]

mod aider;
mod browser;
#[cfg(target_os = "linux")]
mod budget;
mod canaries;
mod collector;
mod demo;
mod dice;
mod environment;
mod erasure;
mod hostile;
mod http;
mod kill;
mod on_askfirst;
mod pages;
mod peer;
mod person;
#[path = "../../crates/askfirst-cli/tests/cli/pty.rs"]
mod pty;
mod runner;
mod sdks;
mod stored;
