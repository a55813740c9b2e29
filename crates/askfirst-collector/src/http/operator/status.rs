//! `GET /operator/status`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::collector::Collector;
use crate::http::health::word;
use crate::http::reply::{Reply, value};

#[derive(Debug, Serialize)]
struct Status {
    health: &'static str,
    started_ms: i64,
    replies: BTreeMap<u16, u64>,
}

pub(crate) async fn show(State(collector): State<Arc<Collector>>) -> Reply {
    let status = Status {
        health: word(&collector.store.health()),
        started_ms: collector.started_ms,
        replies: collector.replies.all(),
    };
    value(StatusCode::OK, &status)
}
