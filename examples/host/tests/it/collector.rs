//! The collector, on a free port.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;

use askfirst_catalog::Catalog;
use askfirst_collector::{Config, Error, receipt_key, serve};
use askfirst_receipt::PublicKey;
use askfirst_store::{NewProject, Options, ProjectId, Retention, Store};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A running collector with a project for aider.
pub(crate) struct Collector {
    pub(crate) url: String,
    pub(crate) key: String,
    store: Store,
    project: ProjectId,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), Error>>>,
    data: TempDir,
}

impl Collector {
    pub(crate) fn start() -> Collector {
        Collector::start_at(([127, 0, 0, 1], 0).into())
    }

    /// At a known address.
    pub(crate) fn start_at(place: SocketAddr) -> Collector {
        let data = TempDir::new().unwrap();
        let store = Store::open(data.path(), Options::new(Catalog::builtin())).unwrap();
        let retention = Retention {
            received_days: 180,
            imported_days: 180,
        };
        let new = NewProject {
            name: "host",
            host: "aider",
            retention,
            simulated: None,
        };
        let (project, key) = store.add_project(new).unwrap();
        store.accept_key(project.id, "askfirst-aider").unwrap();
        let (stop, stopped) = oneshot::channel();
        let (started, address) = mpsc::channel();
        let (served, path) = (store.clone(), data.path().to_owned());
        let thread = std::thread::spawn(move || run(served, place, &path, started, stopped));
        Collector {
            url: format!("http://{}", address.recv().unwrap()),
            key: key.as_str().to_owned(),
            store,
            project: project.id,
            stop: Some(stop),
            thread: Some(thread),
            data,
        }
    }

    /// The public half of the key it signs receipts with.
    pub(crate) fn receipt_key(&self) -> PublicKey {
        receipt_key(self.data.path()).unwrap().unwrap()
    }

    /// How often each event is stored, by name.
    pub(crate) fn events(&self) -> Vec<(String, u64)> {
        let snapshot = self.store.snapshot().unwrap();
        let view = snapshot.project(self.project).unwrap();
        let mut counts = std::collections::BTreeMap::new();
        for segment in &view.segments {
            for (event, rows) in segment.events() {
                *counts.entry(event.to_owned()).or_insert(0) += rows.end - rows.start;
            }
        }
        counts.into_iter().collect()
    }

    /// How often one event is stored.
    pub(crate) fn count(&self, event: &str) -> u64 {
        let events = self.events();
        events
            .iter()
            .find(|(name, _)| name == event)
            .map_or(0, |(_, rows)| *rows)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            ended.unwrap().unwrap().unwrap();
        }
    }
}

fn run(
    store: Store,
    place: SocketAddr,
    data: &Path,
    started: mpsc::Sender<SocketAddr>,
    stopped: oneshot::Receiver<()>,
) -> Result<(), Error> {
    let config = Config::new(place, data);
    let ready = move |it: askfirst_collector::Started| started.send(it.address).unwrap();
    serve(store, config, ready, async { drop(stopped.await) })
}
