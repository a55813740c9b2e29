//! Looking at what waits without taking it: for `--analytics-show` and `--analytics-status`.

use std::collections::BinaryHeap;
use std::fs;
use std::path::Path;

use super::{Binding, EXTENSION, lines};

/// What waits in one file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Peeked {
    /// Where it goes, from the file's own first line.
    pub(crate) destination: String,
    /// The events, each the very bytes that will be sent.
    pub(crate) events: Vec<Vec<u8>>,
}

/// Everything that waits in a home, for every destination, in a fixed order. A file that
/// another process is writing is looked at as it is.
pub(crate) fn peek(spool: &Path) -> Vec<Peeked> {
    let mut files: Vec<_> = folders(spool).flat_map(|folder| folders(&folder)).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == EXTENSION));
    // In order by a heap, not by a sort: that would be 10 kB of every tool.
    let files = BinaryHeap::from(files).into_sorted_vec();
    files.iter().filter_map(|path| one(path)).collect()
}

fn folders(path: &Path) -> impl Iterator<Item = std::path::PathBuf> + use<> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

fn one(path: &Path) -> Option<Peeked> {
    let bytes = fs::read(path).ok()?;
    let (header, events) = lines::split(&bytes);
    let events: Vec<_> = events
        .iter()
        .filter_map(|range| bytes.get(range.clone()))
        .map(<[u8]>::to_vec)
        .collect();
    let destination = Binding::destination_in(bytes.get(header)?)?;
    (!events.is_empty()).then_some(Peeked {
        destination,
        events,
    })
}
