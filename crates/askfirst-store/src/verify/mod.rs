//! Checks everything a data directory claims, and changes nothing.
//!
//! Beside a running writer too: files are written once and named by the manifest, so one that
//! is gone is only missed if the newest manifest still names it; one that came with a newer
//! manifest is checked as well. What is found goes into one list: the first problem is rarely
//! the only one, and whoever mends a directory wants to know how far the damage goes.

mod catalogs;
mod counts;
mod keys;
mod log;
mod manifest;
mod order;
mod segment;
mod strays;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::dir::Dir;
use crate::disk::{Disk, DiskFile};
use crate::error::Error;
use crate::manifest::Manifest;
use crate::policy;
use crate::row::ProjectId;
use crate::shape::Shapes;

pub use counts::Counted;
pub(crate) use order::Rows;

/// What to do about a file that is not as it was written.
const RESTORE: &str = "restore it from a backup, the whole directory copied aside first";
/// What to do about something that this program should never have written.
const REPORT: &str = "keep a copy of the directory and report it: no file was damaged, askfirst \
                      wrote what it should not have";
/// What to do about what a crash left.
const LEFT: &str = "nothing: the next start of `askfirst serve` or `import` deletes it";

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The file.
    pub path: PathBuf,
    /// Where in it, if that can be said: `byte 4096`, `row 17`.
    pub place: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// What was checked, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The generation of the manifest the counts are of.
    pub generation: u64,
    /// Files read to their end.
    pub files: u64,
    /// Bytes of those.
    pub bytes: u64,
    /// Rows of segments.
    pub rows: u64,
    /// Keys of key runs.
    pub keys: u64,
    /// Records of the write-ahead log that are not in a segment yet.
    pub records: u64,
    /// Files that the writer took away while this ran, as it may.
    pub taken_away: u64,
    /// What became of every accepted event, by project.
    pub projects: Vec<Counted>,
    /// What is not as it should be.
    pub problems: Vec<Finding>,
    /// What deserves a word and is no damage: what a crash left, files of somebody else.
    pub notes: Vec<Finding>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes read.
    pub bytes: u64,
    /// Bytes to read, as far as known.
    pub of: u64,
}

/// Checks a data directory. Reads all of it, takes no lock and writes nothing. `watch` is told
/// how far it is, many times a second.
///
/// # Errors
///
/// [`Error::NoData`] if there is no store; [`Error::NewerVersion`]; errors of the system
/// that keep a directory from being read. What is wrong with files is no error: it is in
/// [`Verified::problems`].
pub fn verify(
    dir: &Path,
    disk: Arc<dyn Disk>,
    watch: &mut dyn FnMut(Progress),
) -> Result<Verified, Error> {
    let dir = Dir::new(disk, dir);
    let mut check = Check::new(&dir, watch);
    let manifest = match check.manifest()? {
        Some(manifest) => manifest,
        None => return Ok(check.done),
    };
    check.of = manifest::bytes(&manifest);
    let shapes = catalogs::check(&mut check)?;
    let (manifest, gone) = check.until_nothing_goes(manifest, |check, manifest| {
        check.named_files(manifest, &shapes)
    })?;
    check.done.taken_away = gone;
    let (manifest, _) = check.until_nothing_goes(manifest, |check, manifest| {
        log::check(check, manifest, &shapes)
    })?;
    manifest::check(&mut check, &manifest);
    catalogs::named(&mut check, &manifest, &shapes);
    counts::check(&mut check, &manifest);
    strays::check(&mut check, &manifest)?;
    check.done.generation = manifest.generation;
    Ok(check.done)
}

/// Whether what was looked at was there to its end.
enum Seen {
    Whole,
    /// Something is gone, or not yet there. That is only wrong if the manifest has not moved.
    Moved(Vec<Finding>),
}

/// What the checks share.
struct Check<'c> {
    dir: &'c Dir,
    done: Verified,
    /// Files that need not be read again: they never change.
    seen: BTreeSet<(ProjectId, u64)>,
    of: u64,
    watch: &'c mut dyn FnMut(Progress),
}

