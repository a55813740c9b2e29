//! Existing logs, read once or many times, stored once (decision D18).

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::clock::day_of;
use crate::error::Error;
use crate::keys;
use crate::lines::{Domain, Lines};
use crate::manifest::{self, RunKind};
use crate::outcome::{Note, Reason};
use crate::row::{Consent, ProjectId, Row};
use crate::segment::Origin;
use crate::segment::gather::Gathered;
use crate::store::{Handle, Shared, locked};
use crate::tally::Tally;
use crate::wal::record::RowView;

/// What tells a line of a log from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKey {
    /// A hash of its bytes. Equal lines of one file are different events: the k-th equal
    /// line of a file is the k-th event.
    Line(u64),
    /// A hash of the `uuid` it carries. The same uuid is the same event.
    Uuid(u64),
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// It is new and will be stored, or its refusal counted, with the next commit.
    Stored,
    /// An earlier import dealt with it, or this one has.
    AlreadyThere,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Lines stored.
    pub stored: u64,
    /// Lines refused for the first time, by reason.
    pub refused: HashMap<Reason, u64>,
    /// Lines an earlier import had dealt with.
    pub already_there: u64,
}

/// An import into one project. Writes segments directly, past the WAL; holds at most
/// [`policy::SEAL_ROWS`](crate::policy::SEAL_ROWS) rows, and 9 bytes for every line the
/// project ever imported. What is not committed when it is dropped is as if it had never
/// been pushed, and the next import finds it missing.
pub struct Importer {
    handle: Arc<Handle>,
    project: ProjectId,
    lines: Lines,
    gathered: Gathered,
    keys: Vec<u64>,
    tally: Tally,
    done: Imported,
}

impl fmt::Debug for Importer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Importer")
            .field("project", &self.project)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

impl Importer {
    pub(crate) fn begin(handle: Arc<Handle>, project: ProjectId) -> Result<Importer, Error> {
        claim(&handle.shared, project)?;
        let mut importer = Importer {
            handle,
            project,
            lines: Lines::default(),
            gathered: Gathered::default(),
            keys: Vec::new(),
            tally: Tally::default(),
            done: Imported::default(),
        };
        importer.lines = known_lines(importer.shared(), project)?;
        Ok(importer)
    }

    /// The project it imports into.
    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// Begins another file: equal lines are counted from one again.
    pub fn next_file(&mut self) {
        self.lines.next_file();
    }

    /// Takes a line that was admitted, with what the gate left out of it. The store sets the
    /// row's consent and order, and stamps it as arrived now.
    ///
    /// # Errors
    ///
    /// If what was gathered had to be committed and could not be.
    pub fn push(
        &mut self,
        key: LineKey,
        mut row: Row,
        notes: &[(Note, u32)],
    ) -> Result<Pushed, Error> {
        let foreign = |fault| Error::ForeignRow { fault };
        self.shared().shape.check(&row).map_err(foreign)?;
        let Some(key) = self.lines.admit(key, Domain::Stored) else {
            self.done.already_there += 1;
            return Ok(Pushed::AlreadyThere);
        };
        let received_ms = self.shared().stamp();
        let day = day_of(received_ms);
        row.consent = Consent::Imported;
        row.common.seq = Some(self.next_seq()?);
        let shape = Arc::clone(&self.shared().shape);
        self.gathered
            .push(&shape, received_ms, &RowView::of(&row))
            .map_err(foreign)?;
        self.keys.push(key);
        self.tally.add(day, Reason::Accepted, 1);
        for (note, n) in notes {
            self.tally.note(day, *note, u64::from(*n));
        }
        self.done.stored += 1;
        self.commit_if_many()
    }

    /// Counts a line that was refused, once however often it is imported. It is looked at
    /// again in every import: a later catalog may admit it.
    ///
    /// # Errors
    ///
    /// As [`Importer::push`].
    pub fn refuse(&mut self, key: LineKey, reason: Reason) -> Result<Pushed, Error> {
        let Some(key) = self.lines.admit(key, Domain::Refused) else {
            self.done.already_there += 1;
            return Ok(Pushed::AlreadyThere);
        };
        self.keys.push(key);
        let day = day_of(self.shared().stamp());
        self.tally.add(day, reason, 1);
        *self.done.refused.entry(reason).or_default() += 1;
        self.commit_if_many()
    }

