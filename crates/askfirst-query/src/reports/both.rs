//! The period and the one before it, asked together: where they touch, one pass over the rows answers both.

use std::collections::HashMap;
use std::sync::Arc;

use crate::calendar::{Bucket, Day, Period};
use crate::error::Error;
use crate::question::{Ask, Selection};
use crate::reader::Found;
use crate::reports::Context;
use crate::scan::{Group, Grouped};
use crate::sequence::{Sides, sessions_and, sessions_of_sides};

/// Answers to the same asks about two periods.
#[derive(Debug)]
pub(crate) struct Both {
    /// About the period.
    pub(crate) now: Found,
    /// About the one before; nothing where nothing is compared.
    pub(crate) before: Found,
}

impl Both {
    fn any_before(&self) -> bool {
        self.before
            .asks
            .iter()
            .any(|grouped| !grouped.groups.is_empty())
    }
}

/// Sessions by the day they were first seen on, of two periods.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    pub(crate) now: HashMap<Day, u64>,
    pub(crate) before: HashMap<Day, u64>,
}

impl Context<'_> {
    /// Asks about both periods.
    pub(crate) fn ask_both(&self, events: &[&str], asks: &[Ask]) -> Result<Both, Error> {
        let both = match self.together() {
            Some((periods, before)) => {
                let found = self.reader.ask(
                    &self.selection_in(events, Some(periods)),
                    &by_day(self.period, before, asks),
                )?;
                self.parted(found, before, asks)
            }
            None => {
                let ask = |period| {
                    self.reader
                        .ask(&self.selection_in(events, Some(period)), asks)
                };
                Both {
                    now: ask(self.period)?,
                    before: match self.before() {
                        Some(before) => ask(before)?,
                        None => nothing(asks),
                    },
                }
            }
        };
        self.found_before(both.any_before());
        Ok(both)
    }

    /// The same about every event, and counts sessions in the same pass.
    pub(crate) fn ask_both_and_sessions(&self, asks: &[Ask]) -> Result<(Both, Sessions), Error> {
        match self.together() {
            Some((periods, before)) => {
                let sides = Sides {
                    now: self.period,
                    before,
                };
                let all = self.selection_in(&[], Some(periods));
                let asked = by_day(self.period, before, asks);
                let (sessions, found) = sessions_of_sides(&self.reader, &all, sides, &asked)?;
                let [now, before_it] = sessions;
                let sessions = Sessions {
                    now,
                    before: before_it,
                };
                let both = self.parted(found, before, asks);
                self.found_before(both.any_before());
                Ok((both, sessions))
            }
            None => {
                let ask = |selection: &Selection| {
                    sessions_and(&self.reader, selection, Bucket::Day, asks)
                };
                let (now, found) = ask(&self.selection(&[]))?;
                let (before, found_before) = match self.before() {
                    Some(before) => ask(&self.selection_in(&[], Some(before)))?,
                    None => (HashMap::new(), nothing(asks)),
                };
                let both = Both {
                    now: found,
                    before: found_before,
                };
                self.found_before(both.any_before());
                Ok((both, Sessions { now, before }))
            }
        }
    }

    /// The days of both periods, if they lie so close that one pass reads little besides, and no filter has
    /// to count what it left out of this period alone.
    fn together(&self) -> Option<(Period, Period)> {
        let before = self.before()?;
        let gap = self.period.from.0 - before.to.0 - 1;
        let together = gap < 7 && !self.filters.choose_rows();
        together.then_some((
            Period {
                from: before.from,
                to: self.period.to,
            },
            before,
        ))
    }

    /// Parts the groups of one pass, and puts them back into the buckets that were asked for.
    fn parted(&self, found: Found, before: Period, asks: &[Ask]) -> Both {
        let part = |side: Period| -> Vec<Grouped> {
            let asked = found.asks.iter().zip(asks);
            asked
                .map(|(grouped, ask)| of_side(grouped, ask, side))
                .collect()
        };
        Both {
            now: Found {
                asks: part(self.period),
                unrecorded: found.unrecorded.clone(),
            },
            before: Found {
                asks: part(before),
                unrecorded: Vec::new(),
            },
        }
    }
}

fn nothing(asks: &[Ask]) -> Found {
    Found {
        asks: vec![Grouped::default(); asks.len()],
        unrecorded: Vec::new(),
    }
}

/// The asks in buckets that no two periods share.
fn by_day(now: Period, before: Period, asks: &[Ask]) -> Vec<Ask> {
    let split = |ask: &Ask| Ask {
        bucket: Some(match ask.bucket {
            Some(_) => Bucket::Day,
            None => Bucket::Sides { now, before },
        }),
        ..ask.clone()
    };
    asks.iter().map(split).collect()
}

/// What of a group tells it from others.
type Key<'a> = (&'a [Option<Arc<str>>], u32, Option<Day>);

fn of_side(grouped: &Grouped, ask: &Ask, side: Period) -> Grouped {
    let mut at: HashMap<Key<'_>, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for group in &grouped.groups {
        let Some(day) = group.day.filter(|&day| side.contains(day)) else {
            continue;
        };
        let day = ask.bucket.map(|bucket| bucket.start(day));
        match at.get(&(group.names.as_slice(), group.install, day)) {
            Some(&known) => groups[known]
                .cells
                .iter_mut()
                .zip(&group.cells)
                .for_each(|(all, cell)| all.merge(cell)),
            None => {
                at.insert((&group.names, group.install, day), groups.len());
                groups.push(Group {
                    day,
                    ..group.clone()
                });
            }
        }
    }
    Grouped { groups }
}
