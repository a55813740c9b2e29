//! The collector as a whole: start, serve, stop.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use askfirst_store::{Health, Store};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::collector::Collector;
use crate::config::Config;
use crate::error::Error;
use crate::http::{Door, Files, Listening, Stopping};
use crate::{policy, receipts};

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
/// If it cannot listen or write its files; if the store stops (decision D20) or cannot be
/// closed. The store is closed in every case.
pub fn serve(
    store: Store,
    config: Config,
    ready: impl FnOnce(Started),
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let served = runtime().and_then(|runtime| {
        let stop_time = config.limits.stop_time;
        let served = runtime.block_on(run(store.clone(), config, ready, stop));
        runtime.shutdown_timeout(stop_time);
        served
    });
    let closed = store.close().map_err(Error::Close);
    served.and(closed)
}

fn runtime() -> Result<Runtime, Error> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(policy::WORKERS);
    builder.max_blocking_threads(policy::BLOCKING_THREADS);
    builder.enable_all().build().map_err(Error::Runtime)
}

async fn run(
    store: Store,
    config: Config,
    ready: impl FnOnce(Started),
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let limits = config.limits;
    let receipts = receipts::open(&config.data)?;
    let collector = Arc::new(Collector::new(store, limits, receipts));
    let public = Listening::on(config.listen).await?;
    let apart = if public.address().ip().is_loopback() {
        None
    } else {
        Some(Listening::on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?)
    };
    let address = public.address();
    let operator = apart.as_ref().map_or(address, Listening::address);
    let (files, guard) = Files::write(&config.data, address, operator)?;

    let stopping = Stopping::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let (events, operators) = (Door::public(&collector), Door::operator(&collector, guard));
    match apart {
        None => public.serve(events.and(operators), limits, &places, &stopping),
        Some(apart) => {
            public.serve(events, limits, &places, &stopping);
            // Places of its own: the operator gets in when senders have taken all the others.
            let places = Arc::new(Semaphore::new(limits.connections));
            apart.serve(operators, limits, &places, &stopping);
        }
    }
    let said = async {
        ready(Started { address, operator });
        std::future::pending::<()>().await;
    };

    let stopped = tokio::select! {
        biased; // `stop` hears signals before anybody is told where this listens
        () = stop => Ok(()),
        () = collector.stopped.notified() => Err(Error::Stopped(reason(&collector))),
        () = said => Ok(()),
    };
    drop(files);
    let _ = timeout(limits.stop_time, stopping.stop()).await;
    collector.imports.forget_all();
    stopped
}

fn reason(collector: &Collector) -> String {
    match collector.store.health() {
        Health::Stopped { reason } => reason,
        _ => "the disk failed".to_owned(),
    }
}

/// Done at Ctrl-C or SIGTERM: what `askfirst serve` stops at. To be awaited by [`serve`].
pub async fn signals() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let terminated = signal(SignalKind::terminate());
        if let Ok(mut terminated) = terminated {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
