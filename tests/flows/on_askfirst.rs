//! An unmodified aider 0.86.2 run by `askfirst-run`: what a person does with it in a day, and
//! what its maintainer reads of that.

use std::fs;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::collector::{Collector, add_project, json, models};
use crate::peer::{installed, runner};
use crate::person::{Endpoint, Person, REPOSITORY};
use crate::pty::Terminal;
use crate::stored;

/// How often a message's end is waited for with another harmless command.
const PATIENCE: usize = 100;

#[test]
fn a_day_with_aider_on_askfirst_is_what_its_maintainer_reads() {
    let (Some(environment), Some(runner)) = (installed("aider-0.86.2"), runner()) else {
        return;
    };
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let endpoint = Endpoint::start(&environment);
    // A yes is stored as aider itself stores one: it may be an end of input, so it is asked.
    let person = Person::new(folder.path(), environment).with(runner);
    let start = || person.at_terminal(&endpoint, &collector.url(), &key);

    works(start());
    person.crashes(&collector.url(), &key);
    // The next session delivers what both have left.
    let mut session = start();
    session.until("Added hello.py to the chat");
    let arrived = (0..PATIENCE).any(|_| {
        session.types("/tokens");
        session.again("tokens total");
        reasons(&data).contains("/exit") && errors(&data).contains("RuntimeError")
    });
    session.types("/exit");
    session.end();
    assert!(arrived, "{}\n{}", reasons(&data), errors(&data));

    let row = models(&data)["rows"][0].clone();
    assert_eq!(row["main_model"], "openai/gpt-4o");
    assert_eq!(row["messages"], 2, "the edit and the question: {row:#}");
    let tokens = (&row["tokens_in"], &row["tokens_out"]);
    assert_eq!(tokens, (&json!(2000), &json!(100)));
    assert_eq!(row["cost_usd"].as_f64(), Some(0.006));
    let formats = report(&data, "edits").to_string();
    for format in ["\"diff\"", "\"ask\""] {
        assert!(formats.contains(format), "{formats}");
    }
    let commands = report(&data, "commands").to_string();
    for command in ["\"ask\"", "\"undo\"", "\"tokens\"", "\"exit\""] {
        assert!(commands.contains(command), "{commands}");
    }

    let unsealed = stored::bytes(&data);
    let printed = collector.stop();
    let mut all = stored::bytes(&data);
    all.push(("what the program printed".to_owned(), printed.into_bytes()));
    all.extend(unsealed);
    for secret in [
        REPOSITORY,
        "hello.py",
        "good morning",
        "loop.py",
        "what is this",
    ] {
        let place = all.iter().find(|(_, bytes)| {
            let mut windows = bytes.windows(secret.len());
            windows.any(|window| window == secret.as_bytes())
        });
        assert_eq!(place.map(|(place, _)| place), None, "{secret} is stored");
    }
}

/// The question, an edit, a question about the code, the edit undone, and the end.
fn works(mut session: Terminal) {
    session.until("(Y)es/(N)o [Yes]:");
    session.types("y");
    session.until("Added hello.py to the chat");
    session.types("add a greeting");
    session.until("Commit ");
    session.types("/ask what is this");
    session.types("/tokens");
    session.until("tokens total");
    session.types("/undo");
    session.until("Removed: ");
    session.types("/exit");
    let (code, screen) = session.end();
    assert_eq!(code, 0, "{screen}");
}

#[test]
fn p05_a_no_to_aider_on_askfirst_holds_for_the_plain_aider_too() {
    let (Some(environment), Some(runner)) = (installed("aider-0.86.2"), runner()) else {
        return;
    };
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let endpoint = Endpoint::start(&environment);
    let plain = Person::new(folder.path(), environment);
    let on_askfirst = plain.clone().with(runner);

    let mut session = on_askfirst.at_terminal(&endpoint, &collector.url(), &key);
    session.until("(Y)es/(N)o [Yes]:");
    session.types("n");
    session.until("Added hello.py to the chat");
    session.types("/exit");
    session.end();
    let log = folder.path().join("analytics.jsonl");
    plain.asks_for_a_greeting(&collector.url(), &key, &log);
    collector.stop();
    assert_eq!(stored::rows(&data).len(), 0, "nothing of either arrived");
    let state = plain.home().join(".aider");
    assert!(state.join("analytics.disabled").exists());
    let theirs = fs::read_to_string(state.join("analytics.json")).unwrap();
    assert!(theirs.contains("\"permanently_disable\": true"), "{theirs}");
}

#[test]
fn p01_a_yes_to_aider_on_askfirst_is_none_that_the_plain_aider_could_read() {
    let (Some(environment), Some(runner)) = (installed("aider-0.86.2"), runner()) else {
        return;
    };
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let key = add_project(&data);
    let collector = Collector::start(&data);
    let endpoint = Endpoint::start(&environment);
    let person = Person::new(folder.path(), environment).with(runner);
    let theirs = person.home().join(".aider/analytics.json");
    fs::remove_file(&theirs).unwrap();

    let mut session = person.at_terminal(&endpoint, &collector.url(), &key);
    session.until("(Y)es/(N)o [Yes]:");
    session.types("y");
    session.until("Analytics are on");
    session.until("Added hello.py to the chat");
    session.types("/exit");
    session.end();
    assert!(person.home().join(".aider/askfirst.json").exists());
    assert!(!theirs.exists());
}

fn report(data: &std::path::Path, name: &str) -> Value {
    json(
        data,
        &["report", name, "--host", "aider", "--period", "all"],
    )
}

fn reasons(data: &std::path::Path) -> String {
    report(data, "exits").to_string()
}

fn errors(data: &std::path::Path) -> String {
    report(data, "errors").to_string()
}
