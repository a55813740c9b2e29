//! An unmodified aider 0.86.2 against the real collector, with a stand-in for
//! the model's endpoint.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::collector::{Collector, add_project, json, models, run};
use crate::peer::installed;
use crate::person::{Person, REPOSITORY};
use crate::stored;

/// "Within seconds" of the end of the run.
const SECONDS: Duration = Duration::from_secs(10);

#[test]
fn an_unmodified_aider_shows_up_in_the_report_within_seconds() {
    let Some(environment) = installed("aider-0.86.2") else {
        return;
    };
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let person = Person::new(folder.path(), environment);
    let log = folder.path().join("analytics.jsonl");
    person.asks_for_a_greeting(&collector.url(), &key, &log);
    let ended = Instant::now();

    let report = models(&data);
    assert!(ended.elapsed() < SECONDS);
    let row = &report["rows"][0];
    assert!(
        row["main_model"].as_str().unwrap().ends_with("gpt-4o"),
        "{report:#}"
    );
    assert_eq!(row["messages"], 1);
    assert_eq!(
        (&row["tokens_in"], &row["tokens_out"]),
        (&json!(1000), &json!(50))
    );
    assert_eq!(row["cost_usd"].as_f64(), Some(0.003));
    let exits = json(
        &data,
        &["report", "exits", "--host", "aider", "--period", "all"],
    );
    assert!(
        exits.to_string().contains("Completed --message"),
        "{exits:#}"
    );

    // What the tool itself says it sent is what is stored, event by event.
    let said: Vec<Value> = fs::read_to_string(&log)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    collector.stop();
    let mut said_names: Vec<&str> = said
        .iter()
        .filter_map(|line| line["event"].as_str())
        .collect();
    let rows = stored::rows(&data);
    let mut stored_names: Vec<&str> = rows.iter().map(|row| row.event.as_str()).collect();
    said_names.sort_unstable();
    stored_names.sort_unstable();
    assert_eq!(stored_names, said_names);

    // And the log gives the same report when it is imported instead.
    let imported = folder.path().join("imported");
    run(
        &imported,
        &["import", log.to_str().unwrap(), "--host", "aider"],
    );
    let again = models(&imported);
    assert_eq!(again["rows"][0]["main_model"], row["main_model"]);
    assert_eq!(again["total"]["cost_usd"], report["total"]["cost_usd"]);
    assert_eq!(again["total"]["tokens_in"], report["total"]["tokens_in"]);
}

/// What the tool's SDK sends of a crash: absolute paths, the message, eleven
/// source lines a frame. What is stored of it: the class of the error, and
/// where in the tool's own modules it happened.
#[test]
fn b02_a_crash_of_aider_is_stored_without_path_message_or_source() {
    let Some(environment) = installed("aider-0.86.2") else {
        return;
    };
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let interpreter = environment.clone();
    Person::new(folder.path(), environment).crashes(&collector.url(), &key);

    let unsealed = stored::bytes(&data);
    let printed = collector.stop();
    let mut all = stored::bytes(&data);
    all.push(("what the program printed".to_owned(), printed.into_bytes()));
    all.extend(unsealed);
    let events: Vec<String> = stored::rows(&data)
        .into_iter()
        .map(|row| row.event)
        .collect();
    assert!(
        events.contains(&"exception".to_owned()),
        "stored: {events:?}"
    );
    let has = |word: &str| {
        let with = |(_, bytes): &&(String, Vec<u8>)| {
            bytes
                .windows(word.len())
                .any(|window| window == word.as_bytes())
        };
        all.iter().find(with).map(|(place, _)| place)
    };
    assert!(
        has("RuntimeError").or(has("OSError")).is_some(),
        "the class is stored"
    );
    for secret in [
        REPOSITORY,
        "loop.py",
        "Symlink loop",
        "symbolic links",
        "check_eloop",
        "pathlib",
        "site-packages",
        interpreter.to_str().unwrap(),
    ] {
        assert_eq!(has(secret), None, "{secret} is stored");
    }
}
