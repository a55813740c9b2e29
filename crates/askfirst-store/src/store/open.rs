//! Opening a data directory: lock it, check it, clean it, recover it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};
use std::sync::{Arc, Condvar, Mutex, RwLock};

use askfirst_catalog::Catalog;

use super::keys::cache_bytes;
use super::projects::{Directory, delete_files};
use super::state::{Pending, ProjectState, Shared, State};
use crate::dedup::{Dedup, Index, first_remembered};
use crate::dir::{self, Dir, temporary};
use crate::disk::LockGuard;
use crate::erasure::mask::Mask;
use crate::error::Error;
use crate::keys::cache::Cache;
use crate::keys::run::Run;
use crate::manifest::{self, KeyRun, Manifest, Project, RunKind};
use crate::options::Options;
use crate::row::{Consent, ProjectId};
use crate::segment::types::Types;
use crate::shape::{Shape, Shapes};
use crate::wal::Unsealed;
use crate::wal::log::Log;
use crate::wal::record::Head;
use crate::wal::recover::{self, Reader, Recovered};

pub(super) fn open(root: &Path, options: Options) -> Result<Shared, Error> {
    let dir = Dir::new(Arc::clone(&options.disk), root);
    dir.create(root)?;
    let guard = lock(&dir)?;
    let manifest = match manifest::read(&dir)? {
        Some(manifest) => manifest,
        None => begin(&dir)?,
    };
    check_files(&dir, &manifest)?;
    let shape = Arc::new(Shape::of(&options.catalog));
    let shapes = Arc::new(know(&dir, &options.catalog, &shape)?);
    let recovered = recover::read(&dir, manifest.wal, Reader::Writer)?;
    clean(&dir, &manifest)?;
    let stamp_ms = manifest.stamp_ms.max(recovered.stamp_ms);
    let today = manifest.clock.look(options.clock.now_ms()).believed_day();
    let projects = recall(&dir, &manifest, &recovered, &shapes, today)?;
    let directories = projects.values().map(|it| it.dedup.index.memory()).sum();
    let limits = options.limits;
    let reserve = Arc::new(AtomicBool::new(false));
    let log = Log::new(
        dir.clone(),
        recovered.next_file,
        limits.first_wal_file_bytes,
        limits.wal_file_bytes,
        Arc::clone(&reserve),
    );
    Ok(Shared {
        clock: options.clock,
        limits,
        catalog: options.catalog,
        types: Arc::new(Types::new(Arc::clone(&shapes), &Shapes::default())),
        shape,
        shapes,
        cache: Arc::new(Cache::new(cache_bytes(directories))),
        merging: Mutex::new(()),
        commit: Mutex::new(()),
        log: Mutex::new(log),
        reserve,
        work: Condvar::new(),
        written: Condvar::new(),
        sealing: Condvar::new(),
        merge_work: Condvar::new(),
        directory: RwLock::new(Arc::new(Directory::of(&manifest))),
        newest_stamp: AtomicI64::new(stamp_ms),
        erasures: AtomicU64::new(0),
        guard: Mutex::new(Some(guard)),
        state: Mutex::new(state(manifest, projects, recovered)),
        dir,
    })
}

fn state(
    manifest: Manifest,
    projects: HashMap<ProjectId, ProjectState>,
    recovered: Recovered,
) -> State {
    let mut active = Unsealed::default();
    let end = recovered.groups.last().map_or(manifest.wal, |it| it.end);
    recovered.groups.into_iter().for_each(|it| active.push(it));
    State {
        manifest: Arc::new(manifest),
        projects,
        pending: Pending::default(),
        writing: false,
        paused: false,
        active,
        frozen: Unsealed::default(),
        end,
        disk_full: false,
        stopped: None,
        closed: false,
        ending: false,
    }
}

fn lock(dir: &Dir) -> Result<Box<dyn LockGuard>, Error> {
    let path = dir.lock_file();
    let locked = dir.disk.lock(&path);
    let guard = locked.map_err(|error| Error::io("lock", &path, error))?;
    guard.ok_or_else(|| Error::InUse {
        path: dir.root.clone(),
    })
}

/// Begins a data directory, unless something of another is there.
fn begin(dir: &Dir) -> Result<Manifest, Error> {
    for path in [dir.wal(), dir.projects(), dir.catalogs()] {
        if !dir.list(&path)?.is_empty() {
            return Err(Error::NoManifest {
                path: dir.root.clone(),
            });
        }
        dir.create(&path)?;
    }
    let manifest = Manifest::new();
    manifest::commit_first(dir, &manifest)?;
    // The name of the directory itself. What lies above may not be ours to open.
    if let Some(above) = dir.root.parent() {
        let _ = dir.disk.sync_dir(above);
    }
    Ok(manifest)
}

/// Everything the manifest names must be there, with the size it had (D16).
fn check_files(dir: &Dir, manifest: &Manifest) -> Result<(), Error> {
    for project in &manifest.projects {
        let id = project.id();
        for segment in &project.segments {
            check_file(dir, &dir.segment(id, segment.file), segment.bytes)?;
        }
        for run in &project.key_runs {
            check_file(dir, &dir.key_run(id, run.file), run.bytes)?;
        }
    }
    Ok(())
}

