//! The types `catalog!` makes of the catalog `llm-coding`.

/// The events of the shipped catalog.
mod events {
    askfirst::catalog!("llm-coding");
}

use askfirst::Event as _;
use events::{Command, EditFormat, Exit, MessageSend};

#[test]
fn p12_the_types_are_of_the_catalog_the_program_ships() {
    let shipped = askfirst_catalog::Catalog::builtin();
    assert_eq!(events::CATALOG, shipped.short_hex());
}

#[test]
fn a_word_of_the_catalog_is_a_variant_and_any_other_is_other_or_nothing() {
    assert_eq!(EditFormat::from_word("diff"), Some(EditFormat::Diff));
    let unknown = EditFormat::from_word("/home/me/secret.rs");
    assert!(
        matches!(unknown, None | Some(EditFormat::Other)),
        "{unknown:?}"
    );
}

#[test]
fn events_have_the_names_the_tools_put_on_the_wire() {
    assert_eq!(MessageSend::default().name(), "message_send");
    let ask = Command {
        name: events::Name::from_word("ask"),
    };
    assert_eq!(ask.name(), "command_ask");
    assert_eq!(Exit::default().name(), "exit");
}

#[test]
fn a_line_begins_with_the_name_of_its_event() {
    fn begins(event: &impl askfirst::Event) {
        let mut encoding = askfirst::testing::Encoding::new("1.0.0", events::CATALOG);
        let line = String::from_utf8_lossy(encoding.line(event)).into_owned();
        let begins = format!("{{\"event\":\"{}\",\"properties\":{{", event.name());
        assert!(line.starts_with(&begins), "{line}");
    }
    begins(&MessageSend::default());
    begins(&Exit::default());
    begins(&Command {
        name: events::Name::from_word("ask"),
    });
}

#[test]
fn a_profile_written_into_the_program_is_the_profile_that_was_read() {
    let written = [
        askfirst::profile!("aider"),
        askfirst::profile!("blackboxai"),
        askfirst::profile!("cecli"),
        askfirst::profile!("dev"),
        askfirst::profile!("llmcode"),
    ];
    let read = askfirst::Profile::builtin_ids().iter();
    let read: Vec<_> = read
        .filter_map(|id| askfirst::Profile::builtin(id))
        .collect();
    assert_eq!(written[..], read[..]);
}
