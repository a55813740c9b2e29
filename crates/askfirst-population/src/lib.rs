//! A simulated population of installs: people who start a coding tool, ask, edit, and leave.
//!
//! Nothing here was ever sent by a person. Events are session-shaped: what happens in one run
//! of the tool hangs together (the same model from the first event to the last, a question
//! before its answer, an end), tokens grow with the length of a session and the cost follows
//! the tokens. The same [`Plan`] gives the same events on every machine.
//!
//! One event's path: [`Plan`] draws people, each day some of them start sessions, a session
//! emits [`Event`]s in the order in which they happen, and [`days`] hands them out a day at a
//! time, in order of time. [`write_log`] writes them as existing tools write their analytics
//! log; whoever needs another shape takes the events.
//!
//! Whatever shows such events to a person says that they are simulated.

mod dice;
mod person;
mod plan;
mod session;

pub use plan::{Event, Plan, days, write_log};
