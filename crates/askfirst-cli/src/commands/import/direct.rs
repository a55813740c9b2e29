//! An import by the process that holds the data directory.

use std::sync::Arc;

use anyhow::anyhow;
use askfirst_collector::{Gates, Line, Taken};
use askfirst_store::{
    Importer, LineKey, NewProject, ProjectInfo, Pushed, Reason, Retention, Store,
};

use super::counts::{Counts, Made};
use super::parsers::{Parsers, Purpose};
use super::sink::Sink;
use super::{Target, target};
use crate::args::ChooseArgs;
use crate::choose::{self, Candidate};
use crate::failure::Failure;

/// Finds the project that is meant, or makes it.
pub(super) fn project(
    store: &Store,
    asked: &ChooseArgs,
) -> anyhow::Result<(Arc<ProjectInfo>, Made)> {
    let all = store.projects();
    let candidates: Vec<Candidate<'_>> = all
        .iter()
        .map(|project| Candidate {
            name: &project.name,
            host: &project.host,
        })
        .collect();
    let (project, new) = match target(asked, &candidates)? {
        Target::Existing(place) => (Arc::clone(&all[place]), false),
        Target::New { name, host } => {
            let profile = choose::profile(Some(&host))?;
            let retention = Retention::days(profile.retention_days);
            let made = store.add_project(NewProject::new(&name, &host, retention));
            (made.map_err(Failure::from)?.0, true)
        }
    };
    let made = Made {
        name: project.name.clone(),
        host: project.host.clone(),
        new,
    };
    Ok((project, made))
}

/// Lines go through the collector's own gate into the store's importer.
#[derive(Debug)]
pub(super) struct Direct {
    store: Store,
    parsers: Parsers,
    importer: Option<Importer>,
}

impl Direct {
    /// An import into `project`.
    pub(super) fn new(store: &Store, project: Arc<ProjectInfo>) -> anyhow::Result<Self> {
        let gates = Gates::new(Arc::clone(store.catalog()));
        let gate = gates.of(&project.host).ok_or_else(|| {
            anyhow!(
                "project {} is of host {}, which this version does not know",
                project.name,
                project.host
            )
        })?;
        let importer = store.importer(project.id).map_err(Failure::from)?;
        let purpose = Purpose {
            gate,
            project,
            now_ms: store.now_ms(),
        };
        Ok(Self {
            store: store.clone(),
            parsers: Parsers::start(&purpose)?,
            importer: Some(importer),
        })
    }

    fn importer(&mut self) -> anyhow::Result<&mut Importer> {
        self.importer
            .as_mut()
            .ok_or_else(|| anyhow!("the import is finished"))
    }

    fn take(&mut self, lines: Vec<Line>, counts: &mut Counts) -> anyhow::Result<()> {
        for line in lines {
            match line {
                Line::Admitted { key, taken } => self.store(key, taken, counts)?,
                Line::Refused { key, reason } => self.refuse(key, reason, counts)?,
            }
        }
        Ok(())
    }

    fn take_rest(&mut self, counts: &mut Counts) -> anyhow::Result<()> {
        while let Some(lines) = self.parsers.rest()? {
            self.take(lines, counts)?;
        }
        Ok(())
    }

    fn store(&mut self, key: LineKey, taken: Taken, counts: &mut Counts) -> anyhow::Result<()> {
        let Taken { row, notes } = taken;
        match self
            .importer()?
            .push(key, row, &notes)
            .map_err(Failure::from)?
        {
            Pushed::AlreadyThere => counts.already_there += 1,
            Pushed::Stored => {
                counts.stored += 1;
                for (note, n) in notes {
                    counts.note(note.name(), u64::from(n));
                }
            }
        }
        Ok(())
    }

    fn refuse(&mut self, key: LineKey, reason: Reason, counts: &mut Counts) -> anyhow::Result<()> {
        self.importer()?
            .refuse(key, reason)
            .map_err(Failure::from)?;
        counts.refuse(reason.name());
        Ok(())
    }
}

impl Sink for Direct {
    fn next_file(&mut self, counts: &mut Counts) -> anyhow::Result<()> {
        self.take_rest(counts)?;
        self.importer()?.next_file();
        Ok(())
    }

    fn line(&mut self, line: &[u8], counts: &mut Counts) -> anyhow::Result<()> {
        let due = self.parsers.line(line)?;
        self.take(due, counts)
    }

    fn too_long(&mut self, start: &[u8], counts: &mut Counts) -> anyhow::Result<()> {
        // What is longer than the collector's own limit it refuses for that, unread.
        self.line(start, counts)
    }

    fn finish(&mut self, counts: &mut Counts) -> anyhow::Result<()> {
        self.take_rest(counts)?;
        let importer = self
            .importer
            .take()
            .ok_or_else(|| anyhow!("the import is finished"))?;
        importer.finish().map_err(Failure::from)?;
        // Nobody may serve this directory for a long time. What cannot be merged now stays as it
        // is, and is imported all the same.
        while matches!(self.store.merge_if_due(), Ok(true)) {}
        Ok(())
    }
}
