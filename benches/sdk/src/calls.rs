//! What one call costs.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result};
use askfirst::Model;
use askfirst::testing::Encoding;

use crate::child::{self, spawn};
use crate::collector::{Collector, Manner};
use crate::ours;
use crate::spread::{Spread, part};
use crate::subject::{SDKS, built, message};

const ROUNDS: usize = 5;

/// Calls a round, ours and the peers'.
const OURS: u64 = 50_000;
const THEIRS: u64 = 2_000;

/// Calls a round of what is switched off.
const OFF: u64 = 2_000_000;

pub fn print() -> Result<()> {
    println!("\n| switched off | CPU, ns a call |\n|---|---|");
    for sdk in built() {
        println!(
            "| {sdk} | {:.1} |",
            Spread::of(rounds(|| switched_off(sdk))?)
        );
    }
    println!(
        "\n| encoding alone, {} bytes an event | CPU, ns |\n|---|---|",
        encode(1).1
    );
    println!(
        "| askfirst | {:.0} |",
        Spread::of((0..ROUNDS).map(|_| encode(200_000).0).collect())
    );
    println!(
        "\n| one call | processes | p50, ns | p99, ns | mean, ns | CPU of the process, ns an event |"
    );
    println!("|---|---|---|---|---|---|");
    println!(
        "| the clock alone, part of every row | 1 | {:.0} | | | |",
        clock()
    );
    for (what, processes) in [
        ("write alone", 1),
        ("write alone", 8),
        ("askfirst", 1),
        ("askfirst", 8),
        ("askfirst+log", 1),
        ("askfirst+log", 8),
    ] {
        row(what, processes, OURS)?;
    }
    for sdk in &built()[1..] {
        row(sdk, 1, THEIRS)?;
    }
    Ok(())
}

fn rounds(mut round: impl FnMut() -> Result<f64>) -> Result<Vec<f64>> {
    (0..ROUNDS).map(|_| round()).collect()
}

fn switched_off(sdk: &str) -> Result<f64> {
    let home = tempfile::tempdir()?;
    let place = child::place(home.path(), "http://127.0.0.1:9")?;
    let number = if sdk == SDKS[0] { OFF * 50 } else { OFF / 10 };
    let said = spawn(sdk, &place, "off", number)?.numbers()?;
    said.first().copied().context("no figure")
}

/// Nanoseconds of encoding an event, making it included, and its bytes.
fn encode(number: u64) -> (f64, usize) {
    let model = Model::named(message::MODEL);
    let mut encoding = Encoding::new("1.2.3", ours::events::CATALOG);
    let before = child::cpu();
    let mut bytes = 0;
    for n in 0..number {
        bytes = black_box(encoding.line(&ours::event(&model, n))).len();
    }
    ((child::cpu() - before) * 1e9 / number as f64, bytes)
}

/// The median of what asking the clock twice costs.
fn clock() -> f64 {
    let mut nanos: Vec<f64> = (0..100_000)
        .map(|_| Instant::now().elapsed().as_nanos() as f64)
        .collect();
    nanos.sort_by(f64::total_cmp);
    part(&nanos, 0.5)
}

/// Rounds of one SDK, in so many processes at once, all in one home.
fn row(sdk: &str, processes: usize, number: u64) -> Result<()> {
    // Ours has nobody to send to, as a user offline; the peers' queues have to be emptied.
    let manner = match SDKS[1..].contains(&sdk) {
        true => Manner::Works,
        false => Manner::Refuses,
    };
    let collector = Collector::start(manner)?;
    let mut figures = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        let home = tempfile::tempdir()?;
        let place = child::place(home.path(), &collector.url())?;
        let running: Vec<_> = (0..processes)
            .map(|_| spawn(sdk, &place, "calls", number))
            .collect::<Result<_>>()?;
        let said: Vec<Vec<f64>> = running
            .into_iter()
            .map(child::Running::numbers)
            .collect::<Result<_>>()?;
        for (at, figure) in figures.iter_mut().enumerate() {
            let of_all = said.iter().filter_map(|it| it.get(at)).sum::<f64>();
            figure.push(of_all / processes as f64);
        }
    }
    let [p50, p99, mean, cpu] = figures.map(Spread::of);
    println!(
        "| {sdk} | {processes} | {p50:.0} | {p99:.0} | {:.0} | {:.0} |",
        mean.median,
        cpu.median * 1e9
    );
    Ok(())
}
