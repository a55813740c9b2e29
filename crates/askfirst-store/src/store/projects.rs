//! Projects: made, given keys, removed (decision D28).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, mpsc};

use super::locked;
use super::seal::Seal;
use super::state::{ProjectState, Shared};
use crate::dir;
use crate::error::{AppendError, Error};
use crate::manifest::{self, Manifest, Project};
use crate::project::{Key, NewProject, OldKeys, ProjectInfo, check_name, key_sha256, random};
use crate::recorded::Recorded;
use crate::row::{Appended, ProjectId};
use crate::tally::Tally;

/// Every project, and where keys lead.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) list: Vec<Arc<ProjectInfo>>,
    keys: HashMap<[u8; 32], Arc<ProjectInfo>>,
}

impl Directory {
    pub(crate) fn of(manifest: &Manifest) -> Directory {
        let list: Vec<_> = manifest
            .projects
            .iter()
            .map(|it| Arc::new(it.info()))
            .collect();
        let keys = list.iter().flat_map(|info| {
            let lead = |key: &[u8; 32]| (*key, Arc::clone(info));
            info.key_sha256.iter().map(lead).collect::<Vec<_>>()
        });
        Directory {
            keys: keys.collect(),
            list,
        }
    }

    pub(crate) fn by_key(&self, key: &str) -> Option<Arc<ProjectInfo>> {
        self.keys.get(&key_sha256(key)).cloned()
    }
}

impl Shared {
    pub(crate) fn add_project(
        &self,
        new: NewProject<'_>,
    ) -> Result<(Arc<ProjectInfo>, Key), Error> {
        let name = new.name;
        check_name(name)?;
        let key = Key::random()?;
        let salt = random()?;
        let created_ms = self.stamp();
        let id = self.change(|next| {
            if next.projects.iter().any(|it| it.name == name) {
                return Err(Error::ProjectExists {
                    name: name.to_owned(),
                });
            }
            let id = next.next_project;
            next.next_project += 1;
            next.projects.push(Project {
                id,
                name: name.to_owned(),
                host: new.host.to_owned(),
                created_ms,
                retention: new.retention,
                simulated: new.simulated,
                keys: vec![key_sha256(key.as_str())],
                salt,
                next_seq: 0,
                tally: Tally::default(),
                recorded: Recorded::default(),
                expired: 0,
                segments: Vec::new(),
                key_runs: Vec::new(),
                erasure: None,
            });
            self.dir.create(&self.dir.project(ProjectId(id)))?;
            self.dir.sync(&self.dir.projects())?;
            Ok(ProjectId(id))
        })?;
        let directory = self.directory();
        let info = directory.list.iter().find(|it| it.id == id);
        info.map(|info| (Arc::clone(info), key))
            .ok_or(Error::UnknownProject(id))
    }

    pub(crate) fn rotate_key(&self, id: ProjectId, old: OldKeys) -> Result<Key, Error> {
        let key = Key::random()?;
        self.change(|next| {
            let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
            if old == OldKeys::Refuse {
                project.keys.clear();
            }
            project.keys.push(key_sha256(key.as_str()));
            Ok(())
        })?;
        Ok(key)
    }

    pub(crate) fn accept_key(&self, id: ProjectId, key: &str) -> Result<(), Error> {
        let sha256 = key_sha256(key);
        self.change(|next| {
            let taken = |it: &&Project| it.keys.contains(&sha256);
            match next.projects.iter().find(taken).map(Project::id) {
                Some(owner) if owner == id => return Ok(()),
                Some(_) => return Err(Error::KeyTaken),
                None => {}
            }
            let project = next.project_mut(id).ok_or(Error::UnknownProject(id))?;
            project.keys.push(sha256);
            Ok(())
        })
    }

    /// Commits a generation that `change` made.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&mut Manifest) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let _commit = locked(&self.commit);
        self.state().check()?;
        let mut next = self.next_generation();
        let changed = change(&mut next)?;
        manifest::commit(&self.dir, &next).map_err(|error| self.note(error))?;
        self.install(next);
        Ok(changed)
    }

    /// Shows a committed generation.
    pub(crate) fn install(&self, committed: Manifest) {
        let directory = Arc::new(Directory::of(&committed));
        let mut state = self.state();
        for project in &committed.projects {
            state
                .projects
                .entry(project.id())
                .or_insert_with(|| ProjectState {
                    next_seq: project.next_seq,
                    ..ProjectState::default()
                });
        }
        state.show(committed);
        drop(state);
        self.merge_work.notify_all();
        let mut shown = self
            .directory
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *shown = directory;
    }

    pub(crate) fn remove_project(&self, id: ProjectId) -> Result<(), Error> {
        self.refuse_more(id)?;
        // A merge of it gives up now.
        let _merging = self.merging();
        let _commit = locked(&self.commit);
        let removed = self
            .drain()
            .and_then(|()| self.seal_committing(Seal::Without(id)));
        if let Err(error) = removed {
            if let Some(project) = self.state().projects.get_mut(&id) {
                project.removing = false;
            }
            return Err(self.note(error));
        }
        self.state().projects.remove(&id);
        let committed = Manifest::clone(&self.state().manifest);
        self.install(committed);
        self.delete_project(id).map_err(|error| self.note(error))
    }

    /// From here on nothing of the project comes in.
    fn refuse_more(&self, id: ProjectId) -> Result<(), Error> {
        let mut state = self.state();
        state.check()?;
        let project = state
            .projects
            .get_mut(&id)
            .ok_or(Error::UnknownProject(id))?;
        if project.removing {
            return Err(Error::UnknownProject(id));
        }
        if project.importing {
            return Err(Error::ImportRunning(id));
        }
        project.removing = true;
        Ok(())
    }

    /// Waits until everything taken so far is on disk, or known not to be.
    pub(crate) fn drain(&self) -> Result<(), Error> {
        let (sender, receiver) = mpsc::channel();
        let done = move |result| drop(sender.send(result));
        let mut state = self.state();
        state
            .pending
            .waiting
            .push((Box::new(done), Appended::default()));
        drop(state);
        self.work.notify_one();
        match receiver.recv() {
            Ok(Ok(_) | Err(AppendError::DiskFull)) => Ok(()),
            Ok(Err(AppendError::Stopped { reason })) => Err(Error::Stopped { reason }),
            _ => Err(Error::Closed),
        }
    }

    /// Deletes the files of a project no manifest names, and the one that did.
    fn delete_project(&self, id: ProjectId) -> Result<(), Error> {
        delete_files(&self.dir, id)?;
        self.dir.remove(&self.dir.previous_manifest())?;
        self.dir.sync(&self.dir.root)
    }
}

/// Deletes what is ours in the directory of a project, and the directory if nothing else is
/// in it.
pub(super) fn delete_files(dir: &dir::Dir, id: ProjectId) -> Result<(), Error> {
    let path = dir.project(id);
    let mut foreign = false;
    for name in dir.list(&path)? {
        match dir::file_number(name.strip_suffix(".tmp").unwrap_or(&name)) {
            Some(_) => dir.remove(&path.join(&name))?,
            None => foreign = true,
        }
    }
    if !foreign {
        dir.remove_dir(&path)?;
    }
    dir.sync(&dir.projects())
}
