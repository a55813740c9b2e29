//! Every answer is shown whole: the event, its values by name, and what was left out.

use std::fmt::Write as _;
use std::sync::Arc;

use super::*;
use crate::class::{Class, ClassSet};

mod exceptions;
mod money;

/// 2026-01-01.
const TODAY: i32 = 20_454;

fn aider() -> Gate {
    Gate::new(Catalog::builtin(), Profile::builtin("aider").unwrap())
}

/// The answer of the aider gate as text.
fn admit(event: &str, properties: &[(&str, Raw<'_>)]) -> String {
    show(&aider(), event, properties)
}

fn show(gate: &Gate, event: &str, properties: &[(&str, Raw<'_>)]) -> String {
    let admitted = gate.admit(event, properties, TODAY);
    p02_the_same_by_names_that_are_known(gate, event, properties, &admitted);
    let admitted = match admitted {
        Ok(admitted) => admitted,
        Err(discard) => return format!("{discard:?}"),
    };
    let catalog = gate.catalog();
    let mut text = catalog.event(admitted.event()).name.to_string();
    for (property, value) in admitted.values() {
        let name = &catalog.property(*property).name;
        let _ = match value {
            Value::Bool(yes) => write!(text, " {name}={yes}"),
            Value::Count(count) => write!(text, " {name}={count}"),
            Value::Amount(nano) => write!(text, " {name}={nano}n"),
            Value::Duration(ms) => write!(text, " {name}={ms}ms"),
            Value::Text(word) => write!(text, " {name}={word:?}"),
        };
    }
    let common = format!("{:?}", admitted.common());
    if common != format!("{:?}", Common::default()) {
        let _ = write!(text, "\n{common}");
    }
    let notes = format!("{:?}", admitted.notes());
    let notes = notes.trim_start_matches("Notes { ").trim_end_matches(" }");
    for note in notes.split(", ").filter(|note| !note.ends_with(": 0")) {
        let _ = write!(text, "\n{note}");
    }
    text
}

fn p02_the_same_by_names_that_are_known(
    gate: &Gate,
    event: &str,
    properties: &[(&str, Raw<'_>)],
    admitted: &Result<Admitted, Discard>,
) {
    let Some(known) = gate.event_named(event) else {
        return;
    };
    let named = properties.iter();
    let named = named.map(|(name, raw)| Sent::Raw(gate.property_named(known, name), *raw));
    let named: Vec<_> = named.collect();
    let answer = gate.admit_known(known, named.iter().copied(), TODAY, Vec::new());
    assert_eq!(&answer, admitted);
    let texts = named.iter().map(|sent| match *sent {
        Sent::Raw(Some(property), Raw::Str(text)) => gate.text_known(property, text),
        _ => None,
    });
    let texts: Vec<_> = texts.collect();
    let read = named.iter().zip(&texts);
    let read = read.map(|(sent, text)| text.as_ref().map_or(*sent, Sent::Text));
    // Of what stood in the room before nothing is left.
    let room = gate.admit("launched", &[("version", Raw::Str("1.2.3"))], TODAY);
    let room = room.map_or_else(|_| Vec::new(), |launched| launched.into_parts().1);
    assert_eq!(&gate.admit_known(known, read, TODAY, room), admitted);
}

#[test]
fn every_event_is_known_by_its_names_and_a_word_in_a_name_is_not_lost() {
    let gate = aider();
    for event in gate.catalog().events() {
        assert!(gate.event_named(&event.name).is_some(), "{}", event.name);
    }
    for unknown in ["command_ask", "command_", "message_snd", ""] {
        assert_eq!(gate.event_named(unknown), None, "{unknown}");
    }
    let message = gate.event_named("message_send").unwrap();
    assert!(gate.property_named(message, "main_model").is_some());
    assert_eq!(gate.property_named(message, "prompt"), None);
}

#[test]
fn p02_only_a_listed_word_and_a_public_model_are_known() {
    let gate = aider();
    let message = gate.event_named("message_send").unwrap();
    let known = |name, text| {
        let property = gate.property_named(message, name).unwrap();
        gate.text_known(property, text)
    };
    for (name, text, kept) in [
        ("main_model", "gpt-4o", "gpt-4o"),
        ("edit_format", "diff", "diff"),
    ] {
        let known = known(name, text).unwrap();
        assert_eq!(known.value.as_text(), Some(kept));
        assert_eq!(known.public_model, name == "main_model");
    }
    for (name, text) in [
        ("main_model", "my-own-model"),
        ("main_model", "openai/my-own-model"),
        ("edit_format", "our-own"),
        ("version", "0.86.2"),
        ("prompt_tokens", "12"),
    ] {
        assert_eq!(known(name, text), None, "{name} {text}");
    }
}

#[test]
fn a_message_keeps_its_models_tokens_and_price() {
    let answer = admit(
        "message_send",
        &[
            ("main_model", Raw::Str("claude-3-5-sonnet-20241022")),
            ("weak_model", Raw::Str("my-own-model")),
            ("editor_model", Raw::Str("None")),
            ("edit_format", Raw::Str("diff")),
            ("prompt_tokens", Raw::Int(9_612)),
            ("completion_tokens", Raw::Float(214.0)),
            ("total_tokens", Raw::Int(9_826)),
            ("cost", Raw::Float(0.032_046)),
            ("total_cost", Raw::Float(0.85)),
            ("python_version", Raw::Str("3.12.6")),
            ("os_platform", Raw::Str("Darwin")),
            ("os_release", Raw::Str("23.6.0")),
            ("machine", Raw::Str("x86_64")),
            (
                "aider_version",
                Raw::Str("0.65.2.dev104+g295040c9.d20241130"),
            ),
        ],
    );
    insta::assert_snapshot!(answer, @r#"
    message_send completion_tokens=214 cost=32046000n dev=true edit_format="diff" editor_model="REDACTED" machine="x86_64" main_model="claude-3-5-sonnet-20241022" os_platform="Darwin" os_release="23.6" prompt_tokens=9612 python_version="3.12" total_tokens=9826 version="0.65.2" weak_model="REDACTED"
    unknown_property: 1
    redacted: 2
    "#);
}

#[test]
fn what_our_own_sdk_adds_is_taken_out() {
    let short = Catalog::builtin().short_hex();
    let answer = admit(
        "launched",
        &[
            ("catalog", Raw::Str(&short)),
            ("session", Raw::Int(8_312_555_131)),
            ("seq", Raw::Int(3)),
            ("since_start", Raw::Int(4096)),
            ("agent", Raw::Bool(true)),
            ("$lib", Raw::Str("askfirst")),
            ("$lib_version", Raw::Str("0.1.0")),
            ("$geoip_disable", Raw::Bool(true)),
            ("$process_person_profile", Raw::Bool(false)),
            ("$ip", Raw::Str("0.0.0.0")),
            ("version", Raw::Str("0.86.2")),
            ("dev", Raw::Bool(true)),
        ],
    );
    let answer = answer.replace(&format!("{:?}", Catalog::builtin().short()), "[ours]");
    insta::assert_snapshot!(answer, @r#"
    launched $lib="askfirst" $lib_version="0.1.0" agent=true dev=true version="0.86.2"
    Common { session: Some(8312555131), seq: Some(3), since_start_ms: Some(4096), catalog: Some([ours]), agent: Some(true) }
    "#);
}

#[test]
fn d26_another_catalog_is_counted_and_what_ours_knows_is_admitted() {
    insta::assert_snapshot!(
        admit("launched", &[("catalog", Raw::Str("00ff00ff")), ("new", Raw::Int(1))]),
        @r#"
    launched
    Common { session: None, seq: None, since_start_ms: None, catalog: Some([0, 255, 0, 255]), agent: None }
    unknown_property: 1
    catalog_newer: 1
    "#
    );
    for no_hash in ["00FF00FF", "00ff00f", "00ff00ff0", "0x00ff00", "+0ff00ff"] {
        let answer = admit("launched", &[("catalog", Raw::Str(no_hash))]);
        assert_eq!(answer, "launched\nwrong_kind: 1", "{no_hash}");
    }
}

#[test]
fn a_version_tells_whether_it_is_a_release() {
    let dev = |properties: &[(&str, Raw<'_>)]| admit("launched", properties);
    for (sent, kept) in [
        ("0.86.2", r#"dev=false version="0.86.2""#),
        ("0.86.2.dev1+gabc", r#"dev=true version="0.86.2""#),
        ("0.49.2-dev", r#"dev=true version="0.49.2""#),
    ] {
        assert_eq!(
            dev(&[("version", Raw::Str(sent))]),
            format!("launched {kept}")
        );
    }
    assert_eq!(
        dev(&[("dev", Raw::Bool(false)), ("version", Raw::Str("1.0.0rc1"))]),
        r#"launched dev=true version="1.0.0""#
    );
    assert_eq!(dev(&[("dev", Raw::Bool(true))]), "launched dev=true");
    assert_eq!(
        dev(&[
            ("version", Raw::Str("main")),
            ("os_release", Raw::Str("6.8-generic"))
        ]),
        "launched os_release=\"6.8\"\nwrong_kind: 1"
    );
}

#[test]
fn a_command_is_one_event_with_its_name() {
    assert_eq!(admit("command_ask", &[]), r#"command name="ask""#);
    assert_eq!(
        admit("command_chat-mode", &[]),
        r#"command name="chat-mode""#
    );
    assert_eq!(
        admit("command", &[("name", Raw::Str("ask"))]),
        r#"command name="ask""#
    );
    assert_eq!(
        admit("command_ask", &[("name", Raw::Str("add"))]),
        r#"command name="ask""#
    );
    assert_eq!(
        admit("oauth_flow_success", &[]),
        r#"oauth_flow step="success""#
    );
    for unknown in ["command_deploy-acme", "command_", "command_Ask"] {
        let answer = admit(unknown, &[]);
        assert_eq!(answer, "command name=\"other\"\nnot_listed: 1", "{unknown}");
    }
    // `step` has no `other`.
    assert_eq!(admit("oauth_flow_acme", &[]), "NotListed");
}

#[test]
fn a_spelled_name_is_spelled_again() {
    let gate = aider();
    let admitted = gate.admit("command_chat-mode", &[], TODAY).unwrap();
    let name = gate.catalog().spelled_name(admitted.event(), |property| {
        admitted.value(property).and_then(Value::as_text)
    });
    assert_eq!(name, "command_chat-mode");
    let exit = gate.catalog().find_event("exit").unwrap();
    assert_eq!(gate.catalog().spelled_name(exit, |_| None), "exit");
}

#[test]
fn unknown_events_are_discarded_with_everything_on_them() {
    for unknown in [
        "file_added",
        "",
        "launched ",
        "Launched",
        "$ai_generation",
        "$identify",
    ] {
        assert_eq!(
            admit(unknown, &[("version", Raw::Str("1.0.0"))]),
            "UnknownEvent"
        );
    }
}

#[test]
fn a_class_that_is_off_is_discarded() {
    assert_eq!(
        admit("lint", &[("outcome", Raw::Str("passed"))]),
        "ClassOff"
    );
    assert_eq!(admit("session length", &[]), "ClassOff");
}

#[test]
fn a_property_of_a_class_that_is_off_is_left_out() {
    let mut profile = Profile::clone(&Profile::builtin("aider").unwrap());
    profile.classes = [Class::Models].into_iter().collect::<ClassSet>();
    let gate = Gate::new(Catalog::builtin(), Arc::new(profile));
    let properties = [
        ("main_model", Raw::Str("gpt-4o")),
        ("edit_format", Raw::Str("diff")),
        ("version", Raw::Str("0.86.2")),
        ("session", Raw::Int(5)),
    ];
    insta::assert_snapshot!(show(&gate, "message_send", &properties), @r#"
    message_send main_model="gpt-4o"
    Common { session: Some(5), seq: None, since_start_ms: None, catalog: None, agent: None }
    not_collected: 2
    "#);
}

#[test]
fn the_first_admissible_value_of_a_property_counts() {
    let properties = [
        ("version", Raw::Null),
        ("aider_version", Raw::Str("main")),
        ("version", Raw::Str("0.86.2")),
        ("version", Raw::Str("0.1.0")),
        ("session", Raw::Int(1)),
        ("session", Raw::Int(2)),
    ];
    insta::assert_snapshot!(admit("launched", &properties), @r#"
    launched dev=false version="0.86.2"
    Common { session: Some(1), seq: None, since_start_ms: None, catalog: None, agent: None }
    wrong_kind: 1
    "#);
}

#[test]
fn values_of_a_wrong_kind_are_dropped_and_counted() {
    let properties = [
        ("prompt_tokens", Raw::Str("12")),
        ("completion_tokens", Raw::Float(f64::NAN)),
        ("total_tokens", Raw::Json("[1]")),
        ("main_model", Raw::Int(4)),
        ("edit_format", Raw::Bool(true)),
        ("dev", Raw::Int(1)),
        ("version", Raw::Float(0.86)),
        ("$geoip_disable", Raw::Bool(false)),
        ("$ip", Raw::Str("192.0.2.7")),
        ("seq", Raw::Float(0.5)),
        ("weak_model", Raw::Null),
    ];
    insta::assert_snapshot!(admit("message_send", &properties), @r#"
    message_send
    wrong_kind: 10
    "#);
}

#[test]
fn numbers_out_of_bounds_are_dropped_and_counted() {
    let properties = [
        ("prompt_tokens", Raw::Int(-1)),
        ("completion_tokens", Raw::Float(1e18)),
        ("total_tokens", Raw::Int(i128::MAX)),
        ("session", Raw::Int(1 << 60)),
    ];
    insta::assert_snapshot!(admit("message_send", &properties), @r#"
    message_send
    out_of_range: 4
    "#);
}

#[test]
fn ten_thousand_unknown_properties_are_counted_not_kept() {
    let properties = vec![("acme", Raw::Str("secret")); 10_000];
    assert_eq!(admit("exit", &properties), "exit\nunknown_property: 10000");
}

const SMALL: &str = r#"
[catalog]
name = "small"
version = 1
models = "models.tsv"
[property.on]
kind = "bool"
why = "W."
since = 1
[property.off]
kind = "bool"
why = "W."
since = 1
withdrawn = true
[event.dated]
class = "models"
why = "W."
reports = ["models"]
since = 1
expires = "2025-12-31"
[event.gone]
class = "models"
why = "W."
reports = ["models"]
since = 1
expires = "never: W"
withdrawn = true
[event.here]
class = "models"
why = "W."
reports = ["models"]
since = 1
expires = "2026-01-01"
properties = ["on", "off"]
"#;

#[test]
fn what_expired_or_was_withdrawn_is_discarded() {
    let catalog = Catalog::parse("small.toml", SMALL, crate::Models::builtin()).unwrap();
    let gate = Gate::new(Arc::new(catalog), Profile::builtin("aider").unwrap());
    assert_eq!(show(&gate, "dated", &[]), "Expired");
    assert_eq!(show(&gate, "gone", &[]), "Withdrawn");
    // Its last day is today.
    let properties = [("on", Raw::Bool(true)), ("off", Raw::Bool(true))];
    assert_eq!(
        show(&gate, "here", &properties),
        "here on=true\nnot_collected: 1"
    );
    assert_eq!(gate.admit("here", &[], TODAY + 1), Err(Discard::Expired));
}
