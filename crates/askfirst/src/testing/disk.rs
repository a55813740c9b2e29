//! A disk in memory that fills up, is read-only, belongs to somebody else, and stops at any
//! byte.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::disk::{Disk, LockGuard, LockMode};

/// What is wrong with a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No byte fits any more; an empty file does.
    Full,
    /// Nothing fits any more, not even an empty file.
    NoFiles,
    /// Nothing can be changed.
    ReadOnly,
}

/// A file system in memory. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct FakeDisk(Arc<Mutex<Inside>>);

#[derive(Debug, Clone, Default)]
struct Inside {
    files: BTreeMap<PathBuf, Vec<u8>>,
    dirs: BTreeSet<PathBuf>,
    foreign: BTreeSet<PathBuf>,
    unreadable: BTreeSet<PathBuf>,
    /// What is there as soon as it was looked for in vain: a folder, or a file's bytes.
    appearing: BTreeMap<PathBuf, Option<Vec<u8>>>,
    fault: Option<Fault>,
    fuse: Option<u64>,
    spent: u64,
    shared: u32,
    exclusive: bool,
}

impl FakeDisk {
    /// An empty disk with these folders.
    pub fn new(dirs: &[&Path]) -> FakeDisk {
        let disk = FakeDisk::default();
        for dir in dirs {
            let around = dir.ancestors().map(Path::to_owned);
            disk.inside().dirs.extend(around);
        }
        disk
    }

    /// Puts a file there.
    pub fn put(&self, path: &Path, bytes: impl AsRef<[u8]>) {
        let mut inside = self.inside();
        inside
            .dirs
            .extend(path.ancestors().skip(1).map(Path::to_owned));
        inside
            .files
            .insert(path.to_owned(), bytes.as_ref().to_vec());
    }

