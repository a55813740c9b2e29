//! The sample host as real processes, on real files and a real terminal.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the functions the tests share are tests too: they stop at the first surprise and say what they saw"
)]

mod arguments;
mod clocks;
mod files;
mod home;
mod pty;
mod question;
mod racing;
mod spools;
mod world;
