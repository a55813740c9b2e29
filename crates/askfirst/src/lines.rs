//! The one line on standard error. Each says what is so, why, and what to do.

use askfirst_catalog::{Profile, YesLasts};

use crate::consent::{Choice, Input, Row, Source};
use crate::settings::{Destination, Settings};
use crate::state::{Disabled, No, State, Stored};

/// Why it is off, for the rows that turn it off against a typed `--analytics`; also what
/// status says.
pub(crate) fn why(
    row: Row,
    input: &Input,
    settings: &Settings,
    stored: &Stored,
    state: Option<&State>,
) -> String {
    match row {
        Row::Disable => "`--analytics-disable` was given".to_owned(),
        Row::SwitchedOff => switched_off(input, settings),
        Row::Disabled => disabled(stored),
        Row::Unreadable => unreadable(input, stored, state),
        Row::DoNotTrack => match (settings.do_not_track, settings.ci) {
            (true, _) => "`DO_NOT_TRACK` is set".to_owned(),
            (false, Some(service)) => format!("this runs in CI ({service})"),
            (false, None) => "this runs in CI".to_owned(),
        },
        Row::NoDestination => "there is no destination: name one with \
                               `--analytics-posthog-host HOST`"
            .to_owned(),
        Row::YesFlagOn | Row::YesFlagUnset => yes(row, input),
        Row::AskFlagOn | Row::AskDrawn => "the question is open".to_owned(),
        Row::CannotAsk => cannot_ask(input, settings),
        Row::Otherwise => otherwise(input).to_owned(),
    }
}

fn switched_off(input: &Input, settings: &Settings) -> String {
    let problem = settings.problems.first();
    match (input.flag.is_off(), &settings.project_off, problem) {
        (true, _, _) => "it is switched off for this session".to_owned(),
        (false, _, Some(problem)) => format!("a setting cannot be understood: {problem}"),
        (false, Some(place), None) => format!("this project says off: {place}"),
        (false, None, None) => "it is held off for this session".to_owned(),
    }
}

fn disabled(stored: &Stored) -> String {
    match stored.no() {
        Some(No::User(path)) => format!("they are disabled: {} exists", path.display()),
        Some(No::Machine(path)) => {
            format!(
                "they are disabled for this machine: {} exists",
                path.display()
            )
        }
        Some(No::Legacy(path)) => format!("they are disabled: {} says so", path.display()),
        Some(No::Forerunner(path)) => format!(
            "they are disabled: a no to the tool before it holds, and {} says so",
            path.display()
        ),
        None => "they are disabled".to_owned(),
    }
}

fn unreadable(input: &Input, stored: &Stored, state: Option<&State>) -> String {
    match (stored.trouble(), state) {
        (Some(trouble), _) => format!("{trouble}; put it right or take it away"),
        (None, None) => "no home directory is known; set HOME".to_owned(),
        (None, Some(state)) => {
            let dir = state.places().dir.display();
            match input.state_writable {
                true => format!("{dir} cannot be used"),
                false => format!("no file can be made in {dir}, so a no could not be stored there"),
            }
        }
    }
}

fn yes(row: Row, input: &Input) -> String {
    match (row, input.yes_lasts) {
        (Row::YesFlagUnset, YesLasts::Session) => {
            "a yes lasts for one session here: `--analytics` turns it on".to_owned()
        }
        _ if input.choice == Choice::YesToFewer => {
            "a person said yes, to fewer classes than the page names today".to_owned()
        }
        _ => "a person said yes".to_owned(),
    }
}

fn cannot_ask(input: &Input, settings: &Settings) -> String {
    let because = match (settings.agent, input.automated, input.prints_only) {
        (Some(agent), _, _) => format!("a coding agent runs this ({agent})"),
        (None, true, _) => "it was told to answer its own questions".to_owned(),
        (None, false, true) => "this run only prints".to_owned(),
        (None, false, false) => "there is no terminal to ask at".to_owned(),
    };
    format!("nobody has answered the question yet, and {because}")
}

fn otherwise(input: &Input) -> &'static str {
    match input.choice {
        Choice::LegacyYes => "an older version stored a yes, which may not be a person's",
        Choice::YesToAnother => "the yes was for another recipient",
        _ => "nobody has said yes",
    }
}

