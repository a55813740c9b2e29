//! Time is handed in, so that tests decide what time it is.

use std::fmt::Debug;
use std::time::{Duration, Instant, UNIX_EPOCH};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A wall clock and a stop watch.
pub trait Clock: Debug + Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;

    /// Time since some moment of this process; never goes back.
    fn elapsed(&self) -> Duration;

    /// Days since 1970-01-01.
    fn today(&self) -> i32 {
        day(self.now_ms())
    }
}

/// The day (since 1970-01-01, UTC) of a time in milliseconds.
pub(crate) fn day(ms: i64) -> i32 {
    let day = ms.div_euclid(DAY_MS);
    i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX })
}

/// The system's clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    since: Instant,
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock {
            since: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock the others are handed"
    )]
    fn now_ms(&self) -> i64 {
        let since = std::time::SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}
