//! What the executor reads: sealed segments and the rows not sealed yet, through one interface.

use std::ops::Range;

use arrow_array::RecordBatch;

use crate::calendar::Day;
use crate::error::Error;

/// Batches of a part, one after another.
pub type Batches<'a> = Box<dyn Iterator<Item = Result<RecordBatch, Error>> + 'a>;

/// One segment, or the unsealed rows of a project.
pub trait Part: Sync {
    /// Days its corrected times lie in: no row is outside them, though they may be wider than the rows.
    fn days(&self) -> (Day, Day);

    /// Its rows, or those of one event, in pieces that threads can share; none if it has no such rows.
    fn pieces(&self, event: Option<&str>) -> Vec<Range<u64>>;

    /// The rows of a piece. Columns that it does not have may be left out or all null.
    ///
    /// # Errors
    /// [`Error::Store`] for what could not be read.
    fn scan<'a>(&'a self, columns: &[&str], piece: Range<u64>) -> Result<Batches<'a>, Error>;

    /// Rows of an event that have a value, for each of these columns of properties, if it is known without
    /// reading them.
    ///
    /// # Errors
    /// [`Error::Store`] for what could not be read.
    fn values(&self, _event: &str, _columns: &[&str]) -> Result<Option<Vec<u64>>, Error> {
        Ok(None)
    }
}
