//! What a person is told.

use std::path::PathBuf;

use askfirst_catalog::Profile;
use askfirst_receipt::Request;

use super::Forgotten;
use super::answer::Checked;
use crate::calendar::Day;
use crate::state::{Error, Waiting};

/// What was given as KEY is none: nothing is done, or a typing error would end in the belief
/// that something was erased.
pub(super) fn not_a_key(profile: &Profile) -> Forgotten {
    let line = format!(
        "That is not a forget key, and nothing was changed: a key has 64 digits and letters a to \
         f, as `{} --analytics-disable` printed it.",
        profile.command
    );
    Forgotten {
        lines: vec![line],
        ..Forgotten::default()
    }
}

/// There is no key here and none was given, or nobody to ask.
pub(super) fn nothing_to_ask(profile: &Profile, given: bool, destination: bool) -> String {
    let command = &profile.command;
    if given && !destination {
        return format!(
            "Nobody was asked to erase anything, because there is no destination: name the host the \
             events went to with `{command} --analytics-forget KEY --analytics-posthog-host HOST`."
        );
    }
    format!(
        "No key is stored here, so there is nothing to have erased: nothing was sent, or its key \
         was deleted before. With the key that was printed then: `{command} --analytics-forget \
         KEY`."
    )
}

/// The request could not be written down.
pub(super) fn does_not_wait(error: &Error) -> String {
    format!("The request to erase could not be stored ({error}): it is made now, and not again.")
}

/// A build without network code.
pub(super) fn by_hand(profile: &Profile, request: &Waiting) -> String {
    let body = Request::new(&request.project_key, request.forget_key.shared()).body();
    format!(
        "This {} contains no network code. To have what was sent to {host} erased:\n  \
         curl --header 'Content-Type: application/json' --data '{}' {host}{}",
        profile.name,
        String::from_utf8_lossy(&body),
        Request::PATH,
        host = request.host,
    )
}

/// It is confirmed.
pub(super) fn erased(
    profile: &Profile,
    request: &Waiting,
    checked: &Checked,
    kept: &Result<PathBuf, String>,
) -> Vec<String> {
    let host = &request.host;
    let kept = match kept {
        Ok(path) => format!("The receipt is kept in {}.", path.display()),
        Err(why) => format!("The receipt could not be kept ({why}): it is printed here alone."),
    };
    let checked = match checked {
        Checked::Pinned => format!(
            "It is signed with the key that {} was published with.",
            profile.name
        ),
        Checked::NotPinned => format!(
            "Who signed it could not be checked: {} names no key for {host}. `askfirst \
             verify-receipt FILE --key PUBLIC` checks it against a key you know.",
            profile.name
        ),
        Checked::Unable => "Its signature was not checked.".to_owned(),
    };
    vec![
        format!(
            "{host} has taken what was sent from here out of every report, and refuses what may \
             still come."
        ),
        format!("{kept} {checked}"),
    ]
}

/// Nobody could be asked.
pub(super) fn later(profile: &Profile, request: &Waiting, why: &str, waits: bool) -> Vec<String> {
    let host = &request.host;
    let mut said = vec![format!(
        "Nothing is erased yet: {host} was asked without success ({why})."
    )];
    if waits {
        said.push(format!(
            "It is asked again whenever {} runs, until {}; nothing else is sent.",
            profile.name,
            Day(request.last_day())
        ));
    }
    said
}

/// The receiver does not erase.
pub(super) fn never(request: &Waiting, why: &str) -> String {
    let host = &request.host;
    format!(
        "Nothing was erased: {host} does not erase on request ({why}). A PostHog cannot erase \
         events without a profile; what was sent stays there until its retention ends."
    )
}

/// How a request ended that nobody looked at: for status.
pub(super) fn ended_erased(kept: &Result<PathBuf, String>) -> String {
    match kept {
        Ok(path) => format!("erased, receipt {}", path.display()),
        Err(why) => format!("erased; the receipt could not be kept ({why})"),
    }
}

pub(super) fn ended_never(why: &str) -> String {
    format!("not erased: it does not erase on request ({why})")
}

pub(super) fn ended_given_up() -> String {
    "not erased: it could not be asked for 30 days".to_owned()
}
