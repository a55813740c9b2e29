//! When a request gives up.

use std::io;
use std::time::{Duration, Instant};

/// A moment after which nothing is waited for any more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    since: Instant,
    within: Duration,
}

impl Deadline {
    /// So many milliseconds from now.
    pub(super) fn after(ms: u64) -> Deadline {
        Deadline {
            since: Instant::now(),
            within: Duration::from_millis(ms),
        }
    }

    /// The earlier of the two.
    pub(super) fn or_before(self, other: Deadline) -> Deadline {
        match self.rest() < other.rest() {
            true => self,
            false => other,
        }
    }

    /// What is left; never nothing.
    ///
    /// # Errors
    ///
    /// `TimedOut` if nothing is.
    pub(super) fn left(self) -> io::Result<Duration> {
        match self.rest() {
            Duration::ZERO => Err(timed_out()),
            left => Ok(left),
        }
    }

    fn rest(self) -> Duration {
        self.within.saturating_sub(self.since.elapsed())
    }
}

/// The error of what took too long.
pub(super) fn timed_out() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "timed out")
}

/// The same for what the system says in its own way: a read that times out "would block" on
/// Unix.
pub(super) fn named(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => timed_out(),
        _ => error,
    }
}
