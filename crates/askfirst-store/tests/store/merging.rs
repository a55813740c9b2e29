//! Merging: fewer files, the same rows (decision D11).

use std::collections::BTreeMap;

use askfirst_store::{
    AppendError, Error, Health, LineKey, Origin, ProjectId, ProjectView, Retention, Row, Store,
};
use proptest::prelude::*;

use crate::rows::*;

const DAY: i64 = 86_400_000;

fn before(days: i64, row: Row) -> Row {
    Row {
        ts: row.ts - days * DAY,
        ..row
    }
}

/// Seals messages of one number after the other.
fn seal(store: &Store, project: ProjectId, numbers: std::ops::Range<u64>, days: i64) {
    let rows = numbers.map(|n| before(days, message(n))).collect();
    store.append_wait(batch(project, rows)).unwrap();
    store.seal().unwrap();
}

fn merge_all(store: &Store) -> usize {
    let mut merges = 0;
    while store.merge_if_due().unwrap() {
        merges += 1;
    }
    merges
}

/// Each event and its rows, as the manifest says; checks that the rows lie there, in order.
fn counts(view: &ProjectView) -> BTreeMap<String, u64> {
    let sealed = view.segments.iter().filter(|it| it.is_sealed());
    assert_eq!(telling(view), sealed.count());
    let mut counts = BTreeMap::new();
    for segment in &view.segments {
        for (event, range) in segment.events() {
            *counts.entry(event.to_owned()).or_default() += range.end - range.start;
            let mut keys = Vec::new();
            for part in segment
                .scan(&["event", "install_id", "ts"], Some(event))
                .unwrap()
            {
                let part = part.unwrap();
                assert!(
                    texts(&part, 0)
                        .iter()
                        .all(|it| it.as_deref() == Some(event))
                );
                keys.extend(installs(&part, 1).into_iter().zip(times(&part, 2)));
            }
            assert_eq!(keys.len() as u64, range.end - range.start);
            assert!(keys.is_sorted(), "{event} is not sorted");
        }
    }
    counts
}

#[test]
fn d11_a_merge_keeps_every_row() {
    let (disk, _clock, store, project) = store();
    for n in 0..3 {
        assert!(!store.merge_if_due().unwrap(), "{n} files are too few");
        let rows = vec![message(2 * n), exit(100 + n), message(2 * n + 1)];
        store.append_wait(batch(project, rows)).unwrap();
        store.seal().unwrap();
    }
    let before = view(&disk, project);
    assert!(store.merge_if_due().unwrap());
    assert!(!store.merge_if_due().unwrap());
    let after = view(&disk, project);
    assert_eq!(levels(&before), [3, 0, 0]);
    assert_eq!(levels(&after), [1, 0, 0]);
    assert_eq!(everything(&after), everything(&before));
    assert_eq!(counts(&after), counts(&before));
    assert_eq!(after.tally, before.tally);
    assert_eq!(after.recorded(), before.recorded());
    let files = disk.files().into_keys();
    let parquet = files.filter(|it| it.extension() == Some("parquet".as_ref()));
    assert_eq!(parquet.count(), 1, "the old files are deleted");
}

#[test]
fn d11_large_days_and_closed_months_get_files_of_their_own() {
    let (disk, clock, store, project) = store();
    for n in 0..3 {
        let mut rows: Vec<Row> = (10 * n..10 * n + 10).map(message).collect();
        rows.push(before(1, message(100 + n)));
        rows.push(before(80, message(200 + n)));
        store.append_wait(batch(project, rows)).unwrap();
        store.seal().unwrap();
    }
    let rows = everything(&view(&disk, project));
    assert_eq!(merge_all(&store), 1);
    assert_eq!(
        levels(&view(&disk, project)),
        [1, 1, 1],
        "yesterday, today, September"
    );
    // December closes 36 days after its end; then nothing waits for company.
    let wait = |days: i64| {
        clock.advance(days * DAY);
        store.accept_clock().unwrap();
    };
    wait(65);
    assert!(
        !store.merge_if_due().unwrap(),
        "the last day may still come"
    );
    wait(1);
    assert_eq!(merge_all(&store), 1);
    let merged = view(&disk, project);
    assert_eq!(levels(&merged), [0, 0, 2]);
    assert_eq!(everything(&merged), rows);
}

