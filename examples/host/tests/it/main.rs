//! The SDK in a real tool: real processes, a real terminal, real files, a real collector.
//!
//! | module | what it shows |
//! |---|---|
//! | [`sessions`] | what a session records arrives, once, by the next run; what is sent is what was logged |
//! | [`kills`] | what was recorded survives `kill -9` |
//! | [`posthog`] | a request has the form a PostHog takes, and is what `--analytics-show` showed |
//! | [`on_disk`] | each flag does to each file what `docs/on-disk.md` says |
//! | [`forget`] | what was sent is erased, at once or by a later run, and never said to be where it is not |
//! | [`disks`] | full, read-only and foreign disks, and a spool that goes away: the tool works as without analytics |
//!
//! [`home`] is a person's home and the tool in it, [`collector`] the collector, [`recorder`] a
//! server that keeps what it is sent, byte for byte, [`small`] a disk of a test's own that fills up.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "the functions the tests share are tests too: they stop at the first surprise, and say why they did not run"
)]

mod collector;
#[cfg(target_os = "linux")]
mod disks;
mod forget;
mod home;
mod kills;
mod on_disk;
mod posthog;
#[expect(dead_code, reason = "the SDK's own tests type more into it")]
#[path = "../../../../crates/askfirst/tests/it/pty.rs"]
mod pty;
mod recorder;
mod sessions;
#[cfg(target_os = "linux")]
mod small;
