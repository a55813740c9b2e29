//! The write-ahead log: what was acknowledged and is not in a segment yet.
//!
//! The bytes are described in `docs/formats/wal.md`. [`record`] turns rows into payloads and
//! back, [`frame`] puts payloads into files and finds them again, [`log`] appends to the
//! newest file, and [`recover`] reads what an earlier process left.

pub(crate) mod frame;
pub(crate) mod log;
pub(crate) mod record;
pub(crate) mod recover;

use std::sync::Arc;

use crate::row::ProjectId;

/// A place in the log: everything before it is meant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    pub(crate) file: u64,
    pub(crate) offset: u64,
}

/// A record in a [`Group`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) project: ProjectId,
    pub(crate) rows: u32,
    /// Of the payload, in the group's bytes.
    pub(crate) start: usize,
    pub(crate) len: usize,
}

/// Records that became durable together, in their encoded form: at 60 to 100 bytes a row it
/// is the smallest form there is, and they are decoded only when they are sealed or read.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) bytes: Vec<u8>,
    pub(crate) entries: Vec<Entry>,
    /// Where the log goes on.
    pub(crate) end: Position,
    /// When the first of them was received.
    pub(crate) received_ms: i64,
}

impl Group {
    pub(crate) fn rows(&self) -> u64 {
        self.entries.iter().map(|it| u64::from(it.rows)).sum()
    }

    /// The payloads of one project, in order.
    pub(crate) fn payloads(&self, project: ProjectId) -> impl Iterator<Item = &[u8]> {
        let mine = self.entries.iter().filter(move |it| it.project == project);
        mine.map(|it| &self.bytes[it.start..it.start + it.len])
    }
}

/// Groups waiting to be sealed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unsealed {
    pub(crate) groups: Vec<Arc<Group>>,
    pub(crate) rows: u64,
}

impl Unsealed {
    pub(crate) fn push(&mut self, group: Arc<Group>) {
        self.rows += group.rows();
        self.groups.push(group);
    }

    pub(crate) fn append(&mut self, mut other: Unsealed) {
        self.rows += other.rows;
        self.groups.append(&mut other.groups);
    }

    /// When the first row or count in it was received.
    pub(crate) fn since_ms(&self) -> Option<i64> {
        self.groups.first().map(|group| group.received_ms)
    }
}
