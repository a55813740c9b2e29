//! What happens to a body that was read, as a list of steps. Each is a type: only what is
//! [`Decoded`] can be [`Authenticated`], only that can be [`Admitted`], only that can be written.

use std::cell::OnceCell;
use std::sync::Arc;

use askfirst_catalog::Gate;
use askfirst_store::clock::day_of;
use askfirst_store::{AppendError, Batch, ProjectInfo, Reason, Tally};
use tokio::sync::oneshot;

use crate::collector::{Collector, Share};
use crate::decode::{Decoded, Member, Room, Wire, is_large, parse_timestamp, query_value};
use crate::ingest::Ingest;
use crate::policy;
use crate::refusal::Refusal;
use crate::time::Arrival;

/// A body that was read, and the memory it takes of what all bodies may take together.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) body: Vec<u8>,
    pub(crate) share: Share,
    pub(crate) head: Head,
}

/// What decoding needs of a request's head.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub(crate) query: String,
    pub(crate) content_type: Option<String>,
    pub(crate) content_encoding: Option<String>,
    /// An event may be without name (`/engage`).
    pub(crate) nameless: bool,
}

/// The steps, after the limits that reading a body has kept to.
pub(crate) async fn run(collector: &Arc<Collector>, received: Received) -> Result<(), Refusal> {
    let admitted = judge(collector, received).await?;
    admitted.write(collector).await
}

/// Decode, authenticate, admit and redact: on the worker, or beside it if that takes long.
async fn judge(collector: &Arc<Collector>, received: Received) -> Result<Admitted, Refusal> {
    let Received {
        body,
        mut share,
        head,
    } = received;
    let large = is_large(&body);
    let collector = Arc::clone(collector);
    let steps = move || {
        let mut take = |bytes| share.try_take(bytes);
        let mut room = Room::new(collector.limits.body_bytes, &mut take);
        let text = head.wire(body).text(&mut room)?;
        let repaired = OnceCell::new();
        let decoded = Decoded::of(&text, &repaired, head.nameless, &mut room)?;
        let authenticated = Authenticated::of(decoded, &collector)?;
        authenticated.admit(head.sent_at_ms(), collector.store.now_ms())
    };
    if large {
        let beside = tokio::task::spawn_blocking(steps).await;
        beside.unwrap_or(Err(Refusal::Busy))
    } else {
        steps()
    }
}

impl Head {
    fn wire(&self, body: Vec<u8>) -> Wire<'_> {
        Wire {
            query: &self.query,
            content_type: self.content_type.as_deref(),
            content_encoding: self.content_encoding.as_deref(),
            body,
        }
    }

    /// When posthog-js says it sent the body: `_`, in milliseconds, or `sent_at`. Milliseconds of
    /// 2020 and before are seconds, which say too little.
    fn sent_at_ms(&self) -> Option<i64> {
        const YEAR_2021_MS: i64 = 1_609_459_200_000;
        let named = ["sent_at", "_"]
            .into_iter()
            .find_map(|name| query_value(&self.query, name));
        let text = String::from_utf8(named?).ok()?;
        let sent_at = text.parse().ok().or_else(|| parse_timestamp(&text))?;
        (sent_at >= YEAR_2021_MS).then_some(sent_at)
    }
}

/// A body whose sender has shown the key of a project.
pub(crate) struct Authenticated<'t> {
    decoded: Decoded<'t>,
    project: Arc<ProjectInfo>,
    gate: Arc<Gate>,
}

impl<'t> Authenticated<'t> {
    /// Finds the project of the body's key.
    pub(crate) fn of(decoded: Decoded<'t>, collector: &Collector) -> Result<Self, Refusal> {
        let key = decoded.key()?;
        let key = key.trim();
        let possible = !key.is_empty()
            && key.len() <= policy::KEY_BYTES
            && key.is_ascii()
            && !key.contains('\0')
            && !key.starts_with("phx_");
        if !possible {
            return Err(Refusal::BadKey);
        }
        let project = collector
            .store
            .project_by_key(key)
            .ok_or(Refusal::UnknownKey)?;
        // A project of a profile this program does not know, made by another version: its
        // events wait with their sender until that version is back.
        let gate = collector.gates.of(&project.host).ok_or(Refusal::Busy)?;
        Ok(Authenticated {
            decoded,
            project,
            gate,
        })
    }

    /// Decides on every event: exactly one outcome each. What is admitted has lost everything
    /// that tells who sent it.
    pub(crate) fn admit(self, sent_at_ms: Option<i64>, now_ms: i64) -> Result<Admitted, Refusal> {
        let sent_at_ms = self.decoded.sent_at_ms().or(sent_at_ms);
        let arrival = Arrival { now_ms, sent_at_ms };
        let ingest = Ingest::new(&self.gate, &self.project);
        let day = day_of(now_ms);
        let mut rows = Vec::new();
        let mut tally = Tally::default();
        self.decoded.each(|member| {
            let taken = match &member {
                Member::Event(incoming) => ingest.event(incoming, arrival),
                Member::NotAnObject => Err(Reason::NotAnObject),
            };
            match taken {
                Ok(taken) => {
                    for (note, count) in taken.notes {
                        tally.note(day, note, count.into());
                    }
                    rows.push(taken.row);
                }
                Err(reason) => tally.add(day, reason, 1),
            }
            Ok(())
        })?;
        Ok(Admitted(Batch {
            project: self.project.id,
            received_ms: now_ms,
            rows,
            tally,
        }))
    }
}

/// What may be stored of a body, and the count of what may not.
#[derive(Debug)]
pub(crate) struct Admitted(Batch);

impl Admitted {
    /// Leaves out what was stored before, writes the rest and waits until it is on disk.
    pub(crate) async fn write(self, collector: &Collector) -> Result<(), Refusal> {
        let (done, result) = oneshot::channel();
        let tell = move |appended| drop(done.send(appended));
        collector.store.append(self.0, Box::new(tell));
        match result.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(AppendError::UnknownProject)) => Err(Refusal::UnknownKey),
            Ok(Err(AppendError::Stopped { .. })) => {
                collector.stopped.notify_one();
                Err(Refusal::Busy)
            }
            Ok(Err(_)) | Err(_) => Err(Refusal::Busy),
        }
    }
}
