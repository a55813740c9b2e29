//! May we? A pure function, and the table it is.
//!
//! [`decide`] takes an [`Input`] of plain values and gives a [`Verdict`]. It reads no file and
//! knows no clock; who calls it does. The table stands in
//! `decide.rs` as it stands in the documentation: read top-down, the first row that fits
//! decides. `docs/reference/consent.md` is printed from it.

mod decide;
mod every;
mod input;
mod reference;
mod verdict;

pub use decide::{Row, decide};
pub use input::{Choice, Draw, Flag, Input, Source};
pub use reference::reference;
pub use verdict::{Answer, Line, Store, Verdict};

#[cfg(test)]
mod tests;
