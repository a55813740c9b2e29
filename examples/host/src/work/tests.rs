//! What the tool records: how a maintainer tests it, with the recording the SDK ships.

use std::panic::catch_unwind;
use std::sync::Arc;

use askfirst::testing::Recording;
use askfirst_catalog::Profile;

use super::*;
use crate::events::MessageSend;

#[test]
fn a_session_records_what_its_page_says() {
    let recording = Recording::new();
    let mut session = Session::begin(recording.analytics(), "gpt-4o");
    assert_eq!(session.message("hello"), "You said 5 characters.");
    session.command("ask");
    session.end("/exit");
    let names = recording.names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(names[0], "launched");
    let repo = names[1] == "repo" || names[1] == "no-repo";
    assert!(repo, "{names:?}");
    assert_eq!(
        names[2..],
        [
            "auto_commits",
            "cli session",
            "message_send_starting",
            "message_send",
            "edit",
            "command_ask",
            "exit"
        ]
    );
    assert_eq!(
        recording.withheld(),
        [
            "lint (class work)",
            "message duration (class timing)",
            "session length (class timing)"
        ]
    );
}

#[test]
fn a_message_records_its_model_and_tokens_and_the_price_of_both() {
    let recording = Recording::new();
    Session::begin(recording.analytics(), "gpt-4o").message("what is this");
    let sent = recording.assert_recorded(|it: &MessageSend| it.total_tokens.is_some());
    assert_eq!(sent.prompt_tokens, Some(903));
    assert_eq!(sent.completion_tokens, Some(52));
    assert_eq!(sent.total_tokens, Some(955));
    assert_eq!(sent.cost, Billionths::from_units(0.002_777_5));
}

#[test]
fn b19_a_private_model_leaves_without_its_name_and_its_price() {
    let recording = Recording::new();
    Session::begin(recording.analytics(), "our-own/model").message("hello");
    recording.assert_recorded(|it: &MessageSend| it.cost.is_some());
    let sent = recording.recorded();
    let sent = sent.iter().find(|it| it.name() == "message_send");
    let sent = sent.unwrap();
    assert_eq!(sent.property("main_model"), Some("REDACTED".into()));
    assert_eq!(sent.property("cost"), None);
    assert!(!sent.wire().contains("our-own"), "{}", sent.wire());
}

#[test]
fn a_message_that_fails_is_an_error_of_its_class_and_no_message() {
    let recording = Recording::new();
    Session::begin(recording.analytics(), "gpt-4o").message("fail please");
    recording.assert_recorded(|it: &MessageSendException| {
        it.error == crate::events::Error::from_word("TimeoutError")
    });
    assert_eq!(recording.events::<MessageSend>(), []);
}

#[test]
fn a_session_without_analytics_says_the_same() {
    let recording = Recording::new();
    let off = Analytics::off();
    let said = |analytics| {
        let mut session = Session::begin(analytics, "gpt-4o");
        let said = [session.message("hello"), session.command("undo")];
        session.end("/exit");
        said
    };
    assert_eq!(said(&off), said(recording.analytics()));
}

/// Both panics are real: the second is inside serde_json, in its `src/value/index.rs`.
#[test]
fn b02_a_frame_is_of_the_tools_own_crate_and_never_of_one_it_uses() {
    let profile = Profile::clone(&Profile::builtin("aider").unwrap());
    // A tool may well have a module that is called like one of a crate it uses.
    let modules = "value.index\nwork.tests\n";
    let profile = profile.with_modules("modules.txt", modules).unwrap();
    let recording = Recording::new();
    recording.analytics().record_panics(&Arc::new(profile));
    let line = line!() + 1;
    catch_unwind(|| panic!("of the tool itself")).unwrap_err();
    catch_unwind(|| serde_json::json!(1)["a"] = 2.into()).unwrap_err();
    drop(std::panic::take_hook());
    let recorded = recording.recorded();
    let frames: Vec<_> = recorded.iter().map(|it| it.property("frames")).collect();
    assert_eq!(frames, [Some(format!("work.tests:{line}").into()), None]);
    assert!(recorded.iter().all(|it| it.name() == "exception"));
}
