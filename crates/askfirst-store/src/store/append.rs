//! Taking batches: refuse, deduplicate, number, encode, hand to the writer.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use super::Done;
use super::state::{Shared, State};
use crate::clock::day_of;
use crate::erasure::mask::Mask;
use crate::error::AppendError;
use crate::keys::EventKey;
use crate::outcome::Reason;
use crate::policy;
use crate::row::{Appended, Batch, Consent, ProjectId, Row};
use crate::tally::Tally;
use crate::wal::{Entry, frame, record};

impl Shared {
    pub(crate) fn append(&self, mut batch: Batch, done: Done) {
        let mut rows = batch.rows.iter();
        if let Some(fault) = rows.find_map(|row| self.shape.check(row).err()) {
            return done(Err(AppendError::ForeignRow { fault }));
        }
        let (state, taken) = self.look_and_take(&mut batch);
        match taken {
            Ok(appended) => {
                let mut state = state;
                state.pending.waiting.push((done, appended));
                drop(state);
                self.work.notify_one();
            }
            Err(error) => {
                drop(state);
                done(Err(error));
            }
        }
    }

    /// Looks a batch up in the key runs, without the lock, and adds it to the pending group,
    /// with the lock, if the runs are still the same: a seal may have moved keys from memory
    /// into a run in between.
    fn look_and_take(
        &self,
        batch: &mut Batch,
    ) -> (MutexGuard<'_, State>, Result<Appended, AppendError>) {
        let mut state = self.state();
        loop {
            if let Some(error) = self.refusal(&state, batch.project) {
                return (state, Err(error));
            }
            let index = self.index_of(&state, batch.project);
            let mask = state.mask(batch.project);
            drop(state);
            if let Some(mask) = &mask {
                self.refuse_erased(batch, mask);
            }
            let keys: Vec<EventKey> = batch.rows.iter().map(|row| (row.ts, row.key)).collect();
            // What cannot be read could be stored: the store stops, and nothing is taken (D20).
            let known = index
                .known(&self.cache, &keys)
                .map_err(|error| self.note(error));
            state = self.state();
            let same = Arc::ptr_eq(&index, &self.index_of(&state, batch.project))
                && is_same(mask.as_ref(), state.mask(batch.project).as_ref());
            if let (true, Ok(known)) = (same, known)
                && self.refusal(&state, batch.project).is_none()
            {
                let appended = self.take(&mut state, batch, &known);
                return (state, Ok(appended));
            }
        }
    }

    /// Drops rows of installs that are erased, and counts them.
    fn refuse_erased(&self, batch: &mut Batch, mask: &Mask) {
        let before = batch.rows.len();
        batch.rows.retain(|row| !mask.hides(row.install));
        let refused = (before - batch.rows.len()) as u64;
        let stamp = self.newest_stamp.load(Ordering::Acquire);
        let day = day_of(batch.received_ms.max(stamp));
        batch.tally.add(day, Reason::Forgotten, refused);
    }

    fn refusal(&self, state: &State, project: ProjectId) -> Option<AppendError> {
        if let Some(error) = state.refusal(project) {
            return Some(error);
        }
        // As many rows again as are being sealed may wait.
        let behind = state.unsealed_rows() >= 2 * self.limits.seal_rows;
        if behind {
            self.sealing.notify_all();
        }
        let merging = state.projects.get(&project);
        let unmerged = merging.is_some_and(|it| it.level_0 >= self.limits.level_0_files);
        if unmerged {
            self.merge_work.notify_all();
        }
        let unsynced = state.pending.bytes.len() >= self.limits.unsynced_bytes;
        (behind || unmerged || unsynced).then_some(AppendError::Busy)
    }

    /// Adds a batch to the pending group. It is left to the caller, who frees it without
    /// holding the lock.
    fn take(&self, state: &mut State, batch: &mut Batch, known: &[bool]) -> Appended {
        let stamp = self
            .newest_stamp
            .fetch_max(batch.received_ms, Ordering::AcqRel);
        let received_ms = batch.received_ms.max(stamp);
        let day = day_of(received_ms);
        let Batch { project, rows, .. } = batch;
        let project = *project;
        let before = rows.len();
        keep_new(state, project, known, rows);
        let appended = Appended {
            accepted: rows.len() as u64,
            duplicates: (before - rows.len()) as u64,
        };
        let mut tally = std::mem::take(&mut batch.tally);
        tally.add(day, Reason::Duplicate, appended.duplicates);
        let pending = &mut state.pending;
        let mut parts = rows.chunks(policy::RECORD_ROWS);
        while !tally.is_empty() || parts.len() > 0 {
            // Each record counts its own rows: it may be the only one that survives.
            let part = parts.next().unwrap_or_default();
            tally.add(day, Reason::Accepted, part.len() as u64);
            let (start, len) = frame::put(&mut pending.bytes, |out| {
                record::encode(out, project, &self.shape, received_ms, &tally, part);
            });
            pending.entries.push(Entry {
                project,
                rows: part.len() as u32,
                start,
                len,
            });
            tally = Tally::default();
        }
        pending.rows += appended.accepted;
        pending.received_ms.get_or_insert(received_ms);
        appended
    }
}

fn is_same(before: Option<&Arc<Mask>>, now: Option<&Arc<Mask>>) -> bool {
    match (before, now) {
        (None, None) => true,
        (Some(before), Some(now)) => Arc::ptr_eq(before, now),
        _ => false,
    }
}

/// Drops rows that are `sealed` already, or wait to be, and numbers the others in order of arrival.
fn keep_new(state: &mut State, project: ProjectId, sealed: &[bool], rows: &mut Vec<Row>) {
    let State {
        projects, pending, ..
    } = state;
    let known = projects.entry(project).or_default();
    let mut sealed = sealed.iter();
    rows.retain_mut(|row| {
        let key = (row.ts, row.key);
        if sealed.next() == Some(&true) || !known.dedup.insert(key) {
            return false;
        }
        pending.keys.push((project, key));
        if row.consent != Consent::Agreed {
            row.common.seq = Some(known.next_seq);
            known.next_seq += 1;
        }
        true
    });
}
