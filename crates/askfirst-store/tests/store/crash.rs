//! A model of crashes: whatever is done, and wherever the machine stops, what was
//! acknowledged is there exactly once and nothing is half there (decisions D16, D19, D35).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use askfirst_store::testing::{Crash, Dice, FakeDisk, ManualClock};
use askfirst_store::{AppendError, LineKey, ProjectId, Pushed, Reason, Row, Store};

use crate::rows::*;

/// Merges that came to their end.
static MERGES: AtomicU64 = AtomicU64::new(0);

/// Where lines of logs begin, among the numbers of messages.
const LINES: u64 = 1_000_000;

/// A message; every third one of September, a month that is closed.
fn told(n: u64) -> Row {
    let row = message(n);
    let back = 80 * 86_400_000 * i64::from(n.is_multiple_of(3));
    Row {
        ts: row.ts - back,
        ..row
    }
}

/// What a sender and an importer know of what they did.
#[derive(Debug, Default, Clone)]
struct Model {
    sent: u64,
    acknowledged: BTreeSet<u64>,
    lines: u64,
    lines_done: BTreeSet<u64>,
}

impl Model {
    /// Does one thing; `None` once the machine has stopped.
    fn act(
        &mut self,
        store: &mut Store,
        project: ProjectId,
        life: &Life,
        dice: &mut Dice,
    ) -> Option<()> {
        match dice.below(26) {
            0..=10 => self.send(store, project, dice),
            11..=12 => store.seal().ok(),
            13 => store.merge_keys_if_due().ok().map(drop),
            14..=16 => self.import(store, project, dice),
            17 => {
                let name = format!("p{}", dice.below(1000));
                let (other, _) = store.add_project(project_of(&name, "cecli", 30)).ok()?;
                let rows = (0..dice.below(5)).map(message).collect();
                store.append_wait(batch(other.id, rows)).ok()?;
                store.remove_project(other.id).ok()
            }
            18 => {
                life.clock.advance(dice.below(3_600_000) as i64);
                store.seal_if_due().ok()
            }
            19..=24 => {
                let merged = store.merge_if_due().ok()?;
                MERGES.fetch_add(u64::from(merged), Ordering::Relaxed);
                Some(())
            }
            _ => {
                if dice.one_in(2) {
                    store.close().ok()?;
                }
                *store = life.open()?;
                Some(())
            }
        }
    }

    /// Sends a batch: new events, and now and then some that were sent before.
    fn send(&mut self, store: &Store, project: ProjectId, dice: &mut Dice) -> Option<()> {
        let mut numbers: Vec<u64> = (self.sent..self.sent + 1 + dice.below(30)).collect();
        self.sent += numbers.len() as u64;
        for _ in 0..dice.below(4) {
            numbers.push(dice.below(self.sent));
        }
        let rows = numbers.iter().map(|n| told(*n)).collect();
        store.append_wait(batch(project, rows)).ok()?;
        self.acknowledged.extend(numbers);
        Some(())
    }

    /// Imports what was imported before and some more.
    fn import(&mut self, store: &Store, project: ProjectId, dice: &mut Dice) -> Option<()> {
        let mut importer = store.importer(project).ok()?;
        self.lines += 1 + dice.below(20);
        for n in 0..self.lines {
            importer
                .push(LineKey::Line(n / 2), told(LINES + n), &[])
                .ok()?;
            if dice.one_in(15) {
                importer.commit().ok()?;
                self.lines_done.extend(0..=n);
            }
        }
        importer.finish().ok()?;
        self.lines_done.extend(0..self.lines);
        Some(())
    }

    /// What is stored must be what was acknowledged, and perhaps what was not.
    fn check(&self, disk: &FakeDisk, project: ProjectId) {
        let view = view(disk, project);
        let stored = messages(&view);
        let distinct: BTreeSet<u64> = stored.iter().map(|n| *n as u64).collect();
        assert_eq!(distinct.len(), stored.len(), "something is stored twice");
        let lines = self.lines_done.iter().map(|n| n + LINES);
        for n in self.acknowledged.iter().copied().chain(lines) {
            assert!(distinct.contains(&n), "{n} was acknowledged and is lost");
        }
        for n in &distinct {
            let known = *n < self.sent || (LINES..LINES + self.lines).contains(n);
            assert!(known, "{n} was never sent");
        }
        assert_eq!(view.tally.total(Reason::Accepted), stored.len() as u64);
        for batch in scan(&view, &["p_prompt_tokens", "p_cost", "p_main_model"], None) {
            let costs = integers(&batch, 1);
            for ((n, cost), model) in integers(&batch, 0).iter().zip(costs).zip(texts(&batch, 2)) {
                assert_eq!(cost, n.map(|n| n * 1000), "half a row");
                assert!(model.is_some(), "half a row");
            }
        }
    }

    /// Sends and imports everything again, as senders do that heard nothing.
    fn retry(&mut self, store: &Store, project: ProjectId) {
        let rows = (0..self.sent).map(told).collect();
        store.append_wait(batch(project, rows)).unwrap();
        self.acknowledged = (0..self.sent).collect();
        let mut importer = store.importer(project).unwrap();
        for n in 0..self.lines {
            importer
                .push(LineKey::Line(n / 2), told(LINES + n), &[])
                .unwrap();
        }
        importer.finish().unwrap();
        self.lines_done = (0..self.lines).collect();
    }
}

