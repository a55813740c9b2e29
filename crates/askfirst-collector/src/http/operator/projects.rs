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
    retention_days: u32,
    keys: usize,
}

impl Shown {
    fn of(info: &ProjectInfo) -> Shown {
        Shown {
            id: info.id.0,
            name: info.name.clone(),
            host: info.host.clone(),
            created_ms: info.created_ms,
            retention_days: info.retention.received_days,
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
    retention_days: Option<u32>,
    accept_key: Option<String>,
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
        let days = wanted.retention_days.unwrap_or(profile.retention_days);
        let store = &collector.store;
        let retention = Retention::days(days);
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
async fn beside(work: impl FnOnce() -> Result<Reply, Error> + Send + 'static) -> Reply {
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
