//! `POST /operator/import`: a log in chunks of whole lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use askfirst_store::{Error, ProjectId, Pushed};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Serialize;

use super::{bad_request, broken, project_of, store_problem, text_of};
use crate::collector::Collector;
use crate::http::body;
use crate::http::reply::{Reply, problem, refused, value};
use crate::imports::Run;
use crate::ingest::{Ingest, Line};

/// What became of one chunk.
#[derive(Debug, Default, Serialize)]
struct Counts {
    run: String,
    lines: u64,
    stored: u64,
    already_there: u64,
    refused: BTreeMap<&'static str, u64>,
    /// What was left out of stored lines or corrected in them.
    notes: BTreeMap<&'static str, u64>,
    committed: bool,
}

/// What the query of a chunk says.
#[derive(Debug)]
struct Chunk {
    project: ProjectId,
    run: Option<String>,
    next_file: bool,
    end: bool,
}

impl Chunk {
    fn of(query: &str) -> Option<Chunk> {
        let is = |name| text_of(query, name).as_deref() == Some("1");
        Some(Chunk {
            project: project_of(query)?,
            run: text_of(query, "run"),
            next_file: is("next_file"),
            end: is("end"),
        })
    }
}

const NO_PROJECT: &str = "say which project: ?project=ID";

pub(crate) async fn chunk(State(collector): State<Arc<Collector>>, request: Request) -> Reply {
    let Some(chunk) = Chunk::of(request.uri().query().unwrap_or_default()) else {
        body::discard(&collector, request.into_body()).await;
        return bad_request(NO_PROJECT);
    };
    let (lines, share) = match body::read(&collector, request.into_body()).await {
        Ok(read) => read,
        Err(refusal) => return refused(refusal),
    };
    let take = move || {
        let reply = take(&collector, &chunk, &lines);
        drop(share);
        reply
    };
    tokio::task::spawn_blocking(take)
        .await
        .unwrap_or_else(|_| broken())
}

pub(crate) async fn give_up(State(collector): State<Arc<Collector>>, request: Request) -> Reply {
    let query = request.uri().query().unwrap_or_default();
    match (project_of(query), text_of(query, "run")) {
        (Some(project), Some(run)) if collector.imports.resume(project, &run).is_some() => value(
            StatusCode::OK,
            &Counts {
                run,
                ..Counts::default()
            },
        ),
        (Some(_), Some(_)) => no_such_run(),
        _ => bad_request("say which project and run: ?project=ID&run=RUN"),
    }
}

fn no_such_run() -> Reply {
    let detail = "no such import is running: begin again without `run`, nothing is stored twice";
    problem(StatusCode::NOT_FOUND, "unknown_run", detail)
}

fn take(collector: &Collector, chunk: &Chunk, lines: &[u8]) -> Reply {
    let run = match &chunk.run {
        Some(run) => match collector.imports.resume(chunk.project, run) {
            Some(run) => run,
            None => return no_such_run(),
        },
        None => match collector.imports.begin(&collector.store, chunk.project) {
            Ok(run) => run,
            Err(error) => return store_problem(&error),
        },
    };
    match push(collector, chunk, run, lines) {
        Ok(counts) => value(StatusCode::OK, &counts),
        Err(error) => store_problem(&error),
    }
}

/// Takes every line of the chunk. After an error the run is given up: what was not committed is
/// as if it had never been sent.
fn push(collector: &Collector, chunk: &Chunk, mut run: Run, lines: &[u8]) -> Result<Counts, Error> {
    let project = chunk.project;
    let info = collector
        .store
        .project(project)
        .ok_or(Error::UnknownProject(project))?;
    let gate = collector
        .gates
        .of(&info.host)
        .ok_or(Error::UnknownProject(project))?;
    let ingest = Ingest::new(&gate, &info);
    let now_ms = collector.store.now_ms();
    let mut counts = Counts {
        run: run.id.clone(),
        ..Counts::default()
    };
    if chunk.next_file {
        run.importer.next_file();
    }
    for line in lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
    {
        counts.lines += 1;
        match ingest.import_line(line, now_ms) {
            Line::Admitted { key, taken } => {
                match run.importer.push(key, taken.row, &taken.notes)? {
                    Pushed::Stored => {
                        counts.stored += 1;
                        for (note, n) in taken.notes {
                            *counts.notes.entry(note.name()).or_default() += u64::from(n);
                        }
                    }
                    Pushed::AlreadyThere => counts.already_there += 1,
                }
            }
            Line::Refused { key, reason } => {
                run.importer.refuse(key, reason)?;
                *counts.refused.entry(reason.name()).or_default() += 1;
            }
        }
    }
    if chunk.end {
        run.importer.commit()?;
        counts.committed = true;
    } else {
        collector
            .imports
            .pause(project, run, collector.store.now_ms());
    }
    Ok(counts)
}