/// From a start to the moment the machine stops.
struct Life {
    disk: FakeDisk,
    clock: Arc<ManualClock>,
}

impl Life {
    fn open(&self) -> Option<Store> {
        Store::open(root(), options(&self.disk, &self.clock)).ok()
    }

    /// Opens a store and uses it until the machine stops, or for 40 actions.
    fn live(&self, model: &mut Model, dice: &mut Dice) {
        let Some(mut store) = self.open() else {
            return;
        };
        if store.projects().is_empty()
            && store
                .add_project(project_of("aider", "aider", 180))
                .is_err()
        {
            return;
        }
        let project = store.projects()[0].id;
        for _ in 0..40 {
            if model.act(&mut store, project, self, dice).is_none() {
                return;
            }
        }
    }
}

/// Three lives, each ended at a random byte, then the invariants.
fn crash_point(seed: u64) {
    let clock = Arc::new(ManualClock::new(NOON));
    let mut disk = FakeDisk::new();
    let mut model = Model::default();
    let mut dice = Dice::new(seed);
    for _ in 0..3 {
        // The same life without an end says how long it is.
        let rehearsal = Life {
            disk: disk.crash(Crash::Kill, &mut dice),
            clock: Arc::clone(&clock),
        };
        let script = Dice::new(dice.number());
        rehearsal.live(&mut model.clone(), &mut script.clone());
        let life = Life {
            disk,
            clock: Arc::clone(&clock),
        };
        life.disk.stop_after(dice.below(rehearsal.disk.spent()));
        life.live(&mut model, &mut script.clone());
        let how = [Crash::Kill, Crash::PowerLoss][dice.below(2) as usize];
        disk = life.disk.crash(how, &mut dice);
        let store = Store::open(root(), options(&disk, &clock)).expect("a start after a crash");
        let Some(project) = store.projects().first().map(|it| it.id) else {
            assert!(model.acknowledged.is_empty() && model.lines_done.is_empty());
            model = Model::default();
            drop(store);
            continue;
        };
        model.check(&disk, project);
        model.retry(&store, project);
        model.check(&disk, project);
        store.seal().unwrap();
        while store.merge_if_due().unwrap() {}
        model.check(&disk, project);
        drop(store);
        let half = |path: &std::path::PathBuf| path.extension() == Some("tmp".as_ref());
        assert!(!disk.files().keys().any(half), "half a file stays");
    }
}

/// Three points for each seed.
fn crash_points(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let result = std::panic::catch_unwind(|| crash_point(seed));
        assert!(result.is_ok(), "crash point {seed}");
    }
}

#[test]
fn d35_nothing_acknowledged_is_lost_or_doubled_at_500_crash_points() {
    crash_points(0..167);
    let merges = MERGES.load(Ordering::Relaxed);
    assert!(merges > 500, "only {merges} merges");
}

#[test]
#[ignore = "takes minutes; for changes of the WAL, the manifest or sealing"]
fn d35_nothing_acknowledged_is_lost_or_doubled_at_20_000_crash_points() {
    crash_points(167..6_833);
}

#[test]
fn d19_senders_at_the_same_time_lose_nothing_when_the_power_goes() {
    for seed in 0..20 {
        let (disk, clock, store, project) = store();
        let mut dice = Dice::new(seed);
        disk.stop_after(disk.spent() + dice.below(60_000));
        let acknowledged: Vec<i64> = std::thread::scope(|scope| {
            let sender = |sender: u64| {
                let store = &store;
                scope.spawn(move || {
                    let numbers = (sender * 1000..).take(200);
                    let stored = |n: &u64| {
                        let sent = store.append_wait(batch(project, vec![message(*n)]));
                        !matches!(sent, Err(AppendError::Stopped { .. }))
                    };
                    numbers
                        .take_while(stored)
                        .map(|n| n as i64)
                        .collect::<Vec<_>>()
                })
            };
            let senders: Vec<_> = (0..4).map(sender).collect();
            senders
                .into_iter()
                .flat_map(|it| it.join().unwrap())
                .collect()
        });
        drop(store);
        let disk = disk.crash(Crash::PowerLoss, &mut dice);
        let store = Store::open(root(), options(&disk, &clock)).unwrap();
        let stored = messages(&view(&disk, project));
        assert!(
            acknowledged.iter().all(|n| stored.contains(n)),
            "seed {seed}"
        );
        assert!(
            stored.windows(2).all(|pair| pair[0] < pair[1]),
            "seed {seed}"
        );
        drop(store);
    }
}

#[test]
fn an_import_that_is_killed_goes_on_where_it_was() {
    let (disk, clock, store, project) = store();
    let mut importer = store.importer(project).unwrap();
    for n in 0..10 {
        importer.push(LineKey::Line(n), message(n), &[]).unwrap();
    }
    importer.commit().unwrap();
    importer.push(LineKey::Line(10), message(10), &[]).unwrap();
    drop((importer, store));
    let disk = disk.crash(Crash::Kill, &mut Dice::new(1));
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    let mut importer = store.importer(project).unwrap();
    let again: Vec<Pushed> = (0..12)
        .map(|n| importer.push(LineKey::Line(n), message(n), &[]).unwrap())
        .collect();
    assert_eq!(again[..10], [Pushed::AlreadyThere; 10]);
    assert_eq!(again[10..], [Pushed::Stored; 2]);
    importer.finish().unwrap();
    assert_eq!(
        messages(&view(&disk, project)),
        (0..12).collect::<Vec<i64>>()
    );
}
