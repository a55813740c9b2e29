//! What a store is opened with.

use std::sync::Arc;

use askfirst_catalog::Catalog;

use crate::clock::{Clock, SystemClock};
use crate::disk::{Disk, RealDisk};
use crate::policy;

/// What [`Store::open`](crate::Store::open) is handed.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it writes.
    pub disk: Arc<dyn Disk>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The catalog that rows are admitted by.
    pub catalog: Arc<Catalog>,
    /// How much may wait, and how long.
    pub limits: Limits,
    /// Whether a thread seals and makes WAL files ready by itself. Tests that count what is
    /// done to a disk say no, and call [`Store::seal_if_due`](crate::Store::seal_if_due).
    pub background: bool,
}

impl Options {
    /// The machine's disk and clock, and the limits of [`policy`].
    pub fn new(catalog: Arc<Catalog>) -> Options {
        Options {
            disk: Arc::new(RealDisk),
            clock: Arc::new(SystemClock),
            catalog,
            limits: Limits::default(),
            background: true,
        }
    }
}

/// How much may wait, and how long. The defaults are those of [`policy`], with the reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// [`policy::SEAL_ROWS`].
    pub seal_rows: u64,
    /// [`policy::SEAL_AFTER_MS`].
    pub seal_after_ms: i64,
    /// [`policy::UNSYNCED_BYTES`].
    pub unsynced_bytes: usize,
    /// [`policy::WAL_FILE_BYTES`].
    pub wal_file_bytes: u64,
    /// [`policy::FIRST_WAL_FILE_BYTES`].
    pub first_wal_file_bytes: u64,
    /// [`policy::MERGE_AT`]; at least 2.
    pub merge_at: usize,
    /// [`policy::DAY_ROWS`].
    pub day_rows: u64,
    /// [`policy::FILE_ROWS`].
    pub file_rows: u64,
    /// [`policy::LEVEL_0_FILES`].
    pub level_0_files: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            seal_rows: policy::SEAL_ROWS,
            seal_after_ms: policy::SEAL_AFTER_MS,
            unsynced_bytes: policy::UNSYNCED_BYTES,
            wal_file_bytes: policy::WAL_FILE_BYTES,
            first_wal_file_bytes: policy::FIRST_WAL_FILE_BYTES,
            merge_at: policy::MERGE_AT,
            day_rows: policy::DAY_ROWS,
            file_rows: policy::FILE_ROWS,
            level_0_files: policy::LEVEL_0_FILES,
        }
    }
}
