//! `POST /forget`: whoever shows a forget key has what was sent under its id erased (decision
//! D29, `docs/formats/receipt.md`).
//!
//! Every key is answered the same by the same work: no step below asks whether there are events
//! under the id, so neither answer nor time can tell. The key is in no log: there is none, and
//! nothing here can be printed with it.

use std::sync::Arc;

use askfirst_catalog::Profile;
use askfirst_receipt::{ForgetKey, Receipt, Request as Asked, install_id};
use askfirst_store::{Error, Health, ProjectInfo};
use axum::extract::{Request, State};
use axum::http::StatusCode;

use super::body;
use super::reply::{Reply, json, refused};
use crate::collector::Collector;
use crate::policy;
use crate::refusal::Refusal;

pub(super) async fn forget(State(collector): State<Arc<Collector>>, request: Request) -> Reply {
    let read = body::read_most(&collector, request.into_body(), policy::FORGET_BODY_BYTES).await;
    let answer = match read {
        Ok((body, _share)) => answer(&collector, &body).await,
        Err(refusal) => Err(refusal),
    };
    match answer {
        Ok(receipt) => json(StatusCode::OK, receipt),
        Err(refusal) => refused(refusal),
    }
}

async fn answer(collector: &Arc<Collector>, body: &[u8]) -> Result<String, Refusal> {
    let asked = Asked::parse(body).ok_or(Refusal::NotAForget)?;
    let key = asked.forget_key().ok_or(Refusal::NotAForget)?;
    let project = collector.store.project_by_key(asked.api_key.trim());
    let project = project.ok_or(Refusal::UnknownKey)?;
    // Each writes the manifest, one after the other: more of them would only wait.
    let turn = Arc::clone(&collector.forgetting).try_acquire_owned();
    let turn = turn.map_err(|_| Refusal::Busy)?;
    let collector = Arc::clone(collector);
    let erased = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        erase(&collector, &project, &key)
    });
    erased.await.unwrap_or(Err(Refusal::Busy))
}

/// Masks, then says so: a receipt is given only for what is on disk.
fn erase(collector: &Collector, project: &ProjectInfo, key: &ForgetKey) -> Result<String, Refusal> {
    let day = collector
        .store
        .forget(project.id, install_id(key))
        .map_err(|error| refusal(collector, &error))?;
    let profile = Profile::builtin(&project.host);
    let recipient = profile
        .as_ref()
        .and_then(|it| it.notice.recipient.as_deref());
    let recipient = recipient.unwrap_or("nobody named in the profile");
    let receipt = Receipt::accepted(&project.host, &project.name, recipient, key, day);
    Ok(collector.receipts.sign(receipt).text())
}

fn refusal(collector: &Collector, error: &Error) -> Refusal {
    if let Health::Stopped { .. } = collector.store.health() {
        collector.stopped.notify_one();
    }
    match error {
        Error::UnknownProject(_) => Refusal::UnknownKey,
        Error::ForgetLater | Error::TombstonesFull => Refusal::ForgetLater,
        _ => Refusal::Busy,
    }
}
