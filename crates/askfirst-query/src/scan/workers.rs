//! Segments, and pieces of them, handed to threads.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::calendar::Period;
use crate::error::Error;
use crate::policy;
use crate::question::Selection;
use crate::scan::columns::Chunk;
use crate::scan::installs::Installs;
use crate::scan::select::Selector;
use crate::source::Part;

/// What is done with the selected rows, once a thread.
pub(crate) trait Visitor: Send {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error>;
}

/// What every thread saw, and how many rows each filter left out because they do not carry its property.
#[derive(Debug)]
pub(crate) struct Seen<V> {
    pub(crate) visitors: Vec<V>,
    pub(crate) unrecorded: Vec<u64>,
}

/// What visitors read of a row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs<'a> {
    pub(crate) columns: Vec<&'a str>,
    /// Its install's dense number.
    pub(crate) install: bool,
    /// Its corrected time. Where no visitor needs it and a segment lies within the period, it is not
    /// read: it is the largest column.
    pub(crate) time: bool,
}

/// Reads the selected rows of all parts, as much of them as is needed, on as many threads as there are
/// cores and pieces.
pub(crate) fn scan<V: Visitor>(
    parts: &[&dyn Part],
    selection: &Selection,
    needs: &Needs<'_>,
    installs: &Installs,
    make: impl Fn() -> V + Sync,
) -> Result<Seen<V>, Error> {
    let tasks: Vec<Task<'_>> = parts
        .iter()
        .filter_map(|part| Task::of(*part, selection, needs))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || -> Result<(V, Vec<u64>), Error> {
        let (mut visitor, mut selector) = (
            make(),
            Selector::new(selection, needs.install.then_some(installs)),
        );
        // a segment each while there are any, because a thread knows its installs; then whatever
        // the others have not begun
        let begun = std::iter::from_fn(|| tasks.get(next.fetch_add(1, Ordering::Relaxed)));
        for task in begun.chain(&tasks) {
            while let Some((event, piece)) = task.take() {
                task.read(event, piece, &mut selector, &mut visitor)?;
            }
        }
        Ok((visitor, selector.unrecorded))
    };
    let threads = threads(tasks.iter().map(|task| task.pieces.len()).sum());
    let results = match threads {
        1 => vec![work()],
        threads => on_threads(threads, work),
    };
    let mut seen = Seen {
        visitors: Vec::new(),
        unrecorded: vec![0; selection.filters.len()],
    };
    for result in results {
        let (visitor, unrecorded) = result?;
        seen.visitors.push(visitor);
        seen.unrecorded
            .iter_mut()
            .zip(unrecorded)
            .for_each(|(all, one)| *all += one);
    }
    Ok(seen)
}

/// Does the same with every share, on as many threads as there are cores; results in no order.
pub(crate) fn shared_out<T: Sync, R: Send>(shares: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let begun = || std::iter::from_fn(|| shares.get(next.fetch_add(1, Ordering::Relaxed)));
    let some = || begun().map(&work).collect::<Vec<R>>();
    match threads(shares.len()) {
        1 => some(),
        threads => on_threads(threads, some).into_iter().flatten().collect(),
    }
}

fn on_threads<R: Send>(threads: usize, work: impl Fn() -> R + Sync) -> Vec<R> {
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        let results = running.into_iter();
        results
            .map(|thread| thread.join().unwrap_or_else(resume))
            .collect()
    })
}

fn resume<T>(panic: Box<dyn std::any::Any + Send>) -> T {
    std::panic::resume_unwind(panic)
}

fn threads(pieces: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    cores.min(policy::SCAN_THREADS).min(pieces).max(1)
}

/// The columns to read: those needed, the filters', and the time.
fn read<'a>(selection: &'a Selection, needs: &Needs<'a>, timed: bool) -> Vec<&'a str> {
    let filters = selection
        .filters
        .iter()
        .map(|filter| filter.column.as_str());
    let time = ["ts", "skew_s"].into_iter().filter(|_| timed);
    let install = ["install_id"].into_iter().filter(|_| needs.install);
    let mut all: Vec<&str> = time
        .chain(install)
        .chain(filters)
        .chain(needs.columns.iter().copied())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What is read of one part.
struct Task<'a> {
    part: &'a dyn Part,
    columns: Vec<&'a str>,
    timed: bool,
    /// Each with the position of its event in the selection.
    pieces: Vec<(usize, Range<u64>)>,
    taken: AtomicUsize,
}

impl<'a> Task<'a> {
    /// `None` if nothing of the part is in the period.
    fn of(part: &'a dyn Part, selection: &'a Selection, needs: &Needs<'a>) -> Option<Task<'a>> {
        let (first, last) = part.days();
        let outside = |period: Period| last < period.from || period.to < first;
        if selection.period.is_some_and(outside) {
            return None;
        }
        let timed = needs.time || !selection.covers(first, last);
        let all = || part.pieces(None).into_iter().map(|piece| (0, piece));
        let named = selection.events.iter().enumerate().flat_map(|(i, event)| {
            let pieces = part.pieces(Some(event)).into_iter();
            pieces.map(move |piece| (i, piece))
        });
        Some(Task {
            part,
            columns: read(selection, needs, timed),
            timed,
            pieces: match selection.events.is_empty() {
                true => all().collect(),
                false => named.collect(),
            },
            taken: AtomicUsize::new(0),
        })
    }

    /// The next piece nobody has taken.
    fn take(&self) -> Option<(usize, Range<u64>)> {
        let at = self.taken.fetch_add(1, Ordering::Relaxed);
        self.pieces.get(at).cloned()
    }

    fn read<V: Visitor>(
        &self,
        event: usize,
        piece: Range<u64>,
        selector: &mut Selector<'_>,
        visitor: &mut V,
    ) -> Result<(), Error> {
        for batch in self.part.scan(&self.columns, piece)? {
            let batch = batch?;
            let chunk = selector.choose(&batch, event, self.timed)?;
            if !chunk.rows.is_empty() {
                visitor.visit(&chunk)?;
            }
        }
        Ok(())
    }
}
