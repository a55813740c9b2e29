//! `--analytics-forget [KEY]`: off for good, and what was sent erased.
//!
//! 1. **Off.** The no is stored as by `--analytics-disable`; then, behind the barrier of decision
//!    D5, the request is written down, and id, key and what waits are deleted. A run that is
//!    killed in between has its request on disk.
//! 2. **Asked.** One request goes to where the events went. A collector answers with a
//!    [receipt](askfirst_receipt), which is checked, printed and kept. Whatever is no receipt
//!    is no success: a PostHog cannot erase, and then that is what is said.
//! 3. **Waiting.** Who cannot be reached is [asked again](waiting) by later runs, once each, in
//!    the background, for 30 days: the only thing ever sent while analytics are off.

mod answer;
mod asking;
#[cfg_attr(not(feature = "network"), path = "unsigned.rs")]
mod signature;
pub(crate) mod waiting;
mod words;

use std::sync::Arc;

use crate::agreement::Host;
use crate::lines;
use crate::settings::{Destination, Typed};
use crate::start::delete_spool;
use crate::state::{ForgetKey, Held, State, Waiting};
use crate::transport::Transport;

use answer::Answered;
use asking::Asker;

/// What came of `--analytics-forget`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forgotten {
    /// Lines for standard error, in order.
    pub lines: Vec<String>,
    /// The receipts, for standard output: each is one line, kept in the state directory too.
    pub receipts: Vec<String>,
    /// Whether everything that was asked has been confirmed: what the exit status should say.
    pub erased: bool,
}

/// Turns analytics off for good and has what was sent erased: with `key`, the one that was
/// printed once, or with the stored one. Asks over the network and waits for the answer.
pub fn forget(host: &Host, typed: &Typed, key: Option<&str>) -> Forgotten {
    forget_with(host, typed, key, crate::transport::of_this_build())
}

/// [`forget`] with another transport, for tests.
pub fn forget_with(
    host: &Host,
    typed: &Typed,
    key: Option<&str>,
    transport: Option<Arc<dyn Transport>>,
) -> Forgotten {
    let given = match key.map(|text| ForgetKey::parse(text.trim()).ok_or(())) {
        Some(Err(())) => return words::not_a_key(&host.profile),
        given => given.and_then(Result::ok),
    };
    let settings = host.settings(typed);
    let asked = |held: &[Held]| requests(given.as_ref(), held, settings.destination.as_ref(), host);
    let mut done = Forgotten::default();
    let state = host.state();
    let requests = match &state {
        Some(state) => stop(host, state, transport.is_some(), &asked, &mut done),
        None => {
            done.lines.push(lines::disabled_nowhere(&host.profile));
            asked(&[])
        }
    };
    if requests.is_empty() {
        let destination = settings.destination.is_some();
        done.lines.push(words::nothing_to_ask(
            &host.profile,
            given.is_some(),
            destination,
        ));
        return done;
    }
    let Some(transport) = transport else {
        let commands = requests.iter().map(|it| words::by_hand(&host.profile, it));
        done.lines.extend(commands);
        return done;
    };
    let asker = Asker {
        profile: Arc::clone(&host.profile),
        state,
        transport,
    };
    done.erased = true;
    for request in requests {
        let answered = asker.ask(&request);
        done.erased &= matches!(answered, Answered::Erased { .. });
        asker.settle(&request, &answered);
        tell(
            &asker,
            &request,
            answered,
            settings.destination.as_ref(),
            &mut done,
        );
    }
    done
}

/// Stores the no, writes the requests down and deletes what there is; the requests, earlier
/// ones that still wait included.
fn stop(
    host: &Host,
    state: &State,
    waits: bool,
    asked: &dyn Fn(&[Held]) -> Vec<Waiting>,
    done: &mut Forgotten,
) -> Vec<Waiting> {
    // Without network code nobody would ever ask again.
    let waiting = |held: &[Held]| if waits { asked(held) } else { Vec::new() };
    let (disabled, written) = state.disable_and_wait(&|| delete_spool(state), &waiting);
    done.lines
        .push(lines::disabled_now(&host.profile, state, &disabled));
    if let Err(error) = written {
        done.lines.push(words::does_not_wait(&error));
    }
    let mut requests = asked(&disabled.found);
    let earlier = state.forgetting().unwrap_or_default().waiting;
    let new = earlier.into_iter().filter(|it| !requests.contains(it));
    requests.extend(new.collect::<Vec<_>>());
    requests
}

/// What is to be asked of whom: for the key that was given, and for every key that is held.
fn requests(
    given: Option<&ForgetKey>,
    held: &[Held],
    destination: Option<&Destination>,
    host: &Host,
) -> Vec<Waiting> {
    let asked_on = host.clock.today();
    let known = held.iter().map(|it| Waiting {
        host: it.host.clone(),
        project_key: it.project_key.clone(),
        forget_key: it.forget_key.clone(),
        asked_on,
    });
    let mut requests: Vec<Waiting> = known.collect();
    let new = given.filter(|key| requests.iter().all(|it| it.forget_key != **key));
    if let (Some(key), Some(destination)) = (new, destination) {
        requests.push(Waiting {
            host: destination.host.as_str().to_owned(),
            project_key: destination.project_key.as_str().to_owned(),
            forget_key: key.clone(),
            asked_on,
        });
    }
    requests
}

fn tell(
    asker: &Asker,
    request: &Waiting,
    answered: Answered,
    destination: Option<&Destination>,
    done: &mut Forgotten,
) {
    let profile = &asker.profile;
    let sent_to = (request.host.as_str(), request.project_key.as_str());
    let again = || lines::how_to_erase_at(profile, sent_to, &request.forget_key, destination);
    match answered {
        Answered::Erased {
            text,
            checked,
            kept,
        } => {
            done.lines
                .extend(words::erased(profile, request, &checked, &kept));
            done.receipts.push(text);
        }
        Answered::Later(why) => {
            let waits = asker.state.is_some();
            done.lines
                .extend(words::later(profile, request, &why, waits));
            done.lines.push(again());
        }
        Answered::Never(why) => {
            done.lines.push(words::never(request, &why));
            done.lines.push(again());
        }
    }
}

// They sign receipts.
#[cfg(test)]
#[cfg(feature = "network")]
mod tests;
