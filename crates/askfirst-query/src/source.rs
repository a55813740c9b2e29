//! What the executor reads: sealed segments and the rows not sealed yet, through one interface.

use arrow_array::RecordBatch;

use crate::calendar::Day;
use crate::error::Error;

/// Batches of a part, one after another.
pub type Batches<'a> = Box<dyn Iterator<Item = Result<RecordBatch, Error>> + 'a>;

/// One segment, or the unsealed rows of a project.
pub trait Part: Sync {
    /// Days its corrected times lie in: no row is outside them, though they may be wider than the rows.
    fn days(&self) -> (Day, Day);

    /// Whether it may have rows of this event.
    fn has(&self, event: &str) -> bool;

    /// Its rows, or those of one event. Columns that it does not have may be left out or all null.
    ///
    /// # Errors
    /// [`Error::Store`] for what could not be read.
    fn scan<'a>(&'a self, columns: &[&str], event: Option<&str>) -> Result<Batches<'a>, Error>;
}
