//! `--analytics-show`: the exact bytes that wait (promise P12), and what status says of them.

use std::fmt::Write as _;
use std::fs;

use crate::agreement::{Host, look};
use crate::question::each;
use crate::settings::Typed;
use crate::spool::{Peeked, peek};
use crate::start::spool;
use crate::status::Waiting;

/// The text of `--analytics-show`: what waits, each event the very bytes that will be sent;
/// before any yes, one example of every event. It touches nothing.
pub fn show(host: &Host, typed: &Typed) -> String {
    let waiting = peeked(host);
    match (waiting.is_empty(), look(host, typed).stored.yes()) {
        (false, _) => shown(&waiting),
        (true, Some(_)) => "Nothing waits to be sent.\n".to_owned(),
        (true, None) => before_any_yes(host),
    }
}

fn shown(waiting: &[Peeked]) -> String {
    let mut text = String::new();
    for file in waiting {
        let events = file.events.len();
        let what = if events == 1 { "event" } else { "events" };
        let _ = writeln!(
            text,
            "{events} {what} for {}/batch/, one a line, between {{\"api_key\":KEY,\"batch\":[ and ]}}:",
            file.destination
        );
        for event in &file.events {
            text.push_str(&String::from_utf8_lossy(event));
            text.push('\n');
        }
    }
    text
}

fn before_any_yes(host: &Host) -> String {
    let mut text = "Nobody has said yes: nothing is collected. One example of every event that \
                    would be, as the log would have it:\n"
        .to_owned();
    for example in each(&host.samples(), &host.profile) {
        text.push_str(&example);
        text.push('\n');
    }
    text
}

/// What waits in this home, for `--analytics-status`.
pub fn waiting(host: &Host) -> Waiting {
    let files = peeked(host);
    let events = files.iter().flat_map(|file| &file.events);
    Waiting {
        events: events.clone().count() as u64,
        bytes: events.map(|event| event.len() as u64).sum(),
        last_error: last_error(host),
    }
}

fn peeked(host: &Host) -> Vec<Peeked> {
    host.state()
        .map(|state| peek(&spool(&state)))
        .unwrap_or_default()
}

/// What a delivery said last, in any process.
fn last_error(host: &Host) -> Option<String> {
    let path = spool(&host.state()?).join(crate::delivery::SAID);
    let text = fs::read_to_string(path).ok()?;
    (!text.is_empty()).then_some(text)
}
