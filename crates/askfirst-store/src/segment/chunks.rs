//! A [`DiskFile`] as the Parquet reader wants it.

use std::io::{BufReader, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::disk::DiskFile;

/// An open segment file.
#[derive(Debug, Clone)]
pub(super) struct Chunks {
    pub(super) file: Arc<dyn DiskFile>,
    pub(super) bytes: u64,
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(From {
            file: Arc::clone(&self.file),
            at: start,
        }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let mut bytes = vec![0; length];
        match self.file.read_at(&mut bytes, start)? {
            n if n == length => Ok(bytes.into()),
            _ => Err(ParquetError::EOF("the file is too short".to_owned())),
        }
    }
}

/// Reads on from a place in a file.
#[derive(Debug)]
pub(super) struct From {
    file: Arc<dyn DiskFile>,
    at: u64,
}

impl Read for From {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let n = self.file.read_at(bytes, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}
