//! Everything consent does to a disk goes through [`Disk`], so that tests can fill it up,
//! make it read-only and stop it at any byte.

mod real;

use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use real::RealDisk;

/// A file system.
pub trait Disk: Debug + Send + Sync {
    /// The bytes of a file, links followed.
    ///
    /// # Errors
    ///
    /// Those of the system, `NotFound` if there is none, `FileTooLarge` beyond `limit`.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Whether anything of that name is there: a link that leads nowhere counts.
    ///
    /// # Errors
    ///
    /// Those of the system, where it cannot be known.
    fn exists(&self, path: &Path) -> io::Result<bool>;

    /// Whether a file or directory belongs to the user this process acts as.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn is_mine(&self, path: &Path) -> io::Result<bool>;

    /// Where a path leads once links are followed; the path itself where that is unknown.
    fn resolve(&self, path: &Path) -> PathBuf;

    /// Makes a directory of mode 0700, and those above it. Fine if it exists.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Makes a new file of mode 0600 with these bytes and makes the bytes durable. No link is
    /// followed. After an error any part may be there.
    ///
    /// # Errors
    ///
    /// Those of the system; `AlreadyExists`.
    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Whether this user may make files in a directory, as far as rights say: not whether there
    /// is room for one.
    ///
    /// # Errors
    ///
    /// Those of the system; `NotFound` if there is no such directory, `Unsupported` if it can
    /// only be tried.
    fn takes_files(&self, dir: &Path) -> io::Result<bool>;

    /// Renames a file, replacing any of the new name, atomically.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes the names of a directory durable.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;

    /// Takes the lock on a file, making it if need be, and waits for it that long; `None` if
    /// others still have it then. It is given back when the guard is dropped or the process
    /// ends, however it ends.
    ///
    /// # Errors
    ///
    /// Those of the system; some network file systems have no locks.
    fn lock(
        &self,
        path: &Path,
        mode: LockMode,
        wait: Duration,
    ) -> io::Result<Option<Box<dyn LockGuard>>>;
}

/// Who else may have a lock at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// Others who share it: deliveries.
    Shared,
    /// Nobody: who changes the choice.
    Exclusive,
}

/// A held lock.
pub trait LockGuard: Debug + Send + Sync {}
