//! For tests, ours and others': a clock that is told the time, and a disk that fails.

mod clock;
mod dice;
mod disk;

pub use clock::ManualClock;
pub use dice::Dice;
pub use disk::{Crash, FakeDisk};
