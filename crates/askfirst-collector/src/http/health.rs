//! Whether events can be taken.

use std::sync::Arc;

use askfirst_store::Health;
use axum::extract::State;
use axum::http::StatusCode;

use super::reply::{Reply, json, refused, text};
use crate::collector::Collector;
use crate::refusal::Refusal;

/// 200 when an event sent now would be stored, else 503.
pub(super) async fn ready(State(collector): State<Arc<Collector>>) -> Reply {
    match collector.store.health() {
        Health::Good => json(StatusCode::OK, r#"{"status":"ok"}"#.to_owned()),
        _ => refused(Refusal::Busy),
    }
}

/// 200 as long as there is anybody to answer.
pub(super) async fn alive() -> Reply {
    json(StatusCode::OK, r#"{"status":"ok"}"#.to_owned())
}

/// What PostHog's capture server answers at `/`.
pub(super) async fn name() -> Reply {
    text("capture")
}

/// The word for a store's health.
pub(super) fn word(health: &Health) -> &'static str {
    match health {
        Health::Good => "good",
        Health::DiskFull => "disk_full",
        Health::Stopped { .. } => "stopped",
        _ => "closed",
    }
}
