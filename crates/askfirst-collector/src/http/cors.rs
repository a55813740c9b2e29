//! What browsers need to see on every reply, errors included, or the page's script never learns
//! the status (`posthog-protocol.md`, 7.8).

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, HeaderName, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue};

const REQUEST_PRIVATE: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// What of a request's headers its reply mirrors.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    origin: Option<HeaderValue>,
    headers: Option<HeaderValue>,
    private_network: bool,
}

impl Asked {
    pub(crate) fn by(request: &HeaderMap) -> Asked {
        Asked {
            origin: request.get(ORIGIN).cloned(),
            headers: request.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned(),
            private_network: request.contains_key(REQUEST_PRIVATE),
        }
    }

    /// Adds what a browser needs. Without an origin there is no browser, and only `Vary`, for
    /// caches in between.
    pub(crate) fn answer(self, reply: &mut HeaderMap) {
        let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        reply.insert(VARY, HeaderValue::from_static(vary));
        let Some(origin) = self.origin else { return };
        reply.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let mut set = |name, value| drop(reply.insert(name, HeaderValue::from_static(value)));
        set(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        set(ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS");
        set(ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After");
        set(ACCESS_CONTROL_MAX_AGE, "600");
        if self.private_network {
            set(ALLOW_PRIVATE, "true");
        }
        if let Some(headers) = self.headers {
            reply.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers);
        }
    }
}
