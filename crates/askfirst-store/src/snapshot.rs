//! What readers see: everything committed at one moment (decision D17).

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use askfirst_catalog::{Catalog, Models};

use crate::belief::Doubt;
use crate::clock::Clock;
use crate::codec::Fault;
use crate::dir::Dir;
use crate::disk::Disk;
use crate::erasure::mask::{Mask, Part, Place};
use crate::error::Error;
use crate::manifest::{self, Manifest, Project};
use crate::policy;
use crate::project::ProjectInfo;
use crate::recorded::Recorded;
use crate::retention::hide::{self, Shown, Visible};
use crate::row::ProjectId;
use crate::segment::gather::Gathered;
use crate::segment::sealed::Sealed;
use crate::segment::types::Types;
use crate::segment::{Origin, Segment};
use crate::shape::{Shape, Shapes};
use crate::store::Shared;
use crate::tally::Tally;
use crate::wal::Group;
use crate::wal::record::{Head, RowView};
use crate::wal::recover::{self, Reader, Recovered};

/// Everything stored at one moment. Later writes do not show in it.
#[derive(Debug, Clone)]
pub struct Snapshot {
    views: Vec<Arc<ProjectView>>,
    doubt: Option<Doubt>,
}

impl Snapshot {
    /// Reads a data directory beside its writer, if there is one; takes no lock and writes
    /// nothing. `clock` says which rows have expired by now (promise P17).
    ///
    /// # Errors
    ///
    /// [`Error::NoData`] if there is no store; [`Error::NewerVersion`]; damage.
    pub fn open(dir: &Path, disk: Arc<dyn Disk>, clock: &dyn Clock) -> Result<Snapshot, Error> {
        let dir = Dir::new(disk, dir);
        let mut manifest = read_manifest(&dir)?;
        for _ in 0..policy::READER_ATTEMPTS {
            let log = recover::read(&dir, manifest.wal, Reader::Beside);
            // With the log from the manifest's position on, whatever was committed meanwhile
            // is in the log too. Without it, it may just have been emptied.
            let whole = log.as_ref().is_ok_and(|log| log.begun);
            let read = log.and_then(|log| Snapshot::read(&dir, &manifest, &log, clock.now_ms()));
            if whole && read.is_ok() {
                return read;
            }
            let now = read_manifest(&dir)?;
            if now.generation == manifest.generation {
                return read;
            }
            manifest = now;
        }
        Err(Error::Changing { path: dir.root })
    }

    /// Reads what the manifest names, and the catalogs: after the log, because a catalog is
    /// stored before the first record that names it.
    fn read(
        dir: &Dir,
        manifest: &Manifest,
        log: &Recovered,
        now_ms: i64,
    ) -> Result<Snapshot, Error> {
        let known = Arc::new(Shape::of(&Catalog::builtin()));
        let shapes = Arc::new(Shapes::load(dir, &known, &Models::builtin())?);
        let mut builtin = Shapes::default();
        builtin.insert(known)?;
        let types = Arc::new(Types::new(Arc::clone(&shapes), &builtin));
        let masks = |project: &Project| Mask::of(project.erasure.as_ref());
        let groups = &log.groups;
        let mut snapshot = Snapshot::build(dir, manifest, groups, &shapes, &types, &masks, now_ms)?;
        let stamp_ms = log.stamp_ms.max(manifest.stamp_ms);
        snapshot.doubt = Doubt::of(manifest, stamp_ms, now_ms);
        Ok(snapshot)
    }

    /// Everything a running store has.
    pub(crate) fn of(shared: &Shared) -> Result<Snapshot, Error> {
        for _ in 0..policy::READER_ATTEMPTS {
            let state = shared.state();
            let manifest = Arc::clone(&state.manifest);
            let mut groups = state.frozen.groups.clone();
            groups.extend(state.active.groups.iter().cloned());
            let projects = manifest.projects.iter().map(Project::id);
            let masks: HashMap<_, _> = projects.map(|id| (id, state.mask(id))).collect();
            drop(state);
            let masks = |project: &Project| masks.get(&project.id()).cloned().flatten();
            let (shapes, types) = (&shared.shapes, &shared.types);
            let now_ms = shared.clock.now_ms();
            let dir = &shared.dir;
            match Snapshot::build(dir, &manifest, &groups, shapes, types, &masks, now_ms) {
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
                Ok(mut built) => {
                    built.doubt = shared.doubt();
                    return Ok(built);
                }
            }
        }
        Err(Error::Changing {
            path: shared.dir.root.clone(),
        })
    }

