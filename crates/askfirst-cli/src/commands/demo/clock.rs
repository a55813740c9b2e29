//! The collector's clock in a demo.

use std::sync::atomic::{AtomicI64, Ordering};

use askfirst_store::{Clock, SystemClock};

const DAY_MS: i64 = 86_400_000;

/// Stands for the system's time, once the demo has caught up with it.
const CAUGHT_UP: i64 = i64::MAX;

/// Goes where it is set, and is the system's clock in the end.
#[derive(Debug)]
pub(super) struct DemoClock(AtomicI64);

impl DemoClock {
    /// At the beginning of a day, in days since 1970.
    pub(super) fn at_day(day: i64) -> Self {
        Self(AtomicI64::new(day * DAY_MS))
    }

    /// Goes on to a time.
    pub(super) fn go_to(&self, ms: i64) {
        self.0.store(ms, Ordering::Release);
    }

    /// Goes with the system's clock from now on.
    pub(super) fn catch_up(&self) {
        self.0.store(CAUGHT_UP, Ordering::Release);
    }
}

impl Clock for DemoClock {
    fn now_ms(&self) -> i64 {
        match self.0.load(Ordering::Acquire) {
            CAUGHT_UP => SystemClock.now_ms(),
            ms => ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_where_it_was_set_until_it_has_caught_up() {
        let clock = DemoClock::at_day(20_000);
        assert_eq!(clock.now_ms(), 20_000 * DAY_MS);
        clock.go_to(20_000 * DAY_MS + 5);
        assert_eq!(clock.now_ms(), 20_000 * DAY_MS + 5);
        let before = SystemClock.now_ms();
        clock.catch_up();
        assert!(clock.now_ms() >= before);
    }
}
