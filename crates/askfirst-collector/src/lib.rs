//! The collector: takes events over HTTP the way PostHog does, or from an existing analytics
//! log, and keeps of them what the catalog admits.
//!
//! # One event's way through, and where it can end
//!
//! ```text
//! connection ──▶ http::connections     too many: waits. Head or body too slow: closed, or 408
//!   request  ──▶ http::doors, routes   unknown path 404, other method 405; CORS on every reply
//!   body     ──▶ http::body   LIMIT    too large 413, no memory left 503; read to its end anyway
//!            ──▶ decode       DECODE   no gzip, form, UTF-8, JSON: 400; other compression: 415
//!            ──▶ steps        AUTHENTICATE  no key, two keys, a key no project has: 401
//!   event    ──▶ ingest       ADMIT    one event's own end, its neighbours go on, the reply is 200:
//!                                      invalid: not_an_object, no_event_name, no_distinct_id, ...
//!                                      filtered: too_old, unknown_event, class_off, expired, ...
//!            ──▶ ingest       REDACT   ids replaced, clock corrected: nothing ends here
//!   rows     ──▶ store        DEDUPLICATE   duplicate
//!            ──▶ store        WRITE    no room, disk failed: 503 and none of the batch is stored
//!   200      ◀── after the write is on disk
//! ```
//!
//! Every event that gets as far as *admit* gets exactly one outcome with one reason, counted by
//! project and day ([`askfirst_store::Tally`]). A line of a log enters at *admit* through
//! [`Ingest::import_line`], so that the two ways in cannot disagree.
//!
//! On a loopback address a browser is shown the reports: see the `pages` module.
//!
//! Whoever shows a forget key to `POST /forget` has what was sent under its id erased, and gets a
//! receipt that [the collector's key](receipt_key) signs.
//!
//! # What is kept of a sender
//!
//! No address: what `accept` returns is dropped on the spot. No `distinct_id` and no event id
//! that is not random: see [`identity`]. No value the catalog does not admit: replies and errors
//! hold none, and there is no request log.
//!
//! # Starting one
//!
//! [`serve`] blocks until it is told to stop, then finishes the requests at hand, seals and
//! closes the store. The operator's endpoints are described in `docs/formats/operator.md`.

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
mod pages;
pub mod policy;
mod receipts;
mod refusal;
mod serve;
mod steps;
pub mod time;

pub use config::{Config, Limits};
pub use error::Error;
pub use gates::Gates;
pub use ingest::{Ingest, Line, Taken};
pub use receipts::receipt_key;
pub use refusal::Refusal;
pub use serve::{Started, serve, signals};
