//! Events through HTTP, synced before the reply, beside a peer that only keeps the bytes.
//!
//! `cargo bench --package askfirst-benches --bench ingest`; a number after `--` is how many
//! events (default 1,000,000).

#![expect(
    clippy::print_stdout,
    reason = "a benchmark talks to the person who started it"
)]

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use askfirst_benches::{Load, Outcome, Peer, Spread, bodies, build};

const ROUNDS: usize = 3;
const SIZE: usize = 100;

fn main() -> Result<()> {
    let events = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(1_000_000);
    let program = build()?;
    let sample = bodies("phc_key", 10_000, SIZE, now_s()?);
    let bytes = sample.iter().map(Vec::len).sum::<usize>() / sample.len();
    println!("{events} simulated events, {SIZE} a request of {bytes} bytes in the mean");
    println!("{ROUNDS} rounds, median (range)\n");
    println!(
        "| connections | askfirst, events/s | p99, ms | bytes kept and synced, events/s | ratio | CPU, us/event | peak resident, MB |"
    );
    println!("|---|---|---|---|---|---|---|");
    for connections in [4, 16, 64] {
        let mut rows = Vec::new();
        for _ in 0..ROUNDS {
            rows.push(round(&program, events, connections)?);
        }
        let spread = |of: fn(&Round) -> f64| Spread::of(rows.iter().map(of).collect());
        println!(
            "| {connections} | {:.0} | {:.1} | {:.0} | {:.2} | {:.2} | {:.0} |",
            spread(|r| r.ours),
            spread(|r| r.p99_ms),
            spread(|r| r.peer),
            spread(|r| r.ours / r.peer),
            spread(|r| r.cpu_us),
            spread(|r| r.peak_mb),
        );
    }
    Ok(())
}

struct Round {
    ours: f64,
    p99_ms: f64,
    peer: f64,
    cpu_us: f64,
    peak_mb: f64,
}

/// Both in turn, with the same bodies and an empty directory each.
fn round(program: &askfirst_benches::Program, events: usize, connections: usize) -> Result<Round> {
    let folder = tempdir()?;
    let data = folder.join("data");
    let key = program.project(&data)?;
    let bodies = bodies(&key, events, SIZE, now_s()?);
    let events = (bodies.len() * SIZE) as f64;
    let server = program.serve(&data)?;
    let ours = Load {
        address: server.address,
        bodies: &bodies,
        connections,
    }
    .run()?;
    let (cpu, peak) = server.usage();
    server.stop()?;
    let peer = Peer::start(&folder.join("peer"))?;
    let kept = Load {
        address: peer.address,
        bodies: &bodies,
        connections,
    }
    .run()?;
    fs::remove_dir_all(&folder)?;
    let rate = |outcome: &Outcome| events / outcome.took.as_secs_f64();
    Ok(Round {
        ours: rate(&ours),
        p99_ms: ours.percentile(99).as_secs_f64() * 1e3,
        peer: rate(&kept),
        cpu_us: cpu.as_secs_f64() * 1e6 / events,
        peak_mb: peak as f64 / 1e6,
    })
}

fn tempdir() -> Result<std::path::PathBuf> {
    let folder = std::env::temp_dir().join(format!("askfirst-bench-{}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder).context("cannot make a folder for the benchmark")?;
    Ok(folder)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the collector under test reads the same clock"
)]
fn now_s() -> Result<i64> {
    Ok(SystemTime::now()
        .duration_since(UNIX_EPOCH)?
        .as_secs()
        .cast_signed())
}
