//! The SDK in a real tool: real processes, a real terminal, real files, a real collector.
//!
//! | module | what it shows |
//! |---|---|
//! | [`sessions`] | what a session records arrives, once, by the next run; what is sent is what was logged |
//! | [`kills`] | what was recorded survives `kill -9` |
//!
//! [`home`] is a person's home and the tool in it, [`collector`] the collector, [`recorder`] a
//! server that keeps what it is sent, byte for byte.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "the functions the tests share are tests too: they stop at the first surprise"
)]

mod collector;
mod home;
mod kills;
#[expect(dead_code, reason = "the SDK's own tests type more into it")]
#[path = "../../../../crates/askfirst/tests/it/pty.rs"]
mod pty;
mod recorder;
mod sessions;
