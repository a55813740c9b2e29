//! What can go wrong, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::row::ProjectId;

/// An error of the store. Its message names the path or entry; [`Error::remedy`] says what
/// an operator can do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process writes to the data directory.
    #[error("{} is in use by another process", .path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// There is no store in the directory.
    #[error("{} holds no data yet", .path.display())]
    NoData {
        /// The data directory.
        path: PathBuf,
    },
    /// Something of a store is there, but not the manifest that says what.
    #[error("{} has data but no MANIFEST", .path.display())]
    NoManifest {
        /// The data directory.
        path: PathBuf,
    },
    /// The directory was written by a newer version.
    #[error("{} has format version {found}, this program reads up to {known}", .path.display())]
    NewerVersion {
        /// The file that says so.
        path: PathBuf,
        /// Its format version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// A file the manifest names is not there, or has another size.
    #[error("{} is named by the manifest, but {problem}", .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A file does not hold what was written.
    #[error("{} is damaged at byte {offset}: {problem}", .path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What is wrong there.
        problem: String,
    },
    /// A stored catalog cannot be read.
    #[error("the stored catalog {} cannot be read: {problem}", .path.display())]
    Catalog {
        /// The file.
        path: PathBuf,
        /// The first problem found in it.
        problem: String,
    },
    /// A property has another kind than in the data already stored (decision D27).
    #[error("property column {column} holds {stored}, the catalog now says {now}")]
    ColumnChanged {
        /// The column.
        column: String,
        /// What is stored.
        stored: &'static str,
        /// What the catalog says.
        now: &'static str,
    },
    /// No project has this number.
    #[error("there is no project {}", .0.0)]
    UnknownProject(ProjectId),
    /// A project of this name exists.
    #[error("there is a project {name:?} already")]
    ProjectExists {
        /// The name.
        name: String,
    },
    /// A project cannot have this name.
    #[error("{name:?} cannot be the name of a project")]
    ProjectName {
        /// The name.
        name: String,
    },
    /// Events may not be kept as long as that, or as short.
    #[error("{problem}")]
    Retention {
        /// How long they may be kept, and who says so.
        problem: String,
    },
    /// The key already leads to another project.
    #[error("the key belongs to another project")]
    KeyTaken,
    /// A project was asked to erase more often in this hour than it may be.
    #[error("too many requests to erase in this hour")]
    ForgetLater,
    /// A project remembers as many erased ids as it may.
    #[error("no more ids can be erased until earlier ones are done with")]
    TombstonesFull,
    /// Another import into the same project is running.
    #[error("an import into project {} is already running", .0.0)]
    ImportRunning(ProjectId),
    /// A row was not made with the store's catalog.
    #[error("a row was not made with the store's catalog: {fault}")]
    ForeignRow {
        /// What does not fit.
        fault: &'static str,
    },
    /// The disk is full. Nothing was lost; the same call works once there is room.
    #[error("no space left for {}", .path.display())]
    DiskFull {
        /// What could not be written.
        path: PathBuf,
    },
    /// The store stopped after an error of the disk (decision D20).
    #[error("the store stopped: {reason}")]
    Stopped {
        /// The first error.
        reason: String,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The writer committed faster than this reader could read.
    #[error("{} changed while it was being read", .path.display())]
    Changing {
        /// The data directory.
        path: PathBuf,
    },
    /// The system's random source failed.
    #[error("no random numbers from the system: {0}")]
    Random(String),
    /// Parquet could not be written or read.
    #[error("{}: {source}", .path.display())]
    Parquet {
        /// The segment.
        path: PathBuf,
        /// The library's error.
        source: parquet::errors::ParquetError,
    },
    /// Arrow arrays could not be put together.
    #[error("{}: {source}", .path.display())]
    Arrow {
        /// The segment.
        path: PathBuf,
        /// The library's error.
        source: arrow_schema::ArrowError,
    },
    /// Anything else the system refused.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried: `open`, `sync`.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl Error {
    /// An error of the system; a full disk is told apart.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Error {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull { path },
            _ => Error::Io {
                action,
                path,
                source,
            },
        }
    }

    /// Whether a file was not found, which for a reader means: look at the manifest again.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// What an operator can do, where there is something: a sentence for the terminal.
    pub fn remedy(&self) -> Option<&'static str> {
        Some(match self {
            Error::InUse { .. } => {
                "Stop the other `askfirst`, or give each its own data directory (--data)."
            }
            Error::NoData { .. } => {
                "Check the path, or make a first project: askfirst project add NAME --host PROFILE."
            }
            Error::NoManifest { .. } => {
                "Restore MANIFEST from a backup (MANIFEST.prev is the one before), \
                 or choose an empty directory."
            }
            Error::NewerVersion { .. } => {
                "Use the version of askfirst that wrote it, or a newer one."
            }
            Error::Missing { .. } | Error::Corrupt { .. } => {
                "Nothing was changed. Restore the data directory from a backup; \
                 copy it first, so that nothing more can be lost."
            }
            Error::Catalog { .. } => "Use the version of askfirst that wrote it.",
            Error::ColumnChanged { .. } => {
                "A property keeps its kind for ever: give the new meaning a new name."
            }
            Error::ProjectExists { .. } => "Choose another name, or rotate the project's key.",
            Error::ProjectName { .. } => {
                "A name has 1 to 64 letters, digits, '-', '_' or '.', and starts with a letter or digit."
            }
            Error::Retention { .. } => {
                "Name fewer days; imported events, which nobody was told about, may be kept longer."
            }
            Error::ImportRunning(_) => "Wait for it to end.",
            Error::ForgetLater => "Try again in an hour.",
            Error::TombstonesFull => {
                "Tombstones go when no file holds a row of their time any more: shorten the \
                 retention, or wait."
            }
            Error::DiskFull { .. } => "Free some space; the store goes on by itself.",
            Error::Stopped { .. } => {
                "Look at the disk (dmesg), then start again: what was acknowledged is on it."
            }
            Error::Changing { .. } => "Try again.",
            Error::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "Let the user who runs askfirst own the data directory, or choose another (--data)."
            }
            _ => return None,
        })
    }
}

/// Why a batch was not taken. In every case none of it counts as stored, and sending it
/// again later is safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// Sealing or syncing is behind: answer 503 and let the sender retry.
    #[error("the store is behind")]
    Busy,
    /// The disk is full (decision D21): answer 503; the store recovers by itself.
    #[error("the disk is full")]
    DiskFull,
    /// The disk failed (decision D20): no append will succeed until a restart.
    #[error("the store stopped: {reason}")]
    Stopped {
        /// The first error.
        reason: String,
    },
    /// The project was removed, or never existed.
    #[error("there is no such project")]
    UnknownProject,
    /// A row was not made with the store's catalog.
    #[error("a row was not made with the store's catalog: {fault}")]
    ForeignRow {
        /// What does not fit.
        fault: &'static str,
    },
    /// The store is being closed.
    #[error("the store is closed")]
    Closed,
}
