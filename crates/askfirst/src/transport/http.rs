//! Requests over HTTP, with `ureq` and rustls: no async runtime inside somebody else's tool.

use std::sync::OnceLock;
use std::time::Duration;

use ureq::Agent;

use super::{Reply, Transport};
use crate::policy;

/// HTTP and HTTPS.
#[derive(Debug, Default)]
pub(super) struct Http {
    /// Made for the first request: most sessions make none.
    agent: OnceLock<Agent>,
}

impl Http {
    fn agent(&self) -> &Agent {
        self.agent.get_or_init(Http::connectable)
    }

    fn connectable() -> Agent {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // What the process finds in its environment may have been put there by a
            // project's `.env` (B04): it must not lead the events past somebody else.
            .proxy(None)
            .user_agent(concat!("askfirst/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_millis(policy::CONNECT_MS)))
            .timeout_global(Some(Duration::from_millis(policy::REQUEST_MS)))
            .build();
        config.into()
    }
}

impl Transport for Http {
    fn post(&self, url: &str, body: &[u8]) -> Reply {
        self.ask(url, body, 0).0
    }

    fn ask(&self, url: &str, body: &[u8], most: u64) -> (Reply, Vec<u8>) {
        let request = self
            .agent()
            .post(url)
            .header("Content-Type", "application/json");
        match request.send(body) {
            Ok(mut response) => {
                let header = response.headers().get("retry-after");
                let seconds: Option<u64> =
                    header.and_then(|it| it.to_str().ok()?.trim().parse().ok());
                let reply = Reply::Status {
                    code: response.status().as_u16(),
                    retry_after_ms: seconds.map(|it| it.saturating_mul(1000)),
                };
                // An answer that breaks off or is too long is one that says nothing.
                let answer = match most {
                    0 => Vec::new(),
                    _ => read(&mut response, most).unwrap_or_default(),
                };
                (reply, answer)
            }
            Err(error) => (Reply::Nothing(error.to_string()), Vec::new()),
        }
    }
}

fn read(
    response: &mut ureq::http::Response<ureq::Body>,
    most: u64,
) -> Result<Vec<u8>, ureq::Error> {
    let body = response.body_mut().with_config();
    body.limit(most).read_to_vec()
}
