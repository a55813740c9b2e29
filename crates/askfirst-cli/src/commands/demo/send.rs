//! Posts bodies over several connections at a time, as many installs would.

use std::sync::{Mutex, PoisonError, mpsc};
use std::thread::Scope;
use std::time::Duration;

use anyhow::{Context as _, bail};

/// Connections at a time: the collector writes what arrives together to disk together.
const CONNECTIONS: usize = 8;

/// How long a reply may take: a write on a slow disk.
const PATIENCE: Duration = Duration::from_secs(60);

/// One body, and how often it is sent.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) body: Vec<u8>,
    pub(super) times: u64,
}

/// Threads that post.
#[derive(Debug)]
pub(super) struct Senders {
    requests: mpsc::Sender<Request>,
    replies: mpsc::Receiver<anyhow::Result<()>>,
}

impl Senders {
    /// Starts them; they end when this is dropped.
    pub(super) fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        url: &'scope str,
        queue: &'scope Mutex<Option<mpsc::Receiver<Request>>>,
    ) -> Senders {
        let (requests, waiting) = mpsc::channel();
        *queue.lock().unwrap_or_else(PoisonError::into_inner) = Some(waiting);
        let (told, replies) = mpsc::channel();
        for _ in 0..CONNECTIONS {
            let told = told.clone();
            scope.spawn(move || {
                let agent = agent();
                while let Some(request) = next(queue) {
                    if told.send(post(&agent, url, &request)).is_err() {
                        return;
                    }
                }
            });
        }
        Senders { requests, replies }
    }

    /// Sends all of them, in any order, and waits for the replies.
    pub(super) fn send(&self, requests: Vec<Request>) -> anyhow::Result<()> {
        let count = requests.len();
        for request in requests {
            self.requests.send(request).context("nobody sends")?;
        }
        for _ in 0..count {
            self.replies.recv().context("nobody sends")??;
        }
        Ok(())
    }
}

fn next(queue: &Mutex<Option<mpsc::Receiver<Request>>>) -> Option<Request> {
    let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    queue.as_ref()?.recv().ok()
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        // The collector is in this process, whatever the environment says about proxies.
        .proxy(None)
        .build();
    config.into()
}

fn post(agent: &ureq::Agent, url: &str, request: &Request) -> anyhow::Result<()> {
    for _ in 0..request.times {
        let sent = agent
            .post(url)
            .header("Content-Type", "application/json")
            .send(&request.body[..]);
        let mut reply = sent.context("the collector does not answer")?;
        let status = reply.status().as_u16();
        let said = reply.body_mut().read_to_string().unwrap_or_default();
        if status != 200 {
            bail!("the collector answered {status}: {said}");
        }
    }
    Ok(())
}
