//! The doors: connections, the table of routes, and what is behind each.

mod body;
mod connections;
mod cors;
mod doors;
mod forget;
mod health;
mod operator;
mod reply;
mod routes;

pub(crate) use connections::{Listening, Stopping};
pub(crate) use doors::Door;
pub(crate) use operator::{Files, is_loopback};
pub(crate) use reply::Reply;
