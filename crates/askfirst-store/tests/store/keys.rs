//! What is recognised when it comes again: against a set that holds everything, at the same
//! time as seals and merges, for 36 days, and on a damaged disk (decisions D9, D10, D20).

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use askfirst_store::testing::{Crash, Dice, FakeDisk, ManualClock};
use askfirst_store::{AppendError, Error, Health, ProjectId, Row, Store};

use crate::meddle::Meddling;
use crate::rows::*;

const DAY: i64 = 86_400_000;

/// A row of the hour `hour` hours ago, told from others of it by `n`.
fn row(now: i64, hour: i64, n: u64) -> Row {
    let mut row = exit(n);
    row.ts = now / 3_600_000 * 3_600_000 - hour * 3_600_000;
    row
}

fn key_files(disk: &FakeDisk) -> Vec<PathBuf> {
    let files = disk.files().into_keys();
    let keys = |path: &PathBuf| path.extension() == Some("keys".as_ref());
    files.filter(keys).collect()
}

/// A store and a set that hears of the same events.
struct Twins {
    disk: FakeDisk,
    clock: Arc<ManualClock>,
    store: Store,
    project: ProjectId,
    now: i64,
    /// The day on which a key was stored.
    stored: HashMap<(i64, u64), i64>,
    rows: Vec<Row>,
}

impl Twins {
    fn new() -> Twins {
        let (disk, clock, store, project) = store();
        Twins {
            disk,
            clock,
            store,
            project,
            now: NOON,
            stored: HashMap::new(),
            rows: Vec::new(),
        }
    }

    fn act(&mut self, dice: &mut Dice) {
        match dice.below(12) {
            0..=5 => self.send(dice),
            6..=7 => self.store.seal().unwrap(),
            8 => while self.store.merge_keys_if_due().unwrap() {},
            9 => {
                self.now += DAY * dice.below(3) as i64 / 2;
                self.clock.set(self.now);
            }
            10 => {
                self.store.close().unwrap();
                self.store = Store::open(root(), options(&self.disk, &self.clock)).unwrap();
            }
            _ => {
                let disk = self.disk.crash(Crash::PowerLoss, dice);
                self.store = Store::open(root(), options(&disk, &self.clock)).unwrap();
                self.disk = disk;
            }
        }
    }

    /// Sends new events and some from before, of which some are in the batch twice.
    fn send(&mut self, dice: &mut Dice) {
        let mut rows: Vec<Row> = (0..dice.below(700))
            .map(|_| row(self.now, dice.below(900) as i64, dice.number()))
            .collect();
        for _ in 0..dice.below(40) * u64::from(!self.rows.is_empty()) {
            let again = self.rows[dice.below(self.rows.len() as u64) as usize].clone();
            rows.push(again);
        }
        // What was stored more than 36 days ago may be known or not.
        let today = self.now / DAY;
        rows.retain(|row| {
            let stored = self.stored.get(&(row.ts, row.key));
            stored.is_none_or(|day| today - day <= 36)
        });
        let mut expected = 0;
        for row in &rows {
            let new = self.stored.insert((row.ts, row.key), today);
            match new {
                None => {
                    expected += 1;
                    self.rows.push(row.clone());
                }
                // It is known by its first arrival.
                Some(day) => drop(self.stored.insert((row.ts, row.key), day)),
            }
        }
        let mut batch = batch(self.project, rows);
        batch.received_ms = self.now;
        assert_eq!(self.store.append_wait(batch).unwrap().accepted, expected);
    }
}

#[test]
fn d10_the_index_knows_what_a_set_of_everything_knows() {
    for seed in 0..12 {
        let mut dice = Dice::new(seed);
        let mut twins = Twins::new();
        for _ in 0..60 {
            twins.act(&mut dice);
        }
        let rows = twins.store.snapshot().unwrap();
        let rows = rows.project(twins.project).unwrap().rows();
        assert_eq!(rows, twins.stored.len() as u64, "seed {seed}");
    }
}

