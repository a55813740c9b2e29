//! How long events took to arrive. Known to the hour; not known of imported ones.

use crate::answer::{Role, Row, Shown, Table, Unit, Value};
use crate::error::Error;
use crate::question::{Allowed, Filter};
use crate::reports::Context;
use crate::reports::table::column;
use crate::scan::{Chunk, Needs, Visitor, numbers};

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

/// Delays of the events that came from senders, of the period.
pub(super) fn read(context: &Context<'_>) -> Result<Delays, Error> {
    let mut selection = context.selection(&[]);
    let exactly = |consent: &str| Allowed::Exactly(consent.into());
    selection.filters.push(Filter {
        column: "consent".into(),
        any: vec![exactly("agreed"), exactly("unknown")],
    });
    let needs = Needs {
        columns: vec!["received"],
        install: false,
        time: true,
    };
    let (_, watchers) = context
        .reader
        .ask_and(&selection, &[], &needs, Watcher::default)?;
    let mut all = Delays::default();
    for Watcher(hours) in watchers {
        if all.hours.is_empty() {
            all.hours = hours;
        } else {
            let both = all.hours.iter_mut().zip(hours);
            both.for_each(|(mine, theirs)| *mine += theirs);
        }
    }
    Ok(all)
}

struct Watcher(Vec<u64>);

impl Default for Watcher {
    fn default() -> Watcher {
        Watcher(vec![0; LONGEST + 1])
    }
}

impl Visitor for Watcher {
    fn visit(&mut self, chunk: &Chunk<'_>) -> Result<(), Error> {
        let received = numbers(chunk.batch, "received")?;
        for (&row, &time) in chunk.rows.iter().zip(&chunk.times) {
            if let Some(hour) = received.get(row) {
                // a clock that is ahead by less than a minute is not corrected
                let hours = (hour - time.div_euclid(HOUR_MS)).max(0);
                let at = usize::try_from(hours).unwrap_or(LONGEST).min(LONGEST);
                self.0[at] += 1;
            }
        }
        Ok(())
    }
}
