//! From everything that was said to an [`Agreement`]: what may be collected in this session.
//!
//! [`reach`] reads the settings and what is stored, decides, asks if the verdict is to ask,
//! and stores what follows. The order in which the disk is touched follows from the promises:
//! nothing is written unless it is what decides, the attempt is counted before the question
//! is shown, and a yes is on only once it is stored. [`look`] decides the same without
//! touching anything, for status.

mod asking;
mod deciding;
mod grant;
mod host;

use std::path::PathBuf;

use crate::consent::{Input, Line, Row, Store, Verdict, decide};
use crate::lines;
use crate::record::unignored_in;
use crate::settings::{Settings, Typed};
use crate::state::{State, Stored};

use asking::{disable, question};
use deciding::{begin, input, settle, share};
use grant::grant;

pub use grant::Grant;
pub use host::Host;

/// What was agreed for this session.
#[derive(Debug)]
#[non_exhaustive]
pub struct Agreement {
    /// The verdict, after the answer if there was a question.
    pub verdict: Verdict,
    /// What it was decided from.
    pub input: Input,
    /// What was said.
    pub settings: Settings,
    /// What was stored when it was decided.
    pub stored: Stored,
    /// What may be collected, for whom; there is one exactly if the verdict is on.
    pub grant: Option<Grant>,
    /// Lines for standard error, in order. They are the caller's to print, before the tool's
    /// own screen.
    pub lines: Vec<String>,
}

impl Agreement {
    /// The log the user named.
    pub fn log(&self) -> Option<&PathBuf> {
        self.settings.log.as_ref().map(|(path, _)| path)
    }
}

/// Decides, asks if need be, and stores what follows. `delete_waiting` deletes what waits to
/// be sent; it is called behind the barrier of decision D5 when the user says no.
pub fn reach(host: &mut Host, typed: &Typed, delete_waiting: &dyn Fn()) -> Agreement {
    let Some(state) = host.state() else {
        return homeless(host, typed);
    };
    let mut agreement = begin(host, typed, &state);
    settle(host, &state, &mut agreement);
    match agreement.verdict.store {
        Store::Disabled => disable(host, &state, &mut agreement, delete_waiting),
        Store::Attempt => question(host, &state, &mut agreement, delete_waiting),
        Store::Nothing | Store::Yes => {}
    }
    grant(host, &state, &mut agreement);
    tell(host, Some(&state), &mut agreement);
    let log = agreement
        .log()
        .and_then(|log| Some((log, unignored_in(log)?)));
    let warned = log.map(|(log, tree)| lines::log_could_be_published(log, &tree));
    agreement.lines.extend(warned);
    agreement
}

/// Decides as [`reach`] does, and stores nothing: what a session started now would be. That a no
/// could be stored is tried here, where a start goes by rights until there is something to send.
pub fn look(host: &Host, typed: &Typed) -> Agreement {
    let Some(state) = host.state() else {
        return homeless(host, typed);
    };
    let mut agreement = begin(host, typed, &state);
    // Who has no number yet is not drawn: only a start draws.
    if agreement.verdict.row >= Row::YesFlagOn {
        agreement.input.draw = agreement.stored.draw(share(host));
        agreement.input.state_writable = state.takes_a_no();
        agreement.verdict = decide(&agreement.input);
    }
    agreement
}

/// Says in one line what a typed flag came to.
fn tell(host: &Host, state: Option<&State>, agreement: &mut Agreement) {
    let Agreement {
        verdict,
        input,
        settings,
        stored,
        ..
    } = &*agreement;
    let why = || lines::why(verdict.row, input, settings, stored, state);
    let line = match verdict.line {
        Some(Line::StaysOff) => lines::stays_off(&why()),
        Some(Line::HowToOptIn) => lines::how_to_opt_in(&host.profile, &why()),
        // Said where it was done.
        Some(Line::Disable | Line::OptedIn | Line::OptedOut) | None => return,
    };
    agreement.lines.push(line);
}

/// Without a home directory there is nothing to read and nowhere to store: off.
fn homeless(host: &Host, typed: &Typed) -> Agreement {
    let settings = host.settings(typed);
    let stored = Stored::default();
    let mut input = input(host, &settings, &stored);
    input.state_writable = false;
    let mut agreement = Agreement {
        verdict: decide(&input),
        input,
        settings,
        stored,
        grant: None,
        lines: Vec::new(),
    };
    if agreement.verdict.store == Store::Disabled {
        agreement.lines.push(lines::disabled_nowhere(&host.profile));
    }
    tell(host, None, &mut agreement);
    agreement
}

#[cfg(test)]
mod tests;
