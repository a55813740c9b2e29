//! What is answered, to the letter of `posthog-protocol.md` 3.2.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{Response, StatusCode};
use serde::Serialize;

use crate::policy;
use crate::refusal::{Refusal, object};

pub(crate) type Reply = Response<Body>;

/// A JSON body. Never a bare string or list on an error: posthog-python would send the batch
/// again (rule 3).
pub(crate) fn json(status: StatusCode, body: String) -> Reply {
    let mut reply = Response::new(Body::from(body));
    *reply.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    reply.headers_mut().insert(CONTENT_TYPE, json);
    reply
}

/// A value as JSON.
pub(crate) fn value(status: StatusCode, value: &impl Serialize) -> Reply {
    match serde_json::to_string(value) {
        Ok(body) => json(status, body),
        Err(_) => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "not serialisable",
        ),
    }
}

/// Events were taken, whatever became of each: exactly 200, or posthog-python sends them again.
pub(crate) fn taken() -> Reply {
    json(StatusCode::OK, r#"{"status":"Ok"}"#.to_owned())
}

/// The same to a beacon, which reads nothing.
pub(crate) fn taken_from_beacon() -> Reply {
    let mut reply = Response::new(Body::empty());
    *reply.status_mut() = StatusCode::NO_CONTENT;
    reply
}

pub(crate) fn text(body: &'static str) -> Reply {
    let mut reply = Response::new(Body::from(body));
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    reply.headers_mut().insert(CONTENT_TYPE, plain);
    reply
}

pub(crate) fn refused(refusal: Refusal) -> Reply {
    let status = StatusCode::from_u16(refusal.status());
    let mut reply = json(status.unwrap_or(StatusCode::BAD_REQUEST), refusal.body());
    let later = match refusal {
        Refusal::Busy => Some(policy::RETRY_AFTER_SECONDS),
        Refusal::ForgetLater => Some(policy::FORGET_AFTER_SECONDS),
        _ => None,
    };
    if let Some(seconds) = later {
        let seconds = HeaderValue::from_static(seconds);
        reply.headers_mut().insert(RETRY_AFTER, seconds);
    }
    reply
}

/// An error that is not a sender's.
pub(crate) fn problem(status: StatusCode, error: &str, detail: &str) -> Reply {
    json(status, object(error, detail))
}
