//! For tests, ours and others': a clock that is told the time, and a disk that fails.

mod clock;

pub use clock::ManualClock;
