//! Key runs of a running store: written by seals, merged in the background, forgotten when
//! they are old (decisions D9, D10).

use std::sync::Arc;

use super::locked;
use super::state::{Shared, State};
use crate::clock::day_of;
use crate::dedup::{Index, first_remembered, runs_to_merge};
use crate::error::Error;
use crate::keys::EventKey;
use crate::keys::merge::{self, Source};
use crate::keys::run::Run;
use crate::keys::write::{RunWriter, Written};
use crate::manifest::{self, Manifest, RunKind};
use crate::policy::{self, KEY_READ_BLOCKS};
use crate::row::ProjectId;

/// Runs of one project to be made one.
#[derive(Debug)]
struct Merge {
    project: ProjectId,
    /// In no particular order.
    inputs: Vec<Arc<Run>>,
    arrived: (i32, i32),
}

/// A run that a commit is about to show.
pub(super) type NewRun = (ProjectId, Arc<Run>);

impl Shared {
    /// Writes keys as a run of received events and names it in `next`. Sorts them.
    pub(super) fn write_keys(
        &self,
        next: &mut Manifest,
        id: ProjectId,
        keys: &mut [EventKey],
        arrived: (i32, i32),
    ) -> Result<Run, Error> {
        keys.sort_unstable();
        // Of the number it is going to get.
        let path = self.dir.key_run(id, next.next_file);
        let mut writer = RunWriter::begin(&self.dir, &path, RunKind::Received, keys.len() as u64)?;
        for key in keys {
            writer.push(*key)?;
        }
        self.replace_runs(next, id, &[], writer.finish()?, arrived)
    }

    /// Names a written run in `next`, in the place of others.
    pub(crate) fn replace_runs(
        &self,
        next: &mut Manifest,
        id: ProjectId,
        gone: &[u64],
        written: Written<'_>,
        arrived: (i32, i32),
    ) -> Result<Run, Error> {
        let file = next.take_file();
        let (named, run) = written.name(&self.dir.key_run(id, file), file, arrived)?;
        let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
        project.key_runs.retain(|it| !gone.contains(&it.file));
        project.key_runs.push(named);
        Ok(run)
    }

    /// Takes runs out of `next` whose newest key is not needed any more, unless the clock
    /// cannot be believed (D34); returns their files, to be deleted once that is committed.
    pub(super) fn forget_keys(&self, next: &mut Manifest) -> Vec<(ProjectId, u64)> {
        let oldest = first_remembered(next.clock.believed_day());
        let mut gone = Vec::new();
        for project in &mut next.projects {
            let id = project.id();
            let old = project.key_runs.extract_if(.., |run| {
                run.kind == RunKind::Received && run.arrived.1 < oldest
            });
            gone.extend(old.map(|run| (id, run.file)));
        }
        gone
    }

    /// Merges key runs, if some project has too many; one commit for all of them. Returns
    /// whether there was anything to do.
    pub(crate) fn merge_keys_if_due(&self) -> Result<bool, Error> {
        let due = self.merges_due();
        if due.is_empty() || !self.has_room_for(&due) {
            return Ok(false);
        }
        let mut written = Vec::with_capacity(due.len());
        for merge in due {
            match self.merge_runs(&merge) {
                Ok(run) => written.push((merge, run)),
                // The disk is full, or the store is closing: as before, and later again.
                Err(Error::DiskFull { .. } | Error::Closed) => return Ok(false),
                Err(error) => return Err(self.note(error)),
            }
        }
        self.commit_merged(written)
            .map_err(|error| self.note(error))
    }

    fn merges_due(&self) -> Vec<Merge> {
        let state = self.state();
        let today = day_of(state.manifest.stamp_ms);
        let projects = state.manifest.projects.iter();
        let merge = |project: &manifest::Project| {
            let runs = runs_to_merge(&project.key_runs, today)?;
            let index = &state.projects.get(&project.id())?.dedup.index;
            let inputs = runs.iter().map(|run| index.run(run.file).cloned());
            Some(Merge {
                project: project.id(),
                inputs: inputs.collect::<Option<_>>()?,
                arrived: runs.iter().fold(runs[0].arrived, |(from, to), run| {
                    (from.min(run.arrived.0), to.max(run.arrived.1))
                }),
            })
        };
        projects.filter_map(merge).collect()
    }

