//! `cargo xtask tour`: the main job on data the project makes itself.
//!
//! Everything it writes is in `.cache/tour/` of the workspace, made anew at
//! every run.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use askfirst_population::{Plan, Population, write_log};

use crate::workspace;

/// The reports of the tour, in the order in which a maintainer asks, and how
/// each is asked.
const REPORTS: [(&str, &[&str]); 5] = [
    ("models", &[]),
    ("edits", &[]),
    ("commands", &[]),
    ("exits", &[]),
    ("activity", &["--by", "week"]),
];

/// Sixty installs, 91 days from Saturday 2026-08-01.
const TOUR: Plan = Plan {
    seed: 1,
    installs: 60,
    first_day: 20_666,
    days: 91,
};

/// Builds the program, makes a log, imports it, prints the reports.
///
/// # Errors
///
/// If it does not build, the folder cannot be written, or a command fails.
pub(crate) fn run() -> Result<()> {
    println!("tour: building askfirst (the first time takes some minutes) ...");
    let askfirst = workspace::release_binary()?;
    let folder = workspace::cache().join("tour");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let lines = simulate(&folder.join("simulated.jsonl"))?;
    println!(
        "tour: wrote .cache/tour/simulated.jsonl: {lines} SIMULATED events of nobody, \
         in the shape of aider's analytics log (seed {})",
        TOUR.seed
    );
    show(
        &askfirst,
        &folder,
        &[
            "import",
            "simulated.jsonl",
            "--host",
            "aider",
            "--data",
            "data",
        ],
    )?;
    for (report, how) in REPORTS {
        // The log's days are fixed and today is not: the whole of it, so that
        // the tour shows the same whenever it is made.
        let question = ["report", report, "--host", "aider", "--period", "all"];
        show(
            &askfirst,
            &folder,
            &[&question, how, &["--data", "data"]].concat(),
        )?;
    }
    println!(
        "\ntour: the log and what was stored of it are in .cache/tour; the program is {}",
        askfirst.display()
    );
    Ok(())
}

fn simulate(path: &Path) -> Result<usize> {
    let failed = || format!("cannot write {}", path.display());
    let mut out = BufWriter::new(File::create(path).with_context(failed)?);
    let lines = write_log(&mut out, &Population::new(TOUR)).with_context(failed)?;
    out.flush().with_context(failed)?;
    Ok(lines)
}

/// Prints the command as a person would type it, then what it prints.
fn show(askfirst: &Path, folder: &Path, arguments: &[&str]) -> Result<()> {
    println!("\n$ askfirst {}", arguments.join(" "));
    workspace::run(Command::new(askfirst).args(arguments).current_dir(folder))
}
