//! What the tests take from the environment.

#![expect(
    clippy::disallowed_methods,
    reason = "the one place where the flow tests read the environment"
)]

use std::env;
use std::ffi::OsString;

/// A number for running a test longer or again.
pub(crate) fn variable(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

/// Whether this runs in CI, where a missing peer is a failure.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}

/// Where programs are found.
pub(crate) fn path() -> OsString {
    env::var_os("PATH").unwrap_or_default()
}
