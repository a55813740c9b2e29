//! The published sample log.

use std::path::Path;

use askfirst_catalog::Models;
use serde_json::Value;

use super::Line;

const LOG: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/aider-2024.jsonl"
);

pub(crate) fn lines() -> Option<Vec<Line>> {
    if !Path::new(LOG).exists() {
        println!("skipped: {LOG} is not here");
        return None;
    }
    let text = std::fs::read_to_string(LOG).unwrap();
    Some(
        text.lines()
            .enumerate()
            .filter_map(|(i, line)| line_of(i, &serde_json::from_str(line).unwrap()))
            .collect(),
    )
}

fn line_of(i: usize, value: &Value) -> Option<Line> {
    let name = value["event"].as_str()?;
    if name == "file_added" {
        return None;
    }
    let mut line = Line {
        event: name.to_owned(),
        ts: value["time"].as_i64()? * 1000,
        seq: Some(i as i64),
        consent: "imported",
        install: value["user_id"].as_str().map(id),
        ..Line::default()
    };
    if let Some(word) = name.strip_prefix("command_") {
        line.event = "command".into();
        line.texts.push(("p_name", word.to_owned()));
    }
    let properties = &value["properties"];
    let mut priced = false;
    if let Some(model) = properties["main_model"].as_str() {
        let model = Models::builtin().admit(model);
        priced = !model.redacted;
        line.texts.push(("p_main_model", model.text.to_string()));
    }
    for (from, to) in [
        ("edit_format", "p_edit_format"),
        ("reason", "p_reason"),
        ("os_platform", "p_os_platform"),
    ] {
        line.texts
            .extend(properties[from].as_str().map(|text| (to, text.to_owned())));
    }
    if let Some(version) = properties["aider_version"].as_str() {
        let cut: Vec<&str> = version.split(['.', '-', '+']).take(3).collect();
        line.texts.push((
            "p_version",
            cut.join(".")
                .trim_end_matches(|c: char| c.is_alphabetic())
                .to_owned(),
        ));
    }
    let counts = [
        ("prompt_tokens", "p_prompt_tokens"),
        ("completion_tokens", "p_completion_tokens"),
        ("total_tokens", "p_total_tokens"),
    ];
    for (from, to) in counts {
        line.numbers
            .extend(properties[from].as_i64().map(|count| (to, count)));
    }
    if let Some(cost) = properties["cost"].as_f64().filter(|_| priced) {
        line.numbers.push(("p_cost", (cost * 1e9).round() as i64));
    }
    Some(line)
}

fn id(text: &str) -> [u8; 16] {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    u128::from_str_radix(&hex, 16).unwrap().to_be_bytes()
}
