//! Which lines of a log have been imported before (decision D18).
//!
//! The keys of committed lines are in runs on disk, those of others in memory: at most as many
//! as one commit takes. Besides, a bit for every committed line says whether the file that is
//! being read has had it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::dedup::first_to_merge;
use crate::dir::Dir;
use crate::error::Error;
use crate::import::LineKey;
use crate::keys::cache::Cache;
use crate::keys::merge::{self, Origin, Source};
use crate::keys::run::Run;
use crate::keys::write::{RunWriter, Written};
use crate::keys::{EventKey, splitmix};
use crate::manifest::RunKind;
use crate::policy::LINE_REPEATS;

/// What a line was the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    /// Stored as an event.
    Stored,
    /// Refused. Known apart, so that a later catalog can admit it.
    Refused,
}

/// The lines of a project: those of earlier imports, and those of this one.
#[derive(Debug)]
pub(crate) struct Lines {
    cache: Arc<Cache>,
    /// Committed keys, the largest run first.
    runs: Vec<Had>,
    /// Keys since the last commit, with the file that last had them.
    new: HashMap<u64, u32>,
    /// How often lines that this file has more than once have occurred: some of them, so that
    /// counting need not begin at one.
    repeated: HashMap<(u64, bool), u32>,
    file: u32,
}

/// A run, and which of its keys this file has had.
#[derive(Debug)]
struct Had {
    run: Arc<Run>,
    bits: Bits,
}

/// A bit for every key of a run.
#[derive(Debug)]
struct Bits(Vec<u64>);

/// A run that was written and is to be committed.
#[derive(Debug)]
pub(crate) struct Settling {
    /// The runs from this one on are part of it.
    first: usize,
    had: Bits,
}

/// Where a key is known from.
#[derive(Debug, Clone, Copy)]
enum Place {
    Nowhere,
    New { file: u32 },
    Run { at: usize, place: u64, had: bool },
}

impl Bits {
    /// None of so many is set.
    fn new(keys: u64) -> Bits {
        Bits(vec![0; keys.div_ceil(64) as usize])
    }

    fn get(&self, place: u64) -> bool {
        self.0[(place / 64) as usize] & 1 << (place % 64) != 0
    }

    fn set(&mut self, place: u64) {
        self.0[(place / 64) as usize] |= 1 << (place % 64);
    }
}

impl Lines {
    /// With the runs of earlier imports.
    pub(crate) fn new(cache: Arc<Cache>, runs: Vec<Arc<Run>>) -> Lines {
        let had_none = |run: Arc<Run>| Had {
            bits: Bits::new(run.keys()),
            run,
        };
        let mut runs: Vec<Had> = runs.into_iter().map(had_none).collect();
        runs.sort_by_key(|it| std::cmp::Reverse(it.run.keys()));
        Lines {
            cache,
            runs,
            new: HashMap::new(),
            repeated: HashMap::new(),
            file: 0,
        }
    }

