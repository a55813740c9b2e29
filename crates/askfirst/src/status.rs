//! `--analytics-status`: what is on and why, where everything is, and how to change it.

use std::fmt::Write as _;

use askfirst_catalog::Profile;

use crate::agreement::{Agreement, Host, look};
use crate::calendar::Day;
use crate::consent::{Flag, Input, Source};
use crate::lines;
use crate::settings::{Settings, Typed};
use crate::state::{State, Stored};

/// What the part that spools and delivers adds to status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Events that wait to be sent.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The last error of a delivery.
    pub last_error: Option<String>,
}

/// The text of `--analytics-status`. It decides as a start would, tries besides whether a no could
/// be stored, and leaves everything as it was; the key is not in it.
pub fn status(host: &Host, typed: &Typed, waiting: &Waiting) -> String {
    let agreement = look(host, typed);
    let state = host.state();
    let mut text = String::new();
    headline(&mut text, host, &agreement, state.as_ref());
    files(&mut text, &agreement.settings, state.as_ref());
    destination(&mut text, &host.profile, &agreement.settings);
    consent(&mut text, host, &agreement);
    let _ = writeln!(
        text,
        "Waiting to be sent: {} events, {} bytes",
        waiting.events, waiting.bytes
    );
    let error = waiting.last_error.as_deref().unwrap_or("none");
    let _ = writeln!(text, "Last error: {error}");
    forgetting(&mut text, state.as_ref());
    said(&mut text, &agreement.settings);
    how_to_change(&mut text, &host.profile, &agreement.stored);
    text
}

fn headline(text: &mut String, host: &Host, agreement: &Agreement, state: Option<&State>) {
    let Agreement {
        verdict,
        input,
        settings,
        stored,
        ..
    } = agreement;
    let why = lines::why(verdict.row, input, settings, stored, state);
    let on = match (verdict.on, verdict.ask) {
        (true, _) => "on",
        (false, true) => "off, and the next start asks",
        (false, false) => "off",
    };
    let _ = writeln!(text, "Analytics of {} are {on}: {why}.", host.profile.name);
    let _ = writeln!(
        text,
        "Decided by: row {} of the decision table ({})",
        verdict.row.number(),
        verdict.row.when()
    );
    let _ = writeln!(text, "Flag: {}", flag(input));
}

fn flag(input: &Input) -> String {
    match input.flag {
        Flag::Unset => "not given".to_owned(),
        Flag::On(source) => format!("on, {}", source.words()),
        Flag::Off(source) => format!("off, {}", source.words()),
    }
}

fn files(text: &mut String, settings: &Settings, state: Option<&State>) {
    let _ = writeln!(text, "\nFiles:");
    match state {
        None => {
            let _ = writeln!(text, "  none: no home directory is known");
        }
        Some(state) => {
            let places = state.places();
            let _ = writeln!(text, "  choice:            {}", places.choice().display());
            let _ = writeln!(text, "  disabled if there: {}", places.marker().display());
            for machine in &places.machine {
                let _ = writeln!(text, "                     {}", machine.display());
            }
            let _ = writeln!(text, "  older versions':   {}", places.legacy().display());
            for dir in &places.forerunners {
                let dir = dir.display();
                let _ = writeln!(text, "  only a no counts:  {dir}, of the tool before it");
            }
        }
    }
    match &settings.log {
        None => {
            let _ = writeln!(text, "  log:               none");
        }
        Some((path, source)) => {
            let words = source.words();
            let _ = writeln!(text, "  log:               {} ({words})", path.display());
        }
    }
}

fn destination(text: &mut String, profile: &Profile, settings: &Settings) {
    let from = |source: Option<Source>| source.map_or("the profile's", Source::words);
    match &settings.destination {
        None => {
            let _ = writeln!(text, "\nDestination: none, so nothing is sent");
        }
        Some(destination) => {
            let _ = writeln!(
                text,
                "\nDestination: {} ({}), project key {} ({})",
                destination.host,
                from(destination.host_from),
                destination.project_key.as_str(),
                from(destination.key_from)
            );
        }
    }
    let recipient = profile
        .notice
        .recipient
        .as_deref()
        .unwrap_or("nobody named");
    let _ = writeln!(text, "Recipient, as the profile says: {recipient}");
    let _ = writeln!(
        text,
        "Whoever receives a connection sees the address it comes from. A PostHog cannot erase \
         these events; they end there by its retention."
    );
}