#[test]
fn received_and_imported_rows_never_meet() {
    let (disk, _clock, store, project) = store();
    for n in 0..4 {
        seal(&store, project, 10 * n..10 * n + 2, 0);
        let mut importer = store.importer(project).unwrap();
        for line in 100 * (n + 1)..100 * (n + 1) + 2 {
            importer
                .push(LineKey::Line(line), message(line), &[])
                .unwrap();
        }
        importer.finish().unwrap();
    }
    let rows = everything(&view(&disk, project));
    assert_eq!(merge_all(&store), 2);
    let merged = view(&disk, project);
    assert_eq!(everything(&merged), rows);
    for segment in &merged.segments {
        let imported = segment.origin() == Origin::Imported;
        for part in segment.scan(&["p_prompt_tokens"], None).unwrap() {
            let of_import = |n: &Option<i64>| (n.unwrap() >= 100) == imported;
            assert!(integers(&part.unwrap(), 0).iter().all(of_import));
        }
    }
}

#[test]
fn rows_that_are_equal_keep_the_order_in_which_they_arrived() {
    let (disk, _clock, store, project) = store();
    for n in 0..9 {
        let equal = |key: u64| Row { key, ..exit(0) };
        store
            .append_wait(batch(project, vec![equal(2 * n), equal(2 * n + 1)]))
            .unwrap();
        store.seal().unwrap();
        merge_all(&store);
    }
    let merged = view(&disk, project);
    assert_eq!(levels(&merged)[0], 1);
    let numbers: Vec<_> = scan(&merged, &["seq"], None)
        .iter()
        .flat_map(|it| integers(it, 0))
        .collect();
    assert_eq!(numbers, (0..18).map(Some).collect::<Vec<_>>());
}

#[test]
fn a_column_that_came_later_is_null_in_older_rows() {
    let (disk, _clock, store, project) = store();
    let bare = |n: u64| {
        let mut row = message(n);
        row.values
            .retain(|(_, value)| matches!(value, askfirst_catalog::Value::Count(_)));
        row
    };
    for row in [bare(1), bare(2), message(3)] {
        store.append_wait(batch(project, vec![row])).unwrap();
        store.seal().unwrap();
    }
    assert_eq!(merge_all(&store), 1);
    let merged = view(&disk, project);
    let parts = scan(&merged, &["p_prompt_tokens", "p_main_model"], None);
    let models: BTreeMap<_, _> = (parts.iter())
        .flat_map(|it| integers(it, 0).into_iter().zip(texts(it, 1)))
        .collect();
    assert_eq!(models[&Some(1)], None);
    assert_eq!(models[&Some(2)], None);
    assert!(models[&Some(3)].is_some());
}

#[test]
fn no_file_becomes_larger_than_a_file_may_be() {
    let (disk, _clock, store, project) = store();
    for n in 0..3 {
        seal(&store, project, 30 * n..30 * n + 30, 0);
    }
    let rows = everything(&view(&disk, project));
    assert_eq!(merge_all(&store), 1);
    let merged = view(&disk, project);
    let sizes: Vec<u64> = merged.segments.iter().map(|it| it.rows()).collect();
    assert_eq!(sizes, [64, 26]);
    assert_eq!(everything(&merged), rows);
    counts(&merged);
}

