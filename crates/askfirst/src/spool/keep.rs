//! Where the events of a session wait: on the disk, or in a test's memory.

use std::fmt;
use std::path::Path;

use super::{Appended, Binding, Dropped, Writer, keep_within_bounds};
use crate::record::{Event, Pool};

/// A place where events wait until they are delivered.
pub(crate) trait Keep: fmt::Debug + Send {
    /// The id events are kept under.
    fn install_id(&self) -> &str;

    /// Keeps one line, with its newline. `event` is what it was made of, where there is a
    /// type for it.
    fn append(
        &mut self,
        line: &[u8],
        event: Option<&dyn Event>,
        monotonic_ms: u64,
        random: &mut Pool,
    ) -> Appended;

    /// Told of an event that is not collected: of a class nobody agreed to, or no longer.
    fn withheld(&mut self, _event: Option<&dyn Event>) {}

    /// Drops what is too old or too much.
    fn keep_within_bounds(&mut self, now_ms: i64) -> Dropped;

    /// Whether a file is being written.
    fn is_open(&self) -> bool;

    /// Lets go of what is being written, so that it can be delivered.
    fn close(&mut self);

    /// In a forked child: what the parent writes stays the parent's.
    fn leave_to_parent(&mut self);
}

/// Files of this process in the user's spool.
#[derive(Debug)]
pub(crate) struct OnDisk {
    writer: Writer,
    binding: Binding,
}

impl OnDisk {
    /// Nothing is touched before the first event.
    pub(crate) fn new(spool: &Path, binding: Binding) -> OnDisk {
        OnDisk {
            writer: Writer::new(spool, &binding),
            binding,
        }
    }
}

impl Keep for OnDisk {
    fn install_id(&self) -> &str {
        &self.binding.install_id
    }

    fn append(
        &mut self,
        line: &[u8],
        _: Option<&dyn Event>,
        monotonic_ms: u64,
        random: &mut Pool,
    ) -> Appended {
        self.writer.append(line, monotonic_ms, random)
    }

    fn keep_within_bounds(&mut self, now_ms: i64) -> Dropped {
        keep_within_bounds(self.writer.folder(), &self.binding, now_ms)
    }

    fn is_open(&self) -> bool {
        self.writer.is_open()
    }

    fn close(&mut self) {
        self.writer.close();
    }

    fn leave_to_parent(&mut self) {
        self.writer.leave_to_parent();
    }
}
