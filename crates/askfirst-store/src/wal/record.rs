//! The payload of a record: rows of one project that arrived together.

use std::collections::HashMap;

use askfirst_catalog::{EventId, PropertyId, Value};

use crate::codec::{Cursor, Fault, put_i64, put_text, put_u64};
use crate::hex;
use crate::outcome::{Note, Reason};
use crate::row::{Consent, ProjectId, Row};
use crate::shape::{Shape, Shapes};
use crate::tally::Tally;

const INSTALL: u8 = 1 << 2;
const SESSION: u8 = 1 << 3;
const SEQ: u8 = 1 << 4;
const SINCE_START: u8 = 1 << 5;
const CATALOG: u8 = 1 << 6;

/// A value as it lies in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored<'a> {
    Bool(bool),
    Int(i64),
    Text(&'a str),
}

impl<'a> Stored<'a> {
    /// A value about to be stored. Numbers beyond 63 bits, which no catalog admits, are cut.
    pub(crate) fn of(value: &'a Value) -> Stored<'a> {
        match value {
            Value::Bool(b) => Stored::Bool(*b),
            Value::Count(n) | Value::Duration(n) => {
                Stored::Int(i64::try_from(*n).unwrap_or(i64::MAX))
            }
            Value::Amount(n) => Stored::Int(*n),
            Value::Text(word) => Stored::Text(word.as_str()),
        }
    }
}

/// A row as it lies in a record, or comes from an importer.
#[derive(Debug, Clone)]
pub(crate) struct RowView<'a> {
    pub(crate) ts: i64,
    pub(crate) skew_s: i32,
    pub(crate) event: EventId,
    pub(crate) key: u64,
    pub(crate) consent: Consent,
    pub(crate) install: Option<[u8; 16]>,
    pub(crate) session: Option<u64>,
    pub(crate) seq: Option<u64>,
    pub(crate) since_start: Option<u64>,
    pub(crate) catalog: Option<[u8; 4]>,
    pub(crate) values: Vec<(PropertyId, Stored<'a>)>,
}

impl<'a> RowView<'a> {
    pub(crate) fn of(row: &'a Row) -> RowView<'a> {
        RowView {
            ts: row.ts,
            skew_s: row.skew_s,
            event: row.event,
            key: row.key,
            consent: row.consent,
            install: row.install,
            session: row.common.session,
            seq: row.common.seq,
            since_start: row.common.since_start_ms,
            catalog: row.common.catalog,
            values: row
                .values
                .iter()
                .map(|(id, it)| (*id, Stored::of(it)))
                .collect(),
        }
    }
}

/// Appends the payload of a record.
pub(crate) fn encode(
    out: &mut Vec<u8>,
    project: ProjectId,
    shape: &Shape,
    received_ms: i64,
    tally: &Tally,
    rows: &[Row],
) {
    let mut texts = Table::default();
    let mut installs = Table::default();
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

/// Values that many rows share, each written once.
#[derive(Debug)]
struct Table<T> {
    list: Vec<T>,
    positions: HashMap<T, u64>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table {
            list: Vec::new(),
            positions: HashMap::new(),
        }
    }
}

impl Table<String> {
    fn text(&mut self, text: &str) -> u64 {
        if let Some(position) = self.positions.get(text) {
            return *position;
        }
        self.add(text.to_owned())
    }
}

impl<T: Clone + Eq + std::hash::Hash> Table<T> {
    fn add(&mut self, value: T) -> u64 {
        if let Some(position) = self.positions.get(&value) {
            return *position;
        }
        let position = self.list.len() as u64;
        self.list.push(value.clone());
        self.positions.insert(value, position);
        position
    }
}

fn encode_rows(
    received_ms: i64,
    rows: &[Row],
    texts: &mut Table<String>,
    installs: &mut Table<[u8; 16]>,
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
            put_u64(&mut out, installs.add(install));
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
            put_u64(&mut out, texts.text(&hex::encode(&catalog)));
        }
        put_u64(&mut out, row.values.len() as u64);
        for (property, value) in &row.values {
            encode_value(&mut out, *property, value, texts);
        }
    }
    out
}

fn encode_value(out: &mut Vec<u8>, property: PropertyId, value: &Value, texts: &mut Table<String>) {
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
            put_u64(out, texts.text(word.as_str()));
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

/// What the numbers of a row are written as differences to.
struct Before {
    ts: i64,
    session: u64,
    seq: u64,
}

impl Before {
    fn new(received_ms: i64) -> Before {
        Before {
            ts: received_ms,
            session: 0,
            seq: 0,
        }
    }
}

/// What stands before the rows of a record.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    pub(crate) project: ProjectId,
    pub(crate) mark: [u8; 8],
    pub(crate) received_ms: i64,
    pub(crate) tally: Tally,
    pub(crate) rows: u32,
    texts: Vec<&'a str>,
    installs: Vec<[u8; 16]>,
    body: Cursor<'a>,
}

