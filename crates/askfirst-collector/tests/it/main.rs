//! The collector over real sockets on loopback, with the clock in the test's hand.

mod acceptance;
mod bodies;
mod client;
mod limits;
mod operator;
mod promises;
mod rejection;
mod replay;
mod served;
mod starting;
