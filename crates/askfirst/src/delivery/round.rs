//! One round of delivery: every file that nobody is writing, oldest first.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::body;
use super::sending::{Next, Sending, backoff};
use super::{Loss, NoYes, Permission};
use crate::clock::Clock;
use crate::policy;
use crate::spool::{Binding, Claimed, Waiting, claim, sweep};
use crate::transport::{Reply, Transport};

/// Told how many events were dropped, and why.
pub(crate) type Lost = Box<dyn Fn(Loss, u64) + Send>;

/// Told what went wrong, or that nothing did.
pub(crate) type Said = Box<dyn Fn(Option<&str>) + Send>;

/// What delivery needs.
pub(crate) struct Round {
    pub(crate) folder: PathBuf,
    pub(crate) binding: Binding,
    pub(crate) permission: Box<dyn Permission>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Failures in a row.
    pub(crate) attempt: u32,
    /// Told what was dropped.
    pub(crate) lost: Lost,
    /// Told what went wrong, for `--analytics-status`; `None` when something was taken.
    pub(crate) said: Said,
}

/// How a round ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Everything that could be taken was.
    Empty,
    /// Look again in this many milliseconds.
    Later(u64),
    /// Nothing more in this session: the receiver does not know the key.
    Over,
    /// Nothing more is to be recorded either: the answer is not yes any more.
    Withdrawn,
}

impl Round {
    /// Delivers what waits, until it is all gone or something says stop. The next round is a
    /// second to hours away: no connection is kept for it.
    pub(crate) fn run(&mut self) -> Ended {
        let ended = self.files();
        self.transport.hang_up();
        ended
    }

    fn files(&mut self) -> Ended {
        self.sweep();
        for path in Waiting::look(&self.folder).files {
            let Ok(Some(file)) = claim(&path, &self.binding) else {
                continue;
            };
            match self.file(file) {
                Ended::Empty => {}
                other => return other,
            }
        }
        Ended::Empty
    }

    fn sweep(&self) {
        let spool = self.folder.parent().unwrap_or(&self.folder);
        let now_ms = self.clock.now_ms();
        let dropped = sweep(spool, || self.permission.live(spool), now_ms);
        if dropped > 0 {
            (self.lost)(Loss::Expired, dropped);
        }
    }

    fn file(&mut self, file: Claimed) -> Ended {
        if self.is_older(&file, policy::SPOOL_AGE_MS) {
            self.drop(file, Loss::Expired);
            return Ended::Empty;
        }
        let mut sending = Sending::new(file.len());
        let mut next = sending.next();
        loop {
            match next {
                Next::Send(which) => {
                    let reply = match self.send(&file, which) {
                        Ok(reply) => reply,
                        Err(NoYes::Busy) => return Ended::Later(policy::BUSY_MS),
                        Err(NoYes::Disk(why)) => return self.no_disk(&why),
                        Err(NoYes::Withdrawn) => return Ended::Withdrawn,
                    };
                    next = sending.replied(&reply, self.attempt);
                    self.note(&reply);
                }
                Next::Done => {
                    if file.remove().is_ok() {
                        for (loss, events) in sending.lost() {
                            (self.lost)(*loss, *events as u64);
                        }
                    }
                    return Ended::Empty;
                }
                Next::Later(ms) => return Ended::Later(ms),
                Next::Unknown => {
                    if self.is_older(&file, policy::UNKNOWN_KEY_MS) {
                        self.drop(file, Loss::BatchRefused);
                    }
                    return Ended::Over;
                }
            }
        }
    }

    /// What cannot be taken away is not lost: it would be counted in every round.
    fn drop(&self, file: Claimed, loss: Loss) {
        let events = file.len() as u64;
        if file.remove().is_ok() {
            (self.lost)(loss, events);
        }
    }

    /// One request, while the yes is held.
    fn send(&self, file: &Claimed, which: std::ops::Range<usize>) -> Result<Reply, NoYes> {
        let _yes = self.permission.hold()?;
        let body = body::batch(&self.binding.project_key, file.events(which));
        let url = format!("{}/batch/", self.binding.destination);
        Ok(self.transport.post(&url, &body))
    }

    /// A disk may be well again later, as a receiver may.
    fn no_disk(&mut self, why: &str) -> Ended {
        let wait = backoff(self.attempt);
        self.attempt = self.attempt.saturating_add(1);
        (self.said)(Some(why));
        Ended::Later(wait)
    }

    fn note(&mut self, reply: &Reply) {
        match reply {
            Reply::Status {
                code: 200..=299, ..
            } => {
                self.attempt = 0;
                (self.said)(None);
            }
            Reply::Status { code, .. } => {
                self.attempt = self.attempt.saturating_add(1);
                (self.said)(Some(&format!(
                    "{} answered {code}",
                    self.binding.destination
                )));
            }
            Reply::Nothing(why) => {
                self.attempt = self.attempt.saturating_add(1);
                (self.said)(Some(&format!("{}: {why}", self.binding.destination)));
            }
        }
    }

    fn is_older(&self, file: &Claimed, ms: i64) -> bool {
        let now = self.clock.now_ms();
        file.modified_ms()
            .is_some_and(|at| now.saturating_sub(at) > ms)
    }
}

impl fmt::Debug for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Round")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}
