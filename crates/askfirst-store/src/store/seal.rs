//! Sealing: from the WAL into one Parquet file and one key run per project, committed
//! together (decisions D8, D11, D16).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::keys::NewRun;
use super::locked;
use super::state::Shared;
use super::writer::wait;
use crate::codec::Fault;
use crate::dir;
use crate::error::Error;
use crate::keys::run::Run;
use crate::keys::{EventKey, mixed};
use crate::manifest::{self, Manifest};
use crate::policy;
use crate::row::ProjectId;
use crate::segment::gather::Gathered;
use crate::wal::record::Head;
use crate::wal::{Position, Unsealed};

/// What else happens when everything unsealed is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seal {
    /// Nothing: appends go on in the same WAL file.
    InPassing,
    /// The WAL is emptied.
    EmptyLog,
    /// The WAL is emptied, and the project and its rows are left out.
    Without(ProjectId),
}

/// What a seal moves from memory to disk.
#[derive(Debug, Default)]
struct Keys {
    runs: Vec<NewRun>,
    /// As they are in memory.
    keys: Vec<(ProjectId, Vec<u64>)>,
}

impl Keys {
    fn add(&mut self, id: ProjectId, run: Run, keys: &[EventKey]) {
        self.runs.push((id, Arc::new(run)));
        self.keys
            .push((id, keys.iter().copied().map(mixed).collect()));
    }
}

impl Shared {
    /// Seals everything that is durable at this moment.
    pub(crate) fn seal(&self, how: Seal) -> Result<(), Error> {
        let _commit = locked(&self.commit);
        self.seal_committing(how).map_err(|error| self.note(error))
    }

    /// [`Shared::seal`], for callers that hold the commit lock and note errors.
    pub(crate) fn seal_committing(&self, how: Seal) -> Result<(), Error> {
        self.state().check()?;
        let (frozen, wal) = self.freeze(how);
        let mut next = self.next_generation();
        if how == Seal::InPassing && frozen.groups.is_empty() {
            return Ok(());
        }
        next.wal = wal;
        if let Seal::Without(gone) = how {
            next.projects.retain(|it| it.id() != gone);
        }
        let mut sealed = Keys::default();
        self.write_segments(&mut next, &frozen, &mut sealed)?;
        let forgotten = self.forget_keys(&mut next);
        manifest::commit(&self.dir, &next)?;
        let mut state = self.state();
        state.show(next);
        state.frozen = Unsealed::default();
        state.disk_full = false;
        self.show_runs(&mut state, &sealed.runs);
        drop(state);
        drop(frozen);
        self.leave_to_runs(&sealed);
        for (id, file) in forgotten {
            self.delete_runs(id, &[file])?;
        }
        self.merge_work.notify_all();
        self.delete_log_before(wal)
    }

    /// Takes sealed keys out of memory, some at a time: they are in runs by now, and appends
    /// wait meanwhile.
    fn leave_to_runs(&self, sealed: &Keys) {
        for (id, keys) in &sealed.keys {
            for part in keys.chunks(policy::LEAVE_KEYS) {
                if let Some(project) = self.state().projects.get_mut(id) {
                    project.dedup.leave(part);
                }
            }
        }
        for project in self.state().projects.values_mut() {
            project.dedup.shrink();
        }
    }

    /// The manifest to commit next, before any change but the new number.
    pub(crate) fn next_generation(&self) -> Manifest {
        let mut next = Manifest::clone(&self.state().manifest);
        next.generation += 1;
        next.stamp_ms = next.stamp_ms.max(self.stamp());
        next.clock = next.clock.look(self.clock.now_ms());
        next
    }

    /// Sets aside what is to be sealed; returns it, and where the log goes on behind it.
    fn freeze(&self, how: Seal) -> (Unsealed, Position) {
        let mut state = self.state();
        if how != Seal::InPassing {
            // Only between two groups can a file be ended.
            state.paused = true;
            while state.writing {
                state = wait(&self.written, state);
            }
            state.end = locked(&self.log).end_file();
            state.paused = false;
            self.work.notify_all();
        }
        let active = std::mem::take(&mut state.active);
        state.frozen.append(active);
        (state.frozen.clone(), state.end)
    }

