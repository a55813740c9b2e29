//! Clock, disk, randomness and terminal for tests, and a recording of what a tool records:
//! for our tests, and those of hosts.

mod clock;
mod dice;
mod disk;
mod encoding;
mod recording;
mod terminal;

pub use clock::TestClock;
pub use dice::Dice;
pub use disk::{FakeDisk, Fault};
pub use encoding::Encoding;
pub use recording::{Recorded, Recording};
pub use terminal::{Person, Typing};
