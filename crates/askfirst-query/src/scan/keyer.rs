//! The codes of what the rows of a chunk have in common.

use std::sync::Arc;

use crate::calendar::{Bucket, Day};
use crate::error::Error;
use crate::question::{Ask, Dimension};
use crate::scan::codes::{Codes, NONE};
use crate::scan::columns::{Chunk, Remap, dictionary, each_code, texts};
use crate::scan::groups::Groups;

/// Texts met in a column, shared by all threads.
pub(crate) type Texts = Codes<Arc<str>>;

/// What the codes of one ask stand for.
#[derive(Debug)]
pub(crate) struct Names {
    /// By dimension.
    pub(crate) texts: Vec<Texts>,
    /// First days of buckets.
    pub(crate) days: Codes<Day>,
}

impl Names {
    pub(crate) fn of(ask: &Ask) -> Names {
        Names {
            texts: ask.by.iter().map(|_| Texts::new()).collect(),
            days: Codes::new(),
        }
    }
}

/// Turns the rows of a chunk into positions of groups.
#[derive(Debug)]
pub(crate) struct Keyer<'a> {
    ask: &'a Ask,
    names: &'a Names,
    remaps: Vec<Remap<u32>>,
    codes: [Vec<u32>; 2],
    starts: Starts<'a>,
}

impl<'a> Keyer<'a> {
    pub(crate) fn new(ask: &'a Ask, names: &'a Names) -> Keyer<'a> {
        let remaps = std::iter::repeat_with(Remap::default)
            .take(ask.by.len())
            .collect();
        Keyer {
            ask,
            names,
            remaps,
            codes: [Vec::new(), Vec::new()],
            starts: Starts::new(&names.days),
        }
    }

    /// The group of every selected row.
    pub(crate) fn positions(
        &mut self,
        chunk: &Chunk<'_>,
        groups: &mut Groups,
    ) -> Result<Vec<u32>, Error> {
        for place in 0..self.ask.by.len().min(2) {
            if let Dimension::Text(column) = &self.ask.by[place] {
                self.by_text(place, column, chunk)?;
            }
        }
        let code = |place: usize| match self.ask.by.get(place) {
            Some(Dimension::Install) => chunk.installs.as_slice(),
            Some(Dimension::Text(_)) => self.codes[place].as_slice(),
            None => &[],
        };
        let days = self
            .ask
            .bucket
            .map(|bucket| self.starts.of(bucket, &chunk.times));
        Ok(groups.positions(chunk.rows.len(), [code(0), code(1), days.unwrap_or(&[])]))
    }

    fn by_text(&mut self, place: usize, column: &str, chunk: &Chunk<'_>) -> Result<(), Error> {
        let found = &mut self.codes[place];
        found.clear();
        found.resize(chunk.rows.len(), NONE);
        let Some(local) = dictionary(chunk.batch, column)? else {
            return Ok(());
        };
        let shared = &self.names.texts[place];
        let meaning = self.remaps[place].of(local.values(), |values| {
            Ok(shared.of_all(texts(values, column)?.into_iter(), |text| Arc::from(text)))
        })?;
        each_code(local, &chunk.rows, chunk.whole, |i, code| {
            found[i] = code.map_or(NONE, |code| meaning[code]);
        });
        Ok(())
    }
}

/// The code of the bucket a time lies in.
#[derive(Debug)]
pub(crate) struct Starts<'a> {
    days: &'a Codes<Day>,
    /// By day from `first` on; 0 where it was not looked up yet.
    known: Vec<u32>,
    first: Day,
    codes: Vec<u32>,
}

/// A clock is off by years at most: days further from the first one seen are looked up every time.
const KNOWN_DAYS: i32 = 40_000;

impl<'a> Starts<'a> {
    /// Codes of first days are given by all threads in common.
    pub(crate) fn new(days: &'a Codes<Day>) -> Starts<'a> {
        Starts {
            days,
            known: Vec::new(),
            first: Day(0),
            codes: Vec::new(),
        }
    }

    /// The code of every time's bucket; one of these always asks for the same sort of bucket.
    pub(crate) fn of(&mut self, bucket: Bucket, times: &[i64]) -> &[u32] {
        if self.known.is_empty()
            && let Some(time) = times.first()
        {
            self.first = Day::of_ms(*time).plus(-KNOWN_DAYS / 2);
            self.known = vec![NONE; KNOWN_DAYS as usize];
        }
        let (known, days, first) = (&mut self.known, self.days, self.first);
        let code = |&time: &i64| {
            let day = Day::of_ms(time);
            let at = usize::try_from(day.0.wrapping_sub(first.0)).unwrap_or(usize::MAX);
            match known.get(at) {
                Some(&code) if code != NONE => code,
                _ => {
                    let code = days.of_all([bucket.start(day)].iter(), |day| *day)[0];
                    known.get_mut(at).into_iter().for_each(|it| *it = code);
                    code
                }
            }
        };
        self.codes.clear();
        self.codes.extend(times.iter().map(code));
        &self.codes
    }
}