    /// Writes what is sealed, for each project that `next` has.
    fn write_segments(
        &self,
        next: &mut Manifest,
        frozen: &Unsealed,
        sealed: &mut Keys,
    ) -> Result<(), Error> {
        let entries = frozen.groups.iter().flat_map(|group| &group.entries);
        let ids: BTreeSet<ProjectId> = entries.map(|entry| entry.project).collect();
        for id in ids {
            if next.project(id).is_some() {
                self.seal_project(next, frozen, id, sealed)?;
            }
        }
        Ok(())
    }

    fn seal_project(
        &self,
        next: &mut Manifest,
        frozen: &Unsealed,
        id: ProjectId,
        sealed: &mut Keys,
    ) -> Result<(), Error> {
        let most = self.rows_of_a_file(frozen, id);
        // a file ends with the record that fills it
        let room = most as usize + policy::RECORD_ROWS;
        let mut rows = Gathered::with_room(room);
        let mut keys: Vec<EventKey> = Vec::with_capacity(room);
        for group in &frozen.groups {
            for payload in group.payloads(id) {
                let head = self.gather(payload, &mut rows, Some(&mut keys));
                let head = head.map_err(|fault| self.damaged(group.end, fault))?;
                if let Some(project) = next.project_mut(id) {
                    project.tally.merge(&head.tally);
                }
                if rows.len() as u64 >= most {
                    let run = self.write_received(next, id, &rows, &mut keys)?;
                    sealed.add(id, run, &keys);
                    rows = Gathered::with_room(room);
                    keys = Vec::with_capacity(room);
                }
            }
        }
        if !rows.is_empty() {
            let run = self.write_received(next, id, &rows, &mut keys)?;
            sealed.add(id, run, &keys);
        }
        let next_seq = self.state().projects.get(&id).map(|it| it.next_seq);
        if let (Some(project), Some(next_seq)) = (next.project_mut(id), next_seq) {
            project.next_seq = project.next_seq.max(next_seq);
        }
        self.dir.sync(&self.dir.project(id))
    }

    /// Rows after which another file is begun: so that all of them are about as large, and
    /// about as large as [`policy::SEAL_ROWS`](crate::policy::SEAL_ROWS) says.
    fn rows_of_a_file(&self, frozen: &Unsealed, id: ProjectId) -> u64 {
        let entries = frozen.groups.iter().flat_map(|group| &group.entries);
        let mine = entries.filter(|entry| entry.project == id);
        let rows: u64 = mine.map(|entry| u64::from(entry.rows)).sum();
        let limit = self.limits.seal_rows.max(1);
        let files = (rows + limit / 2) / limit;
        rows.div_ceil(files.max(1)).max(1)
    }

    /// Adds the rows of a record to gathered ones.
    pub(crate) fn gather<'a>(
        &self,
        payload: &'a [u8],
        rows: &mut Gathered,
        mut keys: Option<&mut Vec<EventKey>>,
    ) -> Result<Head<'a>, Fault> {
        let head = Head::read(payload)?;
        let shape = head.shape(&self.shapes)?;
        head.rows(|row| {
            if let Some(keys) = &mut keys {
                keys.push((row.ts, row.key));
            }
            rows.push(shape, head.received_ms, &row)
        })?;
        Ok(head)
    }

    fn damaged(&self, end: Position, fault: Fault) -> Error {
        Error::Corrupt {
            path: self.dir.wal_file(end.file),
            offset: end.offset,
            problem: format!("a record before it: {fault}"),
        }
    }

    /// Deletes WAL files that lie wholly before a position.
    fn delete_log_before(&self, wal: Position) -> Result<(), Error> {
        for name in self.dir.list(&self.dir.wal())? {
            match dir::wal_number(&name) {
                Some(number) if number < wal.file => self.dir.remove(&self.dir.wal_file(number))?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes nothing more, and seals what is there.
    pub(crate) fn close(&self) -> Result<(), Error> {
        let _commit = locked(&self.commit);
        let mut state = self.state();
        state.check()?;
        state.ending = true;
        self.work.notify_all();
        while !state.pending.waiting.is_empty() || state.writing {
            state = wait(&self.written, state);
        }
        drop(state);
        self.seal_committing(Seal::EmptyLog)
            .map_err(|error| self.note(error))
    }
}