/// Stores an event, lets days pass, sealing and perhaps merging on each; returns after how
/// many days it is new again.
fn days_until_forgotten(first_day: i64, merging: bool) -> i64 {
    let (disk, clock, mut store, project) = store();
    let start = NOON + first_day * DAY;
    let send = |store: &Store, day: i64, n: u64| {
        let now = start + day * DAY;
        clock.set(now);
        let mut batch = batch(project, vec![row(start, 0, n)]);
        batch.received_ms = now;
        let accepted = store.append_wait(batch).unwrap().accepted == 1;
        store.seal().unwrap();
        accepted
    };
    assert!(send(&store, 0, 7));
    for day in 1..100 {
        // Nothing was sealed today yet, so today nothing was forgotten yet.
        send(&store, day, 1000 + day as u64);
        while merging && store.merge_keys_if_due().unwrap() {}
        if day % 5 == 0 {
            drop(store);
            store = Store::open(root(), options(&disk, &clock)).unwrap();
        }
        if send(&store, day, 7) {
            return day;
        }
    }
    panic!("it is never forgotten")
}

#[test]
fn d9_a_key_is_known_for_36_days_after_its_arrival_and_not_on_the_37th() {
    for first_day in 0..12 {
        assert_eq!(days_until_forgotten(first_day, false), 37);
    }
}

#[test]
fn d9_merged_with_those_of_12_days_a_key_is_known_for_36_days_and_at_most_11_more() {
    let mut days: Vec<i64> = (0..12).map(|day| days_until_forgotten(day, true)).collect();
    days.sort_unstable();
    assert_eq!(days, (37..49).collect::<Vec<i64>>());
}

#[test]
fn d34_no_key_is_forgotten_by_a_seal_after_the_clock_jumped_ahead() {
    let (_, clock, store, project) = store();
    let send = |n: u64| store.append_wait(batch(project, vec![message(n)])).unwrap();
    send(1);
    store.seal().unwrap();
    send(2);
    clock.set(NOON + 400 * DAY);
    store.seal().unwrap();
    assert_eq!((send(1).duplicates, send(2).duplicates), (1, 1));
}

#[test]
fn d10_nothing_is_stored_twice_while_seals_and_merges_move_keys() {
    let (_, _, store, project) = store();
    let (accepted, done) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    for n in 0..4000 {
                        let rows = (0..=n % 7).map(|back| message(n - back.min(n))).collect();
                        let appended = store.append_wait(batch(project, rows)).unwrap();
                        accepted.fetch_add(appended.accepted, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                store.seal().unwrap();
                store.merge_keys_if_due().unwrap();
            }
        });
        senders.into_iter().for_each(|it| it.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(accepted.into_inner(), 4000);
}

/// One event is in a run, another in memory. While that one is looked for in the run, `deed`
/// happens; then it must be known still.
fn looked_up_while(deed: fn(&Store)) {
    let (disk, clock, store, project) = store();
    for n in [48, 49] {
        store.append_wait(batch(project, vec![message(n)])).unwrap();
        store.seal().unwrap();
    }
    // Of the same quarter of an hour, and later.
    let send = |store: &Store| store.append_wait(batch(project, vec![message(1)])).unwrap();
    assert_eq!(send(&store).accepted, 1);
    drop(store);
    let meddling = Meddling::with(&disk);
    let mut options = options(&disk, &clock);
    options.disk = Arc::new(meddling.clone());
    let store = Store::open(root(), options).unwrap();
    let other = store.clone();
    meddling.at_next_read(move || deed(&other));
    assert_eq!(send(&store).duplicates, 1);
    assert!(!meddling.waits(), "it was looked for in no run");
    assert_eq!(messages(&view(&disk, project)), [1, 48, 49]);
}

#[test]
fn d10_a_key_that_a_seal_moves_to_disk_during_a_look_is_looked_for_again() {
    looked_up_while(|store| store.seal().unwrap());
    looked_up_while(|store| {
        store.seal().unwrap();
        while store.merge_keys_if_due().unwrap() {}
    });
}

#[test]
fn d10_runs_that_are_merged_and_deleted_during_a_look_can_still_be_read() {
    looked_up_while(|store| assert!(store.merge_keys_if_due().unwrap()));
}

