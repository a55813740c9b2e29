//! Reading a record's payload.

use std::sync::Arc;

use askfirst_catalog::{EventId, PropertyId};

use super::{Before, CATALOG, INSTALL, RowView, SEQ, SESSION, SINCE_START, Stored};
use crate::codec::{Cursor, Fault};
use crate::hex;
use crate::outcome::{Note, Reason};
use crate::row::{Consent, ProjectId};
use crate::shape::{Shape, Shapes};
use crate::tally::Tally;

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
    pub(crate) fn shape<'s>(&self, shapes: &'s Shapes) -> Result<&'s Arc<Shape>, Fault> {
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
