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
            let all = file.len();
            self.take_away(file, &[(Loss::Expired, all)]);
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
                        // It may be well again later, as a receiver may.
                        Err(NoYes::Disk(why)) => {
                            let wait = backoff(self.attempt);
                            self.failed(&why);
                            return Ended::Later(wait);
                        }
                        Err(NoYes::Withdrawn) => return Ended::Withdrawn,
                    };
                    next = sending.replied(&reply, self.attempt);
                    self.note(&reply);
                }
                Next::Done => {
                    self.take_away(file, sending.lost());
                    return Ended::Empty;
                }
                Next::Later(ms) => return Ended::Later(ms),
                Next::Unknown => {
                    if self.is_older(&file, policy::UNKNOWN_KEY_MS) {
                        let all = file.len();
                        self.take_away(file, &[(Loss::BatchRefused, all)]);
                    }
                    return Ended::Over;
                }
            }
        }
    }

    /// Takes a file away, with which so much is lost. Of one that stays nothing is: it would be
    /// counted in every round.
    fn take_away(&self, file: Claimed, lost: &[(Loss, usize)]) {
        if file.remove().is_ok() {
            for (loss, events) in lost {
                (self.lost)(*loss, *events as u64);
            }
        }
    }

    /// One request, while the yes is held.
    fn send(&self, file: &Claimed, which: std::ops::Range<usize>) -> Result<Reply, NoYes> {
        let _yes = self.permission.hold()?;
        let body = body::batch(&self.binding.project_key, file.events(which));
        let url = format!("{}/batch/", self.binding.destination);
        Ok(self.transport.post(&url, &body))
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
                self.failed(&format!("{} answered {code}", self.binding.destination));
            }
            Reply::Nothing(why) => {
                self.failed(&format!("{}: {why}", self.binding.destination));
            }
        }
    }

    fn failed(&mut self, why: &str) {
        self.attempt = self.attempt.saturating_add(1);
        (self.said)(Some(why));
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
