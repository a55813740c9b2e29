//! `pair` as a user has it: real processes, real repositories, a real terminal, and a stand-in
//! for the endpoint on a port of this machine.
//!
//! | module | what it shows |
//! |---|---|
//! | [`edits`] | edits arrive in files and commits, failed ones are written again |
//! | [`endpoint`] | what happens when the endpoint refuses, breaks off or falls silent |
//! | [`terminal`] | the commands, the question, Ctrl-C and a crash, on a terminal |
//! | [`events`] | what a session records under every profile, and that nothing else leaves |
//!
//! [`project`] is a home with a repository and an endpoint.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "the functions the tests share are tests too: they stop at the first surprise"
)]

#[path = "../../standin/answer.rs"]
mod answer;
mod edits;
mod endpoint;
mod events;
mod project;
#[expect(dead_code, reason = "the SDK's own tests type more into it")]
#[path = "../../../../crates/askfirst/tests/it/pty.rs"]
#[rustfmt::skip] // It is formatted where it lies.
mod pty;
#[path = "../../standin/server.rs"]
mod server;
mod terminal;
