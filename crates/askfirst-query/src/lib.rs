//! Questions and named reports over what a project has stored.
//!
//! The way of one event through this crate, with every place where it can be left out:
//!
//! 1. [`run`] is handed a view of one project; an event of another project cannot be in it.
//! 2. A segment ([`source::Part`]) none of whose days the period touches is not read.
//! 3. Of the others only the rows of the report's events are read, and only the columns it needs.
//! 4. A row is left out if its corrected time is outside the period, or if it fails a filter. A row
//!    that does not carry the filtered property is left out too, and counted: the caveat names it.
//! 5. What remains is put into groups and measured ([`question`]). A row without an install id
//!    counts as an event, never as an install; the caveat says how many there are.
//! 6. A report ([`reports`]) makes an [`answer::Answer`]: tables with the sentences that say what they
//!    count. Rows past `top` are shown as one row with their sum.
//! 7. [`render`] turns the answer into text for a terminal, `awk`, CSV or JSON.
//!
//! Everything is computed from codes of dictionaries and dense install numbers in one pass over Arrow
//! arrays; sums are exact ([`i128`]), quantiles are defined on fixed buckets ([`Histogram`]), and every
//! order is total, so any other executor must give the same answer to the last digit.

pub mod answer;
pub mod calendar;
mod error;
pub mod filters;
mod histogram;
pub mod policy;
mod project;
pub mod question;
mod reader;
pub mod render;
pub mod reports;
mod scan;
pub mod sequence;
pub mod source;
pub mod testing;

pub use error::Error;
pub use filters::Filters;
pub use histogram::Histogram;
pub use project::{run, run_until};
pub use reader::{Found, Reader};
pub use scan::{Bitset, Cell, Group, Grouped};
