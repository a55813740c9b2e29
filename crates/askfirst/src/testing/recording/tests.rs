//! The recording itself: it says what was recorded, and fails with words that help.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use askfirst_catalog::{Class, ClassSet};

use super::*;

mod events {
    askfirst::catalog!("llm-coding");
}

use events::{Edit, EditFormat, Exit, Launched, Lint, MessageSend, Reason};

fn message(tokens: u64) -> MessageSend {
    MessageSend {
        edit_format: Some(EditFormat::Diff),
        prompt_tokens: Some(tokens),
        ..MessageSend::default()
    }
}

/// What a failed assertion says.
fn said(assert: impl FnOnce()) -> String {
    let failed = catch_unwind(AssertUnwindSafe(assert)).unwrap_err();
    *failed.downcast::<String>().unwrap()
}

#[test]
fn events_are_given_back_by_their_type_and_as_they_would_leave() {
    let recording = Recording::new();
    recording.assert_nothing_recorded();
    recording.analytics().record(Launched::default());
    recording.clock().advance(Duration::from_secs(5));
    recording.analytics().record(message(8_479));
    recording.analytics().record(message(7));
    assert_eq!(
        recording.names(),
        ["launched", "message_send", "message_send"]
    );
    assert_eq!(
        recording.events::<MessageSend>(),
        [message(8_479), message(7)]
    );
    assert_eq!(recording.events::<Exit>(), []);
    let [_, first, second] = &recording.recorded()[..] else {
        panic!("{recording:?}");
    };
    assert_eq!(first.property("edit_format"), Some("diff".into()));
    assert_eq!(first.property("seq"), Some(1.into()));
    assert_eq!(first.property("since_start"), Some(4_096.into()));
    assert_eq!(second.property("prompt_tokens"), Some(7.into()));
    assert_eq!(second.property("cost"), None);
    assert!(second.properties().starts_with("{\"") && second.properties().ends_with('}'));
    assert!(second.wire().contains(second.properties()));
    assert!(
        second
            .wire()
            .contains("\"timestamp\":\"2026-01-01T00:00:00Z\"")
    );
}

#[test]
fn two_recordings_of_the_same_are_the_same_to_the_byte() {
    let record = || {
        let recording = Recording::new();
        recording.analytics().record(message(8_479));
        recording.recorded()
    };
    assert_eq!(record(), record());
}

#[test]
fn p16_a_class_the_profile_leaves_out_is_not_recorded() {
    let mut profile = Profile::clone(&Profile::builtin("aider").unwrap());
    profile.classes = ClassSet::default().with(Class::Platform);
    let recording = Recording::of(Arc::new(profile), &Tool::default());
    recording.analytics().record(message(1));
    recording.assert_nothing_recorded();
    assert_eq!(recording.withheld(), ["message_send (class models)"]);
    assert_eq!(recording.lost(), 0);
}

#[test]
fn b13_what_a_full_disk_could_not_keep_is_counted_and_told_when_it_is_well_again() {
    for fault in [Fault::Full, Fault::NoFiles, Fault::ReadOnly] {
        let recording = Recording::new();
        recording.analytics().record(Launched::default());
        recording.set_fault(Some(fault));
        recording.analytics().record(message(1));
        assert_eq!(recording.lost(), 1);
        recording.set_fault(None);
        recording.analytics().record(message(2));
        assert_eq!(recording.names(), ["launched", "message_send", "losses"]);
        let losses = &recording.recorded()[2];
        assert_eq!(losses.property("loss"), Some("write_failed".into()));
        assert_eq!(losses.property("lost"), Some(1.into()));
    }
}

#[test]
fn b10_a_disk_that_takes_nothing_is_tried_once_for_each_event() {
    let recording = Recording::new();
    recording.analytics().record(Launched::default());
    recording.set_fault(Some(Fault::NoFiles));
    let before = recording.disk.spent();
    for n in 0..1_000 {
        recording.analytics().record(message(n));
    }
    assert_eq!(recording.disk.spent() - before, 1_000);
    recording.set_fault(None);
    recording.analytics().record(message(1));
    assert_eq!(recording.names(), ["launched", "message_send", "losses"]);
    let lost = recording.recorded()[2].property("lost");
    assert_eq!(lost, Some(1_000.into()));
}

#[test]
fn a_failed_assertion_says_what_was_recorded_instead() {
    let recording = Recording::new();
    let any = |_: &Edit| true;
    let nothing = said(|| _ = recording.assert_recorded(any));
    assert_eq!(nothing, "no Edit was recorded; nothing was");
    recording.analytics().record(Exit {
        reason: Reason::from_word("/exit"),
    });
    recording.analytics().record(message(3));
    let other = said(|| _ = recording.assert_recorded(any));
    assert_eq!(
        other,
        "no Edit was recorded; recorded were:\n  exit\n  message_send"
    );
    let unfit = said(|| _ = recording.assert_recorded(|it: &MessageSend| it.cost.is_some()));
    assert!(
        unfit.starts_with("no MessageSend fits; recorded were:\n  MessageSend {")
            && unfit.contains("prompt_tokens: Some(3)"),
        "{unfit}"
    );
    let something = said(|| recording.assert_nothing_recorded());
    assert!(something.contains("{\"event\":\"exit\""), "{something}");
    recording.analytics().record(Lint::default());
    recording.set_fault(Some(Fault::Full));
    recording.analytics().record(Edit::default());
    let lost = said(|| _ = recording.assert_recorded(any));
    let besides =
        "\nlost because the disk failed: 1\nwithheld under this profile: lint (class work)";
    assert!(lost.ends_with(besides), "{lost}");
}
