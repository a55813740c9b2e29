//! Torn tails, damage, and directories that are not as they were left.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_store::testing::{Crash, Dice, FakeDisk};
use askfirst_store::{Error, Snapshot, Store, SystemClock};

use crate::rows::*;

/// The log's files, by name.
fn log(disk: &FakeDisk) -> Vec<(PathBuf, Vec<u8>)> {
    let files = disk.files().into_iter();
    let wal = |path: &PathBuf| path.extension() == Some("wal".as_ref());
    files.filter(|(path, _)| wal(path)).collect()
}

/// How much of a file is written.
fn written(file: &[u8]) -> usize {
    file.iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1)
}

fn copy(disk: &FakeDisk) -> FakeDisk {
    disk.crash(Crash::Kill, &mut Dice::new(0))
}

#[test]
fn d19_a_tail_torn_at_any_byte_costs_only_the_record_it_is_in() {
    let (disk, clock, store, project) = store();
    for n in 0..3 {
        store.append_wait(batch(project, vec![message(n)])).unwrap();
    }
    let whole = written(&log(&disk)[0].1);
    store.append_wait(batch(project, vec![message(3)])).unwrap();
    drop(store);
    let (path, file) = log(&disk).remove(0);
    for torn in whole..written(&file) {
        let disk = copy(&disk);
        let mut bytes = file.clone();
        bytes[torn..].fill(0);
        disk.overwrite(&path, bytes);
        assert_eq!(
            messages(&view(&disk, project)),
            [0, 1, 2],
            "a reader, byte {torn}"
        );
        let store = Store::open(root(), options(&disk, &clock)).unwrap();
        assert_eq!(messages(&view(&disk, project)), [0, 1, 2], "byte {torn}");
        store.append_wait(batch(project, vec![message(3)])).unwrap();
        drop(store);
        drop(Store::open(root(), options(&disk, &clock)).expect("a cut log"));
        assert_eq!(messages(&view(&disk, project)), [0, 1, 2, 3], "byte {torn}");
    }
}

#[test]
fn d19_damage_before_a_later_record_stops_the_start_and_changes_nothing() {
    let (disk, clock, store, project) = store();
    for n in 0..3 {
        store.append_wait(batch(project, vec![message(n)])).unwrap();
    }
    drop(store);
    let (path, file) = log(&disk).remove(0);
    for damaged in [40, 60, 200] {
        let disk = copy(&disk);
        let mut bytes = file.clone();
        bytes[damaged] ^= 0x10;
        disk.overwrite(&path, bytes);
        let before = disk.files();
        let error = Store::open(root(), options(&disk, &clock)).unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{error}");
        assert!(
            error.to_string().contains("/data/wal/00000001.wal"),
            "{error}"
        );
        assert!(error.remedy().is_some());
        assert_eq!(disk.files(), before);
    }
}

#[test]
fn d19_a_torn_record_in_an_older_file_is_damage() {
    let (disk, clock, store, project) = store();
    store.append_wait(batch(project, vec![message(0)])).unwrap();
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    store.append_wait(batch(project, vec![message(1)])).unwrap();
    drop(store);
    let files = log(&disk);
    assert_eq!(files.len(), 2, "a process begins its own file");
    let (path, mut bytes) = files[0].clone();
    let last = written(&bytes) - 1;
    bytes[last] = 0;
    disk.overwrite(&path, bytes);
    let error = Store::open(root(), options(&disk, &clock)).unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
    Snapshot::open(root(), Arc::new(disk), &SystemClock).expect_err("readers see it too");
}

#[test]
fn d16_a_file_the_manifest_names_must_be_there() {
    let (disk, clock, store, project) = store();
    store.append_wait(batch(project, vec![message(0)])).unwrap();
    store.close().unwrap();
    let sealed = disk.files();
    let named = sealed
        .keys()
        .filter(|path| path.starts_with("/data/projects"));
    for path in named {
        let cut = copy(&disk);
        cut.overwrite(path, sealed[path][1..].to_vec());
        let gone = copy(&disk);
        askfirst_store::Disk::remove(&gone, path).unwrap();
        for disk in [cut, gone] {
            let error = Store::open(root(), options(&disk, &clock)).unwrap_err();
            assert!(
                matches!(&error, Error::Missing { path: at, .. } if at == path),
                "{error}"
            );
            assert!(error.remedy().is_some());
        }
    }
}

#[test]
fn d16_what_the_manifest_does_not_name_is_deleted_at_a_start() {
    let (disk, clock, store, project) = store();
    store.append_wait(batch(project, vec![message(0)])).unwrap();
    store.close().unwrap();
    let whole = disk.files();
    let stray = [
        "/data/projects/1/00000077.parquet",
        "/data/projects/1/00000077.keys.tmp",
        "/data/wal/00000009.wal.tmp",
        "/data/wal/reserve.tmp",
        "/data/MANIFEST.tmp",
    ];
    let foreign = ["/data/projects/1/notes.txt", "/data/operator.token"];
    for path in stray.iter().chain(&foreign) {
        let file = askfirst_store::Disk::create(&disk, Path::new(path)).unwrap();
        file.write_at(b"x", 0).unwrap();
    }
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    drop(store);
    let mut expected = whole;
    expected.extend(foreign.map(|path| (PathBuf::from(path), b"x".to_vec())));
    assert_eq!(disk.files(), expected);
}

#[test]
fn a_directory_with_something_else_in_it_is_left_alone() {
    let (disk, clock) = (FakeDisk::new(), store().1);
    askfirst_store::Disk::create_dir(&disk, Path::new("/data/projects")).unwrap();
    let file = "/data/projects/thesis.tex";
    askfirst_store::Disk::create(&disk, Path::new(file)).unwrap();
    let error = Store::open(root(), options(&disk, &clock)).unwrap_err();
    assert!(matches!(error, Error::NoManifest { .. }), "{error}");
    assert!(disk.files().contains_key(Path::new(file)));
    let error = Snapshot::open(root(), Arc::new(disk), &SystemClock).unwrap_err();
    assert!(matches!(error, Error::NoData { .. }), "{error}");
}

#[test]
fn a_directory_of_a_newer_version_is_refused_untouched() {
    let (disk, clock, store, project) = store();
    store.append_wait(batch(project, vec![message(0)])).unwrap();
    drop(store);
    let newer = br#"{"askfirst_manifest":3,"sha256":"","body":{}}"#;
    disk.overwrite(Path::new("/data/MANIFEST"), newer.to_vec());
    let before = disk.files();
    let writer = Store::open(root(), options(&disk, &clock)).unwrap_err();
    let reader = Snapshot::open(root(), Arc::new(disk.clone()), &SystemClock).unwrap_err();
    for error in [writer, reader] {
        assert!(
            matches!(
                error,
                Error::NewerVersion {
                    found: 3,
                    known: 2,
                    ..
                }
            ),
            "{error}"
        );
        assert!(error.to_string().contains("/data/MANIFEST"), "{error}");
        assert!(error.remedy().is_some());
    }
    assert_eq!(disk.files(), before);
}

#[test]
fn a_second_writer_is_told_who_is_in_the_way() {
    let (disk, clock, store, _) = store();
    let error = Store::open(root(), options(&disk, &clock)).unwrap_err();
    assert_eq!(error.to_string(), "/data is in use by another process");
    assert!(error.remedy().is_some());
    store.close().unwrap();
    Store::open(root(), options(&disk, &clock)).expect("it was let go");
    drop(store);
}
