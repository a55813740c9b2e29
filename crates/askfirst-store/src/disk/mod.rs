//! Everything the store does to a disk goes through [`Disk`] (decision D35), so that tests
//! can lose power at any byte.

mod real;

use std::fmt::Debug;
use std::io;
use std::path::Path;

pub use real::RealDisk;

/// A file system.
///
/// What a call wrote is durable only after the matching sync: bytes after
/// [`DiskFile::sync`], names (created, renamed, removed) after [`Disk::sync_dir`] of their
/// directory.
pub trait Disk: Debug + Send + Sync {
    /// Opens an existing file for reading.
    ///
    /// # Errors
    ///
    /// Those of the system; `NotFound` if there is none.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens an existing file for reading and writing.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn open_write(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Makes an empty file of mode 0600, replacing any of that name.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Makes a directory of mode 0700, and those above it. Fine if it exists.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// The names in a directory, sorted; empty if there is no such directory.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn list(&self, path: &Path) -> io::Result<Vec<String>>;

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

    /// Removes an empty directory.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;

    /// Makes the names of a directory durable.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;

    /// Bytes an unprivileged process can still write below `path`.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn free_bytes(&self, path: &Path) -> io::Result<u64>;

    /// Takes the lock on a file, making it if need be; `None` if another process has it. It
    /// is given back when the guard is dropped or the process ends, however it ends.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn LockGuard>>>;
}

/// A held lock.
pub trait LockGuard: Debug + Send + Sync {}

/// An open file.
pub trait DiskFile: Debug + Send + Sync {
    /// Reads at `offset` until `bytes` is full or the file ends; returns how much was read.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Writes all of `bytes` at `offset`. After an error any part may be written.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Cuts or extends the file, with zeros.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Reserves blocks for the first `len` bytes and fills them with zeros, so that writing
    /// there later cannot run out of space. Only for new files.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn reserve(&self, len: u64) -> io::Result<()>;

    /// Makes everything written so far durable. A failure is final (decision D20): the bytes
    /// may be gone, and a second call would not say so.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn sync(&self) -> io::Result<()>;

    /// The file's length in bytes.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn len(&self) -> io::Result<u64>;

    /// Whether the file is empty.
    ///
    /// # Errors
    ///
    /// Those of the system.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
}
