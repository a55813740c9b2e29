//! What comes in: admitted events as rows, many of them in a batch.

use askfirst_catalog::{Common, EventId, PropertyId, Value};

use crate::tally::Tally;

/// A project of one data directory. Never given to another project, even after removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectId(pub u32);

/// What is known about the sender's agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consent {
    /// It carries our SDK's catalog property, which is only sent after a yes.
    Agreed,
    /// A sender that shows nothing: an unmodified PostHog SDK.
    Unknown,
    /// A line of an existing log.
    Imported,
}

impl Consent {
    /// Every state, in the order reports list them.
    pub const ALL: [Consent; 3] = [Consent::Agreed, Consent::Unknown, Consent::Imported];

    /// The word in column `consent`.
    pub fn name(self) -> &'static str {
        match self {
            Consent::Agreed => "agreed",
            Consent::Unknown => "unknown",
            Consent::Imported => "imported",
        }
    }
}

/// One admitted event of one project.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// When the sender says it happened, in milliseconds UTC, uncorrected: it is part of the
    /// event's identity and the same at every attempt (decision D25).
    pub ts: i64,
    /// Seconds to add to `ts` to get the corrected time; 0 within a minute.
    pub skew_s: i32,
    /// The event, of the store's current catalog.
    pub event: EventId,
    /// The install, or none for events that show no usable one.
    pub install: Option<[u8; 16]>,
    /// What is known about the sender's agreement.
    pub consent: Consent,
    /// What our SDK adds. Its `seq` is kept for [`Consent::Agreed`] only; other rows get the
    /// order in which the project received them.
    pub common: Common,
    /// The admitted values, of the store's current catalog, each property once.
    pub values: Vec<(PropertyId, Value)>,
    /// 64 bits that, with project and `ts`, tell this event from every other (D9). Not used
    /// by imports, which have keys of their own (D18).
    pub key: u64,
}

/// Rows of one project that arrived together, with what happened to their neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Whose they are.
    pub project: ProjectId,
    /// When they arrived, in milliseconds UTC: [`Store::now_ms`](crate::Store::now_ms). The
    /// store never goes back behind a time it has stamped before (D34).
    pub received_ms: i64,
    /// The accepted events.
    pub rows: Vec<Row>,
    /// Outcomes of the events that are not in `rows`, and notes on those that are. The store
    /// adds `accepted` and `duplicate` itself.
    pub tally: Tally,
}

/// What became of a batch that is safely on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Appended {
    /// Rows stored.
    pub accepted: u64,
    /// Rows that had been stored before.
    pub duplicates: u64,
}