    /// Writes the keys since the last commit beside `path`, together with those of smaller
    /// runs.
    pub(crate) fn write<'d>(
        &self,
        dir: &'d Dir,
        path: &Path,
    ) -> Result<(Written<'d>, Settling), Error> {
        let mut unsettled: Vec<EventKey> = self.new.keys().map(|key| (0, *key)).collect();
        unsettled.sort_unstable();
        let sizes = self.runs.iter().map(|it| it.run.keys());
        let first = first_to_merge(sizes, unsettled.len() as u64);
        let merged = &self.runs[first..];
        let mut sources: Vec<Source<'_>> = merged.iter().map(|it| Source::Run(&it.run)).collect();
        sources.push(Source::Keys(&unsettled));
        let keys = merge::keys_of(&sources);
        let mut writer = RunWriter::begin(dir, path, RunKind::Lines, keys)?;
        let (mut had, mut at) = (Bits::new(keys), 0);
        let came = |(source, place): Origin| {
            let this_file = match merged.get(source) {
                Some(it) => it.bits.get(place),
                None => self.new.get(&unsettled[place as usize].1) == Some(&self.file),
            };
            if this_file {
                had.set(at);
            }
            at += 1;
        };
        merge::merge(&sources, &mut writer, came, || Ok(()))?;
        Ok((writer.finish()?, Settling { first, had }))
    }

    /// The files of the runs that have become part of a new one.
    pub(crate) fn merged(&self, settling: &Settling) -> Vec<u64> {
        let merged = self.runs[settling.first..].iter();
        merged.map(|it| it.run.number()).collect()
    }

    /// Goes on with what was written and committed: the keys since the last commit, and those
    /// of smaller runs.
    pub(crate) fn settle(&mut self, settling: Settling, run: Run) {
        self.runs.truncate(settling.first);
        self.runs.push(Had {
            run: Arc::new(run),
            bits: settling.had,
        });
        self.new.clear();
    }

    /// Begins another file: occurrences count from one again.
    pub(crate) fn next_file(&mut self) {
        self.runs.iter_mut().for_each(|it| it.bits.0.fill(0));
        self.repeated.clear();
        self.file += 1;
    }

    /// The key of a line if it is new; it is known from then on.
    pub(crate) fn admit(&mut self, line: LineKey, domain: Domain) -> Result<Option<u64>, Error> {
        match line {
            LineKey::Uuid(hash) => {
                let key = mix(hash, 0, 2 + domain as u64);
                let place = self.place(key)?;
                Ok(self.have(key, place))
            }
            LineKey::Line(hash) => self.admit_occurrence(hash, domain),
        }
    }

    /// The k-th equal line of a file is the k-th event.
    fn admit_occurrence(&mut self, hash: u64, domain: Domain) -> Result<Option<u64>, Error> {
        let repeat = (hash, domain == Domain::Refused);
        let known = self.repeated.get(&repeat).copied();
        let (occurrence, place) = self.first_not_had(hash, domain, known.unwrap_or(0))?;
        if occurrence > 0 {
            if known.is_none() && self.repeated.len() >= LINE_REPEATS {
                self.repeated.clear();
            }
            self.repeated.insert(repeat, occurrence + 1);
        }
        Ok(self.have(mix(hash, occurrence, domain as u64), place))
    }

    /// The first occurrence of a line that this file has not had, not before `low`: it has had
    /// every one before one that it has had, so it is found by doubling and halving.
    fn first_not_had(
        &self,
        hash: u64,
        domain: Domain,
        mut low: u32,
    ) -> Result<(u32, Place), Error> {
        let look = |occurrence| self.place(mix(hash, occurrence, domain as u64));
        let mut step = 1;
        let mut high = loop {
            let at = low + step - 1;
            let place = look(at)?;
            if !self.has_had(place) {
                break (at, place);
            }
            low = at + 1;
            step *= 2;
        };
        while low < high.0 {
            let middle = low + (high.0 - low) / 2;
            let place = look(middle)?;
            match self.has_had(place) {
                true => low = middle + 1,
                false => high = (middle, place),
            }
        }
        Ok(high)
    }

    fn has_had(&self, place: Place) -> bool {
        match place {
            Place::New { file } => file == self.file,
            Place::Run { had, .. } => had,
            Place::Nowhere => false,
        }
    }

    fn place(&self, key: u64) -> Result<Place, Error> {
        if let Some(file) = self.new.get(&key) {
            return Ok(Place::New { file: *file });
        }
        for (at, it) in self.runs.iter().enumerate() {
            if let Some(place) = it.run.look(&self.cache).find((0, key))? {
                let had = it.bits.get(place);
                return Ok(Place::Run { at, place, had });
            }
        }
        Ok(Place::Nowhere)
    }

    /// Notes that this file has a key; gives it back if it was not known.
    fn have(&mut self, key: u64, place: Place) -> Option<u64> {
        match place {
            Place::Run { at, place, .. } => {
                self.runs[at].bits.set(place);
                None
            }
            Place::New { .. } => {
                self.new.insert(key, self.file);
                None
            }
            Place::Nowhere => {
                self.new.insert(key, self.file);
                Some(key)
            }
        }
    }
}

