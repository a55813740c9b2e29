//! The program as it is used: real processes, real files, a home nobody has used before.

#![expect(
    clippy::unwrap_used,
    reason = "what the tests share is test code too: it stops at the first surprise"
)]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod bad_input;
mod catalog;
#[cfg(unix)]
mod check;
mod configuration;
mod home;
mod import;
mod keeping;
mod privacy;
mod projects;
#[cfg(unix)]
mod pty;
mod reports;
mod serving;
mod shells;
#[cfg(unix)]
mod terminal;
