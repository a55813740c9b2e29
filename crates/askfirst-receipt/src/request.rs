//! What is asked of `POST /forget`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::key::ForgetKey;

/// The body of `POST /forget`: JSON with these two members and no other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The key of the project the events were sent to.
    pub api_key: String,
    forget_key: String,
}

impl Request {
    /// The path, below the collector's address.
    pub const PATH: &str = "/forget";

    /// A request to erase what was sent under the id of `key`.
    pub fn new(api_key: &str, key: &ForgetKey) -> Request {
        Request {
            api_key: api_key.to_owned(),
            forget_key: key.spelled(),
        }
    }

    /// The request in a body; `None` if it is no such JSON.
    pub fn parse(body: &[u8]) -> Option<Request> {
        serde_json::from_slice(body).ok()
    }

    /// The bytes to send.
    pub fn body(&self) -> Vec<u8> {
        // Two texts: nothing here can fail to be written.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The key, if it is one.
    pub fn forget_key(&self) -> Option<ForgetKey> {
        ForgetKey::parse(&self.forget_key)
    }
}

/// The key is not shown.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Request(..)")
    }
}