    fn commit_if_many(&mut self) -> Result<Pushed, Error> {
        if self.keys.len() as u64 >= self.shared().limits.seal_rows {
            self.commit()?;
        }
        Ok(Pushed::Stored)
    }

    fn next_seq(&self) -> Result<u64, Error> {
        let mut state = self.shared().state();
        state.check()?;
        let project = state.projects.get_mut(&self.project);
        let project = project.ok_or(Error::UnknownProject(self.project))?;
        project.next_seq += 1;
        Ok(project.next_seq - 1)
    }

    /// Makes everything pushed so far durable and visible, with one manifest generation.
    ///
    /// # Errors
    ///
    /// What was pushed stays gathered; the call can be repeated once there is room.
    pub fn commit(&mut self) -> Result<(), Error> {
        if self.keys.is_empty() {
            return Ok(());
        }
        let committed = {
            let shared = &self.handle.shared;
            let _commit = locked(&shared.commit);
            write(
                shared,
                self.project,
                &self.gathered,
                &mut self.keys,
                &self.tally,
            )
            .map_err(|error| shared.note(error))
        };
        committed?;
        self.gathered = Gathered::default();
        self.keys.clear();
        self.tally = Tally::default();
        self.lines.settle();
        Ok(())
    }

    /// Commits, and says what was done.
    ///
    /// # Errors
    ///
    /// As [`Importer::commit`].
    pub fn finish(mut self) -> Result<Imported, Error> {
        self.commit()?;
        Ok(std::mem::take(&mut self.done))
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }
}

impl Drop for Importer {
    fn drop(&mut self) {
        if let Some(project) = self.handle.shared.state().projects.get_mut(&self.project) {
            project.importing = false;
        }
    }
}

/// One import into a project at a time: two would not know of each other's lines.
fn claim(shared: &Shared, id: ProjectId) -> Result<(), Error> {
    let mut state = shared.state();
    state.check()?;
    let project = state.projects.get_mut(&id);
    let project = project.ok_or(Error::UnknownProject(id))?;
    if project.removing {
        return Err(Error::UnknownProject(id));
    }
    match std::mem::replace(&mut project.importing, true) {
        true => Err(Error::ImportRunning(id)),
        false => Ok(()),
    }
}

/// The lines of earlier imports. Only an import needs them, so only an import reads them.
fn known_lines(shared: &Shared, id: ProjectId) -> Result<Lines, Error> {
    let manifest = Arc::clone(&shared.state().manifest);
    let project = manifest.project(id).ok_or(Error::UnknownProject(id))?;
    let mut known = Vec::new();
    for run in &project.key_runs {
        if run.kind == RunKind::Lines {
            let path = shared.dir.key_run(id, run.file);
            known.append(&mut keys::decode_lines(&shared.dir.read(&path)?, &path)?);
        }
    }
    Ok(Lines::new(known))
}

/// Writes a segment and a key run, and commits both with the counts.
fn write(
    shared: &Shared,
    id: ProjectId,
    rows: &Gathered,
    keys: &mut [u64],
    tally: &Tally,
) -> Result<(), Error> {
    shared.state().check()?;
    let mut next = shared.next_generation();
    if !rows.is_empty() {
        shared.write_segment(&mut next, id, rows, Origin::Imported)?;
    }
    let today = day_of(next.stamp_ms);
    let bytes = keys::encode_lines(keys);
    shared.write_keys(
        &mut next,
        id,
        RunKind::Lines,
        keys.len(),
        &bytes,
        (today, today),
    )?;
    shared.dir.sync(&shared.dir.project(id))?;
    let next_seq = shared.state().projects.get(&id).map(|it| it.next_seq);
    let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
    project.tally.merge(tally);
    project.next_seq = project.next_seq.max(next_seq.unwrap_or(0));
    manifest::commit(&shared.dir, &next)?;
    shared.install(next);
    Ok(())
}
