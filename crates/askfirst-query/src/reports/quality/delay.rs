//! How long events took to arrive. Known to the hour; not known of imported ones.

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::error::Error;
use crate::reports::table::column;
use crate::scan::{Chunk, Needs, Remap, Visitor, dictionary, each_code, numbers, texts};

const HOUR_MS: i64 = 3_600_000;

/// What people ask of a delay, in hours: the last step has no end.
const STEPS: [(&str, i64); 5] = [
    ("within the hour", 1),
    ("within 6 hours", 6),
    ("within a day", 24),
    ("within a week", 168),
    ("later", i64::MAX),
];

/// Events by whole hours from happening to arrival.
#[derive(Debug, Default)]
pub(super) struct Delays {
    /// Position is the number of hours; longer ones are in the last.
    hours: Vec<u64>,
}

/// Longest delay told apart: events older than that are refused.
const LONGEST: usize = 24 * 200;

impl Delays {
    /// Half of the events arrived within this many whole hours.
    pub(super) fn median(&self) -> Option<u32> {
        let all: u64 = self.hours.iter().sum();
        let mut below = 0;
        let at = self.hours.iter().position(|&count| {
            below += count;
            count > 0 && below * 2 >= all
        })?;
        u32::try_from(at).ok()
    }

    pub(super) fn table(&self) -> Table {
        let columns = vec![
            column("delay", "arrived", Unit::Text, Role::Main, Shown::Always),
            column("events", "events", Unit::Count, Role::Main, Shown::Always),
            column("share", "share", Unit::Share, Role::Share, Shown::Always),
        ];
        let all: u64 = self.hours.iter().sum();
        let mut from = 0;
        let row = |(name, to): (&'static str, i64)| -> Row {
            let inside = self.hours.iter().enumerate();
            let inside = inside.filter(|(hours, _)| (from..to).contains(&(*hours as i64)));
            let events: u64 = inside.map(|(_, count)| count).sum();
            from = to;
            vec![
                Value::text(name),
                Value::count(events),
                Value::Share {
                    part: events.into(),
                    whole: all.into(),
                },
            ]
        };
        let rows = if all == 0 {
            Vec::new()
        } else {
            STEPS.map(row).to_vec()
        };
        Table {
            rows,
            whole: true,
            ..Table::new("delay", ("delay", "delays"), columns)
        }
        .titled("From happening to arrival")
    }
}

/// What [`Watcher`] needs of a row.
pub(super) fn needs() -> Needs<'static> {
    Needs {
        columns: vec!["received", "consent"],
        install: false,
        time: true,
    }
}

/// What all threads saw.
pub(super) fn all(watchers: Vec<Watcher>) -> Delays {
    let mut all = Delays::default();
    for Watcher { hours, .. } in watchers {
        if all.hours.is_empty() {
            all.hours = hours;
        } else {
            let both = all.hours.iter_mut().zip(hours);
            both.for_each(|(mine, theirs)| *mine += theirs);
        }
    }
    all
}

/// Counts the delays of events that came from senders: when an imported one happened is known, when it
/// arrived says when somebody imported it.
pub(super) struct Watcher {
    hours: Vec<u64>,
    /// Whether rows of a consent came from a sender.
    sent: Remap<bool>,
}

impl Default for Watcher {
    fn default() -> Watcher {
        Watcher {
            hours: vec![0; LONGEST + 1],
            sent: Remap::default(),
        }
    }
}

impl Visitor for Watcher {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let Some(consents) = dictionary(chunk.batch, "consent")? else {
            return Ok(());
        };
        let sent = self.sent.of(consents.values(), |values| {
            let names = texts(values, "consent")?.into_iter();
            Ok(names
                .map(|name| matches!(name, "agreed" | "unknown"))
                .collect())
        })?;
        let received = numbers(chunk.batch, "received")?;
        let (times, hours) = (&chunk.times, &mut self.hours);
        each_code(consents, &chunk.rows, chunk.whole, |at, consent| {
            if !consent.is_some_and(|consent| sent[consent]) {
                return;
            }
            if let Some(hour) = received.get(chunk.rows[at]) {
                // a clock that is ahead by less than a minute is not corrected
                let late = (hour - times[at].div_euclid(HOUR_MS)).max(0);
                hours[usize::try_from(late).unwrap_or(LONGEST).min(LONGEST)] += 1;
            }
        });
        Ok(())
    }
}
