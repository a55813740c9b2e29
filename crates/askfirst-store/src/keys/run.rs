//! A run, open for looking keys up.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache::Cache;
use super::directory::{self, Directory};
use super::{CRC, EventKey, HEADER, block, blocks_at, checked, filter, keys_in, mixed};
use crate::dir::Dir;
use crate::disk::DiskFile;
use crate::error::Error;
use crate::manifest::KeyRun;
use crate::policy::{KEY_BLOCK, KEY_FILTER};

/// Marks a filter among the pieces of a run; the others are blocks.
const FILTER: u32 = 1 << 31;
const BLOCKS_OF_FILTER: usize = KEY_FILTER / KEY_BLOCK;

/// An open run: its directory in memory, its filters and blocks on disk.
#[derive(Debug)]
pub(crate) struct Run {
    number: u64,
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    pub(super) directory: Directory,
}

impl Run {
    pub(super) fn new(
        number: u64,
        path: PathBuf,
        file: Arc<dyn DiskFile>,
        directory: Directory,
    ) -> Run {
        Run {
            number,
            path,
            file,
            directory,
        }
    }

    /// Opens a run the manifest names: reads its header and its directory, nothing more.
    pub(crate) fn open(dir: &Dir, path: &Path, named: &KeyRun) -> Result<Run, Error> {
        let file = dir.disk.open(path);
        let file = file.map_err(|error| Error::io("open", path, error))?;
        let run = Run::new(
            named.file,
            path.to_owned(),
            Arc::from(file),
            Directory::new(0),
        );
        let header = run.read(0, HEADER)?;
        directory::check_header(&header, named.kind, named.keys)
            .map_err(|fault| run.damaged(0, fault))?;
        let bytes = Directory::bytes_of(named.keys);
        let at = (named.bytes.checked_sub(bytes))
            .filter(|at| *at >= blocks_at(named.keys))
            .ok_or_else(|| run.damaged(0, "too short"))?;
        let directory = run.read(at, bytes as usize)?;
        let directory = Directory::decode(&directory, named.keys, at)
            .map_err(|fault| run.damaged(at, fault))?;
        Ok(Run { directory, ..run })
    }

    /// The number of its file.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Its keys.
    pub(crate) fn keys(&self) -> u64 {
        self.directory.keys
    }

    /// Bytes it takes in memory.
    pub(crate) fn memory(&self) -> usize {
        self.directory.memory()
    }

    /// Looks for several keys, best in order.
    pub(crate) fn look<'r>(&'r self, cache: &'r Cache) -> Look<'r> {
        Look {
            run: self,
            cache,
            filter: None,
        }
    }

    /// How many keys a block has.
    pub(super) fn keys_of(&self, block: usize) -> usize {
        keys_in(self.keys(), block as u64, KEY_BLOCK)
    }

    pub(super) fn filter(&self, number: u32) -> Result<Arc<[u8]>, Error> {
        let size = |keys| CRC + filter::bytes_of(keys);
        let at = HEADER as u64 + u64::from(number) * size(KEY_FILTER) as u64;
        let keys = keys_in(self.keys(), u64::from(number), KEY_FILTER);
        self.piece(at, size(keys), "a filter's checksum is wrong")
    }

    fn block(&self, number: usize) -> Result<Arc<[u8]>, Error> {
        let (at, end) = (self.directory.at[number], self.directory.at[number + 1]);
        self.piece(at, (end - at) as usize, "a block's checksum is wrong")
    }

    fn piece(&self, at: u64, bytes: usize, fault: &str) -> Result<Arc<[u8]>, Error> {
        let bytes = self.read(at, bytes)?;
        match checked(&bytes) {
            Some(_) => Ok(Arc::from(bytes)),
            None => Err(self.damaged(at, fault)),
        }
    }

    pub(super) fn read(&self, at: u64, bytes: usize) -> Result<Vec<u8>, Error> {
        let mut part = vec![0; bytes];
        match self.file.read_at(&mut part, at) {
            Ok(n) if n == bytes => Ok(part),
            Ok(_) => Err(self.damaged(at, "too short")),
            Err(error) => Err(Error::io("read", &self.path, error)),
        }
    }

    pub(super) fn damaged(&self, offset: u64, fault: &str) -> Error {
        Error::Corrupt {
            path: self.path.clone(),
            offset,
            problem: fault.to_owned(),
        }
    }
}

/// A search for several keys. Keeps the filter it looked at last.
#[derive(Debug)]
pub(crate) struct Look<'r> {
    run: &'r Run,
    cache: &'r Cache,
    filter: Option<(u32, Arc<[u8]>)>,
}

impl Look<'_> {
    /// The place of a key among those of the run, in order, if it is there.
    ///
    /// A time the run does not have costs nothing; a key it does not have one filter of 2.6 kB,
    /// and in one case of a hundred a block; one it has both.
    pub(crate) fn find(&mut self, key: EventKey) -> Result<Option<u64>, Error> {
        let directory = &self.run.directory;
        if !directory.has_time(key.0) {
            return Ok(None);
        }
        let Some(at) = directory.block_of(key) else {
            return Ok(None);
        };
        if !filter::may_hold(self.filter((at / BLOCKS_OF_FILTER) as u32)?, mixed(key)) {
            return Ok(None);
        }
        let run = self.run;
        let bytes = (self.cache).get((run.number, at as u32), || run.block(at))?;
        let (first, count) = (directory.first[at].0, run.keys_of(at));
        let found = block::find(&bytes[CRC..], first, count, key);
        let found = found.map_err(|fault| run.damaged(directory.at[at], fault))?;
        Ok(found.map(|place| (at * KEY_BLOCK + place) as u64))
    }

    fn filter(&mut self, wanted: u32) -> Result<&[u8], Error> {
        let filter = match self.filter.take() {
            Some((number, filter)) if number == wanted => filter,
            _ => {
                let piece = (self.run.number, wanted | FILTER);
                self.cache.get(piece, || self.run.filter(wanted))?
            }
        };
        Ok(&self.filter.insert((wanted, filter)).1[CRC..])
    }
}
