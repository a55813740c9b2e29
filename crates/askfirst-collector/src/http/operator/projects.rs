//! `/operator/projects`: make, list, re-key, remove.

use std::sync::Arc;

use askfirst_catalog::Profile;
use askfirst_store::{Error, NewProject, OldKeys, ProjectId, ProjectInfo, Retention};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{bad_request, broken, store_problem};
use crate::collector::Collector;
use crate::http::body;
use crate::http::reply::{Reply, refused, value};

/// A project, without what must stay in the store.
#[derive(Debug, Serialize)]
struct Shown {
    id: u32,
    name: String,
    host: String,
    created_ms: i64,
    received_days: u32,
    imported_days: u32,
    keys: usize,
}

impl Shown {
    fn of(info: &ProjectInfo) -> Shown {
        Shown {
            id: info.id.0,
            name: info.name.clone(),
            host: info.host.clone(),
            created_ms: info.created_ms,
            received_days: info.retention.received_days,
            imported_days: info.retention.imported_days,
            keys: info.key_sha256.len(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Listed {
    projects: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Keyed {
    project: Shown,
    key: String,
}

#[derive(Debug, Serialize)]
struct Removed {
    removed: Shown,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    host: String,
    received_days: Option<u32>,
    imported_days: Option<u32>,
    accept_key: Option<String>,
}

/// How long events are to be kept; what is not said stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    received_days: Option<u32>,
    imported_days: Option<u32>,
}

impl Kept {
    fn instead_of(&self, now: Retention) -> Retention {
        Retention {
            received_days: self.received_days.unwrap_or(now.received_days),
            imported_days: self.imported_days.unwrap_or(now.imported_days),
        }
    }
}

#[derive(Debug, Serialize)]
struct Changed {
    project: Shown,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    old: Old,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Old {
    Keep,
    Refuse,
}

pub(crate) async fn list(State(collector): State<Arc<Collector>>) -> Reply {
    let projects = collector.store.projects();
    let projects = projects.iter().map(|info| Shown::of(info)).collect();
    value(StatusCode::OK, &Listed { projects })
}

pub(crate) async fn add(State(collector): State<Arc<Collector>>, request: Request) -> Reply {
    let wanted: Wanted = match read(&collector, request).await {
        Ok(wanted) => wanted,
        Err(reply) => return reply,
    };
    let Some(profile) = Profile::builtin(&wanted.host) else {
        let known = Profile::builtin_ids().join(", ");
        return bad_request(&format!(
            "there is no profile of this name; there are {known}"
        ));
    };
    beside(move || {
        let kept = Kept {
            received_days: wanted.received_days,
            imported_days: wanted.imported_days,
        };
        let store = &collector.store;
        let of_profile = Retention::days(profile.retention_days);
        let retention = kept.instead_of(of_profile).within(&profile)?;
        let new = NewProject::new(&wanted.name, &wanted.host, retention);
        let (info, key) = store.add_project(new)?;
        if let Some(placeholder) = &wanted.accept_key {
            store.accept_key(info.id, placeholder)?;
        }
        let info = store.project(info.id).unwrap_or(info);
        let keyed = Keyed {
            project: Shown::of(&info),
            key: key.as_str().to_owned(),
        };
        Ok(value(StatusCode::CREATED, &keyed))
    })
    .await
}

pub(crate) async fn rotate(
    State(collector): State<Arc<Collector>>,
    Path(id): Path<u32>,
    request: Request,
) -> Reply {
    let rotation: Rotation = match read(&collector, request).await {
        Ok(rotation) => rotation,
        Err(reply) => return reply,
    };
    let old = match rotation.old {
        Old::Keep => OldKeys::Keep,
        Old::Refuse => OldKeys::Refuse,
    };
    beside(move || {
        let id = ProjectId(id);
        let key = collector.store.rotate_key(id, old)?;
        let info = collector
            .store
            .project(id)
            .ok_or(Error::UnknownProject(id))?;
        let keyed = Keyed {
            project: Shown::of(&info),
            key: key.as_str().to_owned(),
        };
        Ok(value(StatusCode::OK, &keyed))
    })
    .await
}

/// Sets how long a project keeps its events (promise P17).
pub(crate) async fn retention(
    State(collector): State<Arc<Collector>>,
    Path(id): Path<u32>,
    request: Request,
) -> Reply {
    let kept: Kept = match read(&collector, request).await {
        Ok(kept) => kept,
        Err(reply) => return reply,
    };
    beside(move || {
        let (id, store) = (ProjectId(id), &collector.store);
        let known = || store.project(id).ok_or(Error::UnknownProject(id));
        let info = known()?;
        let Some(profile) = Profile::builtin(&info.host) else {
            return Ok(bad_request(
                "this program has no profile of the project's host",
            ));
        };
        let wanted = kept.instead_of(info.retention).within(&profile)?;
        store.set_retention(id, wanted)?;
        let project = Shown::of(&*known()?);
        Ok(value(StatusCode::OK, &Changed { project }))
    })
    .await
}

pub(crate) async fn remove(State(collector): State<Arc<Collector>>, Path(id): Path<u32>) -> Reply {
    beside(move || {
        let id = ProjectId(id);
        let info = collector
            .store
            .project(id)
            .ok_or(Error::UnknownProject(id))?;
        collector.imports.forget(id);
        collector.store.remove_project(id)?;
        Ok(value(
            StatusCode::OK,
            &Removed {
                removed: Shown::of(&info),
            },
        ))
    })
    .await
}

/// Does what waits for the disk beside the workers.
pub(super) async fn beside(work: impl FnOnce() -> Result<Reply, Error> + Send + 'static) -> Reply {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => store_problem(&error),
        Err(_) => broken(),
    }
}

async fn read<T: DeserializeOwned>(collector: &Collector, request: Request) -> Result<T, Reply> {
    let (body, _share) = body::read(collector, request.into_body())
        .await
        .map_err(refused)?;
    let read = serde_json::from_slice(&body);
    read.map_err(|error| bad_request(&format!("the body is not what it should be: {error}")))
}
