//! Whose events a report counts: consent, installs, and how much one of them sent.

use std::collections::HashMap;

use crate::question::{Ask, Dimension, Measure};
use crate::reader::Found;
use crate::scan::NONE;

/// Asked beside every report's own question, in the same pass.
pub(crate) fn ask() -> Ask {
    Ask {
        by: vec![Dimension::Text("consent".into()), Dimension::Install],
        bucket: None,
        measures: vec![Measure::Events],
    }
}

/// The same with the first and last time of every install.
pub(crate) fn timed_ask() -> Ask {
    let mut ask = ask();
    ask.measures.push(Measure::Span);
    ask
}

/// Events and installs, by what is known about consent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    pub(crate) events: u64,
    pub(crate) installs: u64,
    /// Events of the install that sent most.
    pub(crate) largest: u64,
    /// Events without an install id.
    pub(crate) without_install: u64,
    /// For every filter: events that do not carry its property.
    pub(crate) unrecorded: Vec<u64>,
    pub(crate) agreed: Part,
    pub(crate) imported: Part,
    pub(crate) unknown: Part,
}

/// Events and installs of one kind of consent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) events: u64,
    pub(crate) installs: u64,
}

impl Coverage {
    /// From the answer to [`ask`] at a position of what a pass found.
    pub(crate) fn of(found: &Found, at: usize) -> Coverage {
        let grouped = &found.asks[at];
        let mut coverage = Coverage {
            unrecorded: found.unrecorded.clone(),
            ..Coverage::default()
        };
        let mut by_install: HashMap<u32, u64> = HashMap::new();
        for group in &grouped.groups {
            let events = group
                .cells
                .first()
                .map_or(0, |cell| u64::try_from(cell.number()).unwrap_or(0));
            let known = group.install != NONE;
            let part = match group.names.first().and_then(Option::as_deref) {
                Some("agreed") => &mut coverage.agreed,
                Some("imported") => &mut coverage.imported,
                // a row that does not say is one nobody may call opted in
                _ => &mut coverage.unknown,
            };
            part.events += events;
            part.installs += u64::from(known);
            coverage.events += events;
            if known {
                *by_install.entry(group.install).or_default() += events;
            } else {
                coverage.without_install += events;
            }
        }
        coverage.installs = by_install.len() as u64;
        coverage.largest = by_install.values().copied().max().unwrap_or(0);
        coverage
    }
}
