//! Sessions, by the sender's number or by the event that begins one.

use std::collections::HashMap;

use crate::calendar::{Bucket, Day};
use crate::error::Error;
use crate::question::{Ask, Measure, Selection};
use crate::reader::Reader;
use crate::scan::{Chunk, InstallMap, Installs, Visitor, numbers, scan};

/// Events that begin a session of a sender without session numbers.
const SESSION_EVENTS: [&str; 2] = ["cli session", "gui session"];

/// Sessions by the bucket they were first seen in.
///
/// # Errors
/// See [`Reader::ask`].
pub fn sessions(
    reader: &Reader<'_>,
    selection: &Selection,
    bucket: Bucket,
) -> Result<HashMap<Day, u64>, Error> {
    let mut counts: HashMap<Day, u64> = HashMap::new();
    let begun = Selection {
        events: SESSION_EVENTS.map(String::from).to_vec(),
        ..selection.clone()
    };
    let unnumbered = Ask {
        by: vec![],
        bucket: Some(bucket),
        measures: vec![Measure::Absent("session".into())],
    };
    for group in reader
        .ask(&begun, &[unnumbered])?
        .asks
        .iter()
        .flat_map(|grouped| &grouped.groups)
    {
        if let (Some(day), [cell]) = (group.day, group.cells.as_slice()) {
            *counts.entry(day).or_default() += u64::try_from(cell.number()).unwrap_or(0);
        }
    }
    for first in numbered(reader, selection)?.into_values() {
        *counts.entry(bucket.start(Day::of_ms(first))).or_default() += 1;
    }
    Ok(counts)
}

/// First time of every session that has a number, by install and number.
fn numbered(reader: &Reader<'_>, selection: &Selection) -> Result<HashMap<(u32, i64), i64>, Error> {
    let make = || Numbered {
        installs: reader.installs(),
        ids: InstallMap::default(),
        first: HashMap::new(),
    };
    let seen = scan(reader.parts(), selection, &["session", "install_id"], make)?;
    let mut all: HashMap<(u32, i64), i64> = HashMap::new();
    for (session, time) in seen.visitors.into_iter().flat_map(|visitor| visitor.first) {
        all.entry(session)
            .and_modify(|first| *first = time.min(*first))
            .or_insert(time);
    }
    Ok(all)
}

struct Numbered<'a> {
    installs: &'a Installs,
    ids: InstallMap,
    first: HashMap<(u32, i64), i64>,
}

impl Visitor for Numbered<'_> {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let sessions = numbers(chunk.batch, "session")?;
        if sessions.empty() {
            return Ok(());
        }
        let ids = self.ids.of(chunk, self.installs)?;
        let mut last = None;
        for ((&row, &time), &install) in chunk.rows.iter().zip(&chunk.times).zip(ids) {
            let Some(session) = sessions.get(row).map(|session| (install, session)) else {
                continue;
            };
            // rows of a session stand together in time's order, so the first of them is the earliest
            if last != Some(session) {
                self.first
                    .entry(session)
                    .and_modify(|first| *first = time.min(*first))
                    .or_insert(time);
                last = Some(session);
            }
        }
        Ok(())
    }
}
