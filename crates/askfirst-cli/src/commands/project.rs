//! `askfirst project`: through the directory's writer, whoever that is.

mod retention;

use std::path::Path;

use anyhow::bail;
use askfirst_store::{NewProject, OldKeys, ProjectInfo, Retention};
use serde_json::json;

use crate::args::{Format, KeptArgs, ProjectAction, ServerArgs};
use crate::choose::{self, Candidate};
use crate::data_dir::{self, Writer};
use crate::failure::Failure;
use crate::operator::Operator;
use crate::output::{Output, csv, wrapped};
use crate::start_line::start_line;

/// Where a tool is pointed when nothing says where the collector is: where `serve` listens.
const USUAL_URL: &str = "http://127.0.0.1:8787";

/// A project with its key in the clear, to be shown this once.
#[derive(Debug)]
pub(crate) struct Keyed {
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) key: String,
    /// Where the running collector listens, if one runs.
    pub(crate) served: Option<String>,
}

/// Does what was asked.
pub(crate) fn run(action: &ProjectAction, data: &Path, output: &Output) -> anyhow::Result<()> {
    match action {
        ProjectAction::Add {
            name,
            host,
            retention_days,
            imported_days,
            format,
            at,
        } => {
            let kept = KeptArgs {
                days: *retention_days,
                imported_days: *imported_days,
            };
            let made = add(data, name, host.as_deref(), kept)?;
            show(&made, &url(at, &made), format.format, output)
        }
        ProjectAction::List { format } => list(data, format.format, output),
        ProjectAction::Rotate {
            name,
            keep_old,
            format,
            at,
        } => {
            let rotated = rotate(data, name, *keep_old)?;
            show(&rotated, &url(at, &rotated), format.format, output)
        }
        ProjectAction::Retention { name, kept, format } => {
            retention::run(data, name, *kept, format.format, output)
        }
        ProjectAction::Remove { name, confirm } => remove(data, name, confirm.as_deref(), output),
    }
}

fn add(data: &Path, name: &str, host: Option<&str>, kept: KeptArgs) -> anyhow::Result<Keyed> {
    let profile = choose::profile(host)?;
    let (name, host) = (name.to_owned(), profile.id.clone());
    let (key, served) = match data_dir::writer(data)? {
        Writer::Own(store) => {
            let of_profile = Retention::days(profile.retention_days);
            let retention = retention::wanted(of_profile, kept, &profile)?;
            let made = store.add_project(NewProject::new(&name, &host, retention));
            let (_, key) = made.map_err(Failure::from)?;
            (key.as_str().to_owned(), None)
        }
        Writer::Server(server) => (
            server.add_project(&name, &host, kept)?.key,
            Some(server.url()),
        ),
    };
    Ok(Keyed {
        name,
        host,
        key,
        served,
    })
}

fn rotate(data: &Path, name: &str, keep_old: bool) -> anyhow::Result<Keyed> {
    read_named(data, name)?;
    match data_dir::writer(data)? {
        Writer::Own(store) => {
            let all = store.projects();
            let project = named(&all, name)?;
            let old = if keep_old {
                OldKeys::Keep
            } else {
                OldKeys::Refuse
            };
            let key = store.rotate_key(project.id, old).map_err(Failure::from)?;
            let (name, host) = (project.name.clone(), project.host.clone());
            Ok(Keyed {
                name,
                host,
                key: key.as_str().to_owned(),
                served: None,
            })
        }
        Writer::Server(server) => {
            let keyed = server.rotate_key(server_id(&server, name)?, keep_old)?;
            let (name, host) = (keyed.project.name, keyed.project.host);
            Ok(Keyed {
                name,
                host,
                key: keyed.key,
                served: Some(server.url()),
            })
        }
    }
}

