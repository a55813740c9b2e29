//! The log that aider published in 2024, through the gate.

use std::collections::BTreeMap;
use std::fs;

use askfirst_catalog::{Catalog, Gate, Profile, Raw, Value};
use serde_json::value::RawValue;

const LOG: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/aider-2024.jsonl"
);

/// 2024-12-31, the last day of the log.
const TODAY: i32 = 20_088;

#[derive(serde::Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    event: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    properties: BTreeMap<std::borrow::Cow<'a, str>, &'a RawValue>,
}

#[test]
fn the_published_log_is_admitted_but_for_one_line() {
    let Ok(text) = fs::read_to_string(LOG) else {
        println!("skipped: {LOG} is not here");
        return;
    };
    let gate = Gate::new(
        Catalog::builtin(),
        Profile::builtin("aider").expect("a shipped profile"),
    );
    let catalog = gate.catalog();
    let mut admitted = BTreeMap::<String, u64>::new();
    let mut discarded = BTreeMap::<String, u64>::new();
    let mut models = BTreeMap::<String, (u64, u64, i64)>::new();
    let mut notes = BTreeMap::<&str, u64>::new();
    let mut everything = String::new();
    for line in text.lines() {
        let line: Line<'_> = serde_json::from_str(line).expect("a JSON line");
        let values: Vec<(&str, serde_json::Value)> = line
            .properties
            .iter()
            .map(|(name, raw)| (&**name, serde_json::from_str(raw.get()).expect("JSON")))
            .collect();
        let raw: Vec<(&str, Raw<'_>)> = values.iter().map(|(n, v)| (*n, raw(v))).collect();
        match gate.admit(&line.event, &raw, TODAY) {
            Err(discard) => {
                *discarded
                    .entry(format!("{discard:?} {}", line.event))
                    .or_default() += 1
            }
            Ok(event) => {
                everything.push_str(&format!("{event:?}"));
                let name = catalog.event(event.event()).name.to_string();
                let value = |name| {
                    let id = catalog.find_property(name).expect(name);
                    event.value(id).cloned()
                };
                if name == "message_send" {
                    let model = value("main_model");
                    let model = model.as_ref().and_then(Value::as_text).unwrap_or("-");
                    let sums = models.entry(model.to_owned()).or_default();
                    sums.0 += 1;
                    if let Some(Value::Count(tokens)) = value("total_tokens") {
                        sums.1 += tokens;
                    }
                    if let Some(Value::Amount(nano)) = value("cost") {
                        sums.2 += nano;
                    }
                }
                *admitted.entry(name).or_default() += 1;
                let n = event.notes();
                for (note, count) in [
                    ("unknown_property", n.unknown_property),
                    ("not_collected", n.not_collected),
                    ("wrong_kind", n.wrong_kind),
                    ("out_of_range", n.out_of_range),
                    ("not_listed", n.not_listed),
                    ("redacted", n.redacted),
                    ("money_refused", n.money_refused),
                    ("catalog_newer", n.catalog_newer),
                ] {
                    *notes.entry(note).or_default() += u64::from(count);
                }
            }
        }
    }
    assert_eq!(admitted.values().sum::<u64>(), 9_659);
    assert_eq!(
        discarded,
        BTreeMap::from([("UnknownEvent file_added".to_owned(), 1)])
    );
    assert_eq!(admitted["message_send"], 1_833);
    assert_eq!(
        models.values().map(|(_, tokens, _)| tokens).sum::<u64>(),
        18_239_314
    );
    assert_eq!(
        models["claude-3-5-sonnet-20241022"],
        (1_327, 15_649_110, 52_608_092_700)
    );
    assert_eq!(
        models["deepseek/deepseek-chat"],
        (168, 1_422_360, 210_124_460)
    );
    for (model, (_, _, cost)) in &models {
        assert!(
            !model.ends_with("REDACTED") || *cost == 0,
            "b19: {model} costs {cost}"
        );
    }
    insta::assert_debug_snapshot!(admitted, @r#"
    {
        "ai-comments execute": 96,
        "ai-comments file-add": 67,
        "cli session": 911,
        "command": 1639,
        "copy-paste mode": 9,
        "exit": 842,
        "gui session": 251,
        "interactive help": 8,
        "launched": 1913,
        "message_send": 1833,
        "message_send_exception": 28,
        "message_send_starting": 1119,
        "model warning": 89,
        "no-repo": 101,
        "repo": 753,
    }
    "#);
    insta::assert_debug_snapshot!(notes, @r#"
    {
        "catalog_newer": 0,
        "money_refused": 108,
        "not_collected": 0,
        "not_listed": 28,
        "out_of_range": 0,
        "redacted": 951,
        "unknown_property": 1833,
        "wrong_kind": 0,
    }
    "#);
    for secret in [
        "gauthier",
        "main.py",
        "CERTIFICATE",
        "CustomStream",
        "g295040c9",
    ] {
        assert!(text.contains(secret), "{secret} is not in the log");
        assert!(!everything.contains(secret), "{secret} came through");
    }
}

fn raw(value: &serde_json::Value) -> Raw<'_> {
    match value {
        serde_json::Value::Null => Raw::Null,
        serde_json::Value::Bool(yes) => Raw::Bool(*yes),
        serde_json::Value::String(text) => Raw::Str(text),
        serde_json::Value::Number(number) => match number.as_i128() {
            Some(int) => Raw::Int(int),
            None => Raw::Float(number.as_f64().expect("a finite number")),
        },
        _ => Raw::Json("[]"),
    }
}
