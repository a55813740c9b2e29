//! Writing a record's payload.

use std::borrow::Cow;
use std::collections::HashMap;

use askfirst_catalog::{PropertyId, Value};

use super::{Before, CATALOG, INSTALL, SEQ, SESSION, SINCE_START};
use crate::codec::{put_i64, put_text, put_u64};
use crate::hex;
use crate::row::{Consent, ProjectId, Row};
use crate::shape::Shape;
use crate::tally::Tally;

/// Appends the payload of a record.
pub(crate) fn encode(
    out: &mut Vec<u8>,
    project: ProjectId,
    shape: &Shape,
    received_ms: i64,
    tally: &Tally,
    rows: &[Row],
) {
    let mut texts = Texts::default();
    let mut installs = Installs::default();
    let body = encode_rows(received_ms, rows, &mut texts, &mut installs);
    put_u64(out, u64::from(project.0));
    out.extend_from_slice(&shape.mark());
    put_i64(out, received_ms);
    encode_tally(out, tally);
    put_u64(out, texts.list.len() as u64);
    texts.list.iter().for_each(|text| put_text(out, text));
    put_u64(out, installs.list.len() as u64);
    installs
        .list
        .iter()
        .for_each(|id| out.extend_from_slice(id));
    put_u64(out, rows.len() as u64);
    out.extend_from_slice(&body);
}

fn encode_tally(out: &mut Vec<u8>, tally: &Tally) {
    put_u64(
        out,
        (tally.reasons().count() + tally.notes().count()) as u64,
    );
    for (day, reason, n) in tally.reasons() {
        out.push(0);
        put_text(out, reason.name());
        put_i64(out, i64::from(day));
        put_u64(out, n);
    }
    for (day, note, n) in tally.notes() {
        out.push(1);
        put_text(out, note.name());
        put_i64(out, i64::from(day));
        put_u64(out, n);
    }
}

/// Texts that many rows share, each written once.
#[derive(Debug, Default)]
struct Texts<'r> {
    list: Vec<Cow<'r, str>>,
    positions: HashMap<Cow<'r, str>, u64>,
    /// The text each property had last, by its number: mostly the very same again, so that
    /// looking at its place in memory saves hashing it.
    last: Vec<Option<(&'r str, u64)>>,
}

impl<'r> Texts<'r> {
    fn of(&mut self, property: PropertyId, text: &'r str) -> u64 {
        let at = property.index();
        match self.last.get(at) {
            Some(Some((last, position))) if std::ptr::eq(*last, text) => *position,
            _ => {
                let position = self.position(Cow::Borrowed(text));
                self.last.resize(self.last.len().max(at + 1), None);
                self.last[at] = Some((text, position));
                position
            }
        }
    }

    fn position(&mut self, text: Cow<'r, str>) -> u64 {
        let next = self.list.len() as u64;
        let position = *self.positions.entry(text.clone()).or_insert(next);
        if position == next {
            self.list.push(text);
        }
        position
    }
}

/// Install ids of a record, each written once.
#[derive(Debug, Default)]
struct Installs {
    list: Vec<[u8; 16]>,
    positions: HashMap<[u8; 16], u64>,
}

impl Installs {
    fn position(&mut self, id: [u8; 16]) -> u64 {
        let next = self.list.len() as u64;
        let position = *self.positions.entry(id).or_insert(next);
        if position == next {
            self.list.push(id);
        }
        position
    }
}

fn encode_rows<'r>(
    received_ms: i64,
    rows: &'r [Row],
    texts: &mut Texts<'r>,
    installs: &mut Installs,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 64);
    let mut before = Before::new(received_ms);
    for row in rows {
        let common = &row.common;
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        out.push(
            consent_code(row.consent)
                | flag(row.install.is_some(), INSTALL)
                | flag(common.session.is_some(), SESSION)
                | flag(common.seq.is_some(), SEQ)
                | flag(common.since_start_ms.is_some(), SINCE_START)
                | flag(common.catalog.is_some(), CATALOG),
        );
        put_i64(&mut out, row.ts.wrapping_sub(before.ts));
        before.ts = row.ts;
        put_i64(&mut out, i64::from(row.skew_s));
        put_u64(&mut out, u64::from(row.event.0));
        out.extend_from_slice(&row.key.to_le_bytes());
        if let Some(install) = row.install {
            put_u64(&mut out, installs.position(install));
        }
        if let Some(session) = common.session {
            put_i64(&mut out, session.wrapping_sub(before.session) as i64);
            before.session = session;
        }
        if let Some(seq) = common.seq {
            put_i64(&mut out, seq.wrapping_sub(before.seq) as i64);
            before.seq = seq;
        }
        if let Some(ms) = common.since_start_ms {
            put_u64(&mut out, ms);
        }
        if let Some(catalog) = common.catalog {
            put_u64(&mut out, texts.position(Cow::Owned(hex::encode(&catalog))));
        }
        put_u64(&mut out, row.values.len() as u64);
        for (property, value) in &row.values {
            encode_value(&mut out, *property, value, texts);
        }
    }
    out
}

fn encode_value<'r>(
    out: &mut Vec<u8>,
    property: PropertyId,
    value: &'r Value,
    texts: &mut Texts<'r>,
) {
    let mut head = |tag: u64| put_u64(out, u64::from(property.0) << 3 | tag);
    match value {
        Value::Bool(on) => head(u64::from(*on)),
        Value::Count(n) => {
            head(2);
            put_u64(out, *n);
        }
        Value::Amount(n) => {
            head(3);
            put_i64(out, *n);
        }
        Value::Duration(ms) => {
            head(4);
            put_u64(out, *ms);
        }
        Value::Text(word) => {
            head(5);
            put_u64(out, texts.of(property, word.as_str()));
        }
    }
}

fn consent_code(consent: Consent) -> u8 {
    match consent {
        Consent::Agreed => 0,
        Consent::Unknown => 1,
        Consent::Imported => 2,
    }
}
