//! The layout of a data directory, and the few ways files are read and written in it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::Disk;
use crate::error::Error;
use crate::hex;
use crate::row::ProjectId;

/// A data directory on a disk.
#[derive(Debug, Clone)]
pub(crate) struct Dir {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) root: PathBuf,
}

impl Dir {
    pub(crate) fn new(disk: Arc<dyn Disk>, root: &Path) -> Dir {
        Dir {
            disk,
            root: root.to_owned(),
        }
    }

    pub(crate) fn lock_file(&self) -> PathBuf {
        self.root.join("LOCK")
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.root.join("MANIFEST")
    }

    pub(crate) fn previous_manifest(&self) -> PathBuf {
        self.root.join("MANIFEST.prev")
    }

    pub(crate) fn wal(&self) -> PathBuf {
        self.root.join("wal")
    }

    pub(crate) fn wal_file(&self, number: u64) -> PathBuf {
        self.wal().join(format!("{number:08}.wal"))
    }

    pub(crate) fn wal_reserve(&self) -> PathBuf {
        self.wal().join("reserve.tmp")
    }

    pub(crate) fn catalogs(&self) -> PathBuf {
        self.root.join("catalogs")
    }

    pub(crate) fn catalog(&self, sha256: &[u8; 32]) -> PathBuf {
        self.catalogs()
            .join(format!("{}.toml", hex::encode(sha256)))
    }

    pub(crate) fn projects(&self) -> PathBuf {
        self.root.join("projects")
    }

    pub(crate) fn project(&self, id: ProjectId) -> PathBuf {
        self.projects().join(id.0.to_string())
    }

    pub(crate) fn segment(&self, id: ProjectId, file: u64) -> PathBuf {
        self.project(id).join(format!("{file:08}.parquet"))
    }

    pub(crate) fn key_run(&self, id: ProjectId, file: u64) -> PathBuf {
        self.project(id).join(format!("{file:08}.keys"))
    }

    /// The names in a directory, sorted.
    pub(crate) fn list(&self, path: &Path) -> Result<Vec<String>, Error> {
        self.disk
            .list(path)
            .map_err(|error| Error::io("list", path, error))
    }

    /// A whole file.
    pub(crate) fn read(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let read = || {
            let file = self.disk.open(path)?;
            let len = usize::try_from(file.len()?).map_err(io::Error::other)?;
            let mut bytes = vec![0; len];
            let n = file.read_at(&mut bytes, 0)?;
            bytes.truncate(n);
            Ok(bytes)
        };
        read().map_err(|error| Error::io("read", path, error))
    }

    /// Writes a whole file: `NAME.tmp`, sync, rename. The directory is not synced yet.
    /// Nothing is left behind if it cannot be done.
    pub(crate) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let tmp = temporary(path);
        let write = || {
            let file = self.disk.create(&tmp)?;
            file.write_at(bytes, 0)?;
            file.sync()?;
            self.disk.rename(&tmp, path)
        };
        write().map_err(|error| {
            let _ = self.disk.remove(&tmp);
            Error::io("write", path, error)
        })
    }

    /// Makes the names in a directory durable. Its failure is never a full disk: nobody
    /// knows then which names there will be, so the store stops (D20).
    pub(crate) fn sync(&self, path: &Path) -> Result<(), Error> {
        self.disk.sync_dir(path).map_err(|source| Error::Io {
            action: "sync",
            path: path.to_owned(),
            source,
        })
    }

    pub(crate) fn create(&self, path: &Path) -> Result<(), Error> {
        self.disk
            .create_dir(path)
            .map_err(|error| Error::io("create", path, error))
    }

    /// Removes a file; fine if it is gone.
    pub(crate) fn remove(&self, path: &Path) -> Result<(), Error> {
        match self.disk.remove(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::io("remove", path, error))
            }
            _ => Ok(()),
        }
    }

    /// Removes an empty directory; fine if it is gone.
    pub(crate) fn remove_dir(&self, path: &Path) -> Result<(), Error> {
        match self.disk.remove_dir(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::io("remove", path, error))
            }
            _ => Ok(()),
        }
    }
}

/// Where a file is written before it gets its name.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    PathBuf::from(name)
}

/// The number of a WAL file's name.
pub(crate) fn wal_number(name: &str) -> Option<u64> {
    number(name.strip_suffix(".wal")?)
}

/// The number of a segment's or key run's name.
pub(crate) fn file_number(name: &str) -> Option<u64> {
    let stem = name
        .strip_suffix(".parquet")
        .or_else(|| name.strip_suffix(".keys"));
    number(stem?)
}

/// The hash in the name of a stored catalog.
pub(crate) fn catalog_hash(name: &str) -> Option<[u8; 32]> {
    hex::decode(name.strip_suffix(".toml")?)
}

fn number(stem: &str) -> Option<u64> {
    let digits = stem.len() >= 8 && stem.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| stem.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_our_shape_are_ours() {
        assert_eq!(wal_number("00000012.wal"), Some(12));
        assert_eq!(file_number("123456789.keys"), Some(123_456_789));
        for foreign in [
            "12.wal",
            "+0000012.wal",
            "00000012.wal.tmp",
            "notes.txt",
            "",
        ] {
            assert_eq!(wal_number(foreign), None, "{foreign}");
        }
        assert_eq!(file_number("holiday01.parquet"), None);
    }
}
