//! What a person agreed to, for this session.

use askfirst_catalog::ClassSet;

use super::{Agreement, Host};
use crate::consent::{Verdict, decide};
use crate::lines;
use crate::settings::Destination;
use crate::state::{Held, InstallId, State};

/// What a person agreed to: the only thing by which events may be kept or sent. Only
/// [`reach`](super::reach) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    destination: Destination,
    install_id: InstallId,
    classes: ClassSet,
    agent: bool,
}

impl Grant {
    /// Where events go, and nowhere else.
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The id of this installation at that destination.
    pub fn install_id(&self) -> InstallId {
        self.install_id
    }

    /// What may be collected: the profile's classes that the yes covers. A property of any
    /// other class is withheld (promise P16).
    pub fn classes(&self) -> ClassSet {
        self.classes
    }

    /// Whether a coding agent runs the tool: the events say so.
    pub fn agent(&self) -> bool {
        self.agent
    }
}

/// Reads the id, if the verdict is on. What cannot be read or stored is off.
pub(super) fn grant(host: &Host, state: &State, agreement: &mut Agreement) {
    if !agreement.verdict.on {
        return;
    }
    let Some(destination) = agreement.settings.destination.clone() else {
        return;
    };
    let today = host.clock.today();
    let held = state.key_in(&agreement.stored, &destination, today, &*host.random);
    let granted = held.and_then(|held| {
        granted(host, agreement, destination, &held).ok_or(crate::state::Error::NoYes)
    });
    match granted {
        Ok(grant) => {
            agreement
                .lines
                .extend(lines::destination(&grant.destination));
            agreement.grant = Some(grant);
        }
        Err(error) => off_because(agreement, &error),
    }
}

/// Off, because something could not be stored: said in the error's own words, where anything
/// is said at all. It need not be that no file can be made.
pub(super) fn off_because(agreement: &mut Agreement, error: &crate::state::Error) {
    agreement.input.state_writable = false;
    let verdict = decide(&agreement.input);
    if verdict.line.is_some() {
        agreement.lines.push(lines::not_now(error));
    }
    agreement.verdict = Verdict {
        line: None,
        ..verdict
    };
}

fn granted(
    host: &Host,
    agreement: &Agreement,
    destination: Destination,
    held: &Held,
) -> Option<Grant> {
    let yes = agreement.stored.yes()?;
    let covered = host.profile.classes.iter();
    Some(Grant {
        install_id: held.forget_key.install_id(),
        classes: covered
            .filter(|class| yes.classes.contains(*class))
            .collect(),
        agent: agreement.settings.agent.is_some(),
        destination,
    })
}
