//! Taking a file to deliver it: a claim is a lock, not a name (decision D3).

use std::collections::BinaryHeap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Binding, EXTENSION, lines};
use crate::policy;

/// A file that is ours until it is dropped.
#[derive(Debug)]
pub(crate) struct Claimed {
    path: PathBuf,
    /// Holds the lock.
    file: File,
    bytes: Vec<u8>,
    header: Range<usize>,
    events: Vec<Range<usize>>,
    modified: Option<SystemTime>,
}

/// Files of a folder that may be waiting, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) files: Vec<PathBuf>,
    /// Of all of them.
    pub(crate) bytes: u64,
    /// When the oldest was written last.
    oldest: Option<SystemTime>,
}

impl Waiting {
    /// Looks into a folder; one that is not there has nothing.
    pub(crate) fn look(folder: &Path) -> Waiting {
        let Ok(entries) = fs::read_dir(folder) else {
            return Waiting::default();
        };
        let mut bytes: u64 = 0;
        let files: BinaryHeap<_> = entries
            .flatten()
            .map(|entry| (entry.path(), entry))
            .filter(|(path, _)| path.extension().is_some_and(|it| it == EXTENSION))
            .map(|(path, entry)| {
                let about = entry.metadata().ok();
                bytes = bytes.saturating_add(about.as_ref().map_or(0, fs::Metadata::len));
                (about.and_then(|it| it.modified().ok()), path)
            })
            .collect();
        // In order by a heap, not by a sort: that would be 13 kB of every tool.
        let files = files.into_sorted_vec();
        Waiting {
            oldest: files.iter().find_map(|(at, _)| *at),
            files: files.into_iter().map(|(_, path)| path).collect(),
            bytes,
        }
    }

    /// Whether there is one that has waited too long. None has to be opened to know.
    pub(super) fn has_expired(&self, now_ms: i64) -> bool {
        self.oldest.is_some_and(|at| is_old(at, now_ms))
    }
}

fn is_old(at: SystemTime, now_ms: i64) -> bool {
    since_1970(at).is_some_and(|at| now_ms.saturating_sub(at) > policy::SPOOL_AGE_MS)
}

/// Milliseconds.
fn since_1970(at: SystemTime) -> Option<i64> {
    let since = at.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// Takes a file, if nobody has it and it is bound as `binding` says. A file that is of no
/// use to anybody (no whole event in it) is taken away.
pub(crate) fn claim(path: &Path, binding: &Binding) -> io::Result<Option<Claimed>> {
    let Some(file) = take(path)? else {
        return Ok(None);
    };
    if !binding.owns(file.bytes.get(file.header.clone()).unwrap_or_default()) {
        return Ok(None);
    }
    if file.events.is_empty() {
        fs::remove_file(path)?;
        return Ok(None);
    }
    Ok(Some(file))
}

/// Takes a file, if nobody has it, whatever it is bound to.
pub(super) fn take(path: &Path) -> io::Result<Option<Claimed>> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    if file.try_lock().is_err() || !is_at(&file, path) {
        return Ok(None);
    }
    let most = policy::SPOOL_FILE_BYTES;
    // Room for a whole one, so that it is read in one go.
    let mut bytes = Vec::with_capacity(policy::ROTATE_BYTES.saturating_mul(2) as usize);
    (&file).take(most).read_to_end(&mut bytes)?;
    let (header, events) = lines::split(&bytes);
    let modified = file.metadata().and_then(|it| it.modified()).ok();
    Ok(Some(Claimed {
        path: path.to_owned(),
        file,
        bytes,
        header,
        events,
        modified,
    }))
}

impl Claimed {
    /// How large it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// How many events it has.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// The very bytes of some of its events.
    pub(crate) fn events(&self, which: Range<usize>) -> impl Iterator<Item = &[u8]> {
        let ranges = self.events.get(which).unwrap_or_default();
        ranges
            .iter()
            .filter_map(|range| self.bytes.get(range.clone()))
    }

    /// When its last event was written, milliseconds UTC.
    pub(crate) fn modified_ms(&self) -> Option<i64> {
        since_1970(self.modified?)
    }

    /// Takes it away for good: it was delivered, or is not wanted any more. A crash before
    /// this sends it again with the same ids.
    pub(crate) fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

/// Gives it back by unlocking: closing alone would leave it to a child that was forked
/// meanwhile. No such child ever drops one, it has no delivery thread.
impl Drop for Claimed {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// Whether the file just locked is still the one at `path`: between opening and locking it
/// somebody may have delivered it.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: fs::Metadata, b: fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => same(open, there),
        _ => false,
    }
}

/// A file that is open cannot be taken away there, only marked to be: then it cannot be
/// looked at any more either.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    fs::metadata(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d3_what_was_given_back_can_be_taken_while_a_child_still_has_it_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0000000000000001.spool");
        fs::write(&path, "{}\n{}\n").unwrap();
        let taken = take(&path).unwrap().unwrap();
        let in_a_child = taken.file.try_clone().unwrap();
        assert!(take(&path).unwrap().is_none());
        drop(taken);
        assert!(take(&path).unwrap().is_some());
        drop(in_a_child);
    }
}
