//! askfirst-collector

mod config;
pub mod decode;
mod error;
mod gates;
pub mod identity;
mod ingest;
pub mod logline;
pub mod policy;
mod refusal;
mod serve;
pub mod time;

pub use config::{Config, Limits};
pub use error::Error;
pub use gates::Gates;
pub use ingest::{Ingest, Line, Taken};
pub use refusal::Refusal;
pub use serve::{Started, serve, signals};
