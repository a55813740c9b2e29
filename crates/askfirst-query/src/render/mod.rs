//! What an [`Answer`](crate::answer::Answer) looks like: for people on a terminal, one row a line for `awk`, CSV and
//! JSON for programs. Pure functions; nothing here prints or asks what the terminal can do.

mod cell;
mod change;
mod csv;
mod figures;
mod json;
mod layout;
mod marks;
mod names;
pub mod number;
mod plain;
mod style;
mod terminal;
mod wrap;

pub use cell::cell;
pub use change::change;
pub use csv::csv;
pub use json::json;
pub use marks::{bar, spark};
pub use plain::{caveats, plain};
pub use style::Style;
pub use terminal::terminal;
