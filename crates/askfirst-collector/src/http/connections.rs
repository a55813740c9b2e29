//! Listening, and the connections that come of it. Nobody's address is kept: not in a log, not
//! in a structure, not longer than the call that accepts it (breakage B18).

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::doors::Door;
use crate::config::Limits;
use crate::error::Error;
use crate::policy;

/// The end, told to every connection. It is over when all have let go.
#[derive(Debug)]
pub(crate) struct Stopping(watch::Sender<bool>);

impl Stopping {
    pub(crate) fn new() -> Stopping {
        Stopping(watch::Sender::new(false))
    }

    /// Tells everyone, and waits until the requests at hand are answered.
    pub(crate) async fn stop(self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }
}

/// An address that takes connections.
#[derive(Debug)]
pub(crate) struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listening {
    pub(crate) async fn on(address: SocketAddr) -> Result<Listening, Error> {
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|source| Error::listen(address, source))?;
        let address = listener
            .local_addr()
            .map_err(|source| Error::listen(address, source))?;
        Ok(Listening { listener, address })
    }

    /// Where: with the port that was given out if any was asked for.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves `door` to at most `places` connections at a time until told to stop.
    pub(crate) fn serve(
        self,
        door: Door,
        limits: Limits,
        places: &Arc<Semaphore>,
        stopping: &Stopping,
    ) {
        let places = Arc::clone(places);
        let mut stop = stopping.0.subscribe();
        tokio::spawn(async move {
            let told = stop.clone();
            let accepting = accept(self.listener, door, limits, places, told);
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => {}
                () = accepting => {}
            }
        });
    }
}

async fn accept(
    listener: TcpListener,
    door: Door,
    limits: Limits,
    places: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
) {
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(
                    stream,
                    door.clone(),
                    limits,
                    place,
                    stop.clone(),
                ));
            }
            Err(error) if is_the_peers(&error) => {}
            Err(_) => tokio::time::sleep(policy::ACCEPT_PAUSE).await,
        }
    }
}

/// Whether one connection failed, and not the accepting of any.
fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

/// Answers the requests of one connection, one after the other.
async fn connection(
    stream: TcpStream,
    door: Door,
    limits: Limits,
    _place: OwnedSemaphorePermit,
    mut stop: watch::Receiver<bool>,
) {
    // Without it a reply may wait 40 ms for the client to acknowledge the one before.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let reply = door.clone().answer(request.map(Body::new));
        async { Ok::<_, Infallible>(reply.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(policy::HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
