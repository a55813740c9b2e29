//! The store as its callers see it.

#![expect(
    clippy::unwrap_used,
    reason = "a test says by panicking what went wrong"
)]

mod append;
mod beside;
mod crash;
mod damage;
mod erasure;
mod keys;
mod limits;
mod meddle;
mod merging;
mod projects;
mod readers;
mod recorded;
mod retention;
mod rows;
mod verify;
