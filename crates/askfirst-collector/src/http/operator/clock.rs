//! `/operator/clock/accept`: the operator's word that this machine's clock is right (decision
//! D34).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::projects::beside;
use crate::collector::Collector;
use crate::http::reply::{Reply, value};

#[derive(Debug, Serialize)]
struct Accepted {
    now_ms: i64,
}

pub(crate) async fn accept(State(collector): State<Arc<Collector>>) -> Reply {
    beside(move || {
        collector.store.accept_clock()?;
        collector.store.expire_if_due()?;
        let now_ms = collector.store.now_ms();
        Ok(value(StatusCode::OK, &Accepted { now_ms }))
    })
    .await
}
