//! What starting costs: from the first line of `main` until events can be recorded, each time
//! in a new process, whose owner has said yes.

use anyhow::{Context, Result};

use crate::child::{self, spawn};
use crate::collector::{Collector, Manner};
use crate::spread::Spread;
use crate::subject::built;

const ROUNDS: usize = 40;

pub fn print() -> Result<()> {
    println!("\n| start | us | threads afterwards |\n|---|---|---|");
    for sdk in built() {
        row(sdk)?;
        row(&format!("{sdk}-off"))?;
    }
    Ok(())
}

fn row(sdk: &str) -> Result<()> {
    let collector = Collector::start(Manner::Works)?;
    let home = tempfile::tempdir()?;
    let place = child::place(home.path(), &collector.url())?;
    let (mut micros, mut threads) = (Vec::new(), 0.0);
    for _ in 0..ROUNDS {
        let said = spawn(sdk, &place, "start", 0)?.numbers()?;
        micros.push(*said.first().context("no time")?);
        threads = f64::max(threads, *said.get(1).context("no threads")?);
    }
    println!("| {sdk} | {:.0} | {threads:.0} |", Spread::of(micros));
    Ok(())
}
