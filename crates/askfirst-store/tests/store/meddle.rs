//! A disk on which something else happens in the middle of a read, or before a file is made.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};

use askfirst_store::testing::FakeDisk;
use askfirst_store::{Disk, DiskFile, LockGuard};

type Deed = Box<dyn FnOnce() + Send>;

/// A fake disk; clones share what is to happen.
#[derive(Clone)]
pub(crate) struct Meddling {
    disk: FakeDisk,
    deed: Arc<Mutex<Option<Deed>>>,
    gate: Arc<(Mutex<Gate>, Condvar)>,
}

/// Stops whoever makes a certain file, until it is told to go on.
#[derive(Debug, Default)]
struct Gate {
    /// The end of the name of the file.
    at: Option<String>,
    waits: bool,
}

impl fmt::Debug for Meddling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.disk.fmt(f)
    }
}

impl Meddling {
    pub(crate) fn with(disk: &FakeDisk) -> Meddling {
        Meddling {
            disk: disk.clone(),
            deed: Arc::default(),
            gate: Arc::default(),
        }
    }

    /// Stops whoever makes a file whose name ends like this.
    pub(crate) fn close(&self, at: &str) {
        self.gate.0.lock().unwrap().at = Some(at.to_owned());
    }

    /// Waits until somebody waits there.
    pub(crate) fn reached(&self) {
        let gate = self.gate.0.lock().unwrap();
        drop(self.gate.1.wait_while(gate, |it| !it.waits).unwrap());
    }

    /// Lets everybody go on.
    pub(crate) fn open_up(&self) {
        self.gate.0.lock().unwrap().at = None;
        self.gate.1.notify_all();
    }

    fn wait_at(&self, path: &Path) {
        let name = path.to_string_lossy();
        let mut gate = self.gate.0.lock().unwrap();
        while gate.at.as_ref().is_some_and(|at| name.ends_with(at)) {
            gate.waits = true;
            self.gate.1.notify_all();
            gate = self.gate.1.wait(gate).unwrap();
        }
    }

    /// Does something once the next bytes of a file have been read that is open by then or
    /// opened later.
    pub(crate) fn at_next_read(&self, deed: impl FnOnce() + Send + 'static) {
        *self.deed.lock().unwrap() = Some(Box::new(deed));
    }

    /// Whether it still has to happen.
    pub(crate) fn waits(&self) -> bool {
        self.deed.lock().unwrap().is_some()
    }

    fn file(&self, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        let deed = Arc::clone(&self.deed);
        Box::new(MeddlingFile { file, deed })
    }
}

impl Disk for Meddling {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.file(self.disk.open(path)?))
    }

    fn open_write(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.file(self.disk.open_write(path)?))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.wait_at(path);
        Ok(self.file(self.disk.create(path)?))
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

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn LockGuard>>> {
        self.disk.lock(path)
    }
}

struct MeddlingFile {
    file: Box<dyn DiskFile>,
    deed: Arc<Mutex<Option<Deed>>>,
}

impl fmt::Debug for MeddlingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}

impl DiskFile for MeddlingFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        let read = self.file.read_at(bytes, offset);
        // Taken out first: what it does reads too.
        let deed = self.deed.lock().unwrap().take();
        deed.into_iter().for_each(|deed| deed());
        read
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.write_at(bytes, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn reserve(&self, len: u64) -> io::Result<()> {
        self.file.reserve(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync()
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }
}
