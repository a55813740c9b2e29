//! Promise P02: every byte that comes out of the gate can be derived from the catalog, the
//! public lists and admitted numbers, whatever goes in.

use std::sync::{Arc, LazyLock};

use askfirst_catalog::{Admitted, Catalog, Gate, Kind, Profile, Raw, Value};
use proptest::prelude::*;

/// A word that is in no list, in the spellings in which it could slip through.
const CANARIES: [&str; 8] = [
    "CanaryXq",
    "canaryxq",
    "CANARYXQ",
    "Q2FuYXJ5WHE",            // base64
    "%43anary%58q",           // percent-encoded
    "C\0a\0n\0a\0r\0y\0X\0q", // UTF-16
    "43616e6172795871",       // hex
    "qXyranaC",               // backwards
];

static GATE: LazyLock<Gate> = LazyLock::new(|| {
    let profile = Profile::builtin("aider").expect("a shipped profile");
    Gate::new(Catalog::builtin(), profile)
});

/// Every word the catalog knows as a name or value: what a canary would hide behind.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let catalog = GATE.catalog();
    let mut words: Vec<String> = Vec::new();
    for property in catalog.properties() {
        words.push(property.name.to_string());
        words.extend(property.aliases.clone());
        words.extend(property.kind.values().iter().take(8).map(|v| v.to_string()));
    }
    words.extend(
        [
            "gpt-4o",
            "openai/gpt-4o",
            "openai",
            "REDACTED",
            "None",
            "1.2.3",
            "6.8",
            "other",
            "aider.io:7",
            "us.anthropic.",
            "ValueError: ",
            "litellm.",
            "$exception_list",
            "$exception_type",
            "$exception_stack_trace_raw",
            "-latest",
            "-20241022",
            "00ff00ff",
            "command_",
            "oauth_flow_",
        ]
        .map(str::to_owned),
    );
    words
});

/// What a canary is put into.
#[derive(Debug, Clone)]
enum Sent {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    Json(String),
}

impl Sent {
    fn raw(&self) -> Raw<'_> {
        match self {
            Sent::Null => Raw::Null,
            Sent::Bool(yes) => Raw::Bool(*yes),
            Sent::Int(int) => Raw::Int(*int),
            Sent::Float(float) => Raw::Float(*float),
            Sent::Text(text) => Raw::Str(text),
            Sent::Json(json) => Raw::Json(json),
        }
    }
}

fn canary() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(CANARIES.to_vec())
}

fn known() -> impl Strategy<Value = String> {
    proptest::sample::select(WORDS.clone())
}

/// Known words and canaries glued together in every way.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        known(),
        canary().prop_map(str::to_owned),
        (known(), "[ :./;,_-]?", canary()).prop_map(|(k, glue, c)| format!("{k}{glue}{c}")),
        (canary(), "[ :./;,_-]?", known()).prop_map(|(c, glue, k)| format!("{c}{glue}{k}")),
        (known(), known(), canary()).prop_map(|(a, b, c)| format!("{a}{c}{b}")),
        any::<String>(),
    ]
}

fn exception_list() -> impl Strategy<Value = String> {
    let frame = (text(), any::<Option<u32>>(), text()).prop_map(|(module, line, context)| {
        serde_json::json!({"module": module, "lineno": line, "context_line": context})
    });
    let frames = proptest::collection::vec(frame, 0..4);
    let entry = (text(), proptest::option::of(text()), text(), frames).prop_map(
        |(class, module, value, frames)| {
            serde_json::json!({"type": class, "module": module, "value": value,
                               "stacktrace": {"frames": frames}})
        },
    );
    proptest::collection::vec(entry, 0..3).prop_map(|list| serde_json::json!(list).to_string())
}

fn sent() -> impl Strategy<Value = Sent> {
    prop_oneof![
        1 => Just(Sent::Null),
        1 => any::<bool>().prop_map(Sent::Bool),
        1 => any::<i128>().prop_map(Sent::Int),
        1 => (0_i128..1_000).prop_map(Sent::Int),
        1 => any::<f64>().prop_map(Sent::Float),
        8 => text().prop_map(Sent::Text),
        1 => exception_list().prop_map(Sent::Json),
        1 => exception_list().prop_map(Sent::Text),
    ]
}

