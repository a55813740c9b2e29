//! A question: which rows, put into which groups, measured how. A small value; `scan` answers it, and other
//! executors (summaries, ClickHouse) would answer it alike.

use crate::calendar::{Bucket, Day, Period};
use crate::source::Part;

/// Which rows a question is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Canonical event names; empty means every event.
    pub events: Vec<String>,
    /// By corrected time; `None` means all time.
    pub period: Option<Period>,
    /// All of these must hold.
    pub filters: Vec<Filter>,
}

impl Selection {
    /// Whether its period has all days from `first` to `last`.
    pub(crate) fn covers(&self, first: Day, last: Day) -> bool {
        let within = |period: Period| period.contains(first) && period.contains(last);
        self.period.is_none_or(within)
    }

    /// Whether it is about all rows that a part has of its events.
    pub(crate) fn takes_all(&self, part: &dyn Part) -> bool {
        let (first, last) = part.days();
        self.filters.is_empty() && self.covers(first, last)
    }
}

/// A text column must have one of these values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The stored column.
    pub column: String,
    /// Any of these.
    pub any: Vec<Allowed>,
}

/// A value a filter lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// This text.
    Exactly(String),
    /// This version, or one that continues it after a dot.
    Line(String),
}

/// One way to group and measure the selected rows. Several are answered in one pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What rows of a group have in common; at most two.
    pub by: Vec<Dimension>,
    /// Cuts every group by time as well.
    pub bucket: Option<Bucket>,
    /// What is computed for every group.
    pub measures: Vec<Measure>,
}

/// What rows of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// The value of a text column; rows without one form a group too.
    Text(String),
    /// The install.
    Install,
}

/// What is computed for a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Number of rows.
    Events,
    /// Sum of a whole-number column over the rows that have it.
    Sum(String),
    /// Rows that have the column.
    Present(String),
    /// Rows that do not have it.
    Absent(String),
    /// Rows where the column is there and zero.
    Zero(String),
    /// Distinct installs; rows without an install are in none.
    Installs,
    /// Distribution of a whole-number column over the rows that have it, on the buckets of D12.
    Quantiles(String),
    /// First and last corrected time.
    Span,
}
