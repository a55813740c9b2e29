//! From an event to the bytes that are logged and sent.
//!
//! 1. An [`Event`], or what a [`Gate`](askfirst_catalog::Gate) admitted of one, is encoded
//!    once ([`Encoder::begin`]): name, then properties, each cut to its precision. Properties
//!    of a class that was not agreed to stay out.
//! 2. What every event of a session carries is appended, and its place in the session.
//! 3. [`Encoder::log_line`] and [`Encoder::spool_line`] put the same bytes into the two
//!    forms: existing tools' log line, and one event of a PostHog batch.

mod ends;
mod event;
mod json;
pub(crate) mod log;
mod precision;
mod properties;
pub(crate) mod random;
mod session;
mod values;

use askfirst_catalog::{Admitted, Catalog, Class, ClassSet};

use ends::Ends;
pub use event::Event;
pub(crate) use log::unignored_in;
pub use properties::{Key, Opening, Properties};
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
    /// The bytes both lines begin with: `{"event":...,"properties":{...`.
    line: Vec<u8>,
    /// Where they end.
    shared: usize,
    uuid: [u8; 36],
    ends: Ends,
}

impl Encoder {
    /// `install` is the id events are kept under, if any are.
    pub(crate) fn new(
        classes: ClassSet,
        session: Session,
        install: Option<String>,
        random: Pool,
    ) -> Encoder {
        Encoder {
            classes,
            random,
            session,
            seq: 0,
            line: Vec::with_capacity(1024),
            shared: 0,
            uuid: [0; 36],
            ends: Ends::new(install),
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
        if !self.begin(event.class()) {
            return false;
        }
        let opened = match event.opening() {
            Some(opening) => {
                self.line.extend_from_slice(opening.as_bytes());
                true
            }
            None => properties::open(&mut self.line, &event.name()),
        };
        if opened {
            event.write(&mut self.properties());
            self.end(now_ms, since_start_ms);
        }
        opened
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
        let opened = self.begin(event.class) && properties::open(&mut self.line, &name);
        if opened {
            let mut properties = self.properties();
            properties.admitted(catalog, event.class, admitted);
            self.end(now_ms, since_start_ms);
        }
        opened
    }

    /// Begins an event, if its class was agreed to and it can have an id.
    fn begin(&mut self, class: Class) -> bool {
        self.line.clear();
        self.shared = 0;
        if !self.classes.contains(class) {
            return false;
        }
        let uuid = self.random.uuid4();
        if let Some(uuid) = &uuid {
            self.uuid = json::uuid(uuid);
        }
        uuid.is_some()
    }

    fn properties(&mut self) -> Properties<'_> {
        Properties {
            out: &mut self.line,
            random: &mut self.random,
            classes: self.classes,
            public_model: false,
        }
    }

    /// Appends what the session's events have in common, and the event's place among them.
    fn end(&mut self, now_ms: i64, since_start_ms: u64) {
        self.line.extend_from_slice(self.session.members());
        if self.session.numbered() {
            json::number(&mut self.line, self.seq);
            self.line.extend_from_slice(b",\"since_start\":");
            let since = precision::power_of_two(since_start_ms);
            json::number(&mut self.line, since);
            self.seq = self.seq.saturating_add(1);
        } else if self.line.last() == Some(&b',') {
            self.line.pop();
        }
        self.ends.set(now_ms);
        self.shared = self.line.len();
    }

    /// The event as existing tools log it (promise P11). The id is null unless on.
    pub(crate) fn log_line(&mut self) -> &[u8] {
        self.line.truncate(self.shared);
        self.ends.log(&mut self.line, &self.uuid);
        &self.line
    }

    /// The event as one of a PostHog batch, and randomness for the name of a file.
    pub(crate) fn spool_line(&mut self) -> (&[u8], &mut Pool) {
        self.line.truncate(self.shared);
        self.ends.spool(&mut self.line, &self.uuid);
        (&self.line, &mut self.random)
    }
}

#[cfg(test)]
pub(crate) mod tests;
