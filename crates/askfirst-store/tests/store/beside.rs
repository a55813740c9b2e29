//! What goes on beside a merge: appends, seals, imports, a removal, the end of the store.

use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};

use askfirst_store::testing::FakeDisk;
use askfirst_store::{AppendError, Disk, DiskFile, Error, LineKey, LockGuard, ProjectId, Store};

use crate::rows::*;

/// A disk that stops whoever makes a certain file, until it is told to go on.
#[derive(Debug, Clone)]
struct Gate {
    disk: FakeDisk,
    state: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Debug, Default)]
struct State {
    /// The end of the name of the file.
    at: Option<String>,
    waits: bool,
}

impl Gate {
    fn close(&self, at: &str) {
        self.state.0.lock().unwrap().at = Some(at.to_owned());
    }

    /// Waits until somebody waits.
    fn reached(&self) {
        let state = self.state.0.lock().unwrap();
        drop(self.state.1.wait_while(state, |it| !it.waits).unwrap());
    }

    fn open_up(&self) {
        self.state.0.lock().unwrap().at = None;
        self.state.1.notify_all();
    }
}

impl Disk for Gate {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state.0.lock().unwrap();
        let name = path.to_string_lossy().into_owned();
        while state.at.as_ref().is_some_and(|at| name.ends_with(at)) {
            state.waits = true;
            self.state.1.notify_all();
            state = self.state.1.wait(state).unwrap();
        }
        drop(state);
        self.disk.create(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.disk.open(path)
    }

    fn open_write(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.disk.open_write(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.create_dir(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        self.disk.list(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.remove_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.disk.sync_dir(path)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        self.disk.free_bytes(path)
    }

    fn total_bytes(&self, path: &Path) -> io::Result<u64> {
        self.disk.total_bytes(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn LockGuard>>> {
        self.disk.lock(path)
    }
}

/// A store with three files to merge, whose merge stops when it makes its output.
fn about_to_merge() -> (Gate, Store, ProjectId) {
    let (disk, clock, store, project) = store();
    drop(store);
    let gate = Gate {
        disk: disk.clone(),
        state: Arc::default(),
    };
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
    (gate, store, project)
}

#[test]
fn d11_appends_seals_and_imports_go_on_during_a_merge() {
    let (gate, store, project) = about_to_merge();
    std::thread::scope(|scope| {
        let merge = scope.spawn(|| store.merge_if_due());
        gate.reached();
        store.append_wait(batch(project, vec![message(6)])).unwrap();
        store.seal().unwrap();
        let mut importer = store.importer(project).unwrap();
        importer.push(LineKey::Line(7), message(7), &[]).unwrap();
        importer.finish().unwrap();
        let beside = view(&gate.disk, project);
        assert_eq!(levels(&beside), [5, 0, 0], "the merge is not done");
        gate.open_up();
        assert!(merge.join().unwrap().unwrap());
    });
    let merged = view(&gate.disk, project);
    assert_eq!(levels(&merged), [3, 0, 0]);
    assert_eq!(messages(&merged), (0..8).collect::<Vec<i64>>());
}

#[test]
fn d28_a_project_that_is_removed_during_a_merge_leaves_nothing() {
    let (gate, store, project) = about_to_merge();
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
    let files = gate.disk.files();
    let left = files
        .keys()
        .find(|path| path.starts_with("/data/projects/1"));
    assert_eq!(left, None);
    let again = store.remove_project(project);
    assert!(matches!(again, Err(Error::UnknownProject(_))));
}

#[test]
fn a_store_that_is_closed_during_a_merge_keeps_the_files_it_had() {
    let (gate, store, project) = about_to_merge();
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
    let kept = view(&gate.disk, project);
    assert_eq!(levels(&kept), [3, 0, 0]);
    assert_eq!(messages(&kept), (0..6).collect::<Vec<i64>>());
    let parquet = |path: &&std::path::PathBuf| path.to_string_lossy().contains(".parquet");
    assert_eq!(gate.disk.files().keys().filter(parquet).count(), 3);
}
