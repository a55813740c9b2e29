//! What the operator may do while the server runs: `docs/formats/operator.md`.

pub(super) mod clock;
mod files;
mod guard;
pub(super) mod import;
pub(super) mod projects;
pub(super) mod status;

pub(crate) use files::Files;
pub(crate) use guard::{Guard, is_loopback};

use askfirst_store::{Error, ProjectId};
use axum::http::StatusCode;

use super::reply::{Reply, problem};
use crate::decode::query_value;

/// An error of the store, said to the operator with its remedy.
fn store_problem(error: &Error) -> Reply {
    let (status, name) = match error {
        Error::UnknownProject(_) => (StatusCode::NOT_FOUND, "unknown_project"),
        Error::ProjectExists { .. } => (StatusCode::CONFLICT, "project_exists"),
        Error::KeyTaken => (StatusCode::CONFLICT, "key_taken"),
        Error::ImportRunning(_) => (StatusCode::CONFLICT, "import_running"),
        Error::ProjectName { .. } => (StatusCode::BAD_REQUEST, "bad_name"),
        Error::Retention { .. } => (StatusCode::BAD_REQUEST, "bad_retention"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "store"),
    };
    let remedy = error.remedy().unwrap_or_default();
    problem(status, name, format!("{error}. {remedy}").trim_end())
}

fn bad_request(detail: &str) -> Reply {
    problem(StatusCode::BAD_REQUEST, "bad_request", detail)
}

fn broken() -> Reply {
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal_error",
        "the request was not finished",
    )
}

/// A value of a query, as text.
fn text_of(query: &str, name: &str) -> Option<String> {
    String::from_utf8(query_value(query, name)?).ok()
}

fn project_of(query: &str) -> Option<ProjectId> {
    text_of(query, "project")?.parse().ok().map(ProjectId)
}
