//! Rows in a real store: admitted, written, sealed and read back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::{Catalog, Gate, Profile};
use askfirst_query::calendar::Day;
use askfirst_query::testing::Population;
use askfirst_store::testing::ManualClock;
use askfirst_store::{
    Batch, LineKey, NewProject, Options, ProjectId, ProjectView, Retention, Row, Store, Tally,
};
use tempfile::TempDir;

/// A store with one project.
pub(crate) struct Stored {
    dir: PathBuf,
    _kept: Option<TempDir>,
    store: Store,
    id: ProjectId,
}

impl Stored {
    pub(crate) fn new() -> Stored {
        let dir = tempfile::tempdir().unwrap();
        Stored::open(dir.path().to_owned(), Some(dir))
    }

    /// In a folder that stays; what an earlier test left there is found again.
    pub(crate) fn kept(dir: &str) -> Stored {
        Stored::open(dir.into(), None)
    }

    fn open(dir: PathBuf, kept: Option<TempDir>) -> Stored {
        let now = Day::parse("2025-01-15").unwrap().start_ms();
        let clock = Arc::new(ManualClock::new(now));
        let options = Options {
            clock,
            ..Options::new(Catalog::builtin())
        };
        let store = Store::open(&dir, options).unwrap();
        let id = match store.projects().first() {
            Some(info) => info.id,
            None => {
                store
                    .add_project(NewProject::new("aider", "aider", Retention::days(180)))
                    .unwrap()
                    .0
                    .id
            }
        };
        Stored {
            dir,
            _kept: kept,
            store,
            id,
        }
    }

    /// Everything a population does in these days; a segment every `days` days.
    pub(crate) fn population(population: Population, last: Day, days: i32) -> Stored {
        let stored = Stored::new();
        stored.live(population, last, days);
        stored
    }

    pub(crate) fn live(&self, population: Population, last: Day, days: i32) {
        let gate = gate();
        let mut key = 0;
        for day in (population.first.0..=last.0).map(Day) {
            let rows = population.day(day).filter_map(|event| {
                key += 1;
                event.row(&gate, key)
            });
            self.append(rows.collect());
            if (day.0 - population.first.0) % days == days - 1 || day == last {
                self.store.seal().unwrap();
            }
        }
    }

    fn append(&self, rows: Vec<Row>) {
        let received_ms = self.store.now_ms();
        for rows in rows.chunks(10_000) {
            let batch = Batch {
                project: self.id,
                received_ms,
                rows: rows.to_vec(),
                tally: Tally::default(),
            };
            let stored = self.store.append_wait(batch).unwrap();
            assert_eq!(stored.accepted, rows.len() as u64);
        }
    }

    /// Imports lines that were admitted already.
    pub(crate) fn import(&self, rows: impl Iterator<Item = (LineKey, Row)>) {
        let mut importer = self.store.importer(self.id).unwrap();
        for (key, row) in rows {
            importer.push(key, row, &[]).unwrap();
        }
        importer.finish().unwrap();
    }

    pub(crate) fn view(&self) -> Arc<ProjectView> {
        self.store.snapshot().unwrap().project(self.id).unwrap()
    }

    /// The sealed files, for other programs.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        parquet_below(&self.dir, &mut files);
        files.sort();
        files
    }
}

/// What aider's events go through.
pub(crate) fn gate() -> Gate {
    Gate::new(Catalog::builtin(), Profile::builtin("aider").unwrap())
}

fn parquet_below(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            parquet_below(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "parquet")
        {
            files.push(path);
        }
    }
}
