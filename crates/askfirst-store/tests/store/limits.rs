//! A full disk, a failed sync, a store that is behind.

use askfirst_store::testing::{Crash, Dice};
use askfirst_store::{AppendError, Error, Health, LineKey, Reason, Store};

use crate::rows::*;

#[test]
fn d20_a_failed_sync_is_final() {
    let (disk, clock, store, project) = store();
    store.append_wait(batch(project, vec![message(0)])).unwrap();
    disk.fail_syncs(1);
    let stopped = |result| matches!(result, Err(AppendError::Stopped { .. }));
    assert!(stopped(store.append_wait(batch(project, vec![message(1)]))));
    assert!(
        stopped(store.append_wait(batch(project, vec![message(2)]))),
        "the disk is fine again"
    );
    assert!(matches!(store.health(), Health::Stopped { reason } if reason.contains("sync")));
    assert!(matches!(store.seal(), Err(Error::Stopped { .. })));
    assert!(matches!(store.close(), Err(Error::Stopped { .. })));
    drop(store);
    let disk = disk.crash(Crash::PowerLoss, &mut Dice::new(3));
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(messages(&view(&disk, project)), [0]);
    let retried = store.append_wait(batch(project, vec![message(1), message(2)]));
    assert_eq!(retried.unwrap().accepted, 2);
}

#[test]
fn d20_a_failed_sync_of_a_segment_is_final_and_loses_nothing() {
    let (disk, clock, store, project) = store();
    store.append_wait(batch(project, vec![message(0)])).unwrap();
    disk.fail_syncs(1);
    store.seal().unwrap_err();
    assert!(matches!(store.health(), Health::Stopped { .. }));
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    store.seal().unwrap();
    assert_eq!(messages(&view(&disk, project)), [0]);
}

#[test]
fn d21_a_full_disk_refuses_what_it_cannot_hold_and_goes_on_when_there_is_room() {
    let (disk, _, store, project) = store();
    disk.set_capacity(60_000);
    let mut taken = 0;
    let full = loop {
        match store.append_wait(batch(project, (taken..taken + 20).map(message).collect())) {
            Ok(appended) => taken += appended.accepted,
            Err(error) => break error,
        }
    };
    assert_eq!(full, AppendError::DiskFull);
    assert_eq!(store.health(), Health::DiskFull);
    assert!(taken > 0);
    store.seal().expect("sealing needs less than it frees");
    assert_eq!(messages(&view(&disk, project)).len() as u64, taken);
    disk.set_capacity(1 << 20);
    assert_eq!(store.health(), Health::Good);
    let all = (0..taken + 20).map(message).collect();
    let appended = store.append_wait(batch(project, all)).unwrap();
    assert_eq!(
        (appended.accepted, appended.duplicates),
        (20, taken),
        "not taken for duplicates"
    );
    assert_eq!(
        messages(&view(&disk, project)),
        (0..taken as i64 + 20).collect::<Vec<_>>()
    );
}

#[test]
fn d21_an_import_onto_a_full_disk_can_be_repeated() {
    let (disk, clock, store, project) = store();
    let used: usize = disk.files().values().map(Vec::len).sum();
    disk.set_capacity(used as u64 + 1000);
    let mut importer = store.importer(project).unwrap();
    for n in 0..100 {
        importer.push(LineKey::Line(n), message(n), &[]).unwrap();
    }
    let error = importer.commit().unwrap_err();
    assert!(matches!(error, Error::DiskFull { .. }), "{error}");
    let after: usize = disk.files().values().map(Vec::len).sum();
    assert_eq!(after, used, "nothing half-written stays");
    disk.set_capacity(1 << 20);
    importer.commit().unwrap();
    importer.commit().expect("nothing is left to commit");
    drop((importer, store));
    drop(Store::open(root(), options(&disk, &clock)).unwrap());
    assert_eq!(messages(&view(&disk, project)).len(), 100);
}

#[test]
fn d22_more_than_can_wait_is_refused_as_busy_until_it_is_sealed() {
    let (disk, clock, store, _) = store();
    drop(store);
    let mut options = options(&disk, &clock);
    options.limits.seal_rows = 10;
    let store = Store::open(root(), options).unwrap();
    let project = store.projects()[0].id;
    let send = |n: u64| store.append_wait(batch(project, vec![message(n)]));
    for n in 0..20 {
        send(n).expect("twice the limit may wait");
    }
    assert_eq!(send(20), Err(AppendError::Busy));
    store.seal_if_due().unwrap();
    send(20).unwrap();
    store.seal_if_due().unwrap();
    let view = view(&disk, project);
    let sealed: Vec<_> = view
        .segments
        .iter()
        .map(|it| (it.is_sealed(), it.rows()))
        .collect();
    assert_eq!(sealed, [(true, 10), (true, 10), (false, 1)]);
}

