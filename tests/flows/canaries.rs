//! P02: a word planted wherever a sender can put one is in no byte of the data
//! directory, in no disguise, nor in anything the program prints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::json;
use tempfile::tempdir;

use crate::collector::{Collector, add_project, models, run};
use crate::hostile;
use crate::stored;

/// What every canary begins with. The search is for this alone, so that a word
/// which was cut short is found as well.
const ROOT: &str = "Kanari";

/// A word for each place, and which place that is.
#[derive(Default)]
pub(crate) struct Canaries(Vec<String>);

impl Canaries {
    /// A word that occurs nowhere else, with letters of both cases, digits, and
    /// two characters that JSON, URLs and shells each write differently.
    pub(crate) fn plant(&mut self, place: &str) -> String {
        self.plant_plain(place) + "/\u{e9}Xw"
    }

    /// The same, for headers and other places that take plain ASCII only.
    pub(crate) fn plant_plain(&mut self, place: &str) -> String {
        self.0.push(place.to_owned());
        format!("{ROOT}{:04}Zq", self.0.len() - 1)
    }

    /// The place whose word these bytes are, if they can be read.
    fn place(&self, bytes: &[u8]) -> &str {
        let number = bytes.get(ROOT.len()..ROOT.len() + 4);
        number
            .and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok())
            .and_then(|number| self.0.get(number))
            .map_or("one of the places", String::as_str)
    }
}

/// The root as it is and in the disguises in which it would still be there.
fn disguises() -> Vec<(&'static str, Vec<u8>)> {
    let percent: String = ROOT.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let hex: String = ROOT.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String = ROOT.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let mut all = vec![
        ("plain", ROOT.as_bytes().to_vec()),
        ("lower case", ROOT.to_lowercase().into_bytes()),
        ("upper case", ROOT.to_uppercase().into_bytes()),
        ("reversed", ROOT.bytes().rev().collect()),
        ("percent-encoded", percent.to_lowercase().into_bytes()),
        ("percent-encoded", percent.into_bytes()),
        ("HEX", hex.to_uppercase().into_bytes()),
        ("hex", hex.into_bytes()),
        ("JSON-escaped", escaped.into_bytes()),
        (
            "UTF-16, little end first",
            ROOT.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "UTF-16, big end first",
            ROOT.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
    ];
    // What stays the same of its base64 wherever it begins: three alignments,
    // each without the characters that mix with its neighbours.
    for before in 0..3 {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(ROOT.as_bytes());
        let text = STANDARD_NO_PAD.encode(&bytes).into_bytes();
        all.push((
            "base64",
            text[(before * 8).div_ceil(6)..bytes.len() * 8 / 6].to_vec(),
        ));
    }
    all
}

/// Fails naming every place a canary was found in, and in which disguise.
fn look_for(canaries: &Canaries, bytes: &[(String, Vec<u8>)]) {
    let mut found = Vec::new();
    for (disguise, form) in disguises() {
        for (place, content) in bytes {
            if let Some(at) = position(content, &form) {
                let end = content.len().min(at + 60);
                found.push(format!(
                    "{place}: {disguise}, from {}: {}",
                    canaries.place(&content[at..]),
                    content[at..end].escape_ascii()
                ));
            }
        }
    }
    assert!(found.is_empty(), "canaries found:\n{}", found.join("\n"));
}

fn position(content: &[u8], form: &[u8]) -> Option<usize> {
    content
        .windows(form.len())
        .position(|window| window == form)
}

#[test]
fn p02_a_canary_in_any_place_of_a_request_is_in_no_byte_of_the_data_directory() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let mut canaries = Canaries::default();

    hostile::send_events(collector.address(), &key, &mut canaries);
    hostile::send_bodies_that_are_refused(collector.address(), &key, &mut canaries);
    let unsealed = stored::bytes(&data);
    look_for(&canaries, &unsealed);

    let mut printed = collector.stop();
    printed += &everything_said(&data);
    let mut sealed = stored::bytes(&data);
    sealed.push(("what the program printed".to_owned(), printed.into_bytes()));
    look_for(&canaries, &sealed);

    // The control: what is admitted is found, before and after sealing.
    for bytes in [&unsealed, &sealed] {
        assert!(
            bytes
                .iter()
                .any(|(_, content)| position(content, b"gpt-4o-mini").is_some())
        );
    }
    // The neighbours of what was refused are stored.
    assert_eq!(models(&data)["total"]["messages"], hostile::MESSAGES);
}

#[test]
fn p02_a_canary_in_an_imported_log_is_in_no_byte_of_the_data_directory() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let mut canaries = Canaries::default();
    let mut lines = Vec::new();
    for event in hostile::events(&mut canaries) {
        let line = json!({
            "event": event["event"],
            "properties": event["properties"],
            "user_id": event["distinct_id"],
            "time": 1_785_542_400,
            canaries.plant("a key of a log line"): canaries.plant("a value of a log line"),
        });
        lines.push(line.to_string());
    }
    lines.push(canaries.plant("a line that is not JSON"));
    lines.push(format!("{{\"event\": \"{}", canaries.plant("half a line")));
    let log = folder.path().join("log.jsonl");
    std::fs::write(&log, lines.join("\n")).unwrap();
    let mut printed = run(&data, &["import", log.to_str().unwrap(), "--host", "aider"]);
    printed += &everything_said(&data);
    let mut all = stored::bytes(&data);
    all.push(("what the program printed".to_owned(), printed.into_bytes()));
    look_for(&canaries, &all);
    assert_eq!(models(&data)["total"]["messages"], hostile::MESSAGES);
}

#[test]
fn the_search_sees_through_every_disguise() {
    let mut canaries = Canaries::default();
    let word = canaries.plant("here");
    let url_safe = base64::engine::general_purpose::URL_SAFE.encode(format!("xy{word}"));
    for text in [
        format!("before {word} after"),
        word.to_lowercase(),
        STANDARD_NO_PAD.encode(&word),
        STANDARD_NO_PAD.encode(format!("x{word}")),
        url_safe,
        word.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        word.encode_utf16()
            .map(|unit| format!("{}\0", char::from(unit as u8)))
            .collect(),
    ] {
        let bytes = [("a file".to_owned(), text.clone().into_bytes())];
        let seen = std::panic::catch_unwind(|| look_for(&canaries, &bytes)).is_err();
        assert!(seen, "{text}");
    }
}

/// What the program says of the data, for people.
fn everything_said(data: &std::path::Path) -> String {
    let mut said = run(data, &["status"]);
    for report in ["models", "edits", "commands", "exits", "activity"] {
        said += &run(
            data,
            &["report", report, "--host", "aider", "--period", "all"],
        );
    }
    said
}
