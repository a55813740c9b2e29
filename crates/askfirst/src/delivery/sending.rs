//! Sending one file's events: which go into the next request, and what a reply means. No I/O.

use std::ops::Range;

use super::Loss;
use crate::policy;
use crate::transport::Reply;

/// One file's events on their way.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sending {
    /// Still to send, the next part last.
    parts: Vec<Range<usize>>,
    lost: Vec<(Loss, usize)>,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Send these events in one request.
    Send(Range<usize>),
    /// The file is done with: take it away.
    Done,
    /// Not now: keep the file, and try again in this many milliseconds or later.
    Later(u64),
    /// The receiver does not know this project: keep the file for a day, so that a mistyped
    /// key does not cost the data, and ask no more in this session.
    Unknown,
}

impl Sending {
    /// A file with this many events.
    pub(crate) fn new(events: usize) -> Sending {
        Sending {
            parts: Vec::from([Range {
                start: 0,
                end: events,
            }]),
            lost: Vec::new(),
        }
    }

    /// What to send first, or after the last reply.
    pub(crate) fn next(&self) -> Next {
        match self.parts.last() {
            Some(part) => Next::Send(part.clone()),
            None => Next::Done,
        }
    }

    /// What a reply to the last [`Next::Send`] means. `attempt` counts failures in a row, of
    /// all files together.
    pub(crate) fn replied(&mut self, reply: &Reply, attempt: u32) -> Next {
        match reply {
            Reply::Status {
                code: 200..=299, ..
            } => self.answered(None),
            Reply::Status { code: 413, .. } => self.halve(),
            Reply::Status {
                code: 401 | 403, ..
            } => Next::Unknown,
            Reply::Status {
                code: 408 | 429 | 500..=599,
                retry_after_ms,
            } => {
                let asked = retry_after_ms.unwrap_or(0).min(policy::RETRY_AFTER_MS);
                Next::Later(asked.max(backoff(attempt)))
            }
            // Also a redirect: what was agreed to is the destination the user saw.
            Reply::Status { .. } => self.answered(Some(Loss::BatchRefused)),
            Reply::Nothing(_) => Next::Later(backoff(attempt)),
        }
    }

    /// What was dropped, by reason.
    pub(crate) fn lost(&self) -> &[(Loss, usize)] {
        &self.lost
    }

    fn answered(&mut self, lost: Option<Loss>) -> Next {
        let part = self.parts.pop().unwrap_or_default();
        self.lost.extend(lost.map(|reason| (reason, part.len())));
        self.next()
    }

    /// Half as many; one event alone that is too large is dropped.
    fn halve(&mut self) -> Next {
        let Some(part) = self.parts.pop() else {
            return Next::Done;
        };
        if part.len() <= 1 {
            self.lost.push((Loss::BatchTooLarge, part.len()));
            return self.next();
        }
        let middle = part.start.saturating_add(part.len() / 2);
        self.parts.push(middle..part.end);
        self.parts.push(part.start..middle);
        self.next()
    }
}

/// How long to wait after `attempt` failures in a row.
pub(super) fn backoff(attempt: u32) -> u64 {
    let doubled = 1_u64.checked_shl(attempt.min(16)).unwrap_or(u64::MAX);
    policy::BACKOFF_MS
        .saturating_mul(doubled)
        .min(policy::BACKOFF_MOST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16) -> Reply {
        Reply::Status {
            code,
            retry_after_ms: None,
        }
    }

    #[test]
    fn a_taken_batch_is_done_with() {
        let mut sending = Sending::new(3);
        assert_eq!(sending.next(), Next::Send(0..3));
        assert_eq!(sending.replied(&status(200), 0), Next::Done);
        assert!(sending.lost().is_empty());
    }

    #[test]
    fn what_is_too_large_is_halved_until_one_event_is_dropped() {
        let mut sending = Sending::new(4);
        assert_eq!(sending.replied(&status(413), 0), Next::Send(0..2));
        assert_eq!(sending.replied(&status(413), 0), Next::Send(0..1));
        assert_eq!(sending.replied(&status(413), 0), Next::Send(1..2));
        assert_eq!(sending.replied(&status(200), 0), Next::Send(2..4));
        assert_eq!(sending.replied(&status(200), 0), Next::Done);
        assert_eq!(sending.lost(), [(Loss::BatchTooLarge, 1)]);
    }

    #[test]
    fn what_may_pass_is_tried_again_with_patience() {
        for reply in [
            status(408),
            status(429),
            status(500),
            status(503),
            Reply::Nothing("refused".into()),
        ] {
            let mut sending = Sending::new(1);
            let Next::Later(first) = sending.replied(&reply, 0) else {
                panic!("{reply:?}");
            };
            let Next::Later(fifth) = sending.replied(&reply, 4) else {
                panic!("{reply:?}");
            };
            assert!(first >= policy::BACKOFF_MS && fifth > first);
            assert_eq!(sending.next(), Next::Send(0..1), "nothing was dropped");
        }
        let mut sending = Sending::new(1);
        let asked = Reply::Status {
            code: 503,
            retry_after_ms: Some(u64::MAX),
        };
        assert_eq!(
            sending.replied(&asked, 0),
            Next::Later(policy::RETRY_AFTER_MS)
        );
        assert_eq!(
            sending.replied(&status(503), u32::MAX),
            Next::Later(policy::BACKOFF_MOST_MS)
        );
    }

    #[test]
    fn an_unknown_key_keeps_the_events_and_other_refusals_drop_them() {
        let mut sending = Sending::new(2);
        assert_eq!(sending.replied(&status(401), 0), Next::Unknown);
        assert!(sending.lost().is_empty());
        for code in [400, 404, 415, 301, 302] {
            let mut sending = Sending::new(2);
            assert_eq!(sending.replied(&status(code), 0), Next::Done);
            assert_eq!(sending.lost(), [(Loss::BatchRefused, 2)]);
        }
    }
}
