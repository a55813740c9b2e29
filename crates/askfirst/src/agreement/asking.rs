//! What a verdict asks for: the no that is stored, and the question.

use super::grant::off_because;
use super::{Agreement, Host};
use crate::consent::{Answer, Verdict, decide};
use crate::lines;
use crate::question::{Wording, ask, explanation, largest};
use crate::state::State;

pub(super) fn disable(
    host: &Host,
    state: &State,
    agreement: &mut Agreement,
    delete_waiting: &dyn Fn(),
) {
    let disabled = state.disable(delete_waiting);
    let line = lines::disabled_now(&host.profile, state, &disabled);
    agreement.lines.push(line);
    let destination = agreement.settings.destination.as_ref();
    let lines = lines::how_to_erase(&host.profile, &disabled, destination);
    agreement.lines.extend(lines);
}

pub(super) fn question(
    host: &mut Host,
    state: &State,
    agreement: &mut Agreement,
    delete_waiting: &dyn Fn(),
) {
    // What cannot be counted is not asked.
    if let Err(error) = state.count_attempt() {
        match agreement.verdict.on {
            true => agreement.verdict = agreement.verdict.after(Answer::Unanswered),
            false => off_because(agreement, &error),
        }
        return;
    }
    let destination = agreement.settings.destination.as_ref();
    let example = largest(&host.samples(), &host.profile);
    let explanation = explanation(&host.profile, destination, &example);
    let wording = Wording::of(&host.profile, explanation);
    let answer = ask(&mut *host.terminal, &*host.clock, &wording);
    agreement.verdict = agreement.verdict.after(answer);
    match (answer, destination) {
        (Answer::No, _) => disable(host, state, agreement, delete_waiting),
        (Answer::Yes, Some(destination)) => {
            let today = host.clock.today();
            let agreed = state.agree(&host.profile, destination, today, &*host.random);
            match agreed {
                Ok(_) => agreement.lines.push(lines::opted_in(&host.profile)),
                Err(error) => {
                    agreement.lines.push(lines::not_stored(&error));
                    agreement.input.state_writable = false;
                    agreement.verdict = Verdict {
                        line: None,
                        ..decide(&agreement.input)
                    };
                }
            }
        }
        _ => {}
    }
    // The person took their time: another process may have been told something meanwhile.
    agreement.stored = state.read();
}