fn check_file(dir: &Dir, path: &Path, bytes: u64) -> Result<(), Error> {
    let missing = |problem| Error::Missing {
        path: path.to_owned(),
        problem,
    };
    let len = dir.disk.open(path).and_then(|file| file.len());
    match len {
        Ok(len) if len == bytes => Ok(()),
        Ok(_) => Err(missing("it has another size")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(missing("it is not there"))
        }
        Err(error) => Err(Error::io("open", path, error)),
    }
}

/// Reads the stored catalogs and stores the current one, before any record names it (D26).
fn know(dir: &Dir, catalog: &Catalog, shape: &Arc<Shape>) -> Result<Shapes, Error> {
    let mut shapes = Shapes::load(dir, shape, catalog.models())?;
    if shapes.find(shape.mark()).is_none() {
        shapes.insert(Arc::clone(shape))?;
        let path = dir.catalog(&shape.sha256);
        dir.write(&path, catalog.canonical().as_bytes())?;
        dir.sync(&dir.catalogs())?;
    }
    Ok(shapes)
}

/// Deletes what a crash left: files of our shapes that the manifest does not name (D16).
fn clean(dir: &Dir, manifest: &Manifest) -> Result<(), Error> {
    for path in [dir.manifest(), dir.previous_manifest()] {
        dir.remove(&temporary(&path))?;
    }
    for name in dir.list(&dir.wal())? {
        let done = dir::wal_number(&name).is_some_and(|number| number < manifest.wal.file);
        let half = name
            .strip_suffix(".tmp")
            .is_some_and(|stem| stem == "reserve" || dir::wal_number(stem).is_some());
        if done || half {
            dir.remove(&dir.wal().join(&name))?;
        }
    }
    for name in dir.list(&dir.catalogs())? {
        if name
            .strip_suffix(".tmp")
            .and_then(dir::catalog_hash)
            .is_some()
        {
            dir.remove(&dir.catalogs().join(&name))?;
        }
    }
    for name in dir.list(&dir.projects())? {
        let Some(id) = name.parse().ok().map(ProjectId) else {
            continue;
        };
        match manifest.project(id) {
            Some(project) => clean_project(dir, project)?,
            None => delete_files(dir, id)?,
        }
    }
    Ok(())
}

fn clean_project(dir: &Dir, project: &Project) -> Result<(), Error> {
    let (path, named) = (dir.project(project.id()), project.files());
    for name in dir.list(&path)? {
        let half = name.strip_suffix(".tmp");
        let number = dir::file_number(half.unwrap_or(&name));
        if number.is_some_and(|number| half.is_some() || !named.contains(&number)) {
            dir.remove(&path.join(&name))?;
        }
    }
    Ok(())
}

/// What each project remembers: its key runs, the keys of the WAL, and its numbers.
fn recall(
    dir: &Dir,
    manifest: &Manifest,
    recovered: &Recovered,
    shapes: &Shapes,
    today: i32,
) -> Result<HashMap<ProjectId, ProjectState>, Error> {
    let mut projects = HashMap::new();
    for project in &manifest.projects {
        let state = ProjectState {
            dedup: remembered(dir, project, today)?,
            next_seq: project.next_seq,
            level_0: project.level_0_files(),
            mask: Mask::of(project.erasure.as_ref()),
            ..ProjectState::default()
        };
        projects.insert(project.id(), state);
    }
    for group in &recovered.groups {
        for entry in &group.entries {
            let payload = &group.bytes[entry.start..entry.start + entry.len];
            replay(payload, shapes, &mut projects).map_err(|fault| Error::Corrupt {
                path: dir.wal_file(group.end.file),
                offset: group.end.offset,
                problem: format!("a record before it: {fault}"),
            })?;
        }
    }
    Ok(projects)
}

/// Opens the runs that are still needed: of each its directory is read, not its keys.
fn remembered(dir: &Dir, project: &Project, today: i32) -> Result<Dedup, Error> {
    let oldest = first_remembered(today);
    let needed = |run: &&KeyRun| run.kind == RunKind::Received && run.arrived.1 >= oldest;
    let open = |run: &KeyRun| {
        let path = dir.key_run(project.id(), run.file);
        Run::open(dir, &path, run).map(Arc::new)
    };
    let runs = project.key_runs.iter().filter(needed).map(open);
    Ok(Dedup::new(Index::new(runs.collect::<Result<_, _>>()?)))
}

/// Remembers the keys of a record, and goes on numbering behind it.
fn replay(
    payload: &[u8],
    shapes: &Shapes,
    projects: &mut HashMap<ProjectId, ProjectState>,
) -> Result<(), crate::codec::Fault> {
    let head = Head::read(payload)?;
    head.shape(shapes)?;
    let Some(project) = projects.get_mut(&head.project) else {
        return Err("a project the manifest does not have");
    };
    head.rows(|row| {
        project.dedup.insert((row.ts, row.key));
        if let (true, Some(seq)) = (row.consent != Consent::Agreed, row.seq) {
            project.next_seq = project.next_seq.max(seq.saturating_add(1));
        }
        Ok(())
    })
}
