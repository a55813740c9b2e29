//! A simulated population of installs: people who start a coding tool, ask, edit, and leave.
//!
//! Nothing here was ever sent by a person. A [`Plan`] says how many, how long and by which
//! seed; the same plan gives the same events on every machine.
//!
//! What is simulated, so that every report has something true to tell:
//!
//! - installs come, more of them each week, and go, half of them within days; few use the tool
//!   a lot; they work in the daytime of where they live, less at weekends;
//! - releases come out, fixes follow them; some have a release on the day, some never;
//! - a model appears and takes its share, one fades, some are private;
//! - edits fail by model and format; commands range from everybody's to nobody's;
//! - errors begin with one release and end with another, one comes back, a provider is down
//!   for two days, runs are killed;
//! - tokens grow with the length of a session, and costs follow them at public prices;
//! - some installs are online only every few days, some clocks are wrong, some releases do not
//!   say or count what others do, and a fork says what no catalog lists.
//!
//! One event's path: a [`Population`] draws installs; each day some of them start sessions; a
//! session makes [`Event`]s in the order in which they happen; [`Population::days`] hands them
//! out a day at a time, in order of time. [`write_log`] writes them as existing tools write
//! their analytics log, [`write_batch`] as they send them.
//!
//! Whatever shows such events to a person says that they are simulated.

mod dice;
mod errors;
mod event;
mod habits;
mod install;
mod models;
mod plan;
mod population;
mod releases;
mod session;
mod write;

pub use event::Event;
pub use install::Install;
pub use plan::Plan;
pub use population::Population;
pub use releases::Release;
pub use write::{write_batch, write_log, write_shifted};
