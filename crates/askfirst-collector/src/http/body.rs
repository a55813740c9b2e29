//! The first step of ingest: a body is read within its limits of size, time and shared memory.

use axum::body::{Body, Bytes};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout, timeout_at};

use crate::collector::{Collector, Share};
use crate::policy;
use crate::refusal::Refusal;

/// Reads a body whole. One that is refused on the way is read to its end and thrown away, so
/// that a client which writes everything before it reads sees the status.
pub(crate) async fn read(collector: &Collector, body: Body) -> Result<(Vec<u8>, Share), Refusal> {
    read_most(collector, body, collector.limits.body_wire_bytes).await
}

/// [`read`], with a limit of its own.
pub(crate) async fn read_most(
    collector: &Collector,
    mut body: Body,
    most: usize,
) -> Result<(Vec<u8>, Share), Refusal> {
    let deadline = Instant::now() + collector.limits.body_time;
    let mut share = collector.share();
    match timeout_at(deadline, gather(collector, &mut body, &mut share, most)).await {
        Ok(Ok(bytes)) => Ok((bytes, share)),
        Ok(Err(refusal)) => {
            drop(share);
            drain(body, deadline).await;
            Err(refusal)
        }
        Err(_) => Err(Refusal::Stalled),
    }
}

/// Throws a body away that nobody is going to read.
pub(crate) async fn discard(collector: &Collector, body: Body) {
    drain(body, Instant::now() + collector.limits.body_time).await;
}

async fn gather(
    collector: &Collector,
    body: &mut Body,
    share: &mut Share,
    most: usize,
) -> Result<Vec<u8>, Refusal> {
    let limits = &collector.limits;
    let mut bytes = Vec::new();
    while let Some(chunk) = next(body).await? {
        if bytes.len() + chunk.len() > most {
            return Err(Refusal::TooLarge);
        }
        let more = growth(&bytes, chunk.len(), most);
        let taken = timeout(limits.body_share_wait, share.take(more)).await;
        if taken != Ok(true) {
            return Err(Refusal::Busy);
        }
        bytes.reserve_exact(bytes.capacity() + more - bytes.len());
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// By how much the room for a body grows before `more` bytes are added: what is reserved counts, not
/// what is used of it.
fn growth(bytes: &Vec<u8>, more: usize, most: usize) -> usize {
    let (room, needed) = (bytes.capacity(), bytes.len() + more);
    match needed > room {
        true => needed.max((2 * room).min(most)) - room,
        false => 0,
    }
}

async fn next(body: &mut Body) -> Result<Option<Bytes>, Refusal> {
    match body.frame().await {
        None => Ok(None),
        Some(Ok(frame)) => Ok(Some(frame.into_data().unwrap_or_default())),
        Some(Err(_)) => Err(Refusal::Broken),
    }
}

async fn drain(mut body: Body, deadline: Instant) {
    let mut left = policy::DRAIN_BYTES;
    while let Ok(Ok(Some(chunk))) = timeout_at(deadline, next(&mut body)).await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            break;
        }
    }
}
