//! `askfirst serve`: opens the data directory, offers to make a first project, and collects until
//! told to stop.

use std::path::Path;
use std::sync::Arc;

use askfirst_catalog::Profile;
use askfirst_collector::{Config, Started};
use askfirst_store::{Limits, NewProject, ProjectInfo, Retention, Store};

use crate::args::{Format, ServeArgs};
use crate::choose::{self, Candidate};
use crate::commands::project::{self, Keyed};
use crate::commands::store;
use crate::data_dir;
use crate::failure::Failure;
use crate::output::Output;

/// Does what was asked.
pub(crate) fn run(args: &ServeArgs, data: &Path, output: &Output) -> anyhow::Result<()> {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    crate::arenas::few();
    let limits = Limits {
        seal_rows: args.seal_rows,
        day_rows: args.day_rows,
        ..Limits::default()
    };
    let store = data_dir::open(data, limits)?;
    let made = match store.projects().is_empty() && output.can_ask() {
        true => offer_project(&store, output)?,
        false => None,
    };
    let projects = store.projects();
    if let Some(doubt) = store::clock_words(store.doubt()) {
        output.note(format_args!("clock doubted: {doubt}"));
    }
    let mut printed = Ok(());
    let ready = |started: Started| {
        printed = said_at_start(&started, data, &projects, made, output);
    };
    let config = Config::new(args.listen, data);
    let served = askfirst_collector::serve(store, config, ready, askfirst_collector::signals());
    served.map_err(|error| Failure::of(&error, error.remedy()))?;
    output.note("stopped; everything received is sealed");
    printed
}

/// Asks which tool will send; makes its project under its own name.
fn offer_project(store: &Store, output: &Output) -> anyhow::Result<Option<Keyed>> {
    let hosts = Profile::builtin_ids().join(", ");
    let question = format!(
        "There is no project yet. Which tool will send its events here?\n\
         One of {hosts}; Enter for none now:"
    );
    loop {
        let answer = output.ask(&question)?.unwrap_or_default();
        if answer.is_empty() {
            return Ok(None);
        }
        match choose::profile(Some(&answer)) {
            Err(unknown) => output.note(unknown),
            Ok(profile) => {
                let host = profile.id.clone();
                let retention = Retention::days(profile.retention_days);
                let made = store.add_project(NewProject::new(&host, &host, retention));
                let (_, key) = made.map_err(Failure::from)?;
                let key = key.as_str().to_owned();
                return Ok(Some(Keyed {
                    name: host.clone(),
                    host,
                    key,
                    served: None,
                }));
            }
        }
    }
}

/// Where it listens, for whom, and what to do next.
fn said_at_start(
    started: &Started,
    data: &Path,
    projects: &[Arc<ProjectInfo>],
    made: Option<Keyed>,
    output: &Output,
) -> anyhow::Result<()> {
    let candidates: Vec<Candidate<'_>> = projects
        .iter()
        .map(|project| Candidate {
            name: &project.name,
            host: &project.host,
        })
        .collect();
    let mut text = format!(
        "askfirst {} keeps its data in {}\n",
        env!("CARGO_PKG_VERSION"),
        data.display()
    );
    text += &format!(
        "projects: {}\n",
        match candidates.is_empty() {
            true => "none yet; make one: askfirst project add NAME --host PROFILE".to_owned(),
            false => choose::listed(&candidates),
        }
    );
    if !started.address.ip().is_loopback() {
        text += &format!(
            "{} is not a loopback address: it serves ingest alone (events and /healthz); \
             the pages and the operator's endpoints, for this machine alone, stay on {}\n",
            started.address, started.operator
        );
    }
    // Last and on one line: whoever starts this in a script waits for it.
    let pages = match started.address.ip().is_loopback() {
        true => " (open it in a browser for the pages)",
        false => "",
    };
    text += &format!("listening on http://{}{pages}\n", started.address);
    output.result(&text)?;
    if let Some(keyed) = made {
        let url = format!("http://{}", started.address);
        output.result("")?;
        project::show(&keyed, &url, Format::Table, output)?;
    }
    Ok(())
}