fn consent(text: &mut String, host: &Host, agreement: &Agreement) {
    let Agreement {
        stored, settings, ..
    } = agreement;
    let Some(yes) = stored.yes() else {
        let attempts = stored.record().attempts;
        let _ = writeln!(
            text,
            "\nConsent: none; asked without an answer {attempts} times"
        );
        return;
    };
    let covered: Vec<&str> = yes.classes.iter().map(|class| class.name()).collect();
    let _ = writeln!(
        text,
        "\nConsent: given on {}, to version {} of the question",
        Day(yes.consented_on),
        yes.question_version
    );
    let _ = writeln!(text, "  to: {}", yes.recipient);
    let _ = writeln!(text, "  for: {}", covered.join(", "));
    let withheld: Vec<&str> = host
        .profile
        .classes
        .iter()
        .filter(|class| !yes.classes.contains(*class))
        .map(|class| class.name())
        .collect();
    if !withheld.is_empty() {
        let _ = writeln!(
            text,
            "  withheld until you are asked again (`{} --analytics`): {}",
            host.profile.command,
            withheld.join(", ")
        );
    }
    let destination = settings.destination.as_ref();
    let Some(held) = destination.and_then(|it| stored.record().key_for(it)) else {
        let _ = writeln!(text, "Identifier: none yet for this destination");
        return;
    };
    let _ = writeln!(
        text,
        "Identifier: {}, since {}, replaced after {}",
        held.forget_key.install_id(),
        Day(held.since),
        Day(held.last_day())
    );
    let _ = writeln!(
        text,
        "  Until then `{} --analytics-forget` can have what was sent under it erased; \
         afterwards those events end by retention only.",
        host.profile.command
    );
}

/// What was asked to be erased; the key is not shown.
fn forgetting(text: &mut String, state: Option<&State>) {
    let Some(state) = state else {
        return;
    };
    let Some(forgetting) = state.forgetting() else {
        let path = state.places().forgetting();
        let _ = writeln!(
            text,
            "Not understood, so nobody is asked to erase anything: {}",
            path.display()
        );
        return;
    };
    for waiting in &forgetting.waiting {
        let _ = writeln!(
            text,
            "Waits to be erased at {}: asked on {}, tried again by every run until {}",
            waiting.host,
            Day(waiting.asked_on),
            Day(waiting.last_day())
        );
    }
    for ended in &forgetting.ended {
        let _ = writeln!(
            text,
            "Asked of {} ({}): {}",
            ended.host, ended.on, ended.how
        );
    }
}

/// What cannot be understood, and what a project said in vain.
fn said(text: &mut String, settings: &Settings) {
    for problem in &settings.problems {
        let _ = writeln!(text, "Not understood, so off: {problem}");
    }
    if let Some(place) = &settings.project_off {
        let _ = writeln!(text, "Off by this project: {place}");
    }
    for ignored in &settings.ignored {
        let _ = writeln!(
            text,
            "Ignored, because a project may only say off: `{}` in {}",
            ignored.key, ignored.place
        );
    }
    if let Some(agent) = settings.agent {
        let _ = writeln!(text, "A coding agent runs this: {agent}");
    }
}

fn how_to_change(text: &mut String, profile: &Profile, stored: &Stored) {
    let command = &profile.command;
    let _ = writeln!(text, "\nTo change it:");
    if let Some(no) = stored.no() {
        let path = no.path().display();
        let _ = writeln!(
            text,
            "  no flag undoes a no; delete {path} to be asked again"
        );
    } else {
        let _ = writeln!(text, "  {command} --analytics            on, or asks");
        let _ = writeln!(
            text,
            "  {command} --no-analytics         off for one session"
        );
        let _ = writeln!(text, "  {command} --analytics-disable    off for good");
    }
    let _ = writeln!(text, "  {command} --analytics-reset      a new identifier");
    let _ = writeln!(
        text,
        "  {command} --analytics-forget     off for good, and erased"
    );
    let _ = writeln!(
        text,
        "  {command} --analytics-show       what waits, byte for byte"
    );
    let _ = writeln!(
        text,
        "  {command} --analytics-log FILE   writes every event to FILE"
    );
}
