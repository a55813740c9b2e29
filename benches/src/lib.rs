//! What the benchmarks share: the release program as a child process, simulated events as
//! request bodies, a client that keeps connections busy, and a naive peer to compare with.
//!
//! Every figure is printed beside a peer's from the same run, because the machine's speed
//! drifts. Load is bounded in requests and goes to 127.0.0.1 only.

mod bodies;
mod child;
mod clocked;
mod duckdb;
mod load;
mod peer;
mod program;
mod spread;
mod usage;

pub use bodies::bodies;
pub use clocked::{Clocked, serve_clocked};
pub use duckdb::{Theirs, duckdb, duckdb_reports};
pub use load::{Load, Outcome};
pub use peer::Peer;
pub use program::{Program, Server, build};
pub use spread::Spread;
pub use usage::usage;
