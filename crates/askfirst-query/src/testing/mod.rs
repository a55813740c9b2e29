//! A population of installs that never lived: for tests that hold executors to each other, and for measuring. The same
//! seed gives the same events on every machine.
//!
//! Events hang together in sessions, cost follows tokens, some installs send nearly everything. Senders of all
//! three kinds of consent occur, with what is peculiar to them: our SDK numbers its sessions and cuts its clock to
//! the hour, foreign senders have skewed clocks and events without an install, imported lines know neither.

mod population;
mod random;

pub use population::{Event, Population};
pub use random::Random;
