//! Where the events of a session wait: on the disk, or in a test's memory.

use std::fmt;
use std::path::Path;

use super::{Appended, Binding, Dropped, Writer, keep_within_bounds, sweep};
use crate::delivery::Permission;
use crate::policy;
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

    /// Takes away what is being written: it may not be delivered any more.
    fn discard(&mut self);

    /// In a forked child: what the parent writes stays the parent's.
    fn leave_to_parent(&mut self);
}

/// Files of this process in the user's spool.
#[derive(Debug)]
pub(crate) struct OnDisk {
    writer: Writer,
    permission: Box<dyn Permission>,
    /// Bytes to write before the spool's bounds are looked at again.
    room: u64,
}

impl OnDisk {
    /// Nothing is touched before the first event.
    pub(crate) fn new(spool: &Path, binding: Binding, permission: Box<dyn Permission>) -> OnDisk {
        OnDisk {
            writer: Writer::new(spool, binding),
            permission,
            room: 0,
        }
    }
}

impl Keep for OnDisk {
    fn install_id(&self) -> &str {
        &self.writer.binding().install_id
    }

    fn append(
        &mut self,
        line: &[u8],
        _: Option<&dyn Event>,
        monotonic_ms: u64,
        random: &mut Pool,
    ) -> Appended {
        let new = !self.writer.is_open();
        let appended = self.writer.append(line, monotonic_ms, random);
        // Asked after the file was made: a no that comes later deletes it, one that came
        // before has looked for it in vain.
        if new && !self.permission.still() {
            self.writer.discard();
            return Appended::Withdrawn;
        }
        appended
    }

    fn keep_within_bounds(&mut self, now_ms: i64) -> Dropped {
        self.room = self.room.saturating_sub(policy::ROTATE_BYTES);
        if self.room > 0 {
            return Dropped::default();
        }
        let (mut dropped, room) =
            keep_within_bounds(self.writer.folder(), self.writer.binding(), now_ms);
        self.room = room;
        if let Some(spool) = self.writer.folder().parent() {
            let swept = sweep(spool, || self.permission.live(spool), now_ms);
            dropped.expired = dropped.expired.saturating_add(swept);
        }
        dropped
    }

    fn is_open(&self) -> bool {
        self.writer.is_open()
    }

    fn close(&mut self) {
        self.writer.close();
    }

    fn discard(&mut self) {
        self.writer.discard();
    }

    fn leave_to_parent(&mut self) {
        self.writer.leave_to_parent();
    }
}
