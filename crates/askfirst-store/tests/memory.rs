//! A merge's memory does not grow with its rows (decision D11), and a seal's is little more than
//! that of the rows (D22).
//!
//! One test, alone in its process, because the system counts by process.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test says by panicking what went wrong"
)]
#![expect(clippy::print_stdout, reason = "the long run is for its figures")]

use std::sync::Arc;

use askfirst_catalog::{Catalog, Common, Value};
use askfirst_store::testing::{Dice, ManualClock};
use askfirst_store::{
    Batch, Consent, NewProject, Options, ProjectId, Retention, Row, Store, Tally,
};

/// Monday, 2 December 2024, 12:00 UTC.
const NOON: i64 = 1_733_140_800_000;
const DAY: i64 = 86_400_000;
/// More than a merge may take beside what there was before it: 16 MiB of row groups in the making
/// (`MERGE_BYTES`), 14 for what it is at in 8 inputs and for the rows on their way from these to those,
/// and 4 for what an allocator does otherwise elsewhere. With 24 MiB of row groups, as once, it takes 37.
const BOUND: u64 = 34 << 20;
/// Rows that are sealed together, and more than sealing them may take: 170 bytes of each while
/// they are columns, and one column of a file in the making. Of all columns at once that was half
/// as much again.
const SEALED: u64 = 128_000;
const SEAL_BOUND: u64 = 32 << 20;

#[test]
fn d22_d11_a_seal_and_a_merge_take_bounded_memory() {
    let sealing = grown_by_a_seal();
    println!("a seal of {SEALED} rows took {} kB", sealing >> 10);
    assert!(sealing < SEAL_BOUND, "{sealing} bytes");
    let small = grown_by_a_merge(4_000);
    let large = grown_by_a_merge(40_000);
    println!(
        "a merge of 8 files took {} kB, of 10 times as many rows {} kB",
        small >> 10,
        large >> 10
    );
    assert!(small < BOUND && large < BOUND, "{small} and {large} bytes");
}

/// Seals rows; how far the resident memory went up meanwhile.
fn grown_by_a_seal() -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let (store, project) = store(folder.path());
    let mut dice = Dice::new(7);
    for part in 0..SEALED / 1000 {
        let rows = (0..1000).map(|n| row(part * 1000 + n, &mut dice));
        store.append_wait(batch(project, rows.collect())).unwrap();
    }
    let before = peak_from_here();
    store.seal().unwrap();
    status("VmHWM:").saturating_sub(before)
}

/// A store that does nothing by itself.
fn store(folder: &std::path::Path) -> (Store, ProjectId) {
    let mut options = Options::new(Catalog::builtin());
    options.clock = Arc::new(ManualClock::new(NOON));
    options.background = false;
    let store = Store::open(folder, options).unwrap();
    let new = NewProject::new("aider", "aider", Retention::days(180));
    let project = store.add_project(new).unwrap().0.id;
    (store, project)
}

/// The peak counts from here.
fn peak_from_here() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    status("VmHWM:")
}

/// Merges eight files of so many rows; how far the resident memory went up meanwhile.
fn grown_by_a_merge(rows: u64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let (store, project) = store(folder.path());
    let mut dice = Dice::new(rows);
    for file in 0..8 {
        for part in 0..rows / 1000 {
            let first = file * rows + part * 1000;
            let rows = (first..first + 1000).map(|n| row(n, &mut dice)).collect();
            store.append_wait(batch(project, rows)).unwrap();
        }
        store.seal().unwrap();
    }
    let before = peak_from_here();
    let size = || store.snapshot().unwrap().project(project).unwrap().bytes();
    let (sealed, begun) = (size(), std::time::Instant::now());
    assert!(store.merge_if_due().unwrap());
    let took = begun.elapsed().as_secs_f64();
    let grown = status("VmHWM:").saturating_sub(before);
    let view = store.snapshot().unwrap().project(project).unwrap();
    assert_eq!(view.rows(), 8 * rows);
    println!(
        "a merge of {} rows: {:.0} rows/s, {sealed} bytes became {}, {} kB of memory",
        8 * rows,
        8.0 * rows as f64 / took,
        size(),
        grown >> 10
    );
    grown
}

fn batch(project: ProjectId, rows: Vec<Row>) -> Batch {
    Batch {
        project,
        received_ms: NOON,
        rows,
        tally: Tally::default(),
    }
}

/// Of many installs, some days and with values that do not repeat.
fn row(n: u64, dice: &mut Dice) -> Row {
    let catalog = Catalog::builtin();
    let text = |text: &str| Value::stored_text(Arc::from(text));
    let values = [
        ("main_model", text("gpt-4o")),
        ("prompt_tokens", Value::Count(dice.below(1 << 40))),
        ("completion_tokens", Value::Count(dice.below(1 << 40))),
        ("cost", Value::Amount(dice.below(1 << 40) as i64)),
        ("version", text("0.70.0")),
    ];
    let mut install = [0; 16];
    install[..8].copy_from_slice(&dice.below(20_000).to_le_bytes());
    Row {
        ts: NOON - dice.below(3 * DAY as u64) as i64,
        skew_s: 0,
        event: catalog.find_event("message_send").unwrap(),
        install: Some(install),
        consent: Consent::Unknown,
        common: Common::default(),
        values: (values.into_iter())
            .map(|(name, value)| (catalog.find_property(name).unwrap(), value))
            .collect(),
        key: n,
    }
}

/// A line of `/proc/self/status`, in bytes.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap();
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes * 1024
}
