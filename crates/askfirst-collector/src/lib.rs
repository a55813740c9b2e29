//! askfirst-collector

mod collector;
mod config;
pub mod decode;
mod error;
mod gates;
mod http;
pub mod identity;
mod imports;
mod ingest;
pub mod logline;
pub mod policy;
mod refusal;
mod serve;
mod steps;
pub mod time;

pub use config::{Config, Limits};
pub use error::Error;
pub use gates::Gates;
pub use ingest::{Ingest, Line, Taken};
pub use refusal::Refusal;
pub use serve::{Started, serve, signals};