#[test]
fn d10_runs_are_merged_and_the_merged_ones_deleted() {
    let (disk, clock, store, project) = store();
    for n in 0..20 {
        store.append_wait(batch(project, vec![message(n)])).unwrap();
        store.seal().unwrap();
    }
    assert_eq!(key_files(&disk).len(), 20);
    assert!(store.merge_keys_if_due().unwrap());
    assert!(!store.merge_keys_if_due().unwrap());
    assert_eq!(key_files(&disk).len(), 1);
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    let again = store.append_wait(batch(project, (0..21).map(message).collect()));
    assert_eq!(again.unwrap().accepted, 1);
}

#[test]
fn d21_runs_are_not_merged_onto_a_nearly_full_disk() {
    let (disk, _, store, project) = store();
    for n in 0..4 {
        store.append_wait(batch(project, vec![message(n)])).unwrap();
        store.seal().unwrap();
    }
    let used: usize = disk.files().values().map(Vec::len).sum();
    disk.set_capacity(used as u64 + (32 << 10));
    assert!(!store.merge_keys_if_due().unwrap());
    assert_eq!(key_files(&disk).len(), 4);
    disk.set_capacity(1 << 20);
    assert!(store.merge_keys_if_due().unwrap());
}

/// A store with 2,000 sealed events, and the file of their keys.
fn sealed() -> (FakeDisk, Arc<ManualClock>, ProjectId, PathBuf) {
    let (disk, clock, store, project) = store();
    let rows = (0..2000).map(message).collect();
    store.append_wait(batch(project, rows)).unwrap();
    store.close().unwrap();
    let path = key_files(&disk).remove(0);
    (disk, clock, project, path)
}

#[test]
fn d20_a_damaged_key_run_stops_the_store_before_anything_is_stored_twice() {
    let (disk, clock, project, path) = sealed();
    let whole = disk.files()[&path].clone();
    let mut noticed = 0;
    for at in (0..whole.len()).step_by(997) {
        let disk = disk.crash(Crash::Kill, &mut Dice::new(0));
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        disk.overwrite(&path, bytes);
        let error = match Store::open(root(), options(&disk, &clock)) {
            Err(error) => error.to_string(),
            Ok(store) => {
                let again = store.append_wait(batch(project, (0..2100).map(message).collect()));
                let Err(AppendError::Stopped { reason }) = again else {
                    panic!("byte {at}: {again:?}");
                };
                assert!(matches!(store.health(), Health::Stopped { .. }));
                reason
            }
        };
        let place = format!("{} is damaged at byte ", path.display());
        assert!(error.contains(&place), "{error}");
        assert_eq!(messages(&view(&disk, project)).len(), 2000);
        noticed += 1;
    }
    assert!(noticed > 20);
}

#[test]
fn d20_a_disk_that_cannot_be_read_refuses_the_batch_and_a_restart_takes_it() {
    let (disk, clock, project, path) = sealed();
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    disk.fail_reads(1);
    let rows = || (1900..2100).map(message).collect();
    let refused = store.append_wait(batch(project, rows()));
    let Err(AppendError::Stopped { reason }) = refused else {
        panic!("{refused:?}");
    };
    assert!(reason.contains(path.to_str().unwrap()), "{reason}");
    assert!(matches!(store.seal(), Err(Error::Stopped { .. })));
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    let taken = store.append_wait(batch(project, rows())).unwrap();
    assert_eq!((taken.accepted, taken.duplicates), (100, 100));
}

#[test]
fn d18_an_import_whose_keys_cannot_be_read_stores_nothing_twice() {
    use askfirst_store::LineKey;
    let (disk, clock, store, project) = store();
    let import = |store: &Store| {
        let mut importer = store.importer(project)?;
        for n in 0..2000 {
            importer.push(LineKey::Line(n), message(n), &[])?;
        }
        importer.finish()
    };
    assert_eq!(import(&store).unwrap().stored, 2000);
    let path = key_files(&disk).remove(0);
    let mut bytes = disk.files()[&path].clone();
    bytes[1000] ^= 1;
    disk.overwrite(Path::new(&path), bytes.clone());
    let error = import(&store).unwrap_err();
    assert!(error.to_string().contains("a filter's checksum"), "{error}");
    drop(store);
    bytes[1000] ^= 1;
    disk.overwrite(Path::new(&path), bytes);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(import(&store).unwrap().already_there, 2000);
}
