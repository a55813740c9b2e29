//! Runs on a disk: written, found in, merged, damaged.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache::Cache;
use super::merge::{Source, keys_of, merge};
use super::run::Run;
use super::write::RunWriter;
use super::*;
use crate::dir::Dir;
use crate::disk::Disk;
use crate::error::Error;
use crate::manifest::KeyRun;
use crate::testing::FakeDisk;

struct Place {
    disk: FakeDisk,
    dir: Dir,
}

impl Place {
    fn new() -> Place {
        let disk = FakeDisk::new();
        let dir = Dir::new(Arc::new(disk.clone()), Path::new("/data"));
        disk.create_dir(Path::new("/data")).unwrap();
        Place { disk, dir }
    }

    fn path(file: u64) -> PathBuf {
        PathBuf::from(format!("/data/{file}.keys"))
    }

    /// Writes a run of several sources.
    fn write(&self, file: u64, sources: &[Source<'_>]) -> (KeyRun, Run) {
        let path = Place::path(file);
        let keys = keys_of(sources);
        let mut writer = RunWriter::begin(&self.dir, &path, RunKind::Received, keys).unwrap();
        merge(sources, &mut writer, |_| {}, || Ok(())).unwrap();
        writer.finish().unwrap().name(&path, file, (1, 2)).unwrap()
    }

    fn open(&self, named: &KeyRun) -> Result<Run, Error> {
        Run::open(&self.dir, &Place::path(named.file), named)
    }
}

fn sorted(keys: impl Iterator<Item = EventKey>) -> Vec<EventKey> {
    let mut keys: Vec<EventKey> = keys.collect();
    keys.sort_unstable();
    keys
}

/// Keys as an hour, a day of milliseconds and broken clocks make them.
fn keys(n: u64, salt: u64) -> Vec<EventKey> {
    sorted((0..n).map(|at| {
        let dice = splitmix(at + (salt << 32));
        let ts = match dice % 4 {
            0 | 1 => 1_733_140_800_000,
            2 => 1_733_140_800_000 + (dice >> 8) as i64 % 86_400_000,
            _ => dice as i64,
        };
        (ts, splitmix(dice))
    }))
}

fn found(run: &Run, cache: &Cache, key: EventKey) -> Option<u64> {
    run.look(cache).find(key).unwrap()
}

#[test]
fn every_key_is_found_at_its_place_and_no_other() {
    let place = Place::new();
    let block = KEY_BLOCK as u64;
    for n in [1, 2, block, block + 1, KEY_FILTER as u64 + 3, 5000] {
        let keys = keys(n, 0);
        let (named, written) = place.write(n, &[Source::Keys(&keys)]);
        let cache = Cache::new(1 << 20);
        for run in [&written, &place.open(&named).unwrap()] {
            for (at, key) in keys.iter().enumerate() {
                assert_eq!(found(run, &cache, *key), Some(at as u64));
                assert_eq!(found(run, &cache, (key.0, key.1 ^ 1)), None);
                assert_eq!(found(run, &cache, (key.0.wrapping_add(1), key.1)), None);
            }
        }
    }
}

#[test]
fn d10_a_key_takes_ten_bytes_on_disk_and_a_twentieth_of_one_in_memory() {
    let place = Place::new();
    let hour = sorted((0..100_000).map(|n| (0, splitmix(n))));
    let (named, run) = place.write(1, &[Source::Keys(&hour)]);
    assert!(named.bytes < 931 * 1000 + 1000, "{} bytes", named.bytes);
    assert!(run.memory() < 5300, "{} bytes in memory", run.memory());
}

#[test]
fn merged_runs_have_the_keys_of_all_in_order_and_say_where_they_come_from() {
    let place = Place::new();
    let parts = [keys(3000, 1), keys(700, 2), keys(1, 3), keys(2048, 4)];
    let runs: Vec<Run> = (0..3)
        .map(|at| place.write(at as u64 + 1, &[Source::Keys(&parts[at])]).1)
        .collect();
    let mut sources: Vec<Source<'_>> = runs.iter().map(Source::Run).collect();
    sources.push(Source::Keys(&parts[3]));
    let (_, merged) = place.write(9, &sources);
    let all = sorted(parts.iter().flatten().copied());
    let cache = Cache::new(1 << 20);
    for (at, key) in all.iter().enumerate() {
        assert_eq!(found(&merged, &cache, *key), Some(at as u64));
    }
    let path = Place::path(10);
    let mut writer = RunWriter::begin(&place.dir, &path, RunKind::Received, 5749).unwrap();
    let mut origins = Vec::new();
    merge(
        &sources,
        &mut writer,
        |origin| origins.push(origin),
        || Ok(()),
    )
    .unwrap();
    for ((source, at), key) in origins.iter().zip(&all) {
        assert_eq!(parts[*source][*at as usize], *key);
    }
    drop(writer);
    let half = |path: &PathBuf| path.extension() == Some("tmp".as_ref());
    assert!(
        !place.disk.files().keys().any(half),
        "an unfinished run stays"
    );
}

#[test]
fn d10_every_flipped_bit_is_an_error_that_names_the_file_or_changes_no_answer() {
    let place = Place::new();
    let keys = keys(600, 5);
    let (named, _) = place.write(1, &[Source::Keys(&keys)]);
    let path = Place::path(1);
    let whole = place.disk.files()[&path].clone();
    for bit in (0..whole.len() * 8).step_by(37) {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        place.disk.overwrite(&path, damaged);
        let cache = Cache::new(1 << 20);
        let noticed = place.open(&named).and_then(|run| {
            for (at, key) in keys.iter().enumerate() {
                assert_eq!(run.look(&cache).find(*key)?, Some(at as u64), "bit {bit}");
            }
            Ok(())
        });
        let error = noticed.expect_err("a flipped bit").to_string();
        assert!(error.contains("/data/1.keys is damaged at byte"), "{error}");
    }
}

#[test]
fn a_run_that_is_cut_or_of_another_kind_is_no_run() {
    let place = Place::new();
    let (named, _) = place.write(1, &[Source::Keys(&keys(600, 6))]);
    let path = Place::path(1);
    let whole = place.disk.files()[&path].clone();
    for end in (0..whole.len()).step_by(7) {
        place.disk.overwrite(&path, whole[..end].to_vec());
        place.open(&named).expect_err("a cut file");
        let shorter = KeyRun {
            bytes: end as u64,
            ..named.clone()
        };
        place
            .open(&shorter)
            .expect_err("a cut file, and a manifest that agrees");
    }
    place.disk.overwrite(&path, whole);
    let lines = KeyRun {
        kind: RunKind::Lines,
        ..named
    };
    let error = place.open(&lines).unwrap_err().to_string();
    assert!(
        error.contains("not a key run of this version and kind"),
        "{error}"
    );
}

#[test]
fn d10_opening_a_run_reads_its_header_and_its_directory_only() {
    let place = Place::new();
    let (named, _) = place.write(1, &[Source::Keys(&keys(50_000, 7))]);
    let path = Place::path(1);
    let mut bytes = place.disk.files()[&path].clone();
    let end = bytes.len() - directory::Directory::bytes_of(named.keys) as usize;
    bytes[HEADER..end].fill(0);
    place.disk.overwrite(&path, bytes);
    place.open(&named).expect("nothing else is looked at");
}

#[test]
fn d10_a_time_a_run_does_not_have_costs_nothing_and_a_new_key_one_filter() {
    let place = Place::new();
    let hour = sorted((0..50_000).map(|n| (3_600_000, splitmix(n))));
    let (named, _) = place.write(1, &[Source::Keys(&hour)]);
    let run = place.open(&named).unwrap();
    place.disk.overwrite(&Place::path(1), Vec::new());
    let cache = Cache::new(1 << 20);
    assert_eq!(found(&run, &cache, (7_200_000, 1)), None, "another hour");
    run.look(&cache)
        .find((3_600_000, 1 << 63))
        .expect_err("it has to be read");
}
