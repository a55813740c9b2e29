//! Time is handed in, so that tests decide what time it is.

use std::fmt::Debug;
use std::time::UNIX_EPOCH;

/// A wall clock.
pub trait Clock: Debug + Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;
}

/// The system's wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

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
}

/// Days since 1970-01-01 of a time in milliseconds; clamped to what 32 bits hold.
pub fn day_of(ms: i64) -> i32 {
    let day = ms.div_euclid(crate::policy::DAY_MS);
    i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::DAY_MS;

    #[test]
    fn days_begin_at_midnight_also_before_1970() {
        assert_eq!(day_of(0), 0);
        assert_eq!(day_of(-1), -1);
        assert_eq!(day_of(DAY_MS - 1), 0);
        assert_eq!(day_of(i64::MAX), i32::MAX);
    }
}
