//! Changing a file: the whole new one beside it, durable, then in its place.

use std::io;
use std::path::{Path, PathBuf};

use super::record::Record;
use super::{Error, State};

impl State {
    /// Replaces our choice. The caller holds the lock.
    pub(super) fn write(&self, record: &Record) -> Result<(), Error> {
        self.replace(&self.places.choice(), &record.bytes())
    }

    /// Replaces a file, through a link if it is one.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let path = self.disk.resolve(path);
        let beside = beside(&path);
        let result = self.put(&path, &beside, bytes);
        if result.is_err() {
            // What is left of it would be in the way of nobody, but is of no use either.
            drop(self.disk.remove(&beside));
        }
        result.map_err(|source| Error::Disk { path, source })
    }

    fn put(&self, path: &Path, beside: &Path, bytes: &[u8]) -> io::Result<()> {
        self.absent(beside)?;
        self.disk.write_new(beside, bytes)?;
        self.disk.rename(beside, path)?;
        self.sync_around(path)
    }

    /// Removes a file, if it is there.
    pub(super) fn absent(&self, path: &Path) -> io::Result<()> {
        match self.disk.remove(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Makes the names around a file durable.
    pub(super) fn sync_around(&self, path: &Path) -> io::Result<()> {
        path.parent().map_or(Ok(()), |dir| self.disk.sync_dir(dir))
    }

    /// Makes the folder of the choice.
    pub(super) fn make_dir(&self) -> Result<(), Error> {
        let path = self.places.dir.clone();
        match self.disk.create_dir(&path) {
            Ok(()) => Ok(()),
            Err(source) => Err(Error::Disk { path, source }),
        }
    }

    /// Whether a no could be stored, as far as rights say. Only then anything is on (promise
    /// P05). Whether there is room for one too shows when something is to be kept, which needs a
    /// file itself, and is tried before anything is sent ([`State::deliver`]).
    pub fn is_writable(&self) -> bool {
        match self.disk.takes_files(&self.places.dir) {
            Ok(may) => may,
            // Without a folder yet: that it can be made shows when something is stored.
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(_) => self.takes_a_no(),
        }
    }

    /// The same, tried: for who asks, and has the time.
    pub fn takes_a_no(&self) -> bool {
        match self.try_a_no() {
            Err(Error::Disk { source, .. }) => source.kind() == io::ErrorKind::NotFound,
            tried => tried.is_ok(),
        }
    }

    /// Whether a no could be stored: makes an empty file where the marker would be, and takes it
    /// away again.
    ///
    /// # Errors
    ///
    /// Why none could.
    pub(super) fn try_a_no(&self) -> Result<(), Error> {
        let path = self.places.probe();
        let made = match self.disk.write_new(&path, &[]) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        };
        made.and_then(|()| self.absent(&path))
            .map_err(|source| Error::Disk { path, source })
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    path.with_file_name(name)
}
