//! Where admitted events live: a write-ahead log, Parquet segments, one manifest.

pub mod clock;
mod codec;
mod dedup;
mod dir;
pub mod disk;
mod error;
mod hex;
mod import;
mod keys;
mod lines;
mod manifest;
mod options;
mod outcome;
pub mod policy;
mod project;
mod row;
mod segment;
mod shape;
mod snapshot;
mod store;
mod tally;
pub mod testing;
mod wal;

pub use clock::{Clock, SystemClock};
pub use disk::{Disk, DiskFile, LockGuard, RealDisk};
pub use error::{AppendError, Error};
pub use import::{Imported, Importer, LineKey, Pushed};
pub use options::{Limits, Options};
pub use outcome::{Note, Outcome, Reason};
pub use project::{Key, OldKeys, ProjectInfo};
pub use row::{Appended, Batch, Consent, ProjectId, Row};
pub use segment::{Origin, Scan, Segment};
pub use snapshot::{ProjectView, Snapshot};
pub use store::{Done, Health, Store};
pub use tally::Tally;