impl<'c> Check<'c> {
    fn new(dir: &'c Dir, watch: &'c mut dyn FnMut(Progress)) -> Check<'c> {
        Check {
            dir,
            done: Verified::default(),
            seen: BTreeSet::new(),
            of: 0,
            watch,
        }
    }

    fn problem(&mut self, path: &Path, what: impl Into<String>, remedy: &'static str) {
        self.done.problems.push(finding(path, None, what, remedy));
    }

    fn problem_at(&mut self, path: &Path, place: String, what: impl Into<String>) {
        let found = finding(path, Some(place), what, RESTORE);
        self.done.problems.push(found);
    }

    fn note(&mut self, path: &Path, what: impl Into<String>, remedy: &'static str) {
        self.done.notes.push(finding(path, None, what, remedy));
    }

    /// The manifest; `None` after a problem with it, without which nothing else means anything.
    fn manifest(&mut self) -> Result<Option<Manifest>, Error> {
        match crate::manifest::read(self.dir) {
            Ok(Some(manifest)) => Ok(Some(manifest)),
            Ok(None) if strays::anything(self.dir)? => Err(Error::NoManifest {
                path: self.dir.root.clone(),
            }),
            Ok(None) => Err(Error::NoData {
                path: self.dir.root.clone(),
            }),
            Err(Error::Corrupt {
                path,
                offset,
                problem,
            }) => {
                let remedy = "restore MANIFEST from a backup; MANIFEST.prev is the generation \
                              before, of which files may be gone. Nothing else was checked: what \
                              it does not name means nothing";
                let place = (offset > 0).then(|| format!("byte {offset}"));
                self.done
                    .problems
                    .push(finding(&path, place, problem, remedy));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Looks until everything was there, with a newer manifest each time; gives the one all
    /// of which was there, and how often something was not.
    fn until_nothing_goes(
        &mut self,
        mut manifest: Manifest,
        look: impl Fn(&mut Check<'_>, &Manifest) -> Result<Seen, Error>,
    ) -> Result<(Manifest, u64), Error> {
        let mut gone = 0;
        for _ in 0..policy::READER_ATTEMPTS {
            let Seen::Moved(found) = look(self, &manifest)? else {
                return Ok((manifest, gone));
            };
            let now = crate::manifest::read(self.dir)?.ok_or_else(|| Error::NoData {
                path: self.dir.root.clone(),
            })?;
            if now.generation == manifest.generation {
                self.done.problems.extend(found);
                return Ok((manifest, gone));
            }
            gone += found.len() as u64;
            manifest = now;
        }
        Err(Error::Changing {
            path: self.dir.root.clone(),
        })
    }

    /// Every segment and key run that was not looked at yet.
    fn named_files(&mut self, manifest: &Manifest, shapes: &Arc<Shapes>) -> Result<Seen, Error> {
        let mut missing = Vec::new();
        for project in &manifest.projects {
            let id = project.id();
            for file in &project.segments {
                let path = self.dir.segment(id, file.file);
                if !self.seen.contains(&(id, file.file)) {
                    match self.open(&path)? {
                        Some(open) => {
                            segment::check(self, &path, open, file, shapes)?;
                            self.seen.insert((id, file.file));
                        }
                        None => missing.push(path),
                    }
                }
            }
            for run in &project.key_runs {
                let path = self.dir.key_run(id, run.file);
                if !self.seen.contains(&(id, run.file)) {
                    match self.open(&path)? {
                        Some(open) => {
                            keys::check(self, &path, open.as_ref(), run)?;
                            self.seen.insert((id, run.file));
                        }
                        None => missing.push(path),
                    }
                }
            }
        }
        let what = "named by the manifest, but it is not there";
        let missing = missing
            .iter()
            .map(|path| finding(path, None, what, RESTORE));
        Ok(match missing.len() {
            0 => Seen::Whole,
            _ => Seen::Moved(missing.collect()),
        })
    }

    /// Opens a file; `None` if there is none.
    fn open(&self, path: &Path) -> Result<Option<Box<dyn DiskFile>>, Error> {
        match self.dir.disk.open(path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("open", path, error)),
        }
    }

    /// The size of a file, if that and the SHA-256 are what the manifest says.
    fn bytes_of(
        &mut self,
        path: &Path,
        file: &dyn DiskFile,
        bytes: u64,
        sha256: [u8; 32],
    ) -> Result<Option<u64>, Error> {
        let io = |error| Error::io("read", path, error);
        let len = file.len().map_err(io)?;
        if len != bytes {
            let what = format!("it has {len} bytes, the manifest says {bytes}");
            self.problem(path, what, RESTORE);
        }
        let mut digest = Sha256::new();
        let mut part = vec![0; 1 << 20];
        let mut at = 0;
        loop {
            let n = file.read_at(&mut part, at).map_err(io)?;
            if n == 0 {
                break;
            }
            digest.update(&part[..n]);
            at += n as u64;
            self.read(n as u64);
        }
        let same = <[u8; 32]>::from(digest.finalize()) == sha256;
        if !same && len == bytes {
            let what = "its bytes are not the ones that were written (SHA-256)";
            self.problem(path, what, RESTORE);
        }
        self.done.files += 1;
        Ok(same.then_some(len))
    }

    /// Counts bytes that were read, and says so.
    fn read(&mut self, n: u64) {
        self.done.bytes += n;
        let of = self.of.max(self.done.bytes);
        (self.watch)(Progress {
            bytes: self.done.bytes,
            of,
        });
    }
}

fn finding(
    path: &Path,
    place: Option<String>,
    what: impl Into<String>,
    remedy: &'static str,
) -> Finding {
    Finding {
        path: path.to_owned(),
        place,
        what: what.into(),
        remedy,
    }
}
