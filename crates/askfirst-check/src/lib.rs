//! Does a tool keep what its analytics page promises? Any tool: it is run, not read.
//!
//! # The way of one verdict
//!
//! 1. A **[drive file](drive)** says how this tool is started, talked to and told where
//!    events go.
//! 2. A check sets up **[situations](mod@bench)**: a fresh home or one in which a person agreed, a
//!    project full of [canaries](bench::canary), a [collector](bench::collector) that answers,
//!    fails, hangs, refuses or drops packets, a terminal or none.
//! 3. Runs in it leave a [`Run`](bench::process::Run): exit code, output, time, processes; and
//!    beside it what [arrived](bench::wire) and what changed in the [home](bench::files).
//! 4. A **judge**, a pure function, says what breaks the promise, with the evidence.
//! 5. The findings of one number of [`PROMISES`] make a [`Line`]; the lines a score and a
//!    [report].
//!
//! A check that cannot look says why ("not applicable"), and never "ok".
//!
//! [`sites`] is the other half: every place in a source tree that records an event.

#[cfg(unix)]
pub mod bench;
#[cfg(unix)]
mod checks;
#[cfg(unix)]
pub mod drive;
mod error;
#[cfg(unix)]
mod judge;
#[cfg(unix)]
mod policy;
mod promises;
pub mod report;
#[cfg(unix)]
mod run;
pub mod sites;
#[cfg(unix)]
mod told;
mod verdict;

#[cfg(unix)]
pub use drive::Drive;
pub use error::Error;
pub use promises::PROMISES;
#[cfg(unix)]
pub use run::{Plan, run};
pub use verdict::{Finding, Line, Score, Verdict};
