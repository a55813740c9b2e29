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
mod encrypted;
mod origin;
mod reply;
mod timed;
mod tls;

use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

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
    write: u64,
    rest: u64,
}

impl Default for Http {
    fn default() -> Http {
        Http {
            limits: Limits {
                request: policy::REQUEST_MS,
                connect: policy::CONNECT_MS,
                write: policy::WRITE_MS,
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
}

impl Http {
    fn exchange(&self, url: &str, body: &[u8], most: usize) -> io::Result<(Reply, Vec<u8>)> {
        let (origin, path) = Origin::of(url)?;
        let request = request(&origin, path, body);
        let until = Deadline::after(self.limits.request);
        // A request to erase goes over a line of its own, not over that of the batches.
        let kept = if most == 0 { self.kept(&origin) } else { None };
        if let Some(connection) = kept {
            match self.converse(&origin, connection, &request, most, until) {
                // Nobody promised to keep it open. What has an id may arrive twice.
                Err(Failed { heard: false, why }) if why.kind() != io::ErrorKind::TimedOut => {}
                said => return said.map_err(|failed| failed.why),
            }
        }
        let opened = until.or_before(Deadline::after(self.limits.connect));
        let connection = Connection::open(&origin, opened, &self.tls)?;
        self.converse(&origin, connection, &request, most, until)
            .map_err(|failed| failed.why)
    }

    /// One request and its reply. A batch's connection is kept if it can be used again.
    fn converse(
        &self,
        origin: &Origin,
        mut connection: Connection,
        request: &[u8],
        most: usize,
        until: Deadline,
    ) -> Result<(Reply, Vec<u8>), Failed> {
        connection.until(until.or_before(Deadline::after(self.limits.write)));
        let wrote = connection.write(request);
        connection.until(until);
        let head = match wrote {
            Ok(()) => reply::head(&mut connection),
            Err(why) => reply::refusal(&mut connection, why),
        };
        let heard = connection.has_unread();
        let head = head.map_err(|why| Failed { heard, why })?;
        let said = Reply::Status {
            code: head.code,
            retry_after_ms: head.retry_after_ms,
        };
        if most == 0 {
            if self.drained(&mut connection, &head, until) {
                self.keep(origin, connection);
            }
            return Ok((said, Vec::new()));
        }
        let answer = reply::body(&mut connection, &head, most);
        let answer = answer.map_err(|why| Failed { heard: true, why })?;
        Ok((said, answer.unwrap_or_default()))
    }

    /// Takes what follows the head, which nobody wants, off the line if it is about to be there:
    /// whether the line can be used again.
    fn drained(&self, connection: &mut Connection, head: &Head, until: Deadline) -> bool {
        connection.until(until.or_before(Deadline::after(self.limits.rest)));
        let drained = head.keeps
            && matches!(
                reply::body(connection, head, policy::REST_BYTES),
                Ok(Some(_))
            );
        drained && !connection.has_unread()
    }

    fn kept(&self, origin: &Origin) -> Option<Connection> {
        let mut kept = self.lock().take()?;
        (kept.origin == *origin && kept.connection.is_quiet()).then_some(kept.connection)
    }

    fn keep(&self, origin: &Origin, connection: Connection) {
        *self.lock() = Some(Kept {
            origin: origin.clone(),
            connection,
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
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        match self.exchange(url, body, most) {
            Ok(replied) => replied,
            Err(why) => (Reply::Nothing(why.to_string()), Vec::new()),
        }
    }

    fn hang_up(&self) {
        if let Some(kept) = self.lock().take() {
            kept.connection.hang_up();
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
