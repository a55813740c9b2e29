//! Writing a run, key by key in order, in bounded memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::directory::{self, Directory};
use super::run::Run;
use super::{EventKey, HEADER, block, blocks_at, blocks_of, filter, mixed};
use crate::dir::{Dir, temporary};
use crate::disk::DiskFile;
use crate::error::Error;
use crate::manifest::{KeyRun, RunKind};
use crate::policy::{KEY_BLOCK, KEY_FILTER, KEY_SYNC_BYTES, KEY_WRITE_BYTES};

/// A run in the making: a file without a name, that goes away if it is not finished.
pub(crate) struct RunWriter<'d> {
    dir: &'d Dir,
    tmp: PathBuf,
    file: Arc<dyn DiskFile>,
    kind: RunKind,
    directory: Directory,
    block: Vec<EventKey>,
    hashes: Vec<u64>,
    filters: Stream,
    blocks: Stream,
    unsynced: usize,
    finished: bool,
}

/// A part of the file that is written from its beginning to its end.
struct Stream {
    at: u64,
    bytes: Vec<u8>,
}

/// A run that is durable but has no name yet.
#[derive(Debug)]
pub(crate) struct Written<'d> {
    dir: &'d Dir,
    tmp: PathBuf,
    file: Arc<dyn DiskFile>,
    kind: RunKind,
    directory: Directory,
    bytes: u64,
    sha256: [u8; 32],
    named: bool,
}

impl<'d> RunWriter<'d> {
    /// A run of exactly so many keys. It is written beside `path`, which must be the name of
    /// no file that somebody else may write.
    pub(crate) fn begin(
        dir: &'d Dir,
        path: &Path,
        kind: RunKind,
        keys: u64,
    ) -> Result<RunWriter<'d>, Error> {
        let tmp = temporary(path);
        let file = dir.disk.create(&tmp);
        let file = file.map_err(|error| Error::io("create", &tmp, error))?;
        let stream = |at| Stream {
            at,
            bytes: Vec::new(),
        };
        Ok(RunWriter {
            dir,
            file: Arc::from(file),
            kind,
            directory: Directory::new(keys),
            block: Vec::with_capacity(KEY_BLOCK),
            hashes: Vec::with_capacity(KEY_FILTER),
            filters: stream(HEADER as u64),
            blocks: stream(blocks_at(keys)),
            unsynced: 0,
            finished: false,
            tmp,
        })
    }

    /// Adds a key, not less than the one before.
    pub(crate) fn push(&mut self, key: EventKey) -> Result<(), Error> {
        self.block.push(key);
        self.hashes.push(mixed(key));
        self.directory.add_time(key.0);
        if self.block.len() == KEY_BLOCK {
            self.end_block()?;
        }
        Ok(())
    }

    fn end_block(&mut self) -> Result<(), Error> {
        let Some(first) = self.block.first() else {
            return Ok(());
        };
        self.directory.first.push(*first);
        self.directory.at.push(self.blocks.end());
        let block = &self.block;
        self.blocks.put(|out| block::put(block, out));
        self.block.clear();
        if self.hashes.len() == KEY_FILTER {
            self.end_filter();
        }
        self.flush(KEY_WRITE_BYTES)
    }

    fn end_filter(&mut self) {
        if !self.hashes.is_empty() {
            let hashes = &self.hashes;
            self.filters.put(|out| filter::put(hashes, out));
            self.hashes.clear();
        }
    }

    /// Writes what is more than so many bytes.
    fn flush(&mut self, most: usize) -> Result<(), Error> {
        for stream in [&mut self.filters, &mut self.blocks] {
            if stream.bytes.len() > most {
                let written = self.file.write_at(&stream.bytes, stream.at);
                written.map_err(|error| Error::io("write", &self.tmp, error))?;
                self.unsynced += stream.bytes.len();
                stream.at = stream.end();
                stream.bytes.clear();
            }
        }
        // Little by little, so that the log's syncs do not have to wait for all of it.
        if self.unsynced > KEY_SYNC_BYTES {
            self.unsynced = 0;
            self.sync()?;
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), Error> {
        let synced = self.file.sync();
        synced.map_err(|error| Error::io("sync", &self.tmp, error))
    }

    /// Writes the rest and makes everything durable.
    pub(crate) fn finish(mut self) -> Result<Written<'d>, Error> {
        self.end_block()?;
        self.end_filter();
        self.directory.at.push(self.blocks.end());
        let keys = self.directory.keys;
        if self.directory.first.len() as u64 != blocks_of(keys)
            || self.filters.end() != blocks_at(keys)
        {
            let problem = "not as many keys as were announced".to_owned();
            return Err(Error::Corrupt {
                path: self.tmp.clone(),
                offset: 0,
                problem,
            });
        }
        let encoded = self.directory.encode();
        let bytes = self.blocks.end() + encoded.len() as u64;
        self.blocks.bytes.extend_from_slice(&encoded);
        self.flush(0)?;
        let header = self.file.write_at(&directory::header(self.kind, keys), 0);
        header.map_err(|error| Error::io("write", &self.tmp, error))?;
        self.sync()?;
        let sha256 =
            sha256(&*self.file, bytes).map_err(|error| Error::io("read", &self.tmp, error))?;
        self.finished = true;
        Ok(Written {
            dir: self.dir,
            tmp: std::mem::take(&mut self.tmp),
            file: Arc::clone(&self.file),
            kind: self.kind,
            directory: std::mem::replace(&mut self.directory, Directory::new(0)),
            bytes,
            sha256,
            named: false,
        })
    }
}

impl Drop for RunWriter<'_> {
    fn drop(&mut self) {
        if !self.finished {
            let _ = self.dir.disk.remove(&self.tmp);
        }
    }
}

impl Stream {
    /// Where it will have been written to.
    fn end(&self) -> u64 {
        self.at + self.bytes.len() as u64
    }

    /// Adds a part, with its checksum before it.
    fn put(&mut self, fill: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        fill(&mut self.bytes);
        let crc = crc32c::crc32c(&self.bytes[start + 4..]);
        self.bytes[start..start + 4].copy_from_slice(&crc.to_le_bytes());
    }
}

impl Written<'_> {
    /// Gives the file its name, `path`, and says what the manifest is to say of it. The
    /// directory is not synced yet.
    pub(crate) fn name(
        mut self,
        path: &Path,
        file: u64,
        arrived: (i32, i32),
    ) -> Result<(KeyRun, Run), Error> {
        let renamed = self.dir.disk.rename(&self.tmp, path);
        renamed.map_err(|error| Error::io("rename", path, error))?;
        self.named = true;
        let directory = std::mem::replace(&mut self.directory, Directory::new(0));
        let named = KeyRun {
            file,
            kind: self.kind,
            keys: directory.keys,
            bytes: self.bytes,
            sha256: self.sha256,
            arrived,
        };
        let run = Run::new(file, path.to_owned(), Arc::clone(&self.file), directory);
        Ok((named, run))
    }
}

impl Drop for Written<'_> {
    fn drop(&mut self) {
        if !self.named {
            let _ = self.dir.disk.remove(&self.tmp);
        }
    }
}

/// The hash of a file that was not written from front to back.
fn sha256(file: &dyn DiskFile, bytes: u64) -> std::io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut part = vec![0; KEY_WRITE_BYTES];
    let mut at = 0;
    while at < bytes {
        let n = (bytes - at).min(part.len() as u64) as usize;
        let n = file.read_at(&mut part[..n], at)?;
        if n == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        hash.update(&part[..n]);
        at += n as u64;
    }
    Ok(hash.finalize().into())
}
