//! What was left out of what a tool recorded, counted by reason. The values are kept nowhere.

use askfirst_catalog::{Discard, Gate, Notes, Raw};
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;

create_exception!(
    askfirst,
    Undeclared,
    PyValueError,
    "Something was recorded that the catalog does not declare. Raised in tests alone."
);

/// Counts of one process.
#[derive(Debug, Default, Clone)]
pub(crate) struct Dropped {
    events: u64,
    properties: u64,
    values: u64,
    /// The names of events that nobody agreed to, in a tool's own tests.
    pub(crate) withheld: Vec<String>,
}

/// Whether an event is of a class that nobody agreed to, or over: as it should be.
pub(crate) fn is_withheld(outcome: Result<Notes, Discard>) -> bool {
    matches!(outcome, Err(Discard::ClassOff | Discard::Expired))
}

impl Dropped {
    pub(crate) fn add(&mut self, outcome: Result<Notes, Discard>) {
        match outcome {
            Ok(notes) => {
                let values = u64::from(notes.wrong_kind).saturating_add(notes.out_of_range.into());
                let properties = u64::from(notes.unknown_property);
                self.properties = self.properties.saturating_add(properties);
                self.values = self.values.saturating_add(values);
            }
            Err(_) if is_withheld(outcome) => {}
            Err(_) => self.events = self.events.saturating_add(1),
        }
    }

    /// By reason, in the order of their weight.
    pub(crate) fn counts(&self) -> [(&'static str, u64); 3] {
        [
            ("events", self.events),
            ("properties", self.properties),
            ("values", self.values),
        ]
    }

    /// The line of status; nothing if nothing was left out.
    pub(crate) fn line(&self) -> Option<String> {
        let any = self.counts().iter().any(|(_, count)| *count > 0);
        any.then(|| {
            format!(
                "Left out in this process, because the catalog does not declare it: {} events, \
                 {} properties, {} values\n",
                self.events, self.properties, self.values
            )
        })
    }
}

/// What is undeclared of an event, as a sentence; `None` if all of it is declared.
pub(crate) fn undeclared(
    gate: &Gate,
    event: &str,
    properties: &[(&str, Raw<'_>)],
    today: i32,
) -> Option<String> {
    let catalog = gate.catalog().name();
    match gate.admit(event, &[], today) {
        Err(Discard::UnknownEvent | Discard::Withdrawn | Discard::NotListed) => {
            return Some(format!("the catalog {catalog} has no event {event:?}"));
        }
        Err(_) => return None,
        Ok(_) => {}
    }
    let wrong = properties.iter().find_map(|(name, raw)| {
        let admitted = gate.admit(event, &[(name, *raw)], today).ok()?;
        let notes = admitted.notes();
        if notes.unknown_property > 0 {
            Some(format!("{event:?} has no property {name:?}"))
        } else if notes.wrong_kind > 0 {
            Some(format!("the value of {name:?} is not of its kind"))
        } else if notes.out_of_range > 0 {
            Some(format!("the value of {name:?} is out of its bounds"))
        } else {
            None
        }
    });
    wrong.map(|wrong| format!("{wrong} in the catalog {catalog}"))
}
