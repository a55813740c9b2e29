//! The scanning executor: one pass over the segments, in parallel by segment, on dictionary codes and dense install
//! numbers instead of texts and ids.
//!
//! A batch of rows goes through these steps: `select` keeps the rows of the period that pass the filters, `columns`
//! turns what the question names into codes and numbers, `keyer` and `groups` find each row's group, `tally` adds the row to the
//! group's measures. `workers` hands segments to threads and `grouped` puts their results together; codes are shared
//! by all threads (`codes`), so that is addition.

mod alike;
mod bitset;
mod codes;
mod columns;
mod grouped;
mod groups;
mod hashing;
mod installs;
mod keyer;
mod known;
mod select;
mod tally;
mod visitor;
mod workers;

pub(crate) use alike::Alike;
pub use bitset::Bitset;
pub(crate) use codes::{Codes, NONE};
pub(crate) use columns::{Chunk, Remap, dictionary, each_code, numbers, texts};
pub(crate) use grouped::Merged;
pub use grouped::{Cell, Group, Grouped};
pub(crate) use hashing::Seeded;
pub(crate) use installs::Installs;
pub(crate) use keyer::{Names, Starts, Texts};
pub(crate) use visitor::GroupVisitor;
pub(crate) use workers::{Needs, Visitor, scan, shared_out};