/// The stored key of an occurrence of a line. Part of the format: `splitmix64` over its parts.
fn mix(hash: u64, occurrence: u32, domain: u64) -> u64 {
    let salted = hash ^ splitmix(u64::from(occurrence) << 2 | domain);
    splitmix(salted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::ProjectId;
    use crate::testing::FakeDisk;

    /// A project that imports.
    struct Log {
        dir: Dir,
        committed: Vec<Arc<Run>>,
        next: u64,
    }

    impl Log {
        fn new() -> Log {
            let dir = Dir::new(Arc::new(FakeDisk::new()), Path::new("/data"));
            dir.create(&dir.project(ProjectId(1))).unwrap();
            Log {
                dir,
                committed: Vec::new(),
                next: 1,
            }
        }

        fn begin(&self) -> Lines {
            Lines::new(Arc::new(Cache::new(1 << 20)), self.committed.clone())
        }

        fn commit(&mut self, lines: &mut Lines) {
            let path = self.dir.key_run(ProjectId(1), 0);
            let (written, settling) = lines.write(&self.dir, &path).unwrap();
            let path = self.dir.key_run(ProjectId(1), self.next);
            let (_, run) = written.name(&path, self.next, (0, 0)).unwrap();
            self.next += 1;
            lines.settle(settling, run);
            self.committed = lines.runs.iter().map(|it| Arc::clone(&it.run)).collect();
        }

        /// Imports files of lines, with a commit now and then; returns the keys that were new.
        fn import(&mut self, files: &[&[u64]]) -> Vec<u64> {
            let mut lines = self.begin();
            let mut new = Vec::new();
            for (at, file) in files.iter().enumerate() {
                if at > 0 {
                    lines.next_file();
                }
                for (at, hash) in file.iter().enumerate() {
                    new.extend(lines.admit(LineKey::Line(*hash), Domain::Stored).unwrap());
                    if at.is_power_of_two() {
                        self.commit(&mut lines);
                    }
                }
            }
            self.commit(&mut lines);
            new
        }
    }

    #[test]
    fn d18_equal_lines_are_different_events_and_a_second_import_adds_nothing() {
        let mut project = Log::new();
        let log: &[u64] = &[1, 2, 1, 1, 3, 2];
        assert_eq!(project.import(&[log]).len(), 6);
        assert!(project.import(&[log]).is_empty());
        let new = project.import(&[&[1, 2, 1, 1, 3, 2, 1, 4]]);
        assert_eq!(new.len(), 2, "a fourth 1, and a 4");
    }

    #[test]
    fn d18_a_copy_in_the_same_import_adds_nothing() {
        let new = Log::new().import(&[&[1, 1, 2], &[1, 1, 2, 2]]);
        assert_eq!(new.len(), 4);
    }

    #[test]
    fn d18_what_a_file_had_is_known_through_commits_and_merges_of_runs() {
        let mut project = Log::new();
        let dice = |n: u64| splitmix(n) % 40;
        let log: Vec<u64> = (0..5000).map(dice).collect();
        let grown: Vec<u64> = (0..6000).map(dice).collect();
        assert_eq!(project.import(&[&log]).len(), 5000);
        assert_eq!(project.import(&[&grown, &log]).len(), 1000);
        assert!(project.import(&[&log, &grown]).is_empty());
    }

    #[test]
    fn a_uuid_is_one_event_however_often_it_stands_there() {
        let mut project = Log::new();
        let mut lines = project.begin();
        let admit = |lines: &mut Lines, line| lines.admit(line, Domain::Stored).unwrap();
        admit(&mut lines, LineKey::Uuid(9)).unwrap();
        assert_eq!(admit(&mut lines, LineKey::Uuid(9)), None);
        project.commit(&mut lines);
        assert_eq!(admit(&mut lines, LineKey::Uuid(9)), None);
        let mut again = project.begin();
        assert_eq!(admit(&mut again, LineKey::Uuid(9)), None);
        assert!(admit(&mut again, LineKey::Line(9)).is_some());
    }

    #[test]
    fn a_refused_line_can_be_admitted_later() {
        let mut project = Log::new();
        let mut lines = project.begin();
        let refused = lines.admit(LineKey::Line(1), Domain::Refused).unwrap();
        assert!(refused.is_some());
        project.commit(&mut lines);
        let mut later = project.begin();
        assert_eq!(
            later.admit(LineKey::Line(1), Domain::Refused).unwrap(),
            None
        );
        assert!(
            later
                .admit(LineKey::Line(1), Domain::Stored)
                .unwrap()
                .is_some()
        );
    }

    #[test]
    fn many_equal_lines_take_no_time() {
        let mut project = Log::new();
        let log = vec![5; 50_000];
        assert_eq!(project.import(&[&log]).len(), log.len());
        assert!(project.import(&[&log]).is_empty());
    }
}
