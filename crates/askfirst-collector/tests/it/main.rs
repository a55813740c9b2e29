//! The collector over real sockets on loopback, with the clock in the test's hand.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

mod acceptance;
mod bodies;
mod client;
mod forget;
mod limits;
mod lines;
mod operator;
mod pages;
mod promises;
mod rejection;
mod replay;
mod served;
mod starting;
