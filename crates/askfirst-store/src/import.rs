//! Existing logs, read once or many times, stored once (decision D18).

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::clock::day_of;
use crate::error::Error;
use crate::keys::run::Run;
use crate::keys::write::Written;
use crate::lines::{Domain, Lines, Settling};
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
/// [`policy::SEAL_ROWS`](crate::policy::SEAL_ROWS) rows and their keys, a byte for every five
/// lines the project ever imported, and what the store's cache has of their keys. What is not committed when it is dropped is as if it had never
/// been pushed, and the next import finds it missing.
pub struct Importer {
    handle: Arc<Handle>,
    project: ProjectId,
    lines: Lines,
    gathered: Gathered,
    /// New lines since the last commit.
    keys: u64,
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
            lines: Lines::new(Arc::clone(&handle.shared.cache), Vec::new()),
            handle,
            project,
            gathered: Gathered::default(),
            keys: 0,
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
    /// If what was gathered had to be committed and could not be, or the keys of earlier
    /// imports cannot be read.
    pub fn push(
        &mut self,
        key: LineKey,
        mut row: Row,
        notes: &[(Note, u32)],
    ) -> Result<Pushed, Error> {
        let foreign = |fault| Error::ForeignRow { fault };
        self.shared().shape.check(&row).map_err(foreign)?;
        let mask = self.shared().state().mask(self.project);
        if mask.is_some_and(|mask| mask.hides(row.install)) {
            return self.refuse(key, Reason::Forgotten);
        }
        let Some(_) = self.admit(key, Domain::Stored)? else {
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
        self.keys += 1;
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
        let Some(_) = self.admit(key, Domain::Refused)? else {
            self.done.already_there += 1;
            return Ok(Pushed::AlreadyThere);
        };
        self.keys += 1;
        let day = day_of(self.shared().stamp());
        self.tally.add(day, reason, 1);
        *self.done.refused.entry(reason).or_default() += 1;
        self.commit_if_many()
    }

    fn admit(&mut self, key: LineKey, domain: Domain) -> Result<Option<u64>, Error> {
        let admitted = self.lines.admit(key, domain);
        admitted.map_err(|error| self.shared().note(error))
    }

    fn commit_if_many(&mut self) -> Result<Pushed, Error> {
        if self.keys >= self.shared().limits.seal_rows {
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
        if self.keys == 0 {
            return Ok(());
        }
        let shared = Arc::clone(self.shared());
        let committed = self.write(&shared);
        committed.map_err(|error| shared.note(error))?;
        self.gathered = Gathered::default();
        self.keys = 0;
        self.tally = Tally::default();
        Ok(())
    }

    /// Writes a segment and a key run, and commits both with the counts. Smaller runs of
    /// earlier commits become part of the new one: nobody else changes or reads them while an
    /// import is running.
    fn write(&mut self, shared: &Shared) -> Result<(), Error> {
        shared.state().check()?;
        // No file has the number 0, and no other import into the project is running.
        let path = shared.dir.key_run(self.project, 0);
        let (written, settling) = self.lines.write(&shared.dir, &path)?;
        let run = self.commit_files(shared, &settling, written)?;
        self.lines.settle(settling, run);
        Ok(())
    }

    /// Commits a key run in the place of others, and what was gathered.
    fn commit_files(
        &self,
        shared: &Shared,
        settling: &Settling,
        written: Written<'_>,
    ) -> Result<Run, Error> {
        let _commit = locked(&shared.commit);
        shared.state().check()?;
        let id = self.project;
        let mut next = shared.next_generation();
        if !self.gathered.is_empty() {
            shared.write_segment(&mut next, id, &self.gathered, Origin::Imported)?;
        }
        let merged = self.lines.merged(settling);
        let today = day_of(next.stamp_ms);
        let project = next.project(id).ok_or(Error::UnknownProject(id))?;
        let runs = project
            .key_runs
            .iter()
            .filter(|it| merged.contains(&it.file));
        let since = runs.map(|it| it.arrived.0).min().unwrap_or(today);
        let run = shared.replace_runs(&mut next, id, &merged, written, (since, today))?;
        shared.dir.sync(&shared.dir.project(id))?;
        let next_seq = shared.state().projects.get(&id).map(|it| it.next_seq);
        let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
        project.tally.merge(&self.tally);
        project.next_seq = project.next_seq.max(next_seq.unwrap_or(0));
        manifest::commit(&shared.dir, &next)?;
        shared.install(next);
        shared.delete_runs(id, &merged)?;
        Ok(run)
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

/// The lines of earlier imports. Only an import needs them, so only an import opens them.
fn known_lines(shared: &Shared, id: ProjectId) -> Result<Lines, Error> {
    let manifest = Arc::clone(&shared.state().manifest);
    let project = manifest.project(id).ok_or(Error::UnknownProject(id))?;
    let mut known = Vec::new();
    for run in &project.key_runs {
        if run.kind == RunKind::Lines {
            let path = shared.dir.key_run(id, run.file);
            known.push(Arc::new(Run::open(&shared.dir, &path, run)?));
        }
    }
    Ok(Lines::new(Arc::clone(&shared.cache), known))
}