fn event() -> impl Strategy<Value = String> {
    let events = GATE.catalog().events().iter();
    let names: Vec<String> = events.map(|event| event.name.to_string()).collect();
    prop_oneof![
        6 => proptest::sample::select(names),
        2 => text().prop_map(|text| format!("command_{text}")),
        1 => text(),
    ]
}

fn properties() -> impl Strategy<Value = Vec<(String, Sent)>> {
    proptest::collection::vec((prop_oneof![4 => known(), 1 => text()], sent()), 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn p02_no_canary_comes_through_the_gate(event in event(), properties in properties()) {
        nothing_hides(&event, &properties)?;
    }

    #[test]
    fn p02_no_canary_comes_through_an_exception(
        event in proptest::sample::select(vec!["$exception", "exception", "message_send_exception"]),
        list in exception_list(),
        trace in exception_list(),
        texts in proptest::collection::vec(text(), 4),
    ) {
        let mut texts = texts.into_iter().map(Sent::Text);
        let names = ["$exception_type", "exception", "error", "frames"];
        let mut properties: Vec<(String, Sent)> =
            names.iter().map(|name| (*name).to_owned()).zip(&mut texts).collect();
        properties.insert(0, ("$exception_list".to_owned(), Sent::Json(list)));
        properties.insert(0, ("$exception_stack_trace_raw".to_owned(), Sent::Text(trace)));
        nothing_hides(event, &properties)?;
    }
}

fn nothing_hides(event: &str, properties: &[(String, Sent)]) -> Result<(), TestCaseError> {
    let raw: Vec<(&str, Raw<'_>)> = properties
        .iter()
        .map(|(name, sent)| (name.as_str(), sent.raw()))
        .collect();
    let answer = GATE.admit(event, &raw, 20_454);
    let shown = format!("{answer:?}");
    for canary in CANARIES {
        prop_assert!(!shown.contains(canary), "{canary} in {shown}");
    }
    match answer {
        Ok(admitted) => every_text_is_of_a_closed_set(&admitted),
        Err(_) => Ok(()),
    }
}

fn every_text_is_of_a_closed_set(admitted: &Admitted) -> Result<(), TestCaseError> {
    let catalog = GATE.catalog();
    for (id, value) in admitted.values() {
        let property = catalog.property(*id);
        let fits = match (&property.kind, value) {
            (Kind::Bool, Value::Bool(_)) => true,
            (Kind::Count { max, .. }, Value::Count(n)) => n <= max,
            (Kind::Duration { max, .. }, Value::Duration(n)) => n <= max,
            (Kind::Amount { .. }, Value::Amount(nano)) => *nano >= 0,
            (Kind::Enum { values, other }, Value::Text(word)) => {
                values.iter().any(|v| **v == **word) || (*other && &**word == "other")
            }
            (Kind::Error { values }, Value::Text(word)) => {
                values.iter().any(|v| **v == **word) || &**word == "other"
            }
            (Kind::Version { parts }, Value::Text(word)) => is_version(word, *parts),
            (Kind::Model, Value::Text(word)) => is_model(word),
            (Kind::Frames, Value::Text(word)) => is_frames(word, GATE.profile()),
            _ => false,
        };
        prop_assert!(fits, "{} is {value:?}", property.name);
    }
    Ok(())
}

fn is_version(text: &str, parts: u8) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    let is_number = |n: &&str| (1..=5).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit());
    numbers.len() <= usize::from(parts) && numbers.iter().all(is_number)
}

/// A name that may be kept is kept as it is.
fn is_model(text: &str) -> bool {
    let again = GATE.catalog().models().admit(text);
    *again.text == *text
}

fn is_frames(text: &str, profile: &Arc<Profile>) -> bool {
    let frames: Vec<&str> = text.split(';').collect();
    frames.len() <= 8
        && frames.iter().all(|frame| {
            let parts = frame.rsplit_once(':');
            parts.is_some_and(|(module, line)| {
                profile.owns_module(module) && line.parse::<u32>().is_ok()
            })
        })
}
