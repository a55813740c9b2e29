//! Every path, in one table.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::{any, get, post};

use super::body;
use super::forget::forget;
use super::health::{alive, name, ready};
use super::operator::{clock, import, projects, status};
use super::reply::{Reply, refused, taken, taken_from_beacon};
use crate::collector::Collector;
use crate::decode::query_value;
use crate::refusal::Refusal;
use crate::steps::{self, Head, Received};

/// Paths that take events, each with and without a slash at its end: a redirect would lose the
/// batch (`posthog-protocol.md`, rule 5).
const EVENTS: [&str; 6] = [
    "/batch",
    "/i/v0/e",
    "/e",
    "/capture",
    "/track",
    "/i/v0/ai/batch",
];

/// The same, where an event may be without name.
const NAMELESS: [&str; 1] = ["/engage"];

/// Paths of PostHog's protocol that are not offered: every SDK goes on without them.
const NOT_OFFERED: [&str; 8] = [
    "/i/v1/analytics/events",
    "/i/v1/ai/events",
    "/flags",
    "/decide",
    "/s",
    "/array/{*rest}",
    "/static/{*rest}",
    "/flags/definitions",
];

/// What anyone may reach who reaches the address.
pub(super) fn public(collector: &Arc<Collector>) -> Router {
    let mut router = Router::new();
    for path in EVENTS.into_iter().chain(NAMELESS) {
        router = at(router, path, || {
            get(events).post(events).fallback(no_method)
        });
    }
    router = at(router, askfirst_receipt::Request::PATH, || {
        post(forget).fallback(no_method)
    });
    for path in NOT_OFFERED {
        router = at(router, path, || any(not_offered));
    }
    router
        .route("/", get(name))
        .route("/healthz", get(ready))
        .route("/readyz", get(ready))
        .route("/_readiness", get(ready))
        .route("/_liveness", get(alive))
        .method_not_allowed_fallback(no_method)
        .fallback(nothing)
        .with_state(Arc::clone(collector))
}

/// What only the operator may do (`docs/formats/operator.md`).
pub(super) fn operator(collector: &Arc<Collector>) -> Router {
    Router::new()
        .route("/operator/status", get(status::show))
        .route(
            "/operator/projects",
            get(projects::list).post(projects::add),
        )
        .route(
            "/operator/projects/{id}",
            axum::routing::delete(projects::remove),
        )
        .route("/operator/projects/{id}/rotate", post(projects::rotate))
        .route(
            "/operator/projects/{id}/retention",
            post(projects::retention),
        )
        .route("/operator/clock/accept", post(clock::accept))
        .route(
            "/operator/import",
            post(import::chunk).delete(import::give_up),
        )
        .method_not_allowed_fallback(no_method)
        .fallback(nothing)
        .with_state(Arc::clone(collector))
}

/// A path with and without a slash at its end.
fn at(
    router: Router<Arc<Collector>>,
    path: &str,
    route: impl Fn() -> axum::routing::MethodRouter<Arc<Collector>>,
) -> Router<Arc<Collector>> {
    let router = router.route(path, route());
    if path.contains('{') {
        router
    } else {
        router.route(&format!("{path}/"), route())
    }
}

/// Takes events: limit, then the steps of [`steps`].
async fn events(State(collector): State<Arc<Collector>>, request: Request) -> Reply {
    let (parts, body) = request.into_parts();
    let header = |name| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let head = Head {
        query: parts.uri.query().unwrap_or_default().to_owned(),
        content_type: header("content-type").map(str::to_owned),
        content_encoding: header("content-encoding").map(str::to_owned),
        nameless: NAMELESS.contains(&parts.uri.path().trim_end_matches('/')),
    };
    let beacon = query_value(&head.query, "beacon").as_deref() == Some(b"1");
    let steps = async {
        let (body, share) = body::read(&collector, body).await?;
        steps::run(&collector, Received { body, share, head }).await
    };
    match steps.await {
        Ok(()) if beacon => taken_from_beacon(),
        Ok(()) => taken(),
        Err(refusal) => refused(refusal),
    }
}

async fn not_offered(state: State<Arc<Collector>>, request: Request) -> Reply {
    without_reading(state, request, Refusal::NotOffered).await
}

async fn nothing(state: State<Arc<Collector>>, request: Request) -> Reply {
    without_reading(state, request, Refusal::NotFound).await
}

async fn no_method(state: State<Arc<Collector>>, request: Request) -> Reply {
    without_reading(state, request, Refusal::Method).await
}

async fn without_reading(
    State(collector): State<Arc<Collector>>,
    request: Request,
    refusal: Refusal,
) -> Reply {
    body::discard(&collector, request.into_body()).await;
    refused(refusal)
}
