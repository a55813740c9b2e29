//! What arrives of a run that is killed: fifty events, then `kill -9`, then a run that lasts
//! two seconds and leaves as it should.

use std::time::Duration;

use anyhow::Result;

use crate::child::{self, spawn};
use crate::collector::{Collector, Manner};
use crate::subject::built;

const EVENTS: u64 = 50;
const ROUNDS: u64 = 3;

/// Half seconds the run after it lasts; an event in each.
const LASTS: u64 = 4;

pub fn print() -> Result<()> {
    println!(
        "\n| killed after its {EVENTS}th event | arrived, of {} |\n|---|---|",
        EVENTS * ROUNDS
    );
    for sdk in built() {
        let mut arrived = 0;
        for _ in 0..ROUNDS {
            arrived += round(sdk)?;
        }
        println!("| {sdk} | {arrived} |");
    }
    Ok(())
}

fn round(sdk: &str) -> Result<u64> {
    let collector = Collector::start(Manner::Works)?;
    let home = tempfile::tempdir()?;
    let place = child::place(home.path(), &collector.url())?;
    let mut killed = spawn(sdk, &place, "stay", EVENTS)?;
    killed.line()?;
    killed.kill()?;
    let (_never, pause) = std::sync::mpsc::channel::<()>();
    let mut next = spawn(sdk, &place, "stay", 0)?;
    next.line()?;
    for _ in 0..LASTS {
        next.types()?;
        let _ = pause.recv_timeout(Duration::from_millis(500));
    }
    next.ends_input();
    next.ended(10.0)?;
    Ok(collector.arrived())
}
