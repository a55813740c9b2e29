//! The SDK: opt-in, anonymous analytics inside somebody else's tool.
//!
//! Nothing is collected until a person has answered yes. Whether that is so is decided once
//! at the start, by a [pure function](consent::decide) from what is stored, typed, configured
//! and around, to a [`Verdict`](consent::Verdict) that names the row of the decision table
//! which decided. Unknown or unreadable means off.
#![warn(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

pub mod consent;
mod policy;
