//! From an event as it was sent to a row that may be stored: the part that HTTP and import share.
//!
//! ```text
//! Incoming ─▶ named, dated, someone's ─▶ Gate::admit ─▶ ids replaced ─▶ Row
//!             NoEventName TooOld NoDistinctId   UnknownEvent ClassOff ...
//! ```

use std::borrow::Cow;
use std::cell::OnceCell;

use askfirst_catalog::{Admitted, Common, EventId, Gate, Notes, PropertyId, Raw, Value};
use askfirst_store::clock::day_of;
use askfirst_store::{Consent, LineKey, Note, ProjectInfo, Reason, Row};

use crate::decode::{Incoming, Scalar};
use crate::identity::{Fingerprint, InstallId, uuid_ms};
use crate::logline;
use crate::time::{Arrival, Said, When};

/// Longest event name, PostHog's limit; nothing longer is in a catalog.
const EVENT_NAME_BYTES: usize = 200;

/// What PostHog's SDKs send to make a person out of a sender. There are no persons here.
const PERSON_EVENTS: [&str; 6] = [
    "$identify",
    "$set",
    "$set_once",
    "$create_alias",
    "$groupidentify",
    "$merge_dangerously",
];

/// An event that may be stored, and what is said about it in the statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The row.
    pub row: Row,
    /// What was left out or replaced. No entry is zero.
    pub notes: Vec<(Note, u32)>,
}

/// What became of a line of an existing log.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// It may be stored.
    Admitted {
        /// What tells it from other lines (decision D18).
        key: LineKey,
        /// The row and its notes.
        taken: Taken,
    },
    /// It may not.
    Refused {
        /// What tells it from other lines: a refused line is counted once.
        key: LineKey,
        /// Why.
        reason: Reason,
    },
}

/// Makes rows of the events of one project.
#[derive(Debug, Clone, Copy)]
pub struct Ingest<'a> {
    gate: &'a Gate,
    project: &'a ProjectInfo,
}

