//! What needs the order of events: sessions and runs.
//!
//! A session is our SDK's session number; for senders that have none it is a `cli session` or `gui session` event.
//! A run lasts from one `launched` to the next of the same install, in the order of corrected time, then `seq`. Events
//! with a session number are only ordered inside their session: their clock is cut to the hour, so two
//! runs of one hour would be mixed up otherwise.

mod firsts;
mod runs;
mod sessions;

pub use runs::{Runs, runs};
pub use sessions::sessions;
pub(crate) use sessions::{Sides, sessions_and, sessions_of_sides};
