//! Clock, disk, randomness and terminal for tests: ours, and those of hosts.

mod clock;
mod dice;
mod disk;
mod terminal;

pub use clock::TestClock;
pub use dice::Dice;
pub use disk::{FakeDisk, Fault};
pub use terminal::{Person, Typing};
