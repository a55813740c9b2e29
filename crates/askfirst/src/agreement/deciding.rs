//! Deciding: from what was said and stored to a verdict.

use super::{Agreement, Host};
use crate::consent::{Choice, Draw, Input, Row, decide};
use crate::settings::{Settings, Typed};
use crate::state::{Share, State, Stored};

/// Everything but what costs a write to know: the disk is taken to be writable, and a user
/// without a number to be drawn. If it is off even so, nothing needs to be written.
pub(super) fn begin(host: &Host, typed: &Typed, state: &State) -> Agreement {
    let settings = host.settings(typed);
    let stored = state.read();
    let mut input = input(host, &settings, &stored);
    input.draw = match (share(host).is_nobody(), stored.drawn()) {
        (false, None) => Draw::Inside,
        _ => stored.draw(share(host)),
    };
    Agreement {
        verdict: decide(&input),
        input,
        settings,
        stored,
        grant: None,
        lines: Vec::new(),
    }
}

/// Finds out what [`begin`] took for granted, where it decides.
pub(super) fn settle(host: &Host, state: &State, agreement: &mut Agreement) {
    let verdict = agreement.verdict;
    if verdict.on || verdict.ask {
        agreement.input.state_writable = state.is_writable();
    }
    agreement.verdict = decide(&agreement.input);
    if agreement.verdict.row == Row::AskDrawn && agreement.input.choice == Choice::NeverAsked {
        match state.draw(&*host.random) {
            Ok(number) => agreement.input.draw = share(host).holds(number),
            // A draw that cannot be stored is no draw.
            Err(_) => agreement.input.draw = Draw::Outside,
        }
        agreement.verdict = decide(&agreement.input);
    }
}

pub(super) fn share(host: &Host) -> Share {
    Share::percent(host.profile.ask_percent)
}

pub(super) fn input(host: &Host, settings: &Settings, stored: &Stored) -> Input {
    Input {
        disable: settings.disable.is_some(),
        flag: settings.flag,
        held_off: settings.held_off(),
        choice: stored.choice(&host.profile, settings.destination.as_ref()),
        state_writable: true,
        do_not_track: settings.do_not_track,
        ci: settings.ci.is_some(),
        has_destination: settings.destination.is_some(),
        yes_lasts: host.profile.question.yes_lasts,
        terminal: host.terminal.is_attended(),
        agent: settings.agent.is_some(),
        automated: host.automated,
        prints_only: host.prints_only,
        draw: Draw::Outside,
        attempts: stored.record().attempts,
        log_named: settings.log.is_some(),
    }
}
