//! Requests over HTTP/1.1 and TLS, as much of them as delivery needs: a body is posted, a status
//! comes back. rustls does the TLS and httparse reads the head of a reply; there is no async
//! runtime and no client that could do more, because all of it would lie in somebody else's
//! program (decision 0023).
//!
//! Data flows one way: [`origin`] says whom to call, [`connection`] calls, [`reply`] reads what
//! is answered. A connection is kept for the next batch, as [`Kept`].

mod connection;
mod deadline;
mod dial;
mod origin;
mod reply;
mod tls;

use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use self::connection::Connection;
use self::deadline::Deadline;
use self::origin::Origin;
use self::reply::Head;
use self::tls::Tls;
use super::{Reply, Transport};
use crate::policy;

/// HTTP and HTTPS. No proxy: what the process finds in its environment may have been put there
/// by a project's `.env` (B04), and must not lead the events past somebody else.
pub(super) struct Http {
    limits: Limits,
    /// Made for the first request that needs it: most sessions make none.
    tls: OnceLock<Tls>,
    kept: Mutex<Option<Kept>>,
}

/// How long things may take, in milliseconds.
#[derive(Clone, Copy)]
struct Limits {
    request: u64,
    connect: u64,
    idle: u64,
    rest: u64,
}

impl Default for Http {
    fn default() -> Http {
        Http {
            limits: Limits {
                request: policy::REQUEST_MS,
                connect: policy::CONNECT_MS,
                idle: policy::IDLE_MS,
                rest: policy::REST_MS,
            },
            tls: OnceLock::new(),
            kept: Mutex::default(),
        }
    }
}

/// A connection that has answered, for the next batch: what earlier runs left is one request
/// for each of them, and a connection made anew costs the far end more than the request.
struct Kept {
    origin: Origin,
    connection: Connection,
    since: Instant,
}

impl Http {
    fn exchange(&self, url: &str, body: &[u8], most: u64) -> io::Result<(Reply, Vec<u8>)> {
        let (origin, path) = Origin::of(url)?;
        let request = request(&origin, path, body);
        let until = Deadline::after(self.limits.request);
        if let Some(mut connection) = self.kept(&origin) {
            connection.until(until);
            match self.converse(&origin, connection, &request, most) {
                // Nobody promised to keep it open. What has an id may arrive twice.
                Err(Failed { heard: false, why }) if why.kind() != io::ErrorKind::TimedOut => {}
                said => return said.map_err(|failed| failed.why),
            }
        }
        let opened = until.or_before(Deadline::after(self.limits.connect));
        let mut connection = Connection::open(&origin, opened, &self.tls)?;
        connection.until(until);
        self.converse(&origin, connection, &request, most)
            .map_err(|failed| failed.why)
    }

    /// One request and its reply. The connection is kept if it can be used again.
    fn converse(
        &self,
        origin: &Origin,
        mut connection: Connection,
        request: &[u8],
        most: u64,
    ) -> Result<(Reply, Vec<u8>), Failed> {
        let wrote = connection.write(request);
        let head = match reply::head(&mut connection) {
            Ok(head) => head,
            Err(why) => {
                // Who refuses a body may answer before all of it is there, and close: then the
                // answer counts. Without one, what went wrong first does.
                let heard = connection.has_unread();
                let why = wrote.err().unwrap_or(why);
                return Err(Failed { heard, why });
            }
        };
        let answer = self.rest(&mut connection, &head, most);
        if wrote.is_ok() && head.keeps && answer.is_ok() && !connection.has_unread() {
            self.keep(origin, connection);
        }
        let said = Reply::Status {
            code: head.code,
            retry_after_ms: head.retry_after_ms,
        };
        // An answer that breaks off or is too long is one that says nothing.
        let whole = answer.ok().filter(|answer| answer.len() as u64 <= most);
        Ok((said, whole.unwrap_or_default()))
    }

    /// What follows the head. Nobody wants it where `most` is nothing: then it is taken off the
    /// line if it is about to be there, so that the line can be used again.
    fn rest(&self, connection: &mut Connection, head: &Head, most: u64) -> io::Result<Vec<u8>> {
        if most == 0 && !head.keeps {
            return Ok(Vec::new());
        }
        if most == 0 {
            connection.until(Deadline::after(self.limits.rest));
        }
        reply::body(connection, head, most.max(policy::REST_BYTES))
    }

    fn kept(&self, origin: &Origin) -> Option<Connection> {
        let kept = self.lock().take()?;
        let idle = Duration::from_millis(self.limits.idle);
        (kept.origin == *origin && kept.since.elapsed() < idle).then_some(kept.connection)
    }

    fn keep(&self, origin: &Origin, connection: Connection) {
        *self.lock() = Some(Kept {
            origin: origin.clone(),
            connection,
            since: Instant::now(),
        });
    }

    fn lock(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that had no reply.
struct Failed {
    /// Whether a reply had begun.
    heard: bool,
    why: io::Error,
}

/// The bytes of a request: six lines that are the same for everybody, and the body.
fn request(origin: &Origin, path: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\n\
         Host: {}\r\n\
         User-Agent: askfirst/{}\r\n\
         Accept: */*\r\n\
         Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        origin.authority(),
        env!("CARGO_PKG_VERSION"),
        body.len(),
    );
    [head.as_bytes(), body].concat()
}

impl Transport for Http {
    fn post(&self, url: &str, body: &[u8]) -> Reply {
        self.ask(url, body, 0).0
    }

    fn ask(&self, url: &str, body: &[u8], most: u64) -> (Reply, Vec<u8>) {
        match self.exchange(url, body, most) {
            Ok(replied) => replied,
            Err(why) => (Reply::Nothing(why.to_string()), Vec::new()),
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
