//! A store of millions of events: how fast it takes them in, in how much memory, how many bytes
//! they become, and how long each report reads them, beside DuckDB on the same files.
//!
//! `cargo bench --package askfirst-benches --bench size`; a number after `--` is how many
//! million events (default 20), `random` scatters their times over the days before their arrival,
//! a path keeps the data there and, if some are there already, only asks the reports.
//! `cargo xtask setup` installs DuckDB.

#![expect(
    clippy::print_stdout,
    reason = "a benchmark talks to the person who started it"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use askfirst_benches::{Clocked, Load, Spread, duckdb_reports, serve_clocked, usage};
use askfirst_catalog::Catalog;
use askfirst_population::{Event, Plan, Population, write_shifted};
use askfirst_query::calendar::Day;
use askfirst_query::{Filters, reports::REPORTS};
use askfirst_store::disk::RealDisk;
use askfirst_store::testing::ManualClock;
use askfirst_store::{ProjectView, Snapshot};

const DAY_MS: i64 = 86_400_000;
const SIZE: usize = 100;
const CONNECTIONS: usize = 16;
const ROUNDS: usize = 5;

/// The day after the last simulated one: 2026-08-01.
const END: i64 = 20_666;

/// How far back the time of an event lies at most, if times are scattered: nearly as far as one
/// is accepted.
const BACK_DAYS: i64 = 33;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [child, data] = words.as_slice()
        && child == "serve"
    {
        return serve_clocked(Path::new(data), (END - 182) * DAY_MS);
    }
    let millions = words
        .iter()
        .find_map(|word| word.parse().ok())
        .unwrap_or(20);
    let random = words.iter().any(|word| word == "random");
    let kept = words.iter().find(|word| word.contains('/'));
    let folder = kept.map_or_else(scratch, PathBuf::from);
    if !folder.join("MANIFEST").exists() {
        fill(&folder, millions, random)?;
    }
    println!();
    reports(&folder)?;
    match kept {
        Some(_) => Ok(()),
        None => Ok(fs::remove_dir_all(&folder)?),
    }
}

fn scratch() -> PathBuf {
    std::env::temp_dir().join(format!("askfirst-bench-{}", std::process::id()))
}

/// Simulates half a year, sends it a week at a time, each day at the end of that day by the
/// collector's clock, and says what it cost.
fn fill(data: &Path, millions: usize, random: bool) -> Result<()> {
    let plan = Plan::until(END).with_events(millions * 1_000_000);
    let population = Population::new(plan);
    let mut server = Clocked::start(data)?;
    let (mut events, mut taken, mut waits, mut refused) = (0, Duration::ZERO, Vec::new(), 0);
    let mut week: Vec<(i64, Vec<Vec<u8>>)> = Vec::new();
    for (day, today) in (plan.first_day..).zip(population.days()) {
        events += today.len();
        week.push((day, bodies(&server.key, &today, (day + 1) * DAY_MS, random)));
        if week.len() < 7 && day + 1 < plan.end() {
            continue;
        }
        for (day, bodies) in week.drain(..) {
            server.set((day + 1) * DAY_MS)?;
            let sent = Load {
                address: server.address,
                bodies: &bodies,
                connections: CONNECTIONS,
            }
            .run()?;
            taken += sent.took;
            waits.extend(sent.waits);
            refused += sent.refused;
        }
    }
    waits.sort_unstable();
    let (cpu, peak) = server.usage();
    println!(
        "{events} simulated events of {} installs over {} days, times {}",
        plan.installs,
        plan.days,
        if random { "of random days" } else { "in order" },
    );
    println!("\n| ingest through HTTP, {CONNECTIONS} connections, {SIZE} events a request | |");
    println!("|---|---|");
    println!(
        "| events/s while requests were sent | {:.0} |",
        events as f64 / taken.as_secs_f64()
    );
    let p99 = waits
        .get(waits.len() * 99 / 100)
        .copied()
        .unwrap_or_default();
    println!("| p99 of a request, ms | {:.1} |", p99.as_secs_f64() * 1e3);
    println!("| requests told to come back (503) | {refused} |");
    println!(
        "| CPU of the collector with sealing and merging, us/event | {:.2} |",
        cpu.as_secs_f64() * 1e6 / events as f64
    );
    println!(
        "| largest resident memory while ingesting, MB | {:.0} |",
        peak as f64 / 1e6
    );
    let merging = server.rest()?;
    let (cpu_all, peak) = server.usage();
    println!(
        "| merges after the last event, s (CPU s) | {:.1} ({:.1}) |",
        merging.as_secs_f64(),
        (cpu_all - cpu).as_secs_f64()
    );
    println!(
        "| largest resident memory in all, MB | {:.0} |",
        peak as f64 / 1e6
    );
    server.stop()?;
    sizes(data, events)
}

