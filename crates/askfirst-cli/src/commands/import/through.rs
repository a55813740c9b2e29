//! An import through the server that holds the data directory: whole lines in chunks.

use askfirst_store::Reason;

use super::counts::{Counts, Made};
use super::sink::Sink;
use super::{Target, target};
use crate::args::{ChooseArgs, KeptArgs};
use crate::choose::Candidate;
use crate::operator::{Operator, Project};

/// A chunk is sent once it has so many bytes: well below what the server takes at once (8 MiB),
/// large enough that a request costs nothing beside its lines.
const CHUNK_BYTES: usize = 2 << 20;

/// The longest line a chunk may hold; the server takes 8 MiB at once, line end included.
const LONGEST_LINE: usize = 6 << 20;

/// Finds the project that is meant, or has the server make it.
pub(super) fn project(server: &Operator, asked: &ChooseArgs) -> anyhow::Result<(Project, Made)> {
    let all = server.projects()?;
    let candidates: Vec<Candidate<'_>> = all
        .iter()
        .map(|project| Candidate {
            name: &project.name,
            host: &project.host,
        })
        .collect();
    let (project, new) = match target(asked, &candidates)? {
        Target::Existing(place) => (all[place].clone(), false),
        Target::New { name, host } => (
            server
                .add_project(&name, &host, KeptArgs::default())?
                .project,
            true,
        ),
    };
    let made = Made {
        name: project.name.clone(),
        host: project.host.clone(),
        new,
    };
    Ok((project, made))
}

/// Lines gathered for the server.
#[derive(Debug)]
pub(super) struct Through<'s> {
    server: &'s Operator,
    project: Project,
    run: Option<String>,
    lines: Vec<u8>,
    new_file: bool,
}

impl<'s> Through<'s> {
    /// An import into `project`.
    pub(super) fn new(server: &'s Operator, project: Project) -> Self {
        Self {
            server,
            project,
            run: None,
            lines: Vec::new(),
            new_file: false,
        }
    }

    fn send(&mut self, end: bool, counts: &mut Counts) -> anyhow::Result<()> {
        let mut query = format!("project={}", self.project.id);
        if let Some(run) = &self.run {
            query += &format!("&run={run}");
        }
        if std::mem::take(&mut self.new_file) {
            query += "&next_file=1";
        }
        if end {
            query += "&end=1";
        }
        let chunk = self.server.import(&query, &self.lines)?;
        self.lines.clear();
        self.run = Some(chunk.run);
        counts.stored += chunk.stored;
        counts.already_there += chunk.already_there;
        for (reason, n) in chunk.refused {
            *counts.refused.entry(reason).or_default() += n;
        }
        for (note, n) in chunk.notes {
            counts.note(&note, n);
        }
        Ok(())
    }
}

impl Sink for Through<'_> {
    fn next_file(&mut self, counts: &mut Counts) -> anyhow::Result<()> {
        // One chunk never holds lines of two files.
        if !self.lines.is_empty() {
            self.send(false, counts)?;
        }
        self.new_file = true;
        Ok(())
    }

    fn line(&mut self, line: &[u8], counts: &mut Counts) -> anyhow::Result<()> {
        if line.len() > LONGEST_LINE {
            return self.too_long(line, counts);
        }
        if self.lines.len() + line.len() >= CHUNK_BYTES && !self.lines.is_empty() {
            self.send(false, counts)?;
        }
        self.lines.extend_from_slice(line);
        self.lines.push(b'\n');
        Ok(())
    }

    fn too_long(&mut self, _start: &[u8], counts: &mut Counts) -> anyhow::Result<()> {
        // The server would refuse the chunk with it, so it is refused here, for the same reason.
        counts.refuse(Reason::TooLarge.name());
        Ok(())
    }

    fn finish(&mut self, counts: &mut Counts) -> anyhow::Result<()> {
        self.send(true, counts)?;
        self.run = None;
        Ok(())
    }
}

impl Drop for Through<'_> {
    /// An import that failed must not keep the next one waiting.
    fn drop(&mut self) {
        if let Some(run) = &self.run {
            // Best effort: without it the server forgets the run after a minute.
            drop(
                self.server
                    .give_up(&format!("project={}&run={run}", self.project.id)),
            );
        }
    }
}