impl<'a> Head<'a> {
    /// Reads up to the first row.
    pub(crate) fn read(payload: &'a [u8]) -> Result<Head<'a>, Fault> {
        let mut cursor = Cursor::new(payload);
        let project = ProjectId(cursor.u32()?);
        let mark = cursor.array()?;
        let received_ms = cursor.i64()?;
        let tally = decode_tally(&mut cursor)?;
        let n = cursor.count(1)?;
        let texts = (0..n).map(|_| cursor.text()).collect::<Result<_, _>>()?;
        let n = cursor.count(16)?;
        let installs = (0..n).map(|_| cursor.array()).collect::<Result<_, _>>()?;
        let rows = cursor.count(13)?;
        Ok(Head {
            project,
            mark,
            received_ms,
            tally,
            rows: u32::try_from(rows).map_err(|_| "too many rows")?,
            texts,
            installs,
            body: cursor,
        })
    }

    /// The catalog its numbers are of.
    pub(crate) fn shape<'s>(&self, shapes: &'s Shapes) -> Result<&'s std::sync::Arc<Shape>, Fault> {
        shapes.find(self.mark).ok_or("a catalog that is not stored")
    }

    /// Hands every row to `each`.
    pub(crate) fn rows(
        &self,
        mut each: impl FnMut(RowView<'a>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut cursor = self.body.clone();
        let mut before = Before::new(self.received_ms);
        for _ in 0..self.rows {
            each(self.row(&mut cursor, &mut before)?)?;
        }
        match cursor.is_empty() {
            true => Ok(()),
            false => Err("more bytes than rows"),
        }
    }

    fn row(&self, cursor: &mut Cursor<'a>, before: &mut Before) -> Result<RowView<'a>, Fault> {
        let flags = cursor.u8()?;
        let has = |bit: u8| flags & bit != 0;
        before.ts = before.ts.wrapping_add(cursor.i64()?);
        let mut row = RowView {
            ts: before.ts,
            skew_s: cursor.i32()?,
            event: EventId(u16::try_from(cursor.u64()?).map_err(|_| "event out of range")?),
            key: u64::from_le_bytes(cursor.array()?),
            consent: *Consent::ALL
                .get(usize::from(flags & 3))
                .ok_or("unknown consent")?,
            install: None,
            session: None,
            seq: None,
            since_start: None,
            catalog: None,
            values: Vec::new(),
        };
        if has(INSTALL) {
            row.install = Some(*at(&self.installs, cursor.u64()?)?);
        }
        if has(SESSION) {
            before.session = before.session.wrapping_add(cursor.i64()? as u64);
            row.session = Some(before.session);
        }
        if has(SEQ) {
            before.seq = before.seq.wrapping_add(cursor.i64()? as u64);
            row.seq = Some(before.seq);
        }
        if has(SINCE_START) {
            row.since_start = Some(cursor.u64()?);
        }
        if has(CATALOG) {
            let digits = at(&self.texts, cursor.u64()?)?;
            row.catalog = Some(hex::decode(digits).ok_or("a catalog that is no hash")?);
        }
        let n = cursor.count(1)?;
        row.values.reserve(n);
        for _ in 0..n {
            row.values.push(self.value(cursor)?);
        }
        Ok(row)
    }

    fn value(&self, cursor: &mut Cursor<'a>) -> Result<(PropertyId, Stored<'a>), Fault> {
        let head = cursor.u64()?;
        let property = u16::try_from(head >> 3).map_err(|_| "property out of range")?;
        let number = |n: u64| Stored::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let value = match head & 7 {
            0 => Stored::Bool(false),
            1 => Stored::Bool(true),
            2 | 4 => number(cursor.u64()?),
            3 => Stored::Int(cursor.i64()?),
            5 => Stored::Text(at(&self.texts, cursor.u64()?)?),
            _ => return Err("unknown kind of value"),
        };
        Ok((PropertyId(property), value))
    }
}

fn at<T>(list: &[T], position: u64) -> Result<&T, Fault> {
    let position = usize::try_from(position).map_err(|_| "position out of range")?;
    list.get(position).ok_or("position out of range")
}

fn decode_tally(cursor: &mut Cursor<'_>) -> Result<Tally, Fault> {
    let mut tally = Tally::default();
    for _ in 0..cursor.count(4)? {
        let which = cursor.u8()?;
        let name = cursor.text()?;
        let (day, n) = (cursor.i32()?, cursor.u64()?);
        match which {
            0 => tally.add(day, Reason::from_name(name).ok_or("unknown reason")?, n),
            1 => tally.note(day, Note::from_name(name).ok_or("unknown note")?, n),
            _ => return Err("unknown count"),
        }
    }
    Ok(tally)
}
