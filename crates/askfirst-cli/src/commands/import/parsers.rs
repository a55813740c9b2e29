//! Lines are parsed and admitted on every core, and come back in the order in which they went in.
//!
//! Parsing is four fifths of an import's work and a line's outcome depends on no other line; what
//! does depend on the others, the count of equal lines, stays with whoever takes the results.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};

use anyhow::{Context as _, anyhow};
use askfirst_catalog::Gate;
use askfirst_collector::{Ingest, Line};
use askfirst_store::ProjectInfo;

/// Bytes of lines handed over at once: some thousand lines, so that the hand-over does not show.
const BATCH_BYTES: usize = 256 << 10;

/// Batches on their way for each thread: one at work, one waiting, so that no thread idles while
/// results are stored. Bounds the memory with [`BATCH_BYTES`] and [`MOST_THREADS`].
const WAITING: usize = 2;

/// Threads at most: beyond that the one that stores cannot keep up.
const MOST_THREADS: usize = 8;

/// What a line is parsed for.
#[derive(Debug, Clone)]
pub(super) struct Purpose {
    pub(super) gate: Arc<Gate>,
    pub(super) project: Arc<ProjectInfo>,
    pub(super) now_ms: i64,
}

/// Lines without their ends, one after another.
#[derive(Debug, Default)]
struct Batch {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// Threads that parse in turn.
#[derive(Debug)]
pub(super) struct Parsers {
    threads: Vec<Parser>,
    next: usize,
    /// The threads whose results are due, in order.
    due: VecDeque<usize>,
    batch: Batch,
}

#[derive(Debug)]
struct Parser {
    /// None only while it is being ended.
    work: Option<SyncSender<Batch>>,
    results: Receiver<Vec<Line>>,
    thread: Option<JoinHandle<()>>,
}

impl Parsers {
    /// Starts a thread for every core.
    pub(super) fn start(purpose: &Purpose) -> anyhow::Result<Self> {
        let count = thread::available_parallelism()
            .map_or(1, usize::from)
            .min(MOST_THREADS);
        let threads = (0..count).map(|_| Parser::start(purpose.clone()));
        let threads = threads.collect::<anyhow::Result<_>>()?;
        Ok(Self {
            threads,
            next: 0,
            due: VecDeque::new(),
            batch: Batch::default(),
        })
    }

    /// Takes a line; gives back results that are due, oldest first.
    pub(super) fn line(&mut self, line: &[u8]) -> anyhow::Result<Vec<Line>> {
        self.batch.bytes.extend_from_slice(line);
        self.batch.ends.push(self.batch.bytes.len());
        if self.batch.bytes.len() < BATCH_BYTES {
            return Ok(Vec::new());
        }
        self.hand_over()?;
        match self.due.len() >= WAITING * self.threads.len() {
            true => self.oldest(),
            false => Ok(Vec::new()),
        }
    }

    /// Gives back a batch of what is still on its way; none at the end.
    pub(super) fn rest(&mut self) -> anyhow::Result<Option<Vec<Line>>> {
        if !self.batch.ends.is_empty() {
            self.hand_over()?;
        }
        match self.due.is_empty() {
            true => Ok(None),
            false => self.oldest().map(Some),
        }
    }

    fn hand_over(&mut self) -> anyhow::Result<()> {
        let batch = std::mem::take(&mut self.batch);
        let work = self.threads[self.next].work.as_ref();
        work.and_then(|work| work.send(batch).ok())
            .ok_or_else(gone)?;
        self.due.push_back(self.next);
        self.next = (self.next + 1) % self.threads.len();
        Ok(())
    }

    fn oldest(&mut self) -> anyhow::Result<Vec<Line>> {
        let Some(thread) = self.due.pop_front() else {
            return Ok(Vec::new());
        };
        self.threads[thread].results.recv().map_err(|_| gone())
    }
}

impl Parser {
    fn start(purpose: Purpose) -> anyhow::Result<Self> {
        let (work, batches) = mpsc::sync_channel::<Batch>(WAITING);
        let (results, parsed) = mpsc::sync_channel(WAITING);
        let parse = move || {
            for batch in batches {
                if results.send(purpose.parse(&batch)).is_err() {
                    break;
                }
            }
        };
        let thread = thread::Builder::new()
            .name("import".to_owned())
            .spawn(parse);
        let thread = thread.context("the system gives no thread for the import")?;
        Ok(Self {
            work: Some(work),
            results: parsed,
            thread: Some(thread),
        })
    }
}

impl Drop for Parsers {
    /// Ends every thread and waits for it.
    fn drop(&mut self) {
        for mut parser in self.threads.drain(..) {
            drop(parser.work.take());
            while parser.results.recv().is_ok() {}
            if let Some(thread) = parser.thread.take() {
                // One that panicked has been noticed by its missing result.
                drop(thread.join());
            }
        }
    }
}

impl Purpose {
    fn parse(&self, batch: &Batch) -> Vec<Line> {
        let ingest = Ingest::new(&self.gate, &self.project);
        let mut from = 0;
        let line = |end: &usize| {
            let line = &batch.bytes[from..*end];
            from = *end;
            ingest.import_line(line, self.now_ms)
        };
        batch.ends.iter().map(line).collect()
    }
}

fn gone() -> anyhow::Error {
    anyhow!("a thread of the import ended before its work was done")
}

#[cfg(test)]
mod tests {
    use askfirst_catalog::Catalog;
    use askfirst_collector::Gates;
    use askfirst_store::{NewProject, Options, Retention, Store};

    use super::*;

    fn parsers() -> Parsers {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(dir.path(), Options::new(Catalog::builtin())).expect("a store");
        let (project, _) = store
            .add_project(NewProject::new("mine", "aider", Retention::days(180)))
            .expect("a project");
        let gate = Gates::new(Catalog::builtin()).of("aider").expect("a gate");
        let purpose = Purpose {
            gate,
            project,
            now_ms: 1_735_689_600_000,
        };
        Parsers::start(&purpose).expect("threads")
    }

    /// The time of an admitted line; refused ones have none.
    fn second(line: &Line) -> Option<i64> {
        match line {
            Line::Admitted { taken, .. } => Some(taken.row.ts / 1000),
            Line::Refused { .. } => None,
        }
    }

    #[test]
    fn every_line_comes_back_once_and_in_order() {
        let mut parsers = parsers();
        // Lines of very different lengths, so that threads finish out of turn.
        let padding = "x".repeat(2 * BATCH_BYTES);
        let line = |n: i64| {
            let text = if n % 5_000 == 0 { padding.as_str() } else { "" };
            format!(r#"{{"event":"launched","properties":{{"p":"{text}"}},"time":{n}}}"#)
        };
        let mut seconds = Vec::new();
        for n in 1..=30_000 {
            let due = parsers.line(line(n).as_bytes()).expect("threads work");
            seconds.extend(due.iter().map(second));
        }
        assert!(seconds.len() < 30_000, "the last ones are on their way");
        while let Some(due) = parsers.rest().expect("threads work") {
            seconds.extend(due.iter().map(second));
        }
        assert_eq!(seconds, (1..=30_000).map(Some).collect::<Vec<_>>());
        assert!(parsers.rest().expect("threads work").is_none());
    }

    #[test]
    fn an_import_given_up_half_way_ends_its_threads() {
        let mut parsers = parsers();
        for _ in 0..20_000 {
            parsers
                .line(b"no JSON, but long enough to be handed over")
                .expect("threads work");
        }
        drop(parsers); // would wait for ever if a thread did not end
    }
}