#[test]
fn rows_are_sealed_an_hour_after_the_first() {
    let (disk, clock, store, project) = store();
    store.append_wait(batch(project, vec![message(0)])).unwrap();
    clock.advance(3_600_000 - 1);
    store.seal_if_due().unwrap();
    assert!(!view(&disk, project).segments[0].is_sealed());
    clock.advance(1);
    store.seal_if_due().unwrap();
    assert!(view(&disk, project).segments[0].is_sealed());
}

#[test]
fn the_sealing_thread_seals_when_many_rows_wait() {
    let (disk, clock, store, project) = store();
    drop(store);
    let mut options = options(&disk, &clock);
    options.background = true;
    options.limits.seal_rows = 50;
    let store = Store::open(root(), options).unwrap();
    let mut sent = 0;
    let sealed = |store: &Store| {
        let view = store.snapshot().unwrap().project(project).unwrap();
        view.segments.iter().any(|segment| segment.is_sealed())
    };
    while !sealed(&store) {
        assert!(sent < 1_000_000, "nothing is ever sealed");
        match store.append_wait(batch(project, vec![message(sent)])) {
            Ok(_) => sent += 1,
            Err(AppendError::Busy) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
    store.close().unwrap();
    assert_eq!(
        messages(&view(&disk, project)),
        (0..sent as i64).collect::<Vec<_>>()
    );
}

#[test]
fn a_row_of_another_catalog_is_refused_before_it_is_in_the_log() {
    let (disk, _, store, project) = store();
    let mut foreign = message(0);
    foreign.event = askfirst_catalog::EventId(u16::MAX);
    let refused = store.append_wait(batch(project, vec![message(1), foreign.clone()]));
    assert!(matches!(refused, Err(AppendError::ForeignRow { .. })));
    let mut importer = store.importer(project).unwrap();
    importer.push(LineKey::Line(1), foreign, &[]).unwrap_err();
    drop(importer);
    assert!(messages(&view(&disk, project)).is_empty());
    store.seal().unwrap();
}

#[test]
fn a_batch_of_many_rows_and_one_of_none_are_both_counted() {
    let (disk, _, store, project) = store();
    let mut counted = batch(project, Vec::new());
    counted.tally.add(20_000, Reason::UnknownEvent, 7);
    store.append_wait(counted).unwrap();
    let rows = (0..10_000).map(message).collect();
    assert_eq!(
        store.append_wait(batch(project, rows)).unwrap().accepted,
        10_000
    );
    for sealed in [false, true] {
        let view = view(&disk, project);
        assert_eq!(
            view.tally.total(Reason::UnknownEvent),
            7,
            "sealed: {sealed}"
        );
        assert_eq!(
            view.tally.total(Reason::Accepted),
            10_000,
            "sealed: {sealed}"
        );
        assert_eq!(view.rows(), 10_000);
        store.seal().unwrap();
    }
}

#[test]
fn d34_no_stamp_is_earlier_than_one_before_not_even_after_a_restart() {
    let (disk, clock, store, project) = store();
    assert_eq!(store.now_ms(), NOON);
    let mut late = batch(project, vec![message(0)]);
    late.received_ms = NOON + 5000;
    store.append_wait(late).unwrap();
    clock.set(NOON - 1_000_000);
    assert_eq!(store.now_ms(), NOON + 5000);
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(store.now_ms(), NOON + 5000, "the log carries it");
    store.close().unwrap();
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(store.now_ms(), NOON + 5000, "the manifest carries it");
    clock.set(NOON + 6000);
    assert_eq!(store.now_ms(), NOON + 6000);
}

#[test]
fn d25_a_broken_clock_still_tells_events_apart() {
    let (disk, _, store, project) = store();
    let mut rows = Vec::new();
    for ts in [0, -1, i64::MAX, i64::MIN, NOON + 75 * 365 * 86_400_000] {
        let mut row = message(7);
        row.ts = ts;
        rows.push(row);
    }
    let sent = store.append_wait(batch(project, rows.clone())).unwrap();
    assert_eq!(sent.accepted, 5);
    store.seal().unwrap();
    let again = store.append_wait(batch(project, rows)).unwrap();
    assert_eq!(again.duplicates, 5);
    let view = view(&disk, project);
    assert_eq!(view.segments.len(), 1);
    let segment = &view.segments[0];
    let ahead = 20_059 + 75 * 365;
    assert_eq!((segment.min_day(), segment.max_day()), (ahead, i32::MAX));
    assert_eq!(view.rows(), 2, "those of 1970 and before have expired");
}
