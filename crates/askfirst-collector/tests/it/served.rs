//! A collector on a free port of loopback, over a new data directory.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, TimestampMillisecondType};
use askfirst_catalog::Catalog;
use askfirst_collector::{Config, Error, Limits, Started, serve};
use askfirst_store::testing::ManualClock;
use askfirst_store::{
    Disk, NewProject, Note, Options, Outcome, ProjectId, RealDisk, Reason, Retention, Store, Tally,
};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::bodies::{KEY, NOW};
use super::client::{Ask, Connection, Reply};

/// A running collector with one project, for aider, whose key is [`KEY`].
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) started: Started,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Store,
    pub(crate) project: ProjectId,
    dir: TempDir,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Served {
    pub(crate) fn start() -> Served {
        Served::with(Limits::default())
    }

    pub(crate) fn with(limits: Limits) -> Served {
        Served::on("127.0.0.1:0", limits, tempfile::tempdir().unwrap())
    }

    pub(crate) fn on(listen: &str, limits: Limits, dir: TempDir) -> Served {
        Served::over(Arc::new(RealDisk), listen, limits, dir)
    }

    /// Over a disk in the test's hand; only the operator's files are in `dir` then.
    pub(crate) fn over(disk: Arc<dyn Disk>, listen: &str, limits: Limits, dir: TempDir) -> Served {
        let clock = Arc::new(ManualClock::new(NOW));
        let options = Options {
            clock: clock.clone(),
            disk,
            ..Options::new(Catalog::builtin())
        };
        let store = Store::open(dir.path(), options).unwrap();
        let project = match store.projects().first() {
            Some(project) => project.id,
            None => {
                let (project, _) = store
                    .add_project(NewProject::new("aider", "aider", Retention::days(180)))
                    .unwrap();
                store.accept_key(project.id, KEY).unwrap();
                project.id
            }
        };
        let config = Config {
            limits,
            ..Config::new(listen.parse().unwrap(), dir.path())
        };
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let for_thread = store.clone();
        let thread = std::thread::spawn(move || {
            let stopped = async { drop(stopped.await) };
            serve(
                for_thread,
                config,
                |started| ready.send(started).unwrap(),
                stopped,
            )
        });
        let started = started.recv().unwrap();
        Served {
            started,
            clock,
            store,
            project,
            dir,
            stop,
            thread,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.started.address
    }

    pub(crate) fn data(&self) -> &Path {
        self.dir.path()
    }

    /// Asks on a connection of its own.
    pub(crate) fn ask(&self, ask: &Ask) -> Reply {
        Connection::to(self.address()).send(ask)
    }

    /// Sends a body that must be taken.
    #[track_caller]
    pub(crate) fn takes(&self, ask: &Ask) {
        self.ask(ask).is_ok();
    }

    /// Asks as the operator.
    pub(crate) fn operate(&self, ask: Ask) -> Reply {
        let token = std::fs::read_to_string(self.data().join("operator.token")).unwrap();
        let ask = ask.header("Authorization", &format!("Bearer {}", token.trim()));
        Connection::to(self.started.operator).send(&ask)
    }

    /// Stops as at SIGTERM; the directory stays until it is dropped.
    pub(crate) fn stop(self) -> (TempDir, Result<(), Error>) {
        let _ = self.stop.send(());
        drop(self.store);
        (self.dir, self.thread.join().unwrap())
    }

    /// Waits until it has ended by itself.
    pub(crate) fn ended(self) -> Result<(), Error> {
        let ended = self.thread.join().unwrap();
        drop(self.stop);
        ended
    }

    pub(crate) fn tally(&self) -> Tally {
        self.store
            .snapshot()
            .unwrap()
            .project(self.project)
            .unwrap()
            .tally
            .clone()
    }

    /// How many events got each outcome that any got.
    pub(crate) fn outcomes(&self) -> Vec<(&'static str, u64)> {
        let tally = self.tally();
        let counted = Outcome::ALL.map(|outcome| (outcome.name(), tally.outcome(outcome)));
        counted
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    pub(crate) fn count(&self, reason: Reason) -> u64 {
        self.tally().total(reason)
    }

    pub(crate) fn noted(&self, note: Note) -> u64 {
        self.tally().total_note(note)
    }

    /// What is stored, by time.
    pub(crate) fn stored(&self) -> Vec<Stored> {
        let snapshot = self.store.snapshot().unwrap();
        let view = snapshot.project(self.project).unwrap();
        let mut stored = Vec::new();
        for segment in &view.segments {
            for batch in segment.scan(&COLUMNS, None).unwrap() {
                stored.extend(rows(&batch.unwrap()));
            }
        }
        stored.sort();
        stored
    }
}

const COLUMNS: [&str; 6] = [
    "ts",
    "skew_s",
    "event",
    "install_id",
    "consent",
    "p_main_model",
];

/// The columns the tests look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stored {
    pub(crate) ts: i64,
    pub(crate) skew_s: i32,
    pub(crate) event: String,
    pub(crate) install: Option<Vec<u8>>,
    pub(crate) consent: String,
    pub(crate) main_model: Option<String>,
}

fn rows(batch: &RecordBatch) -> Vec<Stored> {
    let text = |column: usize, row: usize| {
        let column = batch.column(column).as_dictionary::<Int32Type>();
        let key = column.key(row)?;
        Some(column.values().as_string::<i32>().value(key).to_owned())
    };
    let install = |row: usize| {
        let column = batch.column(3).as_dictionary::<Int32Type>();
        let key = column.key(row)?;
        Some(column.values().as_fixed_size_binary().value(key).to_vec())
    };
    let row = |row: usize| Stored {
        ts: batch
            .column(0)
            .as_primitive::<TimestampMillisecondType>()
            .value(row),
        skew_s: batch.column(1).as_primitive::<Int32Type>().value(row),
        event: text(2, row).unwrap(),
        install: install(row),
        consent: text(4, row).unwrap(),
        main_model: text(5, row),
    };
    (0..batch.num_rows()).map(row).collect()
}
