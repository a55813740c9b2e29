//! Segments handed to threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

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
/// cores and parts.
pub(crate) fn scan<V: Visitor>(
    parts: &[&dyn Part],
    selection: &Selection,
    needs: &Needs<'_>,
    installs: &Installs,
    make: impl Fn() -> V + Sync,
) -> Result<Seen<V>, Error> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<(V, Vec<u64>), Error> {
        let (mut visitor, mut selector) = (
            make(),
            Selector::new(selection, needs.install.then_some(installs)),
        );
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            one_part(*part, selection, needs, &mut selector, &mut visitor)?;
        }
        Ok((visitor, selector.unrecorded))
    };
    let threads = threads(parts.len());
    let results: Vec<_> = if threads == 1 {
        vec![work()]
    } else {
        thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(resume))
                .collect()
        })
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

fn resume<T>(panic: Box<dyn std::any::Any + Send>) -> T {
    std::panic::resume_unwind(panic)
}

fn threads(parts: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    cores.min(policy::SCAN_THREADS).min(parts).max(1)
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

fn one_part<V: Visitor>(
    part: &dyn Part,
    selection: &Selection,
    needs: &Needs<'_>,
    selector: &mut Selector<'_>,
    visitor: &mut V,
) -> Result<(), Error> {
    let (first, last) = part.days();
    if selection
        .period
        .is_some_and(|period| last < period.from || period.to < first)
    {
        return Ok(());
    }
    let within = selection
        .period
        .is_none_or(|period| period.contains(first) && period.contains(last));
    let timed = needs.time || !within;
    let columns = read(selection, needs, timed);
    let all = [None];
    let named: Vec<Option<&str>> = selection
        .events
        .iter()
        .map(|event| Some(event.as_str()))
        .collect();
    let events = if named.is_empty() {
        &all[..]
    } else {
        &named[..]
    };
    for (i, event) in events.iter().enumerate() {
        if event.is_some_and(|event| !part.has(event)) {
            continue;
        }
        for batch in part.scan(&columns, *event)? {
            let batch = batch?;
            let chunk = selector.choose(&batch, i, timed)?;
            if !chunk.rows.is_empty() {
                visitor.visit(&chunk)?;
            }
        }
    }
    Ok(())
}