    fn build(
        dir: &Dir,
        manifest: &Manifest,
        groups: &[Arc<Group>],
        shapes: &Shapes,
        types: &Arc<Types>,
        masks: &dyn Fn(&Project) -> Option<Arc<Mask>>,
        now_ms: i64,
    ) -> Result<Snapshot, Error> {
        let today = manifest.clock.look(now_ms).today(now_ms);
        let mut views = Vec::new();
        let mut open = policy::OPEN_SEGMENTS;
        for project in &manifest.projects {
            let mut segments = Vec::new();
            let mut masked = Masked::new(masks(project));
            for file in &project.segments {
                let shown = hide::shown(file, project.retention, today);
                if shown == Shown::Nothing {
                    continue;
                }
                let path = dir.segment(project.id(), file.file);
                let sealed = Sealed::new(dir.clone(), path, file.clone());
                if open > 0 {
                    sealed.open()?;
                    open -= 1;
                }
                let visible = masked.visible(&sealed, shown)?;
                let segment = Segment::sealed(sealed, Arc::clone(types));
                match visible {
                    Some(visible) if visible.is_empty() => {}
                    Some(visible) => segments.push(segment.only(visible)),
                    None => segments.push(segment),
                }
            }
            let masked = masked.done();
            let (rows, tally) = unsealed(dir, project, groups, shapes, today, masked.as_deref())?;
            if !rows.is_empty() {
                segments.push(Segment::unsealed(&rows, Arc::clone(types))?);
            }
            let mut recorded = project.recorded.clone();
            recorded.merge(&rows.recorded());
            views.push(Arc::new(ProjectView {
                info: Arc::new(project.info()),
                tally,
                segments,
                recorded,
                masked: masked.map_or(0, |it| it.len()),
            }));
        }
        Ok(Snapshot { views, doubt: None })
    }

    /// Why the clock is not gone by, if it is not (decision D34).
    pub fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// Every project, by number.
    pub fn projects(&self) -> Vec<Arc<ProjectInfo>> {
        let infos = self.views.iter().map(|view| Arc::clone(&view.info));
        infos.collect()
    }

    /// What one project has. There is no view of several (decision D28).
    pub fn project(&self, id: ProjectId) -> Option<Arc<ProjectView>> {
        self.views.iter().find(|view| view.info.id == id).cloned()
    }
}

/// What is hidden of one project while a snapshot is taken.
struct Masked {
    mask: Option<Arc<Mask>>,
    looked_at: HashSet<Place>,
}

impl Masked {
    fn new(mask: Option<Arc<Mask>>) -> Masked {
        Masked {
            mask,
            looked_at: HashSet::new(),
        }
    }

    /// What is shown of a file; `None` if all of it.
    fn visible(&mut self, sealed: &Sealed, shown: Shown) -> Result<Part, Error> {
        let first = match shown {
            Shown::From(first) => Some(first),
            Shown::All | Shown::Nothing => None,
        };
        match &self.mask {
            Some(mask) => {
                self.looked_at.insert((sealed.file().file, first));
                mask.visible(sealed, first)
            }
            None => Ok(Visible::read(sealed, first, None)?.map(Arc::new)),
        }
    }

    /// The mask, which keeps what it learnt of these files alone.
    fn done(self) -> Option<Arc<Mask>> {
        let mask = self.mask?;
        mask.keep_files(&self.looked_at);
        Some(mask)
    }
}

fn read_manifest(dir: &Dir) -> Result<Manifest, Error> {
    manifest::read(dir)?.ok_or_else(|| Error::NoData {
        path: dir.root.clone(),
    })
}

/// The unsealed rows of a project, and all its counts.
fn unsealed(
    dir: &Dir,
    project: &Project,
    groups: &[Arc<Group>],
    shapes: &Shapes,
    today: i32,
    mask: Option<&Mask>,
) -> Result<(Gathered, Tally), Error> {
    let first = project.retention.first_shown(Origin::Received, today);
    let mut rows = Gathered::default();
    let mut tally = project.tally.clone();
    for group in groups {
        for payload in group.payloads(project.id()) {
            let head = gather(payload, &mut rows, shapes, first, mask);
            let head = head.map_err(|fault| Error::Corrupt {
                path: dir.wal_file(group.end.file),
                offset: group.end.offset,
                problem: format!("a record before it: {fault}"),
            })?;
            tally.merge(&head.tally);
        }
    }
    Ok((rows, tally))
}

/// Gathers the rows of a record that happened on the day `first` or later and are not erased.
fn gather<'a>(
    payload: &'a [u8],
    rows: &mut Gathered,
    shapes: &Shapes,
    first: i32,
    mask: Option<&Mask>,
) -> Result<Head<'a>, Fault> {
    let head = Head::read(payload)?;
    let shape = head.shape(shapes)?;
    let erased = |row: &RowView<'_>| mask.is_some_and(|mask| mask.hides(row.install));
    head.rows(|row| match row.day() >= first && !erased(&row) {
        true => rows.push(shape, head.received_ms, &row),
        false => Ok(()),
    })?;
    Ok(head)
}

/// What one project has stored.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProjectView {
    /// The project.
    pub info: Arc<ProjectInfo>,
    /// Outcomes by day of arrival.
    pub tally: Tally,
    /// Sealed files, and the unsealed rows, with one interface.
    pub segments: Vec<Segment>,
    recorded: Recorded,
    masked: usize,
}

impl ProjectView {
    /// Ids whose rows are masked, because they were asked to be erased (decision D29), and
    /// whose rows may still be in files.
    pub fn masked(&self) -> usize {
        self.masked
    }

    /// Since when each event and property is recorded, in sealed and unsealed rows.
    pub fn recorded(&self) -> &Recorded {
        &self.recorded
    }

    /// Rows of all segments.
    pub fn rows(&self) -> u64 {
        self.segments.iter().map(Segment::rows).sum()
    }

    /// Bytes of all sealed files.
    pub fn bytes(&self) -> u64 {
        self.segments.iter().map(Segment::bytes).sum()
    }
}
