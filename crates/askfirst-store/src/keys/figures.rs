//! What opening and asking 50 million keys costs.
//!
//! `cargo test --release --package askfirst-store --lib figures -- --ignored --nocapture`

use std::sync::Arc;
use std::time::Instant;

use super::cache::Cache;
use super::run::Run;
use super::write::RunWriter;
use super::{EventKey, splitmix};
use crate::dedup::Index;
use crate::dir::Dir;
use crate::disk::RealDisk;
use crate::manifest::{KeyRun, RunKind};
use crate::policy::KEY_CACHE_BYTES;

const HOUR: i64 = 3_600_000;
const KEYS_AN_HOUR: u64 = 57_870;

/// A run of all events of some hours, whose clocks are cut to the hour.
fn write(dir: &Dir, file: u64, hours: std::ops::Range<i64>) -> KeyRun {
    let path = dir.root.join(format!("{file}.keys"));
    let keys = (hours.end - hours.start) as u64 * KEYS_AN_HOUR;
    let mut writer = RunWriter::begin(dir, &path, RunKind::Received, keys).unwrap();
    for hour in hours {
        let mut of_hour: Vec<u64> = (0..KEYS_AN_HOUR).map(|n| key(hour, n)).collect();
        of_hour.sort_unstable();
        let all = of_hour.into_iter();
        all.for_each(|key| writer.push((hour * HOUR, key)).unwrap());
    }
    writer
        .finish()
        .unwrap()
        .name(&path, file, (0, 0))
        .unwrap()
        .0
}

fn key(hour: i64, n: u64) -> u64 {
    splitmix(hour as u64 * KEYS_AN_HOUR + n)
}

#[test]
#[ignore = "writes half a gigabyte; for figures"]
fn figures_of_50_million_keys() {
    let folder = tempfile::tempdir().unwrap();
    let dir = Dir::new(Arc::new(RealDisk), folder.path());
    dir.disk.create_dir(folder.path()).unwrap();
    // Three stretches that are over, and one as sealing every hour and merging leave it.
    let ends = [0, 288, 576, 792, 856, 860, 862, 863, 864];
    let begun = Instant::now();
    let runs = ends.windows(2).zip(1..);
    let named: Vec<_> = runs
        .map(|(at, file)| write(&dir, file, at[0]..at[1]))
        .collect();
    let (keys, bytes) = named
        .iter()
        .fold((0, 0), |(n, b), run| (n + run.keys, b + run.bytes));
    println!(
        "{keys} keys, {bytes} bytes, written in {:?}",
        begun.elapsed()
    );
    let begun = Instant::now();
    let path = |run: &KeyRun| dir.root.join(format!("{}.keys", run.file));
    let open = |run| Arc::new(Run::open(&dir, &path(run), run).unwrap());
    let runs = named.iter().map(open).collect();
    let index = Index::new(runs);
    println!(
        "opened in {:?}, {} bytes in memory",
        begun.elapsed(),
        index.memory()
    );
    let new = |n: u64| splitmix(n + (1 << 50));
    let random = |n: u64| (splitmix(n) % 840) as i64 * HOUR;
    let ask = |what: &str, of: &dyn Fn(u64) -> EventKey| {
        let cache = Cache::new(KEY_CACHE_BYTES - index.memory());
        let look = |from: u64, batches: u64| {
            let mut found = 0;
            for batch in from..from + batches {
                let keys: Vec<EventKey> = (0..100).map(|n| of(batch * 100 + n)).collect();
                let known = index.known(&cache, &keys).unwrap();
                found += known.iter().filter(|known| **known).count();
            }
            found
        };
        look(0, 2000);
        let begun = Instant::now();
        let found = look(2000, 5000);
        let each = begun.elapsed().as_secs_f64() * 1e6 / 500_000.0;
        println!("{what}: {each:.2} us an event, {found} of 500000 known");
    };
    ask("new, of the next hour", &|n| (864 * HOUR, new(n)));
    ask("new, of the last sealed hour", &|n| (863 * HOUR, new(n)));
    ask("new, of random hours in 35 days", &|n| (random(n), new(n)));
    ask("known, of the last sealed hour", &|n| {
        (863 * HOUR, key(863, n % KEYS_AN_HOUR))
    });
    ask("known, of random hours in 35 days", &|n| {
        (
            random(n),
            key(random(n) / HOUR, splitmix(n + 7) % KEYS_AN_HOUR),
        )
    });
}
