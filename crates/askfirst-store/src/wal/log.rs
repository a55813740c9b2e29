//! Appending to the newest file of the log.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::frame::{self, FILE_HEADER};
use super::{Entry, Position};
use crate::dir::{Dir, temporary};
use crate::disk::DiskFile;
use crate::error::Error;
use crate::policy;

/// Why a group was not made durable.
#[derive(Debug)]
pub(crate) enum Failure {
    /// No space: nothing of the group is in the log, and later groups may be (D21).
    Full,
    /// The disk failed; nothing may be written any more (D20).
    Final(Error),
}

/// The end of the log that is written to.
#[derive(Debug)]
pub(crate) struct Log {
    dir: Dir,
    first_bytes: u64,
    file_bytes: u64,
    next: u64,
    open: Option<OpenFile>,
    any: bool,
    reserve: Arc<AtomicBool>,
}

#[derive(Debug)]
struct OpenFile {
    number: u64,
    file: Box<dyn DiskFile>,
    offset: u64,
    bytes: u64,
}

impl Log {
    /// A log that goes on with file number `next`. `reserve` says whether `reserve.tmp` is
    /// ready to be used.
    pub(crate) fn new(
        dir: Dir,
        next: u64,
        first_bytes: u64,
        file_bytes: u64,
        reserve: Arc<AtomicBool>,
    ) -> Log {
        Log {
            dir,
            first_bytes,
            file_bytes,
            next,
            open: None,
            any: false,
            reserve,
        }
    }

    /// Writes a group and syncs it; returns where the log goes on. `entries` lie in `bytes`,
    /// which [`frame::put`] filled.
    pub(crate) fn append(
        &mut self,
        bytes: &mut [u8],
        entries: &[Entry],
        stamp_ms: i64,
    ) -> Result<Position, Failure> {
        self.make_room(bytes.len() as u64, stamp_ms)?;
        let Some(open) = &self.open else {
            return Err(Failure::Full);
        };
        for entry in entries {
            frame::finish(bytes, entry.start, entry.len, open.offset as u32);
        }
        let path = self.dir.wal_file(open.number);
        if let Err(error) = open.file.write_at(bytes, open.offset) {
            return Err(self.abandon(Error::io("write", &path, error)));
        }
        if let Err(error) = open.file.sync() {
            return Err(Failure::Final(Error::io("sync", &path, error)));
        }
        let end = Position {
            file: open.number,
            offset: open.offset + bytes.len() as u64,
        };
        if let Some(open) = &mut self.open {
            open.offset = end.offset;
        }
        Ok(end)
    }

    /// Makes the next group begin a new file, and says where that will be.
    pub(crate) fn end_file(&mut self) -> Position {
        self.open = None;
        Position {
            file: self.next,
            offset: FILE_HEADER as u64,
        }
    }

    /// Whether so much of the current file is used that the next should be made ready.
    pub(crate) fn wants_reserve(&self) -> bool {
        let half = |open: &OpenFile| open.offset * 2 > open.bytes;
        self.open.as_ref().is_some_and(half) && !self.reserve.load(Ordering::Acquire)
    }

    /// Begins a file, unless the current one has room for a group.
    fn make_room(&mut self, bytes: u64, stamp_ms: i64) -> Result<(), Failure> {
        let fits = |open: &OpenFile| open.offset + bytes <= open.bytes;
        if !self.open.as_ref().is_some_and(fits) {
            self.open = None;
            let open = self.begin(bytes, stamp_ms).map_err(|error| match error {
                Error::DiskFull { .. } => Failure::Full,
                error => Failure::Final(error),
            })?;
            self.next = open.number + 1;
            self.any = true;
            self.open = Some(open);
        }
        Ok(())
    }

    /// Begins a file that has room for a group.
    fn begin(&self, group: u64, stamp_ms: i64) -> Result<OpenFile, Error> {
        let usual = match self.any {
            false => self.first_bytes,
            true => self.file_bytes,
        };
        let bytes = usual.max(FILE_HEADER as u64 + group);
        let path = self.dir.wal_file(self.next);
        let reserved = bytes == self.file_bytes && self.reserve.swap(false, Ordering::AcqRel);
        let tmp = match reserved {
            true => self.dir.wal_reserve(),
            false => temporary(&path),
        };
        let make = || -> io::Result<Box<dyn DiskFile>> {
            let file = match reserved {
                true => self.dir.disk.open_write(&tmp)?,
                false => self.zeroed(&tmp, bytes)?,
            };
            file.write_at(&frame::file_header(self.next, stamp_ms), 0)?;
            file.sync()?;
            self.dir.disk.rename(&tmp, &path)?;
            self.dir.disk.sync_dir(&self.dir.wal())?;
            Ok(file)
        };
        let file = make().map_err(|error| {
            let _ = self.dir.disk.remove(&tmp);
            Error::io("begin", &path, error)
        })?;
        Ok(OpenFile {
            number: self.next,
            file,
            offset: FILE_HEADER as u64,
            bytes,
        })
    }

