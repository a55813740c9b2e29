//! Readers beside the writer, on the disk of the machine.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use askfirst_catalog::{Catalog, Models};
use askfirst_store::testing::ManualClock;
use askfirst_store::{
    Error, LineKey, Options, Origin, RealDisk, Row, Snapshot, Store, SystemClock,
};

use crate::rows::*;

fn real(catalog: Arc<Catalog>) -> Options {
    let mut options = Options::new(catalog);
    options.clock = Arc::new(ManualClock::new(NOON));
    options.limits.seal_rows = 100;
    options.limits.wal_file_bytes = 64 << 10;
    options
}

fn read(dir: &Path) -> Snapshot {
    Snapshot::open(dir, Arc::new(RealDisk), &SystemClock).unwrap()
}

#[test]
fn d17_a_reader_sees_whole_batches_while_the_writer_appends_and_seals() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), real(Catalog::builtin())).unwrap();
    let (project, _) = store
        .add_project(project_of("aider", "aider", 180))
        .unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..300 {
                let rows: Vec<Row> = (n * 10..n * 10 + 10).map(message).collect();
                while store.append_wait(batch(project.id, rows.clone())).is_err() {
                    std::thread::yield_now();
                }
                if n % 30 == 7 {
                    store.seal().unwrap();
                }
            }
            done.store(true, Ordering::SeqCst);
        });
        let mut before = [0, 0];
        while !done.load(Ordering::SeqCst) {
            let snapshots = [read(dir.path()), store.snapshot().unwrap()];
            // A reader beside the writer may see a batch that is not synced yet.
            for (snapshot, before) in snapshots.iter().zip(&mut before) {
                let view = snapshot.project(project.id).unwrap();
                let stored = messages(&view);
                let whole: Vec<i64> = (0..stored.len() as i64).collect();
                assert_eq!(stored, whole, "a gap, or something twice");
                assert_eq!(stored.len() % 10, 0, "half a batch");
                assert!(stored.len() >= *before, "something is gone");
                *before = stored.len();
            }
        }
    });
    let view = read(dir.path()).project(project.id).unwrap();
    assert_eq!(messages(&view).len(), 3000);
    assert!(view.segments.iter().any(|it| it.is_sealed()));
}

#[test]
fn d17_a_snapshot_stays_readable_when_its_project_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), real(Catalog::builtin())).unwrap();
    let (project, _) = store
        .add_project(project_of("aider", "aider", 180))
        .unwrap();
    store
        .append_wait(batch(project.id, vec![message(1)]))
        .unwrap();
    store.seal().unwrap();
    let snapshot = read(dir.path());
    store.remove_project(project.id).unwrap();
    assert_eq!(messages(&snapshot.project(project.id).unwrap()), [1]);
    assert!(read(dir.path()).project(project.id).is_none());
}

#[test]
fn files_are_the_owners_alone() {
    let above = tempfile::tempdir().unwrap();
    let dir = above.path().join("data");
    let store = Store::open(&dir, real(Catalog::builtin())).unwrap();
    let (project, _) = store
        .add_project(project_of("aider", "aider", 180))
        .unwrap();
    store
        .append_wait(batch(project.id, vec![message(1)]))
        .unwrap();
    store.seal().unwrap();
    store
        .append_wait(batch(project.id, vec![message(2)]))
        .unwrap();
    let mut seen = 0;
    let mut todo = vec![dir];
    while let Some(path) = todo.pop() {
        let metadata = std::fs::metadata(&path).unwrap();
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        let mode = metadata.permissions().mode() & 0o777;
        assert_eq!(mode, expected, "{}", path.display());
        seen += 1;
        if metadata.is_dir() {
            let entries = std::fs::read_dir(&path).unwrap();
            todo.extend(entries.map(|it| it.unwrap().path()));
        }
    }
    assert!(seen >= 10, "{seen} files and directories");
}

#[test]
fn a_second_process_cannot_write_and_no_directory_is_no_store() {
    let dir = tempfile::tempdir().unwrap();
    let nothing = Snapshot::open(&dir.path().join("none"), Arc::new(RealDisk), &SystemClock);
    assert!(matches!(nothing, Err(Error::NoData { .. })));
    let store = Store::open(dir.path(), real(Catalog::builtin())).unwrap();
    let second = Store::open(dir.path(), real(Catalog::builtin()));
    assert!(matches!(second, Err(Error::InUse { .. })));
    drop(store);
    Store::open(dir.path(), real(Catalog::builtin())).expect("it ended");
}