/// `--analytics` was typed and has no effect.
pub(crate) fn stays_off(why: &str) -> String {
    format!("Analytics stay off: {why}.")
}

/// `--analytics` was typed, and what it needs could not be stored now.
pub(crate) fn not_now(error: &crate::state::Error) -> String {
    format!("Analytics stay off for this session: {error}.")
}

/// `--analytics` was typed where nobody can be asked.
pub(crate) fn how_to_opt_in(profile: &Profile, why: &str) -> String {
    format!(
        "Analytics stay off: {why}. To opt in, run `{} --analytics` in a terminal and answer.",
        profile.command
    )
}

/// `--analytics-disable`, or the answer no.
pub(crate) fn disabled_now(profile: &Profile, state: &State, disabled: &Disabled) -> String {
    let marker = state.places().marker();
    match &disabled.stored {
        Ok(()) => format!(
            "Analytics are permanently disabled: {} says so.",
            marker.display()
        ),
        Err(error) => format!(
            "Analytics are off, but that could not be stored ({error}). Make the empty file {} \
             to disable them for good, or run `{} --analytics-disable` again; nothing is sent \
             while no file can be made there.",
            marker.display(),
            profile.command
        ),
    }
}

/// `--analytics-disable` where there is no place to store it.
pub(crate) fn disabled_nowhere(profile: &Profile) -> String {
    format!(
        "Analytics are off, but that could not be stored: no home directory is known. Set HOME \
         and run `{} --analytics-disable` again; nothing is sent without one.",
        profile.command
    )
}

/// Printed once, when the keys are deleted.
pub(crate) fn how_to_erase(
    profile: &Profile,
    disabled: &Disabled,
    destination: Option<&Destination>,
) -> Vec<String> {
    let deleted = disabled.deleted.iter();
    let line = |held: &crate::state::Held| {
        let sent_to = (held.host.as_str(), held.project_key.as_str());
        how_to_erase_at(profile, sent_to, &held.forget_key, destination)
    };
    deleted.map(line).collect()
}

/// The one place where a key is printed. `sent_to` is host and project of what was sent: they are
/// said only where a later run would ask somebody else.
pub(crate) fn how_to_erase_at(
    profile: &Profile,
    sent_to: (&str, &str),
    key: &crate::state::ForgetKey,
    destination: Option<&Destination>,
) -> String {
    let line = format!(
        "To have what was sent erased: {} --analytics-forget {}",
        profile.command,
        key.spelled()
    );
    let typed = Some(Source::Typed);
    let asked = destination.filter(|it| it.host_from != typed && it.key_from != typed);
    match asked.map(|it| (it.host.as_str(), it.project_key.as_str())) {
        Some(asked) if asked == sent_to => line,
        _ => format!(
            "{line} --analytics-posthog-host {} --analytics-posthog-project-api-key {}",
            sent_to.0, sent_to.1
        ),
    }
}

/// After a yes.
pub(crate) fn opted_in(profile: &Profile) -> String {
    format!(
        "Analytics are on. To turn them off: `{command} --no-analytics` for a session, \
         `{command} --analytics-disable` for good.",
        command = profile.command
    )
}

/// A yes that could not be stored.
pub(crate) fn not_stored(error: &crate::state::Error) -> String {
    format!("Analytics stay off: your yes could not be stored ({error}).")
}

/// A destination that is not the profile's is named at every start it is used (P13).
pub(crate) fn destination(destination: &Destination) -> Option<String> {
    let by = |source: Option<Source>| source.map(Source::words);
    let host = by(destination.host_from);
    let key = by(destination.key_from);
    let words = match (host, key) {
        (None, None) => return None,
        (Some(host), None) => format!("host {host}"),
        (None, Some(key)) => format!("project key {key}"),
        (Some(host), Some(key)) => format!("host {host}, project key {key}"),
    };
    Some(format!("Analytics go to {} ({words}).", destination.host))
}

/// A log in a work tree may be published with the next commit (P11).
pub(crate) fn log_could_be_published(log: &std::path::Path, tree: &std::path::Path) -> String {
    format!(
        "The analytics log {} lies in the Git work tree {} and is not ignored there: take care not \
         to commit it.",
        log.display(),
        tree.display()
    )
}