impl<'a> Ingest<'a> {
    /// For events of `project`, admitted by `gate`: the store's catalog, the project's profile.
    pub fn new(gate: &'a Gate, project: &'a ProjectInfo) -> Ingest<'a> {
        Ingest { gate, project }
    }

    /// Takes an event that arrived over HTTP.
    ///
    /// # Errors
    ///
    /// The one reason why it is not stored.
    pub fn event(&self, incoming: &Incoming<'_>, arrival: Arrival) -> Result<Taken, Reason> {
        let name = name(incoming)?;
        let who = incoming.who().ok_or(Reason::NoDistinctId)?;
        let when = when(incoming, arrival);
        if when.too_old(arrival.now_ms) {
            return Err(Reason::TooOld);
        }
        let gated = self.admit(name, incoming, arrival.now_ms)?;
        let consent = gated.consent(incoming);
        let mut taken = gated.redact(when, consent);
        taken.install(self.install(name, incoming, &who, consent));
        taken.key(&self.project.salt, name, incoming, &who);
        Ok(taken)
    }

    /// Takes a line of an existing analytics log, without its newline, at the time `now_ms`.
    ///
    /// Unlike an event over HTTP a line may be of any age, and must have a time.
    pub fn import_line(&self, line: &[u8], now_ms: i64) -> Line {
        let repaired = OnceCell::new();
        let read = logline::read(line, &repaired);
        match read
            .incoming
            .and_then(|incoming| self.imported(&incoming, now_ms))
        {
            Ok(taken) => Line::Admitted {
                key: read.key,
                taken,
            },
            Err(reason) => Line::Refused {
                key: read.key,
                reason,
            },
        }
    }

    fn imported(&self, incoming: &Incoming<'_>, now_ms: i64) -> Result<Taken, Reason> {
        let name = name(incoming)?;
        incoming.timestamp.ms().ok_or(Reason::BadTimestamp)?;
        let when = when(
            incoming,
            Arrival {
                now_ms,
                sent_at_ms: None,
            },
        );
        let gated = self.admit(name, incoming, now_ms)?;
        let mut taken = gated.redact(when, Consent::Imported);
        let who = incoming.who();
        taken.install(
            who.as_deref()
                .map(|who| InstallId::of(&self.project.salt, who)),
        );
        Ok(taken)
    }

    /// The catalog's word on an event.
    fn admit(&self, name: &str, incoming: &Incoming<'_>, now_ms: i64) -> Result<Gated, Reason> {
        if incoming.properties.malformed {
            return Err(Reason::BadProperties);
        }
        if incoming.properties.too_many {
            return Err(Reason::TooManyProperties);
        }
        let values: Vec<(&str, Scalar<'_>)> = incoming.properties.values().collect();
        let mut raw: Vec<(&str, Raw<'_>)> = Vec::with_capacity(values.len());
        let ids = ["distinct_id", "token"];
        let rest = values.iter().filter(|(name, _)| !ids.contains(name));
        raw.extend(rest.map(|(name, value)| (*name, value.raw())));
        let admitted = self.gate.admit(name, &raw, day_of(now_ms));
        let admitted = admitted.map_err(|discard| match Reason::from(discard) {
            Reason::UnknownEvent if PERSON_EVENTS.contains(&name) => Reason::PersonEvent,
            reason => reason,
        })?;
        Ok(Gated::new(admitted))
    }

    /// The install an event counts for. None for one that names nobody in particular: PostHog's
    /// SDKs make up an id for every personless event and every exception they catch.
    fn install(
        &self,
        name: &str,
        incoming: &Incoming<'_>,
        who: &str,
        consent: Consent,
    ) -> Option<InstallId> {
        let nobody = incoming.says("$process_person_profile", false) || name == "$exception";
        if nobody && consent != Consent::Agreed {
            return None;
        }
        Some(InstallId::of(&self.project.salt, who))
    }
}

/// What the gate let through, not yet a row.
struct Gated {
    event: EventId,
    values: Vec<(PropertyId, Value)>,
    common: Common,
    notes: Notes,
}

impl Gated {
    fn new(admitted: Admitted) -> Gated {
        let (event, values, common, notes) = admitted.into_parts();
        Gated {
            event,
            values,
            common,
            notes,
        }
    }

    /// Our SDK puts its catalog on every event, and sends none before a yes.
    fn consent(&self, incoming: &Incoming<'_>) -> Consent {
        let ours = incoming.properties.get("$lib") == Some(Scalar::Str(Cow::Borrowed("askfirst")));
        if ours && self.common.catalog.is_some() {
            Consent::Agreed
        } else {
            Consent::Unknown
        }
    }

    /// A row that names nobody and identifies nothing yet.
    fn redact(self, when: When, consent: Consent) -> Taken {
        let mut notes = Note::of(&self.notes).collect::<Vec<_>>();
        if when.ahead {
            notes.push((Note::ClockAhead, 1));
        } else if when.skew_s() != 0 {
            notes.push((Note::ClockCorrected, 1));
        }
        let row = Row {
            ts: when.raw_ms,
            skew_s: when.skew_s(),
            event: self.event,
            install: None,
            consent,
            common: self.common,
            values: self.values,
            key: 0,
        };
        Taken { row, notes }
    }
}

impl Taken {
    fn install(&mut self, id: Option<InstallId>) {
        self.row.install = id.map(|id| id.bytes);
        match id {
            None => self.notes.push((Note::NoInstall, 1)),
            Some(id) if id.replaced => self.notes.push((Note::DistinctIdReplaced, 1)),
            Some(_) => {}
        }
    }

    fn key(&mut self, salt: &[u8; 32], event: &str, incoming: &Incoming<'_>, who: &str) {
        let uuid = incoming.uuid.as_deref();
        let fingerprint = Fingerprint {
            uuid,
            event,
            distinct_id: who,
        };
        let (key, replaced) = fingerprint.key(salt, |add| {
            for (name, value) in incoming.properties.canonical() {
                add(name.as_bytes());
                add(value.as_bytes());
            }
            // Finer than the raw time, which is in milliseconds: posthog-python 3.x gives its
            // events no id, but a timestamp in microseconds.
            add(incoming.timestamp.text().as_bytes());
        });
        self.row.key = key;
        if replaced {
            self.notes.push((Note::EventIdReplaced, 1));
        }
    }
}

fn name<'i>(incoming: &'i Incoming<'_>) -> Result<&'i str, Reason> {
    match incoming.event.as_deref() {
        None | Some("") => Err(Reason::NoEventName),
        Some(name) if name.len() > EVENT_NAME_BYTES => Err(Reason::BadEventName),
        Some(name) => Ok(name),
    }
}

fn when(incoming: &Incoming<'_>, arrival: Arrival) -> When {
    let said = Said {
        timestamp_ms: incoming.timestamp.ms(),
        offset_ms: incoming.offset_ms,
        uuid_ms: incoming.uuid.as_deref().and_then(uuid_ms),
        ignore_sent_at: incoming.says("$ignore_sent_at", true),
    };
    When::of(arrival, said)
}