    /// Merging is put off while the disk is nearly full: sealing comes first (D21).
    fn has_room_for(&self, due: &[Merge]) -> bool {
        let keys: u64 = due
            .iter()
            .flat_map(|it| &it.inputs)
            .map(|run| run.keys())
            .sum();
        let wal = policy::RESERVED_FILES * self.limits.wal_file_bytes;
        // A key takes less than 12 bytes; old and new runs are there together.
        let free = self.dir.disk.free_bytes(&self.dir.root).unwrap_or(0);
        free >= wal.saturating_add(24 * keys)
    }

    /// Writes one run of several, without a lock. Seals in between, if it is time to.
    fn merge_runs(&self, merge: &Merge) -> Result<Written<'_>, Error> {
        let sources: Vec<Source<'_>> = merge.inputs.iter().map(|run| Source::Run(run)).collect();
        // Nobody else writes beside a file that is there.
        let first = merge.inputs.iter().map(|run| run.number()).min();
        let path = self.dir.key_run(merge.project, first.unwrap_or(0));
        let keys = merge::keys_of(&sources);
        let mut writer = RunWriter::begin(&self.dir, &path, RunKind::Received, keys)?;
        let mut blocks = 0;
        let between = || {
            blocks += 1;
            match blocks % KEY_READ_BLOCKS {
                0 => self.more_urgent(),
                _ => Ok(()),
            }
        };
        merge::merge(&sources, &mut writer, |_| {}, between)?;
        writer.finish()
    }

    fn more_urgent(&self) -> Result<(), Error> {
        if self.state().ending {
            return Err(Error::Closed);
        }
        self.seal_if_due()
    }

    /// Commits merged runs. Those of which a part has been forgotten or removed meanwhile are
    /// thrown away.
    fn commit_merged(&self, written: Vec<(Merge, Written<'_>)>) -> Result<bool, Error> {
        let _commit = locked(&self.commit);
        self.state().check()?;
        let mut next = self.next_generation();
        let mut new: Vec<NewRun> = Vec::new();
        let mut gone = Vec::new();
        for (merge, run) in written {
            let id = merge.project;
            let inputs: Vec<u64> = merge.inputs.iter().map(|run| run.number()).collect();
            let still = next.project(id).is_some_and(|project| {
                let named = |file: &u64| project.key_runs.iter().any(|run| run.file == *file);
                inputs.iter().all(named)
            });
            if still {
                let run = self.replace_runs(&mut next, id, &inputs, run, merge.arrived)?;
                self.dir.sync(&self.dir.project(id))?;
                new.push((id, Arc::new(run)));
                gone.extend(inputs.into_iter().map(|file| (id, file)));
            }
        }
        if new.is_empty() {
            return Ok(false);
        }
        manifest::commit(&self.dir, &next)?;
        let mut state = self.state();
        state.manifest = Arc::new(next);
        self.show_runs(&mut state, &new);
        drop(state);
        for (id, file) in gone {
            self.delete_runs(id, &[file])?;
        }
        Ok(true)
    }

    /// Looks keys up in the runs the manifest of `state` names, from now on.
    pub(super) fn show_runs(&self, state: &mut State, new: &[NewRun]) {
        let manifest = Arc::clone(&state.manifest);
        let mut directories = 0;
        for project in &manifest.projects {
            let id = project.id();
            let mine = new.iter().filter(|(of, _)| *of == id);
            let mine: Vec<Arc<Run>> = mine.map(|(_, run)| Arc::clone(run)).collect();
            if let Some(known) = state.projects.get_mut(&id) {
                known.dedup.show(&project.key_runs, &mine);
                directories += known.dedup.index.memory();
            }
        }
        self.cache.set_limit(cache_bytes(directories));
    }

    /// Deletes runs no manifest names any more. Who still looks into one has it open.
    pub(crate) fn delete_runs(&self, id: ProjectId, files: &[u64]) -> Result<(), Error> {
        let mut files = files.iter();
        files.try_for_each(|file| self.dir.remove(&self.dir.key_run(id, *file)))
    }

    /// The runs in which a project's keys are looked up now.
    pub(super) fn index_of(&self, state: &State, id: ProjectId) -> Arc<Index> {
        let known = state.projects.get(&id);
        known
            .map(|it| Arc::clone(&it.dedup.index))
            .unwrap_or_default()
    }
}

/// What is left to the cache beside so many bytes of directories (D22).
pub(super) fn cache_bytes(directories: usize) -> usize {
    let left = policy::KEY_CACHE_BYTES.saturating_sub(directories);
    left.max(policy::KEY_CACHE_LEAST_BYTES)
}
