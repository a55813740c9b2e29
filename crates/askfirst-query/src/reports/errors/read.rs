//! Failed messages and crashes, put together by class, place and version in one pass over all time.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::Array;

use crate::calendar::{Bucket, Day, Period};
use crate::error::Error;
use crate::reports::Context;
use crate::scan::{Bitset, Chunk, NONE, Needs, Remap, Texts, Visitor, dictionary, texts};

/// Failed messages, then crashes.
pub(super) const EVENTS: &[&str] = &["message_send_exception", "exception"];

/// Position of failed messages in [`EVENTS`].
pub(super) const FAILED: usize = 0;

/// What happened where in which version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// Of [`EVENTS`].
    pub(super) event: usize,
    pub(super) class: Option<Arc<str>>,
    /// Own frames with their lines, innermost first.
    pub(super) frames: Option<Arc<str>>,
    pub(super) version: Option<Arc<str>>,
}

/// How often, when, for whom.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) now: u64,
    pub(super) before: u64,
    /// In this period.
    pub(super) installs: Bitset,
    /// Of this period, by slice.
    pub(super) points: Vec<i128>,
}

impl Seen {
    pub(super) fn nothing(points: usize) -> Seen {
        Seen {
            first: i64::MAX,
            last: i64::MIN,
            now: 0,
            before: 0,
            installs: Bitset::default(),
            points: vec![0; points],
        }
    }

    /// Adds what was seen elsewhere.
    pub(super) fn merge(&mut self, other: &Seen) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.now += other.now;
        self.before += other.before;
        self.installs.union(&other.installs);
        let points = self.points.iter_mut().zip(&other.points);
        points.for_each(|(mine, theirs)| *mine += theirs);
    }
}

/// Everything that failed up to the end of the period.
pub(crate) fn places(context: &Context<'_>) -> Result<Vec<(Place, Seen)>, Error> {
    let Some((first, _)) = context.project.days else {
        return Ok(Vec::new());
    };
    let all = Period {
        from: first.min(context.period.from),
        to: context.period.to,
    };
    let columns = ["error", "frames", "version"].map(|property| context.column(property));
    let names = [Texts::new(), Texts::new(), Texts::new()];
    let days = Days::of(context);
    let make = || Watcher {
        columns: &columns,
        names: &names,
        remaps: [Remap::default(), Remap::default(), Remap::default()],
        days: &days,
        seen: HashMap::new(),
    };
    let needs = Needs {
        columns: columns.iter().map(String::as_str).collect(),
        install: true,
        time: true,
    };
    let selection = context.selection_in(EVENTS, Some(all));
    let (_, watchers) = context.reader.ask_and(&selection, &[], &needs, make)?;
    let mut seen: HashMap<Key, Seen> = HashMap::new();
    for (key, one) in watchers.into_iter().flat_map(|watcher| watcher.seen) {
        seen.entry(key)
            .or_insert_with(|| Seen::nothing(days.starts.len()))
            .merge(&one);
    }
    let values = names.map(|names| names.values());
    let text = |column: usize, code: u32| match code {
        NONE => None,
        code => values[column].get(code as usize - 1).cloned(),
    };
    let place = |(event, [class, frames, version]): Key| Place {
        event,
        class: text(0, class),
        frames: text(1, frames),
        version: text(2, version),
    };
    Ok(seen
        .into_iter()
        .map(|(key, seen)| (place(key), seen))
        .collect())
}

/// Event, then codes of class, frames and version.
type Key = (usize, [u32; 3]);

/// Which days are of which period, and of which slice.
struct Days {
    now: Period,
    before: Option<Period>,
    slice: Bucket,
    starts: Vec<Day>,
}

impl Days {
    fn of(context: &Context<'_>) -> Days {
        let slice = context.slices().0;
        Days {
            now: context.period,
            before: context.before(),
            slice,
            starts: slice.starts(context.period),
        }
    }
}

/// One thread's part.
struct Watcher<'a> {
    columns: &'a [String; 3],
    names: &'a [Texts; 3],
    remaps: [Remap<u32>; 3],
    days: &'a Days,
    seen: HashMap<Key, Seen>,
}

impl Watcher<'_> {
    /// The shared codes of a column's values, by row of the chunk.
    fn codes(&mut self, column: usize, chunk: &Chunk<'_>) -> Result<Vec<u32>, Error> {
        let name = &self.columns[column];
        let Some(array) = dictionary(chunk.batch, name)? else {
            return Ok(vec![NONE; chunk.rows.len()]);
        };
        let shared = &self.names[column];
        let meaning = self.remaps[column].of(array.values(), |values| {
            Ok(shared.of_all(texts(values, name)?.into_iter(), |text| Arc::from(text)))
        })?;
        let keys = array.keys();
        let code = |&row: &u32| match keys.is_valid(row as usize) {
            true => meaning[keys.value(row as usize) as usize],
            false => NONE,
        };
        Ok(chunk.rows.iter().map(code).collect())
    }
}

impl Visitor for Watcher<'_> {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let [classes, frames, versions] = [
            self.codes(0, chunk)?,
            self.codes(1, chunk)?,
            self.codes(2, chunk)?,
        ];
        for (i, (&time, &install)) in chunk.times.iter().zip(&chunk.installs).enumerate() {
            let day = Day::of_ms(time);
            let seen = self
                .seen
                .entry((chunk.event, [classes[i], frames[i], versions[i]]))
                .or_insert_with(|| Seen::nothing(self.days.starts.len()));
            seen.first = seen.first.min(time);
            seen.last = seen.last.max(time);
            if self.days.now.contains(day) {
                seen.now += 1;
                if install != NONE {
                    seen.installs.insert(install);
                }
                let start = self.days.slice.start(day);
                if let Ok(at) = self.days.starts.binary_search(&start) {
                    seen.points[at] += 1;
                }
            } else if self.days.before.is_some_and(|before| before.contains(day)) {
                seen.before += 1;
            }
        }
        Ok(())
    }
}
