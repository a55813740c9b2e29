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

/// The day to forget by. A clock that is far ahead of the newest stamp is not believed: it
/// must not make us forget what may still come again (D34).
pub(crate) fn believable_day(now_ms: i64, stamp_ms: i64) -> i32 {
    match stamp_ms > 0 && now_ms - stamp_ms > crate::policy::CLOCK_JUMP_MS {
        true => day_of(stamp_ms),
        false => day_of(now_ms.max(stamp_ms)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{CLOCK_JUMP_MS, DAY_MS};

    #[test]
    fn days_begin_at_midnight_also_before_1970() {
        assert_eq!(day_of(0), 0);
        assert_eq!(day_of(-1), -1);
        assert_eq!(day_of(DAY_MS - 1), 0);
        assert_eq!(day_of(i64::MAX), i32::MAX);
    }

    #[test]
    fn d34_a_clock_that_jumped_ahead_is_not_forgotten_by() {
        let newest = 20_000 * DAY_MS;
        assert_eq!(believable_day(newest + CLOCK_JUMP_MS, newest), 20_002);
        assert_eq!(believable_day(newest + CLOCK_JUMP_MS + 1, newest), 20_000);
        assert_eq!(
            believable_day(newest - DAY_MS, newest),
            20_000,
            "a step back"
        );
        assert_eq!(believable_day(newest, 0), 20_000, "a new directory");
    }
}
