//! What is stored: how fast an import writes it, how many bytes it takes, how long each report
//! reads it. DuckDB does the same in the same run.
//!
//! `cargo bench --package askfirst-benches --bench files`; a number after `--` is how many
//! events (default 1,000,000). `cargo xtask setup` installs DuckDB.

#![expect(
    clippy::print_stdout,
    reason = "a benchmark talks to the person who started it"
)]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use askfirst_benches::{Program, Spread, build, duckdb, duckdb_reports};
use askfirst_catalog::Catalog;
use askfirst_population::{Plan, Population, write_log};
use askfirst_query::calendar::Day;
use askfirst_query::{Filters, reports::REPORTS};
use askfirst_store::disk::RealDisk;
use askfirst_store::{Snapshot, SystemClock};

const ROUNDS: usize = 5;

fn main() -> Result<()> {
    let events: usize = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(1_000_000);
    let program = build()?;
    let folder = std::env::temp_dir().join(format!("askfirst-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let log = folder.join("simulated.jsonl");
    let (lines, installs) = simulate(&log, events)?;
    println!("{lines} simulated events of {installs} installs over 364 days\n");
    let data = imports(&program, &folder, &log, lines)?;
    println!();
    reports(&data)?;
    Ok(fs::remove_dir_all(&folder)?)
}

/// The day after the last simulated one: 2026-08-01.
const END: i64 = 20_666;

/// About as many events as asked for, over 364 days.
fn simulate(log: &Path, events: usize) -> Result<(usize, usize)> {
    let year = Plan {
        first_day: END - 364,
        days: 364,
        ..Plan::until(END)
    };
    let plan = year.with_events(events);
    let mut out = BufWriter::new(File::create(log)?);
    let lines = write_log(&mut out, &Population::new(plan))?;
    out.flush()?;
    Ok((lines, plan.installs))
}

/// Times the import beside DuckDB's and gives the last data directory.
fn imports(program: &Program, folder: &Path, log: &Path, lines: usize) -> Result<PathBuf> {
    let data = folder.join("data");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        let start = Instant::now();
        program.run(&[
            "import",
            text(log)?,
            "--host",
            "aider",
            "--data",
            text(&data)?,
        ])?;
        ours.push(start.elapsed().as_secs_f64());
        let parquet = folder.join("duckdb.parquet");
        theirs.push(duckdb(&["import", text(log)?, text(&parquet)?])?);
    }
    let ratio: Vec<f64> = ours
        .iter()
        .zip(&theirs)
        .map(|(ours, theirs)| ours / theirs)
        .collect();
    let stored = bytes(&data)?;
    let per_event = |bytes: u64| bytes as f64 / lines as f64;
    println!("| import | askfirst | DuckDB, read_json to Parquet | ratio |");
    println!("|---|---|---|---|");
    println!(
        "| seconds | {} | {} | {} |",
        Spread::of(ours),
        Spread::of(theirs),
        Spread::of(ratio)
    );
    println!(
        "| bytes an event (the log: {:.0}) | {:.1} | {:.1} | |",
        per_event(log.metadata()?.len()),
        per_event(stored),
        per_event(folder.join("duckdb.parquet").metadata()?.len()),
    );
    Ok(data)
}

/// Times every report in this process beside the same table in SQL, on the same files, warm.
fn reports(data: &Path) -> Result<()> {
    let snapshot = Snapshot::open(data, Arc::new(RealDisk), &SystemClock)?;
    let info = snapshot
        .projects()
        .into_iter()
        .next()
        .context("no project")?;
    let view = snapshot.project(info.id).context("no project")?;
    let theirs = duckdb_reports(data, ROUNDS, 0, (END + 1) * 86_400_000)?;
    let after = END as i32 + 1; // a day after the last event
    println!("| report | askfirst, ms | DuckDB, the main table, ms | ratio of medians |");
    println!("|---|---|---|---|");
    for report in REPORTS {
        let mut ours = Vec::new();
        for round in 0..=ROUNDS {
            let start = Instant::now();
            let filters = Filters::parse([("period", "all")], Day(after))?;
            let answer = askfirst_query::run(&view, &Catalog::builtin(), report.name, &filters)?;
            let took = start.elapsed().as_secs_f64();
            ensure!(!answer.tables.is_empty(), "{} is empty", report.name);
            if round > 0 {
                ours.push(took * 1e3);
            }
        }
        let seconds = theirs.get(report.name).map(|it| it.wall.as_slice());
        let theirs = seconds.unwrap_or_default().iter().map(|s| s * 1e3);
        let (ours, theirs) = (Spread::of(ours), Spread::of(theirs.collect()));
        let ratio = ours.median / theirs.median;
        println!("| {} | {ours:.1} | {theirs:.1} | {ratio:.2} |", report.name);
    }
    Ok(())
}

/// All files but the WAL.
fn bytes(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sum += if entry.file_name() == "wal" {
                0
            } else {
                bytes(&entry.path())?
            };
        } else {
            sum += entry.metadata()?.len();
        }
    }
    Ok(sum)
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("path is not text")
}
