//! Why a whole request was refused, and what the sender is told.

use std::borrow::Cow;

/// Why a request, not one event of it, was refused.
///
/// Nothing of the request is in it: what is told to a sender, and what could reach a log,
/// holds no value a sender wrote (promise P02).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Neither a body nor `data` in the query.
    #[error("request missing data payload: send the events as the body, or as `data` in the query")]
    Empty,
    /// Said to be a form and is none.
    #[error(
        "the body is not a form although its content-type says so: send application/json, or data=..."
    )]
    NotAForm,
    /// Said to be, or looks like, gzip, and cannot be decompressed.
    #[error("the body cannot be decompressed: it is not whole and valid gzip")]
    BadGzip,
    /// Not text.
    #[error("invalid UTF8 in request payload")]
    NotUtf8,
    /// Not JSON, even after repairs.
    #[error("the body is not JSON")]
    NotJson,
    /// JSON, but neither a list of events, nor an object with `batch`, nor an event.
    #[error(
        "non-engage request missing event name attribute: send an event, a list of events, or an object with `batch`"
    )]
    NoEventName,
    /// A batch of nothing.
    #[error("request holds no event")]
    NoEvents,
    /// A compression this collector does not read.
    #[error("this compression is not supported: use gzip, base64 or none")]
    Compression,
    /// Larger than the limits, on the wire or decompressed.
    #[error("maximum event size exceeded: send fewer events in one request")]
    TooLarge,
    /// No project key anywhere.
    #[error("event submitted without an api_key")]
    NoKey,
    /// Events with different project keys in one request.
    #[error("batch submitted with inconsistent api_key values")]
    TwoKeys,
    /// A key that cannot be one: empty, too long, not ASCII, or a personal key.
    #[error("API key is not valid: it must be a project key")]
    BadKey,
    /// A key no project has.
    #[error(
        "API key is not known here: `askfirst project list` shows the projects, `askfirst project rotate` makes a new key"
    )]
    UnknownKey,
    /// The body stopped coming.
    #[error("client stopped sending data")]
    Stalled,
    /// The connection broke or the body's framing is wrong.
    #[error("the body could not be read")]
    Broken,
    /// Too much is in flight, or the store cannot take more now.
    #[error("transient error, please retry")]
    Busy,
    /// No request to erase.
    #[error("send {{\"api_key\": the project's key, \"forget_key\": 64 hex digits}} as JSON")]
    NotAForget,
    /// There were too many requests to erase.
    #[error("too many requests to erase, please retry later")]
    ForgetLater,
    /// No such path.
    #[error("no such path")]
    NotFound,
    /// A path of PostHog's protocol this collector does not have: the SDKs go on without it.
    #[error(
        "this collector has no feature flags, no remote configuration and no v1 ingest: send events to /batch/"
    )]
    NotOffered,
    /// The path is there, the method is not.
    #[error("method not allowed")]
    Method,
    /// The request is for the operator and does not show the token.
    #[error(
        "the operator's token is missing or wrong: it is in operator.token in the data directory"
    )]
    NotOperator,
    /// The request names a host other than this machine.
    #[error("operator requests must name a loopback address as their host")]
    NotLoopback,
}

impl Refusal {
    /// The status code.
    pub fn status(self) -> u16 {
        match self {
            Refusal::Empty
            | Refusal::NotAForm
            | Refusal::BadGzip
            | Refusal::NotUtf8
            | Refusal::NotJson
            | Refusal::NoEventName
            | Refusal::NoEvents
            | Refusal::NotAForget
            | Refusal::Broken => 400,
            Refusal::NoKey
            | Refusal::TwoKeys
            | Refusal::BadKey
            | Refusal::UnknownKey
            | Refusal::NotOperator => 401,
            Refusal::NotLoopback => 403,
            Refusal::NotFound | Refusal::NotOffered => 404,
            Refusal::Method => 405,
            Refusal::Stalled => 408,
            Refusal::TooLarge => 413,
            Refusal::Compression => 415,
            Refusal::Busy | Refusal::ForgetLater => 503,
        }
    }

    /// The word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Refusal::Empty => "empty_body",
            Refusal::NotAForm => "not_a_form",
            Refusal::BadGzip => "bad_gzip",
            Refusal::NotUtf8 => "not_utf8",
            Refusal::NotJson => "not_json",
            Refusal::NoEventName => "no_event_name",
            Refusal::NoEvents => "empty_batch",
            Refusal::Compression => "unsupported_compression",
            Refusal::TooLarge => "payload_too_large",
            Refusal::NoKey => "no_api_key",
            Refusal::TwoKeys => "two_api_keys",
            Refusal::BadKey => "bad_api_key",
            Refusal::UnknownKey => "unknown_api_key",
            Refusal::Stalled => "body_read_timeout",
            Refusal::Broken => "body_unreadable",
            Refusal::Busy => "service_unavailable",
            Refusal::NotAForget => "not_a_forget_request",
            Refusal::ForgetLater => "forget_later",
            Refusal::NotFound => "not_found",
            Refusal::NotOffered => "not_offered",
            Refusal::Method => "method_not_allowed",
            Refusal::NotOperator => "not_operator",
            Refusal::NotLoopback => "not_loopback",
        }
    }

    /// The body of the reply: always a JSON object. posthog-python reads `body["detail"]` and
    /// sends a refused batch again if the body is a string or a list (`posthog-protocol.md`, 7.1).
    pub fn body(self) -> String {
        object(self.name(), &Cow::Owned(self.to_string()))
    }
}

/// The JSON object every error is answered with.
pub(crate) fn object(error: &str, detail: &str) -> String {
    serde_json::json!({ "error": error, "detail": detail }).to_string()
}
