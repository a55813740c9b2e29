//! A clock that is told the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Stands still until it is told to go on. Clones share it.
#[derive(Debug, Clone)]
pub struct TestClock {
    wall: Arc<AtomicI64>,
    stop_watch: Arc<AtomicI64>,
}

impl TestClock {
    /// A clock at midnight of a day since 1970-01-01.
    pub fn on_day(day: i32) -> TestClock {
        let clock = TestClock {
            wall: Arc::default(),
            stop_watch: Arc::default(),
        };
        clock.set_day(day);
        clock
    }

    /// Puts the wall clock to midnight of another day, before or after: no time passes.
    pub fn set_day(&self, day: i32) {
        self.set_ms(i64::from(day).saturating_mul(DAY_MS));
    }

    /// Puts the wall clock to milliseconds since 1970: no time passes.
    pub fn set_ms(&self, ms: i64) {
        self.wall.store(ms, Ordering::Relaxed);
    }

    /// Lets time pass, on the wall clock and the stop watch.
    pub fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.wall.fetch_add(ms, Ordering::Relaxed);
        self.stop_watch.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.wall.load(Ordering::Relaxed)
    }

    fn elapsed(&self) -> Duration {
        let ms = self.stop_watch.load(Ordering::Relaxed);
        Duration::from_millis(u64::try_from(ms).unwrap_or(0))
    }
}
