//! Time is handed in, so that tests decide what time it is.

use std::fmt::Debug;
use std::time::Duration;

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

/// The system's clocks, on Linux as of its last tick, at most 10 ms ago: nothing here is told
/// more finely, and to ask the processor what time it is costs a call 40 ns each.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    since: Duration,
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock {
            since: system::monotonic(),
        }
    }
}

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        i64::try_from(system::wall().as_millis()).unwrap_or(i64::MAX)
    }

    fn elapsed(&self) -> Duration {
        system::monotonic().saturating_sub(self.since)
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    /// Since 1970-01-01T00:00:00Z; nothing before.
    pub(super) fn wall() -> Duration {
        clock_gettime(ClockId::RealtimeCoarse)
            .try_into()
            .unwrap_or_default()
    }

    /// Since some moment of the machine.
    pub(super) fn monotonic() -> Duration {
        clock_gettime(ClockId::MonotonicCoarse)
            .try_into()
            .unwrap_or_default()
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod system {
    use std::sync::OnceLock;
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    /// Since 1970-01-01T00:00:00Z; nothing before.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock the others are handed"
    )]
    pub(super) fn wall() -> Duration {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    }

    /// Since this was asked first.
    pub(super) fn monotonic() -> Duration {
        static FIRST: OnceLock<Instant> = OnceLock::new();
        FIRST.get_or_init(Instant::now).elapsed()
    }
}
