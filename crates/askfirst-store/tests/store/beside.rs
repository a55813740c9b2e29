//! What goes on beside a merge: appends, seals, imports, a removal, the end of the store.

use std::sync::Arc;

use askfirst_store::testing::FakeDisk;
use askfirst_store::{AppendError, Error, LineKey, ProjectId, Store};

use crate::meddle::Meddling;
use crate::rows::*;

/// A store with three files to merge, whose merge stops when it makes its output.
fn about_to_merge() -> (FakeDisk, Meddling, Store, ProjectId) {
    let (disk, clock, store, project) = store();
    drop(store);
    let gate = Meddling::with(&disk);
    let mut options = options(&disk, &clock);
    options.disk = Arc::new(gate.clone());
    let store = Store::open(root(), options).unwrap();
    let mut last = 0;
    for n in 0..3 {
        let rows = vec![message(2 * n), message(2 * n + 1)];
        store.append_wait(batch(project, rows)).unwrap();
        store.seal().unwrap();
        let numbers = disk.files().into_keys().filter_map(|path| {
            let stem = path.file_stem()?.to_str()?;
            stem.parse::<u64>()
                .ok()
                .filter(|_| path.starts_with("/data/projects"))
        });
        last = numbers.max().unwrap();
    }
    gate.close(&format!("{:08}.parquet.tmp", last + 1));
    (disk, gate, store, project)
}

#[test]
fn d11_appends_seals_and_imports_go_on_during_a_merge() {
    let (disk, gate, store, project) = about_to_merge();
    std::thread::scope(|scope| {
        let merge = scope.spawn(|| store.merge_if_due());
        gate.reached();
        store.append_wait(batch(project, vec![message(6)])).unwrap();
        store.seal().unwrap();
        let mut importer = store.importer(project).unwrap();
        importer.push(LineKey::Line(7), message(7), &[]).unwrap();
        importer.finish().unwrap();
        let beside = view(&disk, project);
        assert_eq!(levels(&beside), [5, 0, 0], "the merge is not done");
        gate.open_up();
        assert!(merge.join().unwrap().unwrap());
    });
    let merged = view(&disk, project);
    assert_eq!(levels(&merged), [3, 0, 0]);
    assert_eq!(messages(&merged), (0..8).collect::<Vec<i64>>());
}

#[test]
fn d28_a_project_that_is_removed_during_a_merge_leaves_nothing() {
    let (disk, gate, store, project) = about_to_merge();
    std::thread::scope(|scope| {
        let merge = scope.spawn(|| store.merge_if_due());
        gate.reached();
        let removal = scope.spawn(|| store.remove_project(project));
        while store.append_wait(batch(project, Vec::new())) != Err(AppendError::UnknownProject) {
            std::thread::yield_now();
        }
        gate.open_up();
        assert!(!merge.join().unwrap().unwrap(), "it was given up");
        removal.join().unwrap().unwrap();
    });
    let files = disk.files();
    let left = files
        .keys()
        .find(|path| path.starts_with("/data/projects/1"));
    assert_eq!(left, None);
    let again = store.remove_project(project);
    assert!(matches!(again, Err(Error::UnknownProject(_))));
}

#[test]
fn a_store_that_is_closed_during_a_merge_keeps_the_files_it_had() {
    let (disk, gate, store, project) = about_to_merge();
    std::thread::scope(|scope| {
        let merge = scope.spawn(|| store.merge_if_due());
        gate.reached();
        let closing = scope.spawn(|| store.close());
        while store.append_wait(batch(project, Vec::new())) != Err(AppendError::Closed) {
            std::thread::yield_now();
        }
        gate.open_up();
        assert!(!merge.join().unwrap().unwrap(), "it was given up");
        closing.join().unwrap().unwrap();
    });
    let kept = view(&disk, project);
    assert_eq!(levels(&kept), [3, 0, 0]);
    assert_eq!(messages(&kept), (0..6).collect::<Vec<i64>>());
    let parquet = |path: &&std::path::PathBuf| path.to_string_lossy().contains(".parquet");
    assert_eq!(disk.files().keys().filter(parquet).count(), 3);
}
