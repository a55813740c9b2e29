//! From an event to the bytes that are logged and sent.
//!
//! 1. An [`Event`], or what a [`Gate`](askfirst_catalog::Gate) admitted of one, is encoded
//!    once ([`Encoder::begin`]): name, then properties, each cut to its precision. Properties
//!    of a class that was not agreed to stay out.
//! 2. What every event of a session carries is appended, and its place in the session.
//! 3. [`Encoder::log_line`] and [`Encoder::spool_line`] put the same bytes into the two
//!    forms: existing tools' log line, and one event of a PostHog batch.

mod event;
mod json;
pub(crate) mod log;
mod precision;
mod properties;
pub(crate) mod random;
mod session;
mod values;

use askfirst_catalog::{Admitted, Catalog, Class, ClassSet, Precision};

pub use event::Event;
pub(crate) use log::unignored_in;
pub use properties::{Key, Properties};
pub(crate) use random::Pool;
pub(crate) use session::{About, Session};
pub use values::{Billionths, Frames, Model, Version, Word};

/// Milliseconds of an hour, to which every time is cut.
const HOUR_MS: i64 = 3_600_000;

/// Encodes the events of one session.
#[derive(Debug)]
pub(crate) struct Encoder {
    classes: ClassSet,
    random: Pool,
    /// What is the same on every event of the session, as JSON members.
    session: Session,
    /// Position of the next event.
    seq: u64,
    /// The bytes both lines begin with: `{"event":...,"properties":{...}`.
    line: Vec<u8>,
    /// Where they end.
    shared: usize,
    uuid: [u8; 16],
    hour: Hour,
}

/// The hour an event is stamped with, and how it is written.
#[derive(Debug, Default)]
struct Hour {
    seconds: i64,
    text: String,
}

impl Encoder {
    pub(crate) fn new(classes: ClassSet, session: Session, random: Pool) -> Encoder {
        Encoder {
            classes,
            random,
            session,
            seq: 0,
            line: Vec::with_capacity(1024),
            shared: 0,
            uuid: [0; 16],
            hour: Hour::default(),
        }
    }

    /// A forked child goes on as a session of its own (decision D4).
    pub(crate) fn begin_anew(&mut self) {
        self.random.forget();
        self.session.renumber(&mut self.random);
        self.seq = 0;
    }

    /// Encodes an event that happened at `now_ms`, `since_start_ms` after the session began.
    /// Returns whether there is one: a class that was not agreed to, an event whose
    /// collection has ended, and a machine without random numbers make none.
    pub(crate) fn event(&mut self, event: &dyn Event, now_ms: i64, since_start_ms: u64) -> bool {
        let today = now_ms.div_euclid(24 * HOUR_MS);
        let over = event.last_day().is_some_and(|last| today > i64::from(last));
        if over {
            return false;
        }
        self.encode(
            event.class(),
            &event.name(),
            now_ms,
            since_start_ms,
            |out| {
                event.write(out);
            },
        )
    }

    /// [`Encoder::event`] for an event that came through a gate.
    pub(crate) fn admitted(
        &mut self,
        catalog: &Catalog,
        admitted: &Admitted,
        now_ms: i64,
        since_start_ms: u64,
    ) -> bool {
        let event = catalog.event(admitted.event());
        let name = catalog.spelled_name(admitted.event(), |property| {
            admitted
                .value(property)
                .and_then(askfirst_catalog::Value::as_text)
        });
        self.encode(event.class, &name, now_ms, since_start_ms, |out| {
            out.admitted(catalog, event.class, admitted);
        })
    }

    fn encode(
        &mut self,
        class: Class,
        name: &str,
        now_ms: i64,
        since_start_ms: u64,
        properties: impl FnOnce(&mut Properties<'_>),
    ) -> bool {
        self.line.clear();
        self.shared = 0;
        let Some(uuid) = self.random.uuid4() else {
            return false;
        };
        self.uuid = uuid;
        self.line.extend_from_slice(b"{\"event\":");
        if !self.classes.contains(class) || !json::word(&mut self.line, name) {
            return false;
        }
        self.line.extend_from_slice(b",\"properties\":{");
        properties(&mut Properties {
            out: &mut self.line,
            random: &mut self.random,
            classes: self.classes,
            public_model: false,
        });
        self.line.extend_from_slice(self.session.members());
        if self.session.numbered() {
            self.place(since_start_ms);
        }
        if self.line.last() == Some(&b',') {
            self.line.pop();
        }
        self.line.extend_from_slice(b"}");
        self.hour.set(now_ms);
        self.shared = self.line.len();
        true
    }

    /// The event's place in its session.
    fn place(&mut self, since_start_ms: u64) {
        self.line.extend_from_slice(b"\"seq\":");
        json::number(&mut self.line, self.seq);
        self.line.extend_from_slice(b",\"since_start\":");
        let since = precision::cut(since_start_ms, Precision::PowerOfTwo, || 0);
        json::number(&mut self.line, since);
        self.seq = self.seq.saturating_add(1);
    }

    /// The event as existing tools log it (promise P11). `install` is null unless on.
    pub(crate) fn log_line(&mut self, install: Option<&str>) -> &[u8] {
        self.line.truncate(self.shared);
        self.line.extend_from_slice(b",\"user_id\":");
        match install {
            Some(install) => {
                json::word(&mut self.line, install);
            }
            None => self.line.extend_from_slice(b"null"),
        }
        self.line.extend_from_slice(b",\"time\":");
        json::number(&mut self.line, self.hour.seconds.unsigned_abs());
        self.end();
        &self.line
    }

    /// The event as one of a PostHog batch, and randomness for the name of a file.
    pub(crate) fn spool_line(&mut self, install: &str) -> (&[u8], &mut Pool) {
        self.line.truncate(self.shared);
        self.line.extend_from_slice(b",\"distinct_id\":");
        json::word(&mut self.line, install);
        self.end();
        (&self.line, &mut self.random)
    }

    fn end(&mut self) {
        self.line.extend_from_slice(b",\"uuid\":");
        json::uuid(&mut self.line, &self.uuid);
        self.line.extend_from_slice(b",\"timestamp\":\"");
        self.line.extend_from_slice(self.hour.text.as_bytes());
        self.line.extend_from_slice(b"\"}\n");
    }
}

impl Hour {
    /// Cuts a time to its hour. Times before 1970 are 1970: a clock that is that wrong says
    /// nothing.
    fn set(&mut self, now_ms: i64) {
        let seconds = now_ms.max(0).div_euclid(HOUR_MS).saturating_mul(3600);
        if self.text.is_empty() || self.seconds != seconds {
            let hour = jiff::Timestamp::from_second(seconds).unwrap_or_default();
            self.seconds = seconds;
            self.text = hour.to_string();
        }
    }
}

#[cfg(test)]
mod tests;
