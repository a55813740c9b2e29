//! Who may come in by which address, and what every reply gets on its way out.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use tower_service::Service as _;

use super::body;
use super::cors::Asked;
use super::operator::Guard;
use super::reply::{Reply, json, refused};
use super::routes;
use crate::collector::Collector;
use crate::pages::Pages;
use crate::refusal::Refusal;

/// What one address serves.
#[derive(Clone)]
pub(crate) struct Door {
    collector: Arc<Collector>,
    public: Option<Router>,
    operator: Option<(Router, Arc<Guard>)>,
    pages: Option<Arc<Pages>>,
}

impl Door {
    /// Ingest and health: for any address.
    pub(crate) fn public(collector: &Arc<Collector>) -> Door {
        let public = routes::public(collector);
        Door {
            collector: Arc::clone(collector),
            public: Some(public),
            operator: None,
            pages: None,
        }
    }

    /// The operator's endpoints and the pages: for loopback alone.
    pub(crate) fn operator(collector: &Arc<Collector>, guard: Guard) -> Door {
        let pages = Arc::new(Pages::new(collector));
        let operator = routes::operator(collector);
        let operator = Some((operator, Arc::new(guard)));
        Door {
            collector: Arc::clone(collector),
            public: None,
            operator,
            pages: Some(pages),
        }
    }

    /// Both: for a loopback address.
    pub(crate) fn and(self, other: Door) -> Door {
        Door {
            public: self.public.or(other.public),
            operator: self.operator.or(other.operator),
            pages: self.pages.or(other.pages),
            ..self
        }
    }

    /// Answers one request.
    pub(crate) async fn answer(self, request: Request<Body>) -> Reply {
        let for_operator = request.uri().path().starts_with("/operator/");
        let collector = Arc::clone(&self.collector);
        let pages = self.pages.as_ref();
        if let Some(pages) = pages.filter(|pages| !for_operator && pages.own(&request)) {
            let (request, body) = request.into_parts();
            let reply = pages.answer(&request).await;
            collector.replies.count(reply.status().as_u16());
            body::discard(&collector, body).await;
            return reply;
        }
        let nothing = pages.and_then(|pages| pages.nothing(&request));
        let reply = match (self.operator, self.public) {
            (Some((router, guard)), _) if for_operator => match guard.check(request.headers()) {
                Ok(()) => through(router, request).await,
                Err(refusal) => turned_away(&collector, request, refusal).await,
            },
            (_, Some(router)) => from_anywhere(router, request).await,
            (_, None) => turned_away(&collector, request, Refusal::NotFound).await,
        };
        let reply = match nothing {
            Some(page) if reply.status() == StatusCode::NOT_FOUND => page,
            _ => reply,
        };
        collector.replies.count(reply.status().as_u16());
        reply
    }
}

/// A reply a browser may read, whatever it says.
async fn from_anywhere(router: Router, request: Request<Body>) -> Reply {
    let asked = Asked::by(request.headers());
    let mut reply = if request.method() == Method::OPTIONS {
        json(StatusCode::OK, r#"{"status":"Ok"}"#.to_owned())
    } else {
        through(router, request).await
    };
    asked.answer(reply.headers_mut());
    reply
}

async fn through(mut router: Router, request: Request<Body>) -> Reply {
    match router.call(request).await {
        Ok(reply) => reply,
        Err(never) => match never {},
    }
}

async fn turned_away(collector: &Collector, request: Request<Body>, why: Refusal) -> Reply {
    body::discard(collector, request.into_body()).await;
    refused(why)
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door")
            .field("public", &self.public.is_some())
            .field("operator", &self.operator.is_some())
            .finish_non_exhaustive()
    }
}
