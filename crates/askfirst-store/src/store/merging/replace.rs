//! Replacing sealed files by others, in one generation (decision D16).

use std::collections::BTreeSet;

use super::super::locked;
use super::super::state::Shared;
use super::Merging;
use crate::error::Error;
use crate::manifest::{self, SegmentFile};
use crate::row::ProjectId;
use crate::segment::merge::{self, Failure, Job, Route};

/// Sealed files of a project to write anew: merged, or without some of their rows.
///
/// Whoever wants rows gone gives a `route` that says `None` for them, and the level of the
/// files for the one output: `levels: &[2]`, `route: &|times| keep(times).then_some(0)`. They
/// are counted as expired.
pub(crate) struct Replace<'a> {
    pub(crate) project: ProjectId,
    /// Files of one origin, in the manifest's order.
    pub(crate) inputs: &'a [SegmentFile],
    /// The level of each output.
    pub(crate) levels: &'a [u8],
    /// The output of a row, by its times.
    pub(crate) route: Route<'a>,
}

impl Shared {
    /// Writes the outputs, names them in the manifest instead of the inputs, and deletes the
    /// inputs. Appends, seals and imports go on meanwhile; the commit lock is held only to
    /// take a number for each output and to commit.
    ///
    /// `false` if the store or the project went away in between, or the inputs are not all
    /// there any more.
    ///
    /// # Errors
    ///
    /// If an input is damaged nothing changes, and nothing of the project is merged until the
    /// next start. Nothing changes if the disk is full either; any other error of the disk
    /// stops the store (D20).
    pub(crate) fn replace(
        &self,
        _merging: &Merging<'_>,
        replace: &Replace<'_>,
    ) -> Result<bool, Error> {
        let id = replace.project;
        let job = Job {
            dir: &self.dir,
            project: id,
            inputs: replace.inputs,
            levels: replace.levels,
            route: replace.route,
            file_rows: self.limits.file_rows,
            number: &|| self.take_file_number(),
            stop: &|| self.is_going(id),
        };
        let outputs = match merge::run(&job) {
            Ok(outputs) => outputs,
            Err(Failure::Stopped) => return Ok(false),
            Err(Failure::Input(error)) => return self.unreadable(id, replace.inputs, error),
            // What was written is gone again, so there is as much room as before.
            Err(Failure::Output(error @ Error::DiskFull { .. })) => return Err(error),
            Err(Failure::Output(error)) => return Err(self.note(error)),
        };
        let committed = self.commit_replaced(id, replace.inputs, &outputs);
        // After any other error the manifest on disk may name them: the next start looks.
        if matches!(committed, Ok(false) | Err(Error::DiskFull { .. })) {
            merge::discard(&self.dir, id, &outputs);
        }
        committed
    }

    /// A number no other file has. It is on disk with the next generation; until then the
    /// file is one that the manifest does not name, and gone after a crash.
    fn take_file_number(&self) -> Result<u64, Error> {
        let _commit = locked(&self.commit);
        let mut state = self.state();
        state.check()?;
        let manifest = std::sync::Arc::make_mut(&mut state.manifest);
        Ok(manifest.take_file())
    }

    /// Whether merging files of a project is of no use any more.
    fn is_going(&self, id: ProjectId) -> bool {
        let state = self.state();
        let gone = state.projects.get(&id).is_none_or(|it| it.removing);
        gone || state.ending || state.check().is_err()
    }

    fn commit_replaced(
        &self,
        id: ProjectId,
        inputs: &[SegmentFile],
        outputs: &[SegmentFile],
    ) -> Result<bool, Error> {
        self.dir
            .sync(&self.dir.project(id))
            .map_err(|error| self.note(error))?;
        let commit = locked(&self.commit);
        if self.is_going(id) {
            return Ok(false);
        }
        let mut next = self.next_generation();
        let Some(project) = next.project_mut(id) else {
            return Ok(false);
        };
        if !project.replace(inputs, outputs) {
            return Ok(false);
        }
        let committed = manifest::commit(&self.dir, &next);
        match committed {
            Ok(()) => {}
            // The old generation stands: the new one was not renamed.
            Err(error @ Error::DiskFull { .. }) => return Err(error),
            Err(error) => return Err(self.note(error)),
        }
        self.install(next);
        drop(commit);
        for file in inputs {
            let path = self.dir.segment(id, file.file);
            self.dir.remove(&path).map_err(|error| self.note(error))?;
        }
        Ok(true)
    }
}

impl manifest::Project {
    /// Whether all these files are still there.
    pub(super) fn has_all(&self, files: &[SegmentFile]) -> bool {
        let there: BTreeSet<u64> = self.segments.iter().map(|it| it.file).collect();
        files.iter().all(|it| there.contains(&it.file))
    }

    /// Names `outputs` instead of `inputs`, at the place of the first; `false` if one of
    /// those is not there. Rows that were left out have expired.
    fn replace(&mut self, inputs: &[SegmentFile], outputs: &[SegmentFile]) -> bool {
        if !self.has_all(inputs) {
            return false;
        }
        let rows = |files: &[SegmentFile]| files.iter().map(|it| it.rows).sum::<u64>();
        self.expired += rows(inputs).saturating_sub(rows(outputs));
        let gone: BTreeSet<u64> = inputs.iter().map(|it| it.file).collect();
        let is_gone = |it: &SegmentFile| gone.contains(&it.file);
        let first = self.segments.iter().position(is_gone).unwrap_or(0);
        self.segments.retain(|it| !is_gone(it));
        let retention = self.retention;
        let dated = outputs.iter().map(|it| SegmentFile {
            expires: retention.expires(it.origin, it.days, it.arrived),
            ..it.clone()
        });
        self.segments.splice(first..first, dated);
        true
    }

    /// How many received files are at level 0.
    pub(crate) fn level_0_files(&self) -> usize {
        let received =
            |it: &&SegmentFile| it.level == 0 && it.origin == crate::segment::Origin::Received;
        self.segments.iter().filter(received).count()
    }
}
