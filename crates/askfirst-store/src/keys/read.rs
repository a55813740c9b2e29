//! Reading a run from its first key to its last, past the cache.

use super::run::Run;
use super::{EventKey, block, checked};
use crate::error::Error;
use crate::policy::KEY_READ_BLOCKS;

/// All keys of a run, in order.
pub(super) struct Reader<'r> {
    run: &'r Run,
    /// The next block to read.
    next: usize,
    keys: Vec<EventKey>,
    at: usize,
}

impl<'r> Reader<'r> {
    pub(super) fn new(run: &'r Run) -> Reader<'r> {
        Reader {
            run,
            next: 0,
            keys: Vec::new(),
            at: 0,
        }
    }

    /// The next key.
    pub(super) fn next(&mut self) -> Result<Option<EventKey>, Error> {
        if self.at == self.keys.len() {
            self.load()?;
        }
        let key = self.keys.get(self.at).copied();
        self.at += usize::from(key.is_some());
        Ok(key)
    }

    /// Reads some blocks at once.
    fn load(&mut self) -> Result<(), Error> {
        let directory = &self.run.directory;
        let end = (self.next + KEY_READ_BLOCKS).min(directory.first.len());
        self.keys.clear();
        self.at = 0;
        let begin = directory.at[self.next];
        let bytes = self.run.read(begin, (directory.at[end] - begin) as usize)?;
        for at in self.next..end {
            let offset = directory.at[at];
            let range = (offset - begin) as usize..(directory.at[at + 1] - begin) as usize;
            let damaged = |fault| self.run.damaged(offset, fault);
            let body = checked(&bytes[range]);
            let body = body.ok_or_else(|| damaged("a block's checksum is wrong"))?;
            let (first, count) = (directory.first[at].0, self.run.keys_of(at));
            block::all(body, first, count, &mut self.keys).map_err(damaged)?;
        }
        self.next = end;
        Ok(())
    }
}