fn list(data: &Path, format: Format, output: &Output) -> anyhow::Result<()> {
    let all = data_dir::read(data)?.projects();
    let row = |project: &ProjectInfo| {
        vec![
            project.name.clone(),
            project.host.clone(),
            day(project.created_ms),
            project.retention.received_days.to_string(),
            project.retention.imported_days.to_string(),
            project.key_sha256.len().to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(|project| row(project)).collect();
    let head = [
        "project",
        "host",
        "made",
        "kept_days",
        "imported_days",
        "keys",
    ];
    match format {
        Format::Csv => output.result(&csv(&head, &rows))?,
        Format::Json => {
            let object =
                |row: &Vec<String>| json!({ "name": row[0], "host": row[1], "made": row[2] });
            let numbers = |(object, project): (serde_json::Value, &std::sync::Arc<ProjectInfo>)| {
                let mut object = object;
                object["kept_days"] = project.retention.received_days.into();
                object["imported_days"] = project.retention.imported_days.into();
                object["keys"] = project.key_sha256.len().into();
                object
            };
            let projects: Vec<_> = rows.iter().map(object).zip(&all).map(numbers).collect();
            output.json(&json!({ "projects": projects }))?;
        }
        Format::Table => output.result(&crate::output::table(&head, &rows))?,
    }
    Ok(())
}

fn remove(data: &Path, name: &str, confirm: Option<&str>, output: &Output) -> anyhow::Result<()> {
    read_named(data, name)?;
    confirmed(name, confirm, output)?;
    match data_dir::writer(data)? {
        Writer::Own(store) => {
            let id = named(&store.projects(), name)?.id;
            store.remove_project(id).map_err(Failure::from)?;
        }
        Writer::Server(server) => server.remove_project(server_id(&server, name)?)?,
    }
    output.note(format_args!(
        "project {name} is removed: its events, keys and secrets are gone"
    ));
    Ok(())
}

/// Whether the name was said a second time, typed by a person or given by a script.
fn confirmed(name: &str, confirm: Option<&str>, output: &Output) -> anyhow::Result<()> {
    let again = format!("askfirst project remove {name} --confirm {name}");
    let said = match confirm {
        Some(said) => said.to_owned(),
        None if output.can_ask() => {
            let question = format!(
                "This deletes every event and key of project {name}, for ever.\n\
                 Type its name to go on:"
            );
            output.ask(&question)?.unwrap_or_default()
        }
        None => {
            return Err(Failure::wrong_use(
                format!("project {name} is not removed: nobody is there to be asked"),
                again,
            )
            .into());
        }
    };
    if said != name {
        let what = format!("project {name} is not removed: `{said}` is not its name");
        return Err(Failure::wrong_use(what, again).into());
    }
    Ok(())
}

/// Prints a key, once.
pub(crate) fn show(
    keyed: &Keyed,
    url: &str,
    format: Format,
    output: &Output,
) -> anyhow::Result<()> {
    let Keyed {
        name, host, key, ..
    } = keyed;
    let start = start_line(host, url, key);
    match format {
        Format::Json => output.json(&json!({
            "project": name, "host": host, "key": key, "url": url, "start": start,
        }))?,
        Format::Csv => {
            let row = vec![name.clone(), host.clone(), key.clone(), url.to_owned()];
            output.result(&csv(&["project", "host", "key", "url"], &[row]))?;
        }
        Format::Table => {
            output.result(&words(keyed, url, start.as_deref(), output.look().width))?
        }
    }
    Ok(())
}

fn words(keyed: &Keyed, url: &str, start: Option<&str>, width: usize) -> String {
    let Keyed {
        name, host, key, ..
    } = keyed;
    let how = match start {
        Some(line) => format!("Start {host} so that its events come here:\n\n  {line}\n"),
        None => {
            let why = format!(
                "{host} has no flag that names a collector. An SDK of PostHog sends here with \
                 host {url} and this key; an existing log of {host} is taken by"
            );
            wrapped("", &why, width) + &format!("\n  askfirst import FILE --host {host}\n")
        }
    };
    format!(
        "Project {name} ({host}). Its key, shown this once and kept only as a hash:\n\n  \
         {key}\n\n{how}"
    )
}

/// Where the tool reaches the collector: as said, else where it listens now, else where it would.
fn url(at: &ServerArgs, keyed: &Keyed) -> String {
    let said = at.url.as_deref().map(|url| url.trim_end_matches('/'));
    said.or(keyed.served.as_deref())
        .unwrap_or(USUAL_URL)
        .to_owned()
}

/// A name nobody has is refused before anything is opened for writing or anybody is asked.
fn read_named(data: &Path, name: &str) -> anyhow::Result<()> {
    named(&data_dir::read(data)?.projects(), name).map(drop)
}

fn named<'p, P: std::ops::Deref<Target = ProjectInfo>>(
    all: &'p [P],
    name: &str,
) -> anyhow::Result<&'p ProjectInfo> {
    let Some(found) = all.iter().find(|project| project.name == name) else {
        let candidates: Vec<Candidate<'_>> = all
            .iter()
            .map(|project| Candidate {
                name: &project.name,
                host: &project.host,
            })
            .collect();
        return Err(choose::unknown(name, &candidates).into());
    };
    Ok(found)
}

fn server_id(server: &Operator, name: &str) -> anyhow::Result<u32> {
    match server
        .projects()?
        .into_iter()
        .find(|project| project.name == name)
    {
        Some(project) => Ok(project.id),
        None => bail!("project {name} was removed a moment ago"),
    }
}

/// A day as `2024-12-31`, UTC.
fn day(ms: i64) -> String {
    askfirst_query::calendar::Day::of_ms(ms).iso()
}