#[test]
fn d17_a_reader_goes_on_in_files_that_were_merged_away() {
    let (disk, _clock, store, project) = store();
    for n in 0..3 {
        seal(&store, project, 2 * n..2 * n + 2, 0);
    }
    let before = view(&disk, project);
    assert_eq!(merge_all(&store), 1);
    assert_eq!(messages(&before), [0, 1, 2, 3, 4, 5]);
    assert_eq!(messages(&view(&disk, project)), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn d11_appends_wait_when_merging_is_far_behind() {
    let (disk, clock, store, project) = store();
    drop(store);
    let mut options = options(&disk, &clock);
    options.limits.level_0_files = 4;
    let store = Store::open(root(), options).unwrap();
    let other = store
        .add_project(project_of("other", "cecli", 30))
        .unwrap()
        .0
        .id;
    for n in 0..4 {
        seal(&store, project, n..n + 1, 0);
    }
    let refused = store.append_wait(batch(project, vec![message(9)]));
    assert_eq!(refused, Err(AppendError::Busy));
    store.append_wait(batch(other, vec![message(9)])).unwrap();
    assert_eq!(merge_all(&store), 1);
    store.append_wait(batch(project, vec![message(9)])).unwrap();
}

#[test]
fn d21_nothing_is_merged_when_the_disk_is_nearly_full() {
    let (disk, _clock, store, project) = store();
    for n in 0..3 {
        seal(&store, project, n..n + 1, 0);
    }
    disk.set_capacity(1 << 30);
    assert!(!store.merge_if_due().unwrap(), "less than 1 GiB is free");
    disk.set_capacity(2 << 30);
    assert!(store.merge_if_due().unwrap());
}

#[test]
fn a_damaged_file_is_not_merged_and_does_not_stop_the_store() {
    let (disk, clock, store, project) = store();
    for n in 0..3 {
        seal(&store, project, 10 * n..10 * n + 10, 0);
    }
    let is_segment = |path: &&std::path::PathBuf| path.extension() == Some("parquet".as_ref());
    let files = disk.files();
    let path = files.keys().find(is_segment).unwrap();
    let mut damaged = files[path].clone();
    damaged[40] ^= 1;
    disk.overwrite(path, damaged);
    let error = store.merge_if_due().unwrap_err();
    let named = matches!(&error, Error::Corrupt { path: named, .. } if named == path);
    assert!(named, "{error}");
    assert!(!store.merge_if_due().unwrap(), "not again and again");
    assert_eq!(store.health(), Health::Good);
    seal(&store, project, 40..41, 0);
    let left = |it: &std::path::PathBuf| it.extension() == Some("tmp".as_ref());
    assert!(!disk.files().keys().any(left));
    disk.overwrite(path, files[path].clone());
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(merge_all(&store), 1, "mended");
    assert_eq!(messages(&view(&disk, project)).len(), 31);
}

/// What can be done to a store.
#[derive(Debug, Clone)]
enum Act {
    /// So many rows of so many days ago.
    Send(u64, i64),
    Seal,
    Import(u64, i64),
    Merge,
    /// Some days go by.
    Wait(i64),
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1..40u64, 0..80i64).prop_map(|(rows, days)| Act::Send(rows, days)),
        4 => Just(Act::Seal),
        2 => (1..40u64, 0..400i64).prop_map(|(rows, days)| Act::Import(rows, days)),
        3 => Just(Act::Merge),
        1 => (1..40i64).prop_map(Act::Wait),
        1 => Just(Act::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn d11_whatever_is_merged_when_the_rows_stay_the_same(acts in prop::collection::vec(act(), 1..60)) {
        let (disk, clock, mut store, project) = store();
        // Nothing expires while it lasts.
        store.set_retention(project, Retention::days(36_000)).unwrap();
        let (mut next, mut expected) = (0, Vec::new());
        for act in acts {
            match act {
                Act::Send(rows, days) => {
                    let numbers = next..next + rows;
                    let mut sent = batch(project, numbers.clone().map(|n| before(days, message(n))).collect());
                    sent.received_ms = store.now_ms();
                    store.append_wait(sent).unwrap();
                    expected.extend(numbers.map(|n| n as i64));
                    next += rows;
                }
                Act::Seal => store.seal().unwrap(),
                Act::Import(rows, days) => {
                    let mut importer = store.importer(project).unwrap();
                    for n in next..next + rows {
                        // Over some months.
                        let line = before(days + (n % 5) as i64 * 20, message(n));
                        importer.push(LineKey::Line(n), line, &[]).unwrap();
                        expected.push(n as i64);
                    }
                    importer.finish().unwrap();
                    next += rows;
                }
                Act::Merge => {
                    let old = view(&disk, project);
                    store.merge_if_due().unwrap();
                    let new = view(&disk, project);
                    prop_assert_eq!(everything(&old), everything(&new));
                    prop_assert_eq!(counts(&old), counts(&new));
                    prop_assert_eq!(old.recorded(), new.recorded());
                }
                Act::Wait(days) => {
                    clock.advance(days * DAY);
                    store.accept_clock().unwrap();
                }
                Act::Restart => {
                    store.close().unwrap();
                    store = Store::open(root(), options(&disk, &clock)).unwrap();
                }
            }
        }
        let old = view(&disk, project);
        prop_assert_eq!(messages(&old), expected);
        merge_all(&store);
        let running = store.snapshot().unwrap().project(project).unwrap();
        let beside = view(&disk, project);
        for new in [running, beside] {
            prop_assert_eq!(everything(&old), everything(&new));
            prop_assert_eq!(counts(&old), counts(&new));
        }
    }
}