/// The requests of one day, sent at its end.
fn bodies(key: &str, today: &[Event<'_>], end_ms: i64, random: bool) -> Vec<Vec<u8>> {
    let mut dice = end_ms.unsigned_abs();
    let mut back = || {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        if random {
            -((dice >> 33) as i64 % BACK_DAYS) * DAY_MS
        } else {
            0
        }
    };
    let one = |events: &[Event<'_>]| {
        let mut body = Vec::with_capacity(SIZE * 500);
        let shifted = events.iter().map(|event| (*event, back()));
        write_shifted(&mut body, key, shifted, end_ms);
        body
    };
    today.chunks(SIZE).map(one).collect()
}

/// Bytes by kind of file.
fn sizes(data: &Path, events: usize) -> Result<()> {
    let mut kinds: Vec<(String, usize, u64)> = Vec::new();
    collect(data, &mut kinds)?;
    kinds.sort();
    println!("\n| bytes | files | bytes | an event |\n|---|---|---|---|");
    let row = |kind: &str, files: usize, bytes: u64| {
        println!(
            "| {kind} | {files} | {bytes} | {:.2} |",
            bytes as f64 / events as f64
        );
    };
    for (kind, files, bytes) in &kinds {
        row(kind, *files, *bytes);
    }
    let sum = kinds
        .iter()
        .fold((0, 0), |all, kind| (all.0 + kind.1, all.1 + kind.2));
    row("all but the log of what is not sealed", sum.0, sum.1);
    Ok(())
}

fn collect(folder: &Path, kinds: &mut Vec<(String, usize, u64)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let (entry, path) = entry.map(|entry| (entry.file_type(), entry.path()))?;
        if entry?.is_dir() {
            if !path.ends_with("wal") {
                collect(&path, kinds)?;
            }
            continue;
        }
        let end = path.extension().or(path.file_name());
        let kind = end
            .context("a file without a name")?
            .to_string_lossy()
            .into_owned();
        let bytes = path.metadata()?.len();
        match kinds.iter_mut().find(|it| it.0 == kind) {
            Some(known) => (known.1, known.2) = (known.1 + 1, known.2 + bytes),
            None => kinds.push((kind, 1, bytes)),
        }
    }
    Ok(())
}

/// Every report of all time and of the last 28 days, in this process, beside its main table in
/// SQL on the same files.
fn reports(data: &Path) -> Result<()> {
    let snapshot = Snapshot::open(data, Arc::new(RealDisk), &ManualClock::new(END * DAY_MS))?;
    let info = snapshot
        .projects()
        .into_iter()
        .next()
        .context("no project")?;
    let view = snapshot.project(info.id).context("no project")?;
    println!("{} rows in {} segments\n", view.rows(), view.segments.len());
    println!(
        "| report, {ROUNDS} rounds, warm | askfirst, s | CPU s | DuckDB, the main table, s | CPU s | ratio of medians |"
    );
    println!("|---|---|---|---|---|---|");
    for period in ["all", "28d"] {
        let from = if period == "all" { 0 } else { END - 28 };
        let theirs = duckdb_reports(data, ROUNDS, from * DAY_MS, END * DAY_MS)?;
        for report in REPORTS {
            let ours = ask(&view, report.name, period)?;
            let spread = Spread::of(ours.0);
            let (name, cpu) = (format!("{}, {period}", report.name), ours.1);
            match theirs.get(report.name) {
                Some(peer) => {
                    let wall = Spread::of(peer.wall.clone());
                    let ratio = spread.median / wall.median;
                    println!(
                        "| {name} | {spread:.3} | {cpu:.3} | {wall:.3} | {:.3} | {ratio:.2} |",
                        peer.cpu
                    );
                }
                None => println!("| {name} | {spread:.3} | {cpu:.3} | | | |"),
            }
        }
    }
    Ok(())
}

/// Seconds of each round, and CPU seconds of one on average.
fn ask(view: &ProjectView, report: &str, period: &str) -> Result<(Vec<f64>, f64)> {
    let catalog = Catalog::builtin();
    let today = Day(i32::try_from(END)?);
    let filters = Filters::parse([("period", period)], today)?;
    let mut seconds = Vec::new();
    let mut before = Duration::ZERO;
    for round in 0..=ROUNDS {
        if round == 1 {
            before = usage(std::process::id()).0;
        }
        let start = Instant::now();
        let answer = askfirst_query::run(view, &catalog, report, &filters)?;
        seconds.push(start.elapsed().as_secs_f64());
        ensure!(!answer.tables.is_empty(), "{report} is empty");
    }
    seconds.remove(0);
    let cpu = usage(std::process::id()).0.saturating_sub(before);
    Ok((seconds, cpu.as_secs_f64() / ROUNDS as f64))
}
