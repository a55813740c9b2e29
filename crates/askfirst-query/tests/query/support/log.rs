//! The published sample log, imported.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use askfirst_catalog::{Gate, Raw};
use askfirst_query::calendar::Day;
use askfirst_store::{Consent, LineKey, Row};
use serde_json::Value;

use super::stored::{Stored, gate};

const LOG: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/aider-2024.jsonl"
);

/// A store that holds the log; `None`, and a line that says so, where the log is not.
pub(crate) fn imported() -> Option<Stored> {
    if !Path::new(LOG).exists() {
        println!("skipped: {LOG} is not here");
        return None;
    }
    let text = std::fs::read_to_string(LOG).unwrap();
    let gate = gate();
    let rows = text.lines().filter_map(|line| {
        let mut hash = DefaultHasher::new();
        line.hash(&mut hash);
        Some((
            LineKey::Line(hash.finish()),
            row(&gate, &serde_json::from_str(line).unwrap())?,
        ))
    });
    let stored = Stored::new();
    stored.import(rows);
    Some(stored)
}

fn row(gate: &Gate, line: &Value) -> Option<Row> {
    let ts = line["time"].as_i64()? * 1000;
    let properties: Vec<(&str, Raw<'_>)> = line["properties"]
        .as_object()?
        .iter()
        .map(|(name, value)| (name.as_str(), raw(value)))
        .collect();
    let admitted = gate
        .admit(line["event"].as_str()?, &properties, Day::of_ms(ts).0)
        .ok()?;
    let (event, values, common, _) = admitted.into_parts();
    let install = line["user_id"].as_str().map(id);
    Some(Row {
        ts,
        skew_s: 0,
        event,
        install,
        consent: Consent::Imported,
        common,
        values,
        key: 0,
    })
}

fn raw(value: &Value) -> Raw<'_> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => Raw::Null,
        Value::Bool(value) => Raw::Bool(*value),
        Value::String(text) => Raw::Str(text),
        Value::Number(number) => match number.as_i64() {
            Some(n) => Raw::Int(n.into()),
            None => Raw::Float(number.as_f64().unwrap()),
        },
    }
}

fn id(text: &str) -> [u8; 16] {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    u128::from_str_radix(&hex, 16).unwrap().to_be_bytes()
}
