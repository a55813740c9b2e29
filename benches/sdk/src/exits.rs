//! What leaving costs, whatever the collector does: a run that records ten events, where nine
//! earlier runs left theirs, beside the same run with analytics off. Pairs of runs, one right
//! after the other.

use std::path::Path;

use anyhow::{Context, Result};

use crate::child::{self, moment, spawn};
use crate::collector::{Collector, Manner};
use crate::ours;
use crate::spread::Spread;
use crate::subject::{Place, SDKS, built};

/// Pairs, ours and the peers'.
const OURS: usize = 40;
const THEIRS: usize = 2;

const EVENTS: u64 = 10;

/// Earlier runs, enough for delivery to begin at the first event.
const EARLIER: usize = 9;

/// Who waits longer than so many seconds for a process to end has stopped waiting.
const PATIENCE: f64 = 4.0;

pub fn print() -> Result<()> {
    println!(
        "\n| added to a run, ms | the collector | from the last event to the end | of that: added | the whole run: added |"
    );
    println!("|---|---|---|---|---|");
    for sdk in built() {
        for (manner, name) in Manner::ALL {
            row(sdk, manner, name)?;
        }
    }
    Ok(())
}

fn row(sdk: &str, manner: Manner, name: &str) -> Result<()> {
    let pairs = if sdk == SDKS[0] { OURS } else { THEIRS };
    let collector = Collector::start(manner)?;
    let mut leaving = Vec::new();
    let (mut added, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..pairs {
        let off = run(&format!("{sdk}-off"), &collector)?.context("a run that is off hangs")?;
        let Some(on) = run(sdk, &collector)? else {
            println!("| {sdk} | {name} | more than {PATIENCE} s | | |");
            return Ok(());
        };
        leaving.push(on.leaving);
        added.push(on.leaving - off.leaving);
        whole.push(on.whole - off.whole);
    }
    let [leaving, added, whole] = [leaving, added, whole].map(Spread::of);
    println!(
        "| {sdk} | {name} | {leaving:.2} | {:.2} | {:.2} |",
        added.median, whole.median
    );
    Ok(())
}

/// Milliseconds of one run.
struct Took {
    leaving: f64,
    whole: f64,
}

fn run(sdk: &str, collector: &Collector) -> Result<Option<Took>> {
    let home = tempfile::tempdir()?;
    let place = child::place(home.path(), &collector.url())?;
    if sdk == SDKS[0] {
        leave_behind(&place)?;
    }
    let began = moment();
    let mut running = spawn(sdk, &place, "run", EVENTS)?;
    let left: f64 = running.line()?.trim().parse()?;
    let ended = running.ended(PATIENCE)?;
    Ok(ended.map(|ended| Took {
        leaving: (ended - left) * 1e3,
        whole: (ended - began) * 1e3,
    }))
}

/// What earlier runs leave: one file each.
fn leave_behind(place: &Place) -> Result<()> {
    spawn(SDKS[0], place, "run", EVENTS)?.ended(PATIENCE)?;
    let left = files(&ours::spool(&place.home))?;
    let file = left.first().context("a run left nothing behind")?;
    for n in 1..EARLIER {
        std::fs::copy(file, file.with_file_name(format!("{n:016x}.spool")))?;
    }
    Ok(())
}

/// The files of every folder of a spool.
fn files(spool: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for folder in std::fs::read_dir(spool)? {
        let folder = folder?.path();
        if folder.is_dir() {
            for file in std::fs::read_dir(folder)? {
                files.push(file?.path());
            }
        }
    }
    Ok(files)
}
