//! Charts as SVG, written by pure functions: the same marks stand in a page and in a standalone file.
//!
//! Two rules come from the pages' content security policy and from fluid widths:
//!
//! - No `style` attribute and no literal colour: everything is painted by class.
//! - In a page x is in percent and y in pixels, and the chart has no `viewBox`, so text keeps its size at
//!   every width. A standalone file uses pixels for both ([`Across`]).

pub mod figure;
mod marks;
pub mod scale;
pub mod spark;

pub use figure::{Figure, Mark, Part};
pub use scale::Across;