/// The built-in catalog with one event less, so that every number in it moves.
fn older_catalog() -> Arc<Catalog> {
    let text = Catalog::builtin().canonical().to_owned();
    let sections: Vec<&str> = text.split("\n[event.").collect();
    let kept = sections.iter().filter(|it| !it.starts_with("launched]"));
    let text = kept.copied().collect::<Vec<_>>().join("\n[event.");
    Arc::new(Catalog::parse("older.toml", &text, Models::builtin()).expect("a catalog"))
}

#[test]
fn d26_rows_of_an_older_catalog_are_read_by_that_catalog() {
    let older = older_catalog();
    assert_eq!(older.events().len() + 1, Catalog::builtin().events().len());
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), real(Arc::clone(&older))).unwrap();
    let (project, _) = store
        .add_project(project_of("aider", "aider", 180))
        .unwrap();
    let mut row = message(1);
    let builtin = Catalog::builtin();
    row.event = older.find_event("message_send").unwrap();
    assert_ne!(Some(row.event), builtin.find_event("message_send"));
    for (property, _) in &mut row.values {
        *property = older
            .find_property(&builtin.property(*property).name)
            .unwrap();
    }
    store.append_wait(batch(project.id, vec![row])).unwrap();
    drop(store);
    assert_eq!(
        messages(&read(dir.path()).project(project.id).unwrap()),
        [1]
    );
    let store = Store::open(dir.path(), real(builtin)).unwrap();
    store
        .append_wait(batch(project.id, vec![message(2)]))
        .unwrap();
    store.close().unwrap();
    let view = read(dir.path()).project(project.id).unwrap();
    assert_eq!(messages(&view), [1, 2]);
    assert_eq!(
        std::fs::read_dir(dir.path().join("catalogs"))
            .unwrap()
            .count(),
        2
    );
}

#[test]
fn d27_a_catalog_that_changes_a_column_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let text = Catalog::builtin().canonical().to_owned();
    let section = text.find("[property.num_files]").expect("a count");
    let end = text[section..]
        .find("\n\n")
        .map_or(text.len(), |at| section + at);
    let why = text[section..end]
        .lines()
        .find(|line| line.starts_with("why"))
        .unwrap();
    let since = text[section..end]
        .lines()
        .find(|line| line.starts_with("since"))
        .unwrap();
    let changed = format!("[property.num_files]\nkind = \"bool\"\n{since}\n{why}");
    let text = format!("{}{changed}{}", &text[..section], &text[end..]);
    let changed = Catalog::parse("changed.toml", &text, Models::builtin()).expect("a catalog");
    drop(Store::open(dir.path(), real(Catalog::builtin())).unwrap());
    let error = Store::open(dir.path(), real(Arc::new(changed))).unwrap_err();
    let said = "property column p_num_files holds count, the catalog now says bool";
    assert_eq!(error.to_string(), said);
    assert!(error.remedy().is_some());
}

#[test]
fn imported_and_received_rows_lie_in_files_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), real(Catalog::builtin())).unwrap();
    let (project, _) = store
        .add_project(project_of("aider", "aider", 180))
        .unwrap();
    store
        .append_wait(batch(project.id, vec![message(1)]))
        .unwrap();
    let mut importer = store.importer(project.id).unwrap();
    importer.push(LineKey::Line(1), message(2), &[]).unwrap();
    importer.finish().unwrap();
    store.close().unwrap();
    let view = read(dir.path()).project(project.id).unwrap();
    for segment in &view.segments {
        let consents = segment.scan(&["consent", "seq"], None).unwrap();
        for batch in consents.map(Result::unwrap) {
            let expected = match segment.origin() {
                Origin::Imported => ("imported", 1),
                Origin::Received => ("unknown", 0),
            };
            assert_eq!(texts(&batch, 0)[0].as_deref(), Some(expected.0));
            assert_eq!(integers(&batch, 1), [Some(expected.1)]);
        }
    }
    assert_eq!(view.segments.len(), 2);
}
