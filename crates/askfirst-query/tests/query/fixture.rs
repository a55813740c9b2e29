//! A data directory that was written by the first version of the formats. Every later program
//! reads it, verifies it, and goes on writing where it ended.
//!
//! It was made on 21 November 2026 by `askfirst demo --data` (segments of all levels, key runs),
//! `askfirst import` of a log (imported segments, line keys), and a collector that was killed
//! (unsealed rows in the write-ahead log). All of it is simulated.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::Catalog;
use askfirst_query::Filters;
use askfirst_query::calendar::Day;
use askfirst_query::render;
use askfirst_store::testing::ManualClock;

use askfirst_store::{Options, RealDisk, Snapshot, Store, verify};
use tempfile::TempDir;

/// The day after it was made.
const TODAY: &str = "2026-11-22";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/data-1")
}

/// A copy that may be written to.
fn copy() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&fixture(), copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

fn clock() -> ManualClock {
    ManualClock::new(Day::parse(TODAY).unwrap().start_ms())
}

/// What a few reports say of every project, as CSV.
fn told(snapshot: &Snapshot) -> String {
    let today = Day::parse(TODAY).unwrap();
    let mut told = String::new();
    for project in snapshot.projects() {
        let view = snapshot.project(project.id).unwrap();
        told.push_str(&format!("{}: {} rows\n", project.name, view.rows()));
        for report in ["models", "exits"] {
            let pairs = [("period", "all"), ("compare", "none")];
            let filters = Filters::parse(pairs, today).unwrap();
            let answer = askfirst_query::run(&view, &Catalog::builtin(), report, &filters);
            let csv = render::csv(&answer.unwrap());
            let first = |line: &str| line.split(',').take(2).collect::<Vec<_>>().join(",");
            told.extend(csv.lines().map(|line| format!("  {}\n", first(line))));
        }
    }
    told
}

const TOLD: &str = include_str!("../../../../tests/fixtures/data-1.txt");

#[test]
fn d16_a_directory_of_version_1_is_read_as_it_was_written() {
    let snapshot = Snapshot::open(&fixture(), Arc::new(RealDisk), &clock()).unwrap();
    let told = told(&snapshot);
    assert!(told == TOLD, "it says now:\n{told}");
}

#[test]
fn d16_a_directory_of_version_1_is_sound() {
    let verified = verify(&fixture(), Arc::new(RealDisk), &mut |_| {}).unwrap();
    assert_eq!(verified.problems, []);
    assert!(verified.records > 0 && verified.keys > 0 && verified.rows > 0);
}

#[test]
fn d16_a_writer_goes_on_where_version_1_ended() {
    let copy = copy();
    let options = Options {
        clock: Arc::new(clock()),
        ..Options::new(Catalog::builtin())
    };
    let store = Store::open(copy.path(), options).unwrap();
    store.seal().unwrap();
    while store.merge_if_due().unwrap() {}
    assert_eq!(told(&store.snapshot().unwrap()), TOLD);
    store.close().unwrap();
    let verified = verify(copy.path(), Arc::new(RealDisk), &mut |_| {}).unwrap();
    assert_eq!((verified.problems, verified.records), (Vec::new(), 0));
}
