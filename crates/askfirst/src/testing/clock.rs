//! A clock that is told the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Stands still until it is told to go on. Clones share it.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A clock at midnight of a day since 1970-01-01.
    pub fn on_day(day: i32) -> TestClock {
        let clock = TestClock(Arc::new(AtomicI64::new(0)));
        clock.set_day(day);
        clock
    }

    /// Midnight of another day.
    pub fn set_day(&self, day: i32) {
        let ms = i64::from(day).saturating_mul(DAY_MS);
        self.0.store(ms, Ordering::Relaxed);
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.now_ms()).unwrap_or(0))
    }
}
