//! The manifest: what exists (decision D16). The bytes are described in
//! `docs/formats/manifest.md`.

mod counts;
mod file;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::belief::Belief;
use crate::erasure::tombstones::Erasure;
use crate::hex;
use crate::project::{ProjectInfo, Retention};
use crate::recorded::Recorded;
use crate::row::ProjectId;
use crate::segment::Origin;
use crate::tally::Tally;
use crate::wal::Position;
use crate::wal::frame::FILE_HEADER;

pub(crate) use file::{commit, commit_first, parse, read};

/// The newest format version of a data directory that is read. Version 1 is written as long as
/// nothing was ever erased: then an earlier program can read it, too.
pub(crate) const VERSION: u32 = 2;

/// Everything that exists, at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) generation: u64,
    pub(crate) stamp_ms: i64,
    pub(crate) clock: Belief,
    pub(crate) wal: Position,
    pub(crate) next_project: u32,
    pub(crate) next_file: u64,
    pub(crate) projects: Vec<Project>,
}

/// A project and what it has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Project {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) created_ms: i64,
    pub(crate) retention: Retention,
    pub(crate) simulated: Option<u64>,
    #[serde(with = "hex::list32")]
    pub(crate) keys: Vec<[u8; 32]>,
    #[serde(with = "hex::bytes32")]
    pub(crate) salt: [u8; 32],
    pub(crate) next_seq: u64,
    #[serde(with = "counts")]
    pub(crate) tally: Tally,
    pub(crate) recorded: Recorded,
    /// Rows deleted because they had expired.
    pub(crate) expired: u64,
    pub(crate) segments: Vec<SegmentFile>,
    pub(crate) key_runs: Vec<KeyRun>,
    /// What was asked to be erased; since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) erasure: Option<Erasure>,
}

/// A sealed file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SegmentFile {
    pub(crate) file: u64,
    pub(crate) origin: Origin,
    pub(crate) level: u8,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    #[serde(with = "hex::bytes32")]
    pub(crate) sha256: [u8; 32],
    pub(crate) days: (i32, i32),
    pub(crate) arrived: (i32, i32),
    /// The first day on which every row of it has expired.
    pub(crate) expires: i32,
    #[serde(with = "hex::list32")]
    pub(crate) catalogs: Vec<[u8; 32]>,
    pub(crate) events: Vec<(String, u64)>,
}

/// A file of keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyRun {
    pub(crate) file: u64,
    pub(crate) kind: RunKind,
    pub(crate) keys: u64,
    pub(crate) bytes: u64,
    #[serde(with = "hex::bytes32")]
    pub(crate) sha256: [u8; 32],
    pub(crate) arrived: (i32, i32),
}

/// What the keys of a run are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RunKind {
    Received,
    Lines,
}

impl Manifest {
    /// Of a directory without a project.
    pub(crate) fn new() -> Manifest {
        Manifest {
            generation: 0,
            stamp_ms: 0,
            clock: Belief::NONE,
            wal: Position {
                file: 1,
                offset: FILE_HEADER as u64,
            },
            next_project: 1,
            next_file: 1,
            projects: Vec::new(),
        }
    }

    /// The version whose readers understand it: an earlier one would show what is erased.
    pub(crate) fn version(&self) -> u32 {
        let erases = self.projects.iter().any(|it| it.erasure.is_some());
        if erases { 2 } else { 1 }
    }

    pub(crate) fn project(&self, id: ProjectId) -> Option<&Project> {
        self.projects.iter().find(|it| it.id == id.0)
    }

    pub(crate) fn project_mut(&mut self, id: ProjectId) -> Option<&mut Project> {
        self.projects.iter_mut().find(|it| it.id == id.0)
    }

    /// A number for a new file.
    pub(crate) fn take_file(&mut self) -> u64 {
        self.next_file += 1;
        self.next_file - 1
    }
}

impl Project {
    pub(crate) fn id(&self) -> ProjectId {
        ProjectId(self.id)
    }

    pub(crate) fn info(&self) -> ProjectInfo {
        ProjectInfo {
            id: self.id(),
            name: self.name.clone(),
            host: self.host.clone(),
            created_ms: self.created_ms,
            key_sha256: self.keys.clone(),
            salt: self.salt,
            retention: self.retention,
            simulated: self.simulated,
        }
    }

    /// The numbers of every file it has.
    pub(crate) fn files(&self) -> BTreeSet<u64> {
        let segments = self.segments.iter().map(|it| it.file);
        segments
            .chain(self.key_runs.iter().map(|it| it.file))
            .collect()
    }
}

impl SegmentFile {
    /// Each event and its rows.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (&str, Range<u64>)> + '_ {
        self.events.iter().scan(0, |at, (name, rows)| {
            let range = *at..*at + rows;
            *at = range.end;
            Some((name.as_str(), range))
        })
    }
}