    /// A file of zeros, unless so little would be left that sealing could not run (D21).
    fn zeroed(&self, path: &std::path::Path, bytes: u64) -> io::Result<Box<dyn DiskFile>> {
        if self.dir.disk.free_bytes(&self.dir.root)? < bytes.saturating_mul(policy::RESERVED_FILES)
        {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let file = self.dir.disk.create(path)?;
        file.reserve(bytes)?;
        Ok(file)
    }

    /// After a failed write: cuts what was written of the group, so that it cannot come back
    /// at the next start, and leaves the file.
    fn abandon(&mut self, error: Error) -> Failure {
        let Some(open) = self.open.take() else {
            return Failure::Final(error);
        };
        let cut = || {
            open.file.set_len(open.offset)?;
            open.file.sync()
        };
        match (error, cut()) {
            (Error::DiskFull { .. }, Ok(())) => Failure::Full,
            (error, _) => Failure::Final(error),
        }
    }
}

/// Makes `reserve.tmp` ready: the next file, zeroed and synced ahead of need.
pub(crate) fn make_reserve(dir: &Dir, bytes: u64) -> Result<(), Error> {
    let path = dir.wal_reserve();
    let make = || {
        if dir.disk.free_bytes(&dir.root)? < bytes.saturating_mul(policy::RESERVED_FILES) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let file = dir.disk.create(&path)?;
        file.reserve(bytes)?;
        file.sync()
    };
    make().map_err(|error| {
        let _ = dir.disk.remove(&path);
        Error::io("reserve", &path, error)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::disk::Disk;
    use crate::row::ProjectId;
    use crate::testing::FakeDisk;

    fn group(payload: usize) -> (Vec<u8>, Vec<Entry>) {
        let mut bytes = Vec::new();
        let (start, len) = frame::put(&mut bytes, |out| out.resize(out.len() + payload, 7));
        let entry = Entry {
            project: ProjectId(1),
            rows: 1,
            start,
            len,
        };
        (bytes, vec![entry])
    }

    fn log(disk: &FakeDisk) -> (Dir, Arc<AtomicBool>, Log) {
        let dir = Dir::new(Arc::new(disk.clone()), Path::new("/data"));
        disk.create_dir(&dir.wal()).unwrap();
        let reserve = Arc::new(AtomicBool::new(false));
        let log = Log::new(dir.clone(), 1, 1024, 8192, Arc::clone(&reserve));
        (dir, reserve, log)
    }

    #[test]
    fn d19_the_first_file_is_small_and_the_next_is_made_ahead_of_need() {
        let disk = FakeDisk::new();
        let (dir, reserve, mut log) = log(&disk);
        let append = |log: &mut Log| {
            let (mut bytes, entries) = group(400);
            log.append(&mut bytes, &entries, 0).unwrap()
        };
        append(&mut log);
        assert!(!log.wants_reserve());
        append(&mut log);
        assert!(log.wants_reserve(), "more than half is used");
        make_reserve(&dir, 8192).unwrap();
        reserve.store(true, Ordering::Release);
        assert!(!log.wants_reserve());
        let end = append(&mut log);
        assert_eq!((end.file, end.offset), (2, 32 + 416));
        assert!(!reserve.load(Ordering::Acquire), "it was used");
        let sizes: Vec<(String, usize)> = disk
            .files()
            .iter()
            .map(|(path, bytes)| (path.display().to_string(), bytes.len()))
            .collect();
        let expected = [
            ("/data/wal/00000001.wal", 1024),
            ("/data/wal/00000002.wal", 8192),
        ];
        assert_eq!(sizes, expected.map(|(path, len)| (path.to_owned(), len)));
    }

    #[test]
    fn a_group_larger_than_a_file_gets_a_file_of_its_size() {
        let (_, _, mut log) = log(&FakeDisk::new());
        let (mut bytes, entries) = group(100_000);
        let end = log.append(&mut bytes, &entries, 0).unwrap();
        assert_eq!((end.file, end.offset), (1, 32 + 16 + 100_000));
        let (mut bytes, entries) = group(8);
        assert_eq!(log.append(&mut bytes, &entries, 0).unwrap().file, 2);
    }
}
