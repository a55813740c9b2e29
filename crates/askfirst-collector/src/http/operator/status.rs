//! `GET /operator/status`.

use std::collections::BTreeMap;
use std::sync::Arc;

use askfirst_store::Doubt;
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
    clock_doubted: Option<Doubted>,
}

/// Why the clock is not gone by (decision D34).
#[derive(Debug, Serialize)]
struct Doubted {
    clock_ms: i64,
    believed_ms: i64,
    stamped_ms: i64,
    files_held_back: u64,
}

impl Doubted {
    fn of(doubt: Doubt) -> Doubted {
        Doubted {
            clock_ms: doubt.clock_ms,
            believed_ms: doubt.believed_ms,
            stamped_ms: doubt.stamped_ms,
            files_held_back: doubt.held_back,
        }
    }
}

pub(crate) async fn show(State(collector): State<Arc<Collector>>) -> Reply {
    let status = Status {
        health: word(&collector.store.health()),
        started_ms: collector.started_ms,
        replies: collector.replies.all(),
        clock_doubted: collector.store.doubt().map(Doubted::of),
    };
    value(StatusCode::OK, &status)
}
