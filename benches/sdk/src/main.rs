//! What the SDK costs the tool it is in, beside posthog-rs, sentry and glean in the same run.
//!
//! ```text
//! cargo run --release --manifest-path benches/sdk/Cargo.toml
//! ```
//!
//! Prints the tables of `docs/benchmarks.md`. Every run of a tool is a process of its own: this
//! program, started again by itself with what it is to do ([`child`]). The tools differ in the
//! SDK alone ([`subject`]): each records the same event in the way its documentation shows, to
//! a collector on this machine ([`collector`]).

mod calls;
mod child;
mod collector;
mod exits;
mod kills;
mod ours;
#[cfg(feature = "peers")]
mod peers;
#[cfg(not(feature = "peers"))]
#[path = "no_peers.rs"]
mod peers;
mod spread;
mod starts;
mod subject;

use anyhow::Result;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        Some((first, rest)) if first == "child" => child::run(rest),
        Some((table, [])) => one(table),
        _ => ["calls", "starts", "exits", "kills"]
            .iter()
            .try_for_each(|table| one(table)),
    }
}

fn one(table: &str) -> Result<()> {
    match table {
        "calls" => calls::print(),
        "starts" => starts::print(),
        "exits" => exits::print(),
        "kills" => kills::print(),
        _ => anyhow::bail!("there is no table `{table}`: say calls, starts, exits or kills"),
    }
}