    /// Appends to a file, and makes it if need be. Nothing is written in part.
    ///
    /// # Errors
    ///
    /// What is wrong with the disk.
    pub fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut inside = self.inside();
        inside.change()?;
        if inside.fault.is_some() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let around = path.ancestors().skip(1).map(Path::to_owned);
        inside.dirs.extend(around);
        let file = inside.files.entry(path.to_owned()).or_default();
        file.extend_from_slice(bytes);
        Ok(())
    }

    /// What is in a file.
    pub fn get(&self, path: &Path) -> Option<Vec<u8>> {
        self.inside().files.get(path).cloned()
    }

    /// Every file and what is in it.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.inside().files.clone()
    }

    /// Makes it fail from now on, or be well again.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.inside().fault = fault;
    }

    /// Gives a file or folder to another user.
    pub fn give_away(&self, path: &Path) {
        self.inside().foreign.insert(path.to_owned());
    }

    /// Has another process make a folder, or a file with these bytes, right after it was looked
    /// for in vain.
    #[cfg(test)]
    pub(crate) fn make_appear(&self, path: &Path, bytes: Option<&str>) {
        let bytes = bytes.map(|text| text.as_bytes().to_vec());
        self.inside().appearing.insert(path.to_owned(), bytes);
    }

    /// Makes a file unreadable.
    pub fn make_unreadable(&self, path: &Path) {
        self.inside().unreadable.insert(path.to_owned());
    }

    /// What was done so far: one for each call that changes something, and one for each byte.
    pub fn spent(&self) -> u64 {
        self.inside().spent
    }

    /// Kills the process once so much has been done, in the middle of a write if need be. From
    /// then on every change fails.
    pub fn stop_after(&self, spent: u64) {
        self.inside().fuse = Some(spent);
    }

    /// The disk as the next process finds it: well, and not locked.
    #[must_use]
    pub fn after_crash(&self) -> FakeDisk {
        let mut inside = self.inside().clone();
        (inside.fuse, inside.fault) = (None, None);
        (inside.shared, inside.exclusive) = (0, false);
        FakeDisk(Arc::new(Mutex::new(inside)))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// Spends one change.
    fn change(&mut self) -> io::Result<()> {
        if self.fault == Some(Fault::ReadOnly) {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        if self.fuse.is_some_and(|fuse| self.spent >= fuse) {
            return Err(io::Error::other("the process was killed"));
        }
        self.spent = self.spent.saturating_add(1);
        Ok(())
    }

    fn holds(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.dirs.contains(path)
    }

    /// That there is nothing of this name; now there is what was to appear.
    fn missing(&mut self, path: &Path) -> io::Error {
        match self.appearing.remove(path) {
            Some(Some(bytes)) => drop(self.files.insert(path.to_owned(), bytes)),
            Some(None) => drop(self.dirs.insert(path.to_owned())),
            None => {}
        }
        io::ErrorKind::NotFound.into()
    }
}

impl Disk for FakeDisk {
    fn read(&self, path: &Path, _limit: u64) -> io::Result<Vec<u8>> {
        let mut inside = self.inside();
        if inside.unreadable.contains(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let found = inside.files.get(path).cloned();
        found.ok_or_else(|| inside.missing(path))
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        Ok(self.inside().holds(path))
    }

    fn is_mine(&self, path: &Path) -> io::Result<bool> {
        let mut inside = self.inside();
        match inside.holds(path) {
            true => Ok(!inside.foreign.contains(path)),
            false => Err(inside.missing(path)),
        }
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let mut inside = self.inside();
        if inside.dirs.contains(path) {
            return Ok(());
        }
        inside.change()?;
        if inside.fault == Some(Fault::NoFiles) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        inside.dirs.extend(path.ancestors().map(Path::to_owned));
        Ok(())
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut inside = self.inside();
        if inside.holds(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if !path.parent().is_some_and(|dir| inside.dirs.contains(dir)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        inside.change()?;
        if inside.fault == Some(Fault::NoFiles) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        inside.files.insert(path.to_owned(), Vec::new());
        for byte in bytes {
            inside.change()?;
            if inside.fault == Some(Fault::Full) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            if let Some(file) = inside.files.get_mut(path) {
                file.push(*byte);
            }
        }
        Ok(())
    }

    fn takes_files(&self, dir: &Path) -> io::Result<bool> {
        let mut inside = self.inside();
        match inside.dirs.contains(dir) {
            true => Ok(inside.fault != Some(Fault::ReadOnly)),
            false => Err(inside.missing(dir)),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inside = self.inside();
        inside.change()?;
        let bytes = inside.files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        inside.files.insert(to.to_owned(), bytes);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inside = self.inside();
        if !inside.files.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        inside.change()?;
        inside.files.remove(path);
        Ok(())
    }

    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        self.inside().change()
    }

    /// Never waits: whoever has the lock in a test has it for good.
    fn lock(
        &self,
        path: &Path,
        mode: LockMode,
        _wait: Duration,
    ) -> io::Result<Option<Box<dyn LockGuard>>> {
        let mut inside = self.inside();
        if !path.parent().is_some_and(|dir| inside.dirs.contains(dir)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if !inside.files.contains_key(path) {
            inside.change()?;
            if inside.fault == Some(Fault::NoFiles) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            inside.files.insert(path.to_owned(), Vec::new());
        }
        let taken = match mode {
            LockMode::Shared => inside.exclusive,
            LockMode::Exclusive => inside.exclusive || inside.shared > 0,
        };
        if taken {
            return Ok(None);
        }
        match mode {
            LockMode::Shared => inside.shared = inside.shared.saturating_add(1),
            LockMode::Exclusive => inside.exclusive = true,
        }
        drop(inside);
        Ok(Some(Box::new(FakeLock {
            disk: self.clone(),
            mode,
        })))
    }
}

#[derive(Debug)]
struct FakeLock {
    disk: FakeDisk,
    mode: LockMode,
}

impl LockGuard for FakeLock {}

impl Drop for FakeLock {
    fn drop(&mut self) {
        let mut inside = self.disk.inside();
        match self.mode {
            LockMode::Shared => inside.shared = inside.shared.saturating_sub(1),
            LockMode::Exclusive => inside.exclusive = false,
        }
    }
}
