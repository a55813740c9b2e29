//! Sessions, by the sender's number or by the event that begins one.

use std::collections::HashMap;

use crate::calendar::{Bucket, Day, Period};
use crate::error::Error;
use crate::question::{Ask, Measure, Selection};
use crate::reader::{Found, Reader};
use crate::scan::{Chunk, Needs, Seeded, Visitor, numbers};
use crate::sequence::firsts::Firsts;

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
    Ok(sessions_and(reader, selection, bucket, &[])?.0)
}

/// The same, and answers asks about the same rows in the same pass.
pub(crate) fn sessions_and(
    reader: &Reader<'_>,
    selection: &Selection,
    bucket: Bucket,
    asks: &[Ask],
) -> Result<(HashMap<Day, u64>, Found), Error> {
    let mut counts: HashMap<Day, u64> = HashMap::new();
    let begun = Selection {
        events: SESSION_EVENTS.map(String::from).to_vec(),
        ..selection.clone()
    };
    for group in reader
        .ask(&begun, &[unnumbered(bucket)])?
        .asks
        .iter()
        .flat_map(|grouped| &grouped.groups)
    {
        if let (Some(day), [cell]) = (group.day, group.cells.as_slice()) {
            *counts.entry(day).or_default() += u64::try_from(cell.number()).unwrap_or(0);
        }
    }
    let (found, visitors) = reader.ask_and(selection, asks, &needs(), Numbered::default)?;
    for (day, sessions) in first_days(visitors) {
        *counts.entry(bucket.start(day)).or_default() += sessions;
    }
    counts.retain(|_, count| *count > 0);
    Ok((counts, found))
}

/// Two periods, of which a session can lie in both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sides {
    /// The later one.
    pub(crate) now: Period,
    /// The earlier one.
    pub(crate) before: Period,
}

/// Sessions of both periods by the day they were first seen on within it: a session that goes on from
/// one into the other counts in both, as it would if each were asked for alone. Answers asks about the
/// same rows in the same pass.
pub(crate) fn sessions_of_sides(
    reader: &Reader<'_>,
    selection: &Selection,
    sides: Sides,
    asks: &[Ask],
) -> Result<([HashMap<Day, u64>; 2], Found), Error> {
    let begun = Selection {
        events: SESSION_EVENTS.map(String::from).to_vec(),
        ..selection.clone()
    };
    let mut days: HashMap<Day, u64> = HashMap::new();
    for group in &reader.ask(&begun, &[unnumbered(Bucket::Day)])?.asks[0].groups {
        if let (Some(day), [cell]) = (group.day, group.cells.as_slice()) {
            *days.entry(day).or_default() += u64::try_from(cell.number()).unwrap_or(0);
        }
    }
    let limit = sides.now.from.start_ms();
    let make = || Numbered {
        limit,
        ..Numbered::default()
    };
    let (found, visitors) = reader.ask_and(selection, asks, &needs(), make)?;
    for (day, sessions) in first_days(visitors) {
        *days.entry(day).or_default() += sessions;
    }
    days.retain(|_, count| *count > 0);
    let of = |side: Period| {
        let inside = days.iter().filter(|(day, _)| side.contains(**day));
        inside.map(|(day, count)| (*day, *count)).collect()
    };
    Ok(([of(sides.now), of(sides.before)], found))
}

fn unnumbered(bucket: Bucket) -> Ask {
    Ask {
        by: vec![],
        bucket: Some(bucket),
        measures: vec![Measure::Absent("session".into())],
    }
}

fn needs() -> Needs<'static> {
    Needs {
        columns: vec!["session"],
        install: true,
        time: true,
    }
}

/// How many of the sessions that have a number were first seen on which day.
fn first_days(visitors: Vec<Numbered>) -> HashMap<Day, u64, Seeded> {
    let mut days: HashMap<Day, u64, Seeded> = HashMap::default();
    let mut all: [Firsts; 2] = Default::default();
    for visitor in visitors {
        for (all, one) in all.iter_mut().zip(visitor.first) {
            all.merge(one);
        }
    }
    for time in all.iter().flat_map(Firsts::times) {
        *days.entry(Day::of_ms(time)).or_default() += 1;
    }
    days
}

struct Numbered {
    /// Before the limit, and from it on.
    first: [Firsts; 2],
    /// From this time on, in milliseconds, a session counts anew.
    limit: i64,
}

impl Default for Numbered {
    fn default() -> Numbered {
        Numbered {
            first: Default::default(),
            limit: i64::MAX,
        }
    }
}

impl Visitor for Numbered {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let sessions = numbers(chunk.batch, "session")?;
        if sessions.empty() {
            return Ok(());
        }
        let mut last = None;
        for ((&row, &time), &install) in chunk.rows.iter().zip(&chunk.times).zip(&chunk.installs) {
            let Some(session) = sessions.get(row) else {
                continue;
            };
            let late = usize::from(time >= self.limit);
            // rows of a session stand together in time's order, so the first of them is the earliest
            if last != Some((install, session, late)) {
                self.first[late].see(install, session, time);
                last = Some((install, session, late));
            }
        }
        Ok(())
    }
}
