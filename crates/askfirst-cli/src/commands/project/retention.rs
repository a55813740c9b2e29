//! `askfirst project retention`: how long a project keeps its events (promise P17).

use std::path::Path;

use askfirst_catalog::Profile;
use askfirst_store::{ProjectInfo, Retention};
use serde_json::json;

use super::{named, read_named, server_id};
use crate::args::{Format, KeptArgs};
use crate::choose;
use crate::data_dir::{self, Writer};
use crate::failure::Failure;
use crate::output::{Output, csv};

/// Sets what was said, and shows what holds then.
pub(super) fn run(
    data: &Path,
    name: &str,
    kept: KeptArgs,
    format: Format,
    output: &Output,
) -> anyhow::Result<()> {
    read_named(data, name)?;
    if kept.days.is_some() || kept.imported_days.is_some() {
        set(data, name, kept)?;
    }
    let all = data_dir::read(data)?.projects();
    show(named(&all, name)?, format, output)
}

fn set(data: &Path, name: &str, kept: KeptArgs) -> anyhow::Result<()> {
    match data_dir::writer(data)? {
        Writer::Own(store) => {
            let all = store.projects();
            let project = named(&all, name)?;
            let profile = choose::profile(Some(&project.host))?;
            let retention = wanted(project.retention, kept, &profile)?;
            let set = store.set_retention(project.id, retention);
            set.and_then(|()| store.expire_if_due().map(drop))
                .map_err(Failure::from)?;
        }
        Writer::Server(server) => server.set_retention(server_id(&server, name)?, kept)?,
    }
    Ok(())
}

/// What is wanted where nothing else was said than `kept`.
pub(super) fn wanted(
    now: Retention,
    kept: KeptArgs,
    profile: &Profile,
) -> Result<Retention, Failure> {
    let wanted = Retention {
        received_days: kept.days.unwrap_or(now.received_days),
        imported_days: kept.imported_days.unwrap_or(now.imported_days),
    };
    Ok(wanted.within(profile)?)
}

fn show(project: &ProjectInfo, format: Format, output: &Output) -> anyhow::Result<()> {
    let Retention {
        received_days,
        imported_days,
    } = project.retention;
    match format {
        Format::Json => output.json(&json!({
            "project": project.name,
            "kept_days": received_days,
            "imported_days": imported_days,
        }))?,
        Format::Csv => {
            let row = [
                project.name.clone(),
                received_days.to_string(),
                imported_days.to_string(),
            ];
            let head = ["project", "kept_days", "imported_days"];
            output.result(&csv(&head, &[row.to_vec()]))?;
        }
        Format::Table => output.result(&format!(
            "Project {} keeps received events {received_days} days after they happened, imported \
             ones {imported_days} days after their import.",
            project.name
        ))?,
    }
    Ok(())
}
