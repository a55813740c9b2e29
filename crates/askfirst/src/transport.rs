//! Making one request. Behind a trait, so that tests answer it themselves, and so that the
//! SDK can be built without any socket code (feature `network` off).

#[cfg(feature = "network")]
mod http;

use std::fmt;
use std::sync::Arc;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An HTTP status.
    Status {
        /// The status.
        code: u16,
        /// `Retry-After`, in milliseconds; only its form in seconds is understood.
        retry_after_ms: Option<u64>,
    },
    /// No answer: refused, timed out, no such host. The text is for `--analytics-status`.
    Nothing(String),
}

/// Sends a body and waits for the reply. Called on a background thread only.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Posts `body`, JSON, to `url`. Follows no redirect: what was agreed to is the
    /// destination the user saw.
    fn post(&self, url: &str, body: &[u8]) -> Reply;

    /// The same, and at most the first `most` bytes of what is answered, for the one request
    /// whose answer says something. A transport that cannot read says nothing.
    fn ask(&self, url: &str, body: &[u8], _most: u64) -> (Reply, Vec<u8>) {
        (self.post(url, body), Vec::new())
    }

    /// Closes what is kept for a next request: none follows at once.
    fn hang_up(&self) {}
}

/// The transport this build has.
#[cfg(feature = "network")]
pub(crate) fn of_this_build() -> Option<Arc<dyn Transport>> {
    Some(Arc::new(http::Http::default()))
}

/// Built without feature `network`: everything waits, and is shown.
#[cfg(not(feature = "network"))]
pub(crate) fn of_this_build() -> Option<Arc<dyn Transport>> {
    None
}
