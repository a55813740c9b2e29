//! A server on the loopback that keeps what it is sent.

use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::http::{self, Request};
use crate::error::{Error, Named as _};

/// What a server says to a request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Reply {
        Reply {
            status,
            kind: "application/json",
            body: body.into(),
        }
    }
}

/// What decides the reply; none leaves the request without one.
pub(crate) type Handler = dyn Fn(&Request) -> Option<Reply> + Send + Sync;

/// A running server. Dropped, it takes no more connections.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    received: Mutex<Vec<Request>>,
    came: Condvar,
    connections: AtomicUsize,
    stopped: AtomicBool,
    handler: Box<Handler>,
}

impl Server {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(crate) fn start(handler: Box<Handler>) -> Result<Server, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").to("listen on 127.0.0.1")?;
        Server::on(listener, handler)
    }

    /// The same on a listener there is.
    ///
    /// # Errors
    ///
    /// If it has no address.
    pub(crate) fn on(listener: TcpListener, handler: Box<Handler>) -> Result<Server, Error> {
        let address = listener.local_addr().to("listen on 127.0.0.1")?;
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            came: Condvar::new(),
            connections: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            handler,
        });
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::spawn(move || accept(&listener, &for_thread));
        Ok(Server {
            address,
            shared,
            thread: Some(thread),
        })
    }

    /// Where it is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything it was sent so far.
    pub(crate) fn received(&self) -> Vec<Request> {
        self.shared.received().clone()
    }

    /// How many connections were made to it.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Waits for `enough` to hold of what was received, so long at most; whether it does.
    pub(crate) fn wait(&self, most: Duration, enough: impl Fn(&[Request]) -> bool) -> bool {
        let until = Instant::now() + most;
        let mut received = self.shared.received();
        loop {
            if enough(&received) {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.shared.came.wait_timeout(received, left);
            received = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Shared {
    fn received(&self) -> MutexGuard<'_, Vec<Request>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread, which then sees that it is to stop.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = Arc::clone(shared);
        // Ends with its connection, which the tool's end closes.
        std::thread::spawn(move || drop(answer(stream, &shared)));
    }
}

fn answer(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some(request) = http::read(&mut reader)? {
        let reply = (shared.handler)(&request);
        let expects = request.header("expect").is_some();
        shared.received().push(request);
        shared.came.notify_all();
        let Some(reply) = reply else { continue };
        debug_assert!(!expects, "no sender here expects to be told to go on");
        let text = format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
            reply.status,
            if reply.status == 200 { "OK" } else { "No" },
            reply.kind,
            reply.body.len(),
            reply.body
        );
        reader.get_mut().write_all(text.as_bytes())?;
    }
    Ok(())
}
