//! The store as its callers see it.

mod append;
mod crash;
mod rows;
