//! An unmodified aider 0.86.2 run by `askfirst-run`: what a person does with it in a day, and
//! what its maintainer reads of that.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use tempfile::{TempDir, tempdir};

use crate::collector::{Collector, add_project, json, models};
use crate::environment::in_ci;
use crate::peer::installed;
use crate::person::{Endpoint, Person, REPOSITORY};
use crate::pty::Terminal;
use crate::runner::runner;
use crate::stored;

/// How often a message's end is waited for with another harmless command.
const PATIENCE: usize = 100;

/// Someone with aider, `askfirst-run`, a model to talk to and a collector to send to.
struct Day {
    folder: TempDir,
    data: PathBuf,
    key: String,
    collector: Collector,
    endpoint: Endpoint,
    plain: Person,
    on_askfirst: Person,
}

impl Day {
    /// Where both are installed. A yes is stored as aider itself stores one: it may be an end
    /// of input.
    fn begin() -> Option<Day> {
        let (environment, runner) = (installed("aider-0.86.2")?, runner(in_ci())?);
        let folder = tempdir().unwrap();
        let data = folder.path().join("data");
        let key = add_project(&data);
        let endpoint = Endpoint::start(&environment);
        let plain = Person::new(folder.path(), environment);
        Some(Day {
            key,
            collector: Collector::start(&data),
            endpoint,
            on_askfirst: plain.clone().with(runner),
            plain,
            data,
            folder,
        })
    }

    /// They start it, and answer the question if it comes.
    fn starts(&self, answer: Option<&str>) -> Terminal {
        let url = self.collector.url();
        let person = &self.on_askfirst;
        let mut session = person.at_terminal(&self.endpoint, &url, &self.key);
        if let Some(answer) = answer {
            session.until("(Y)es/(N)o [Yes]:");
            session.types(answer);
        }
        session.until("Added hello.py to the chat");
        session
    }

    fn report(&self, name: &str) -> String {
        let question = ["report", name, "--host", "aider", "--period", "all"];
        json(&self.data, &question).to_string()
    }
}

#[test]
fn a_day_with_aider_on_askfirst_is_what_its_maintainer_reads() {
    let Some(day) = Day::begin() else { return };
    works(day.starts(Some("y")));
    day.on_askfirst.crashes(&day.collector.url(), &day.key);
    // The next session delivers what both have left.
    let mut session = day.starts(None);
    let arrived = (0..PATIENCE).any(|_| {
        session.types("/tokens");
        session.again("tokens total");
        day.report("exits").contains("/exit") && day.report("errors").contains("RuntimeError")
    });
    ends(session);
    assert!(arrived, "{}", day.report("errors"));

    let row = models(&day.data)["rows"][0].clone();
    assert_eq!(row["main_model"], "openai/gpt-4o");
    assert_eq!(row["messages"], 2, "the edit and the question: {row:#}");
    let tokens = (&row["tokens_in"], &row["tokens_out"]);
    assert_eq!(tokens, (&json!(2000), &json!(100)));
    assert_eq!(row["cost_usd"].as_f64(), Some(0.006));
    for (report, words) in [
        ("edits", &["diff", "ask"][..]),
        ("commands", &["ask", "undo", "tokens", "exit"]),
    ] {
        let said = day.report(report);
        for word in words {
            assert!(said.contains(&format!("{word:?}")), "{report}: {said}");
        }
    }
    holds_none(
        day,
        &[
            REPOSITORY,
            "hello.py",
            "good morning",
            "loop.py",
            "what is this",
        ],
    );
}

/// An edit, a question about the code, the edit undone, and the end.
fn works(mut session: Terminal) {
    session.types("add a greeting");
    session.until("Commit ");
    session.types("/ask what is this");
    session.types("/tokens");
    session.until("tokens total");
    session.types("/undo");
    session.until("Removed: ");
    ends(session);
}

fn ends(mut session: Terminal) {
    session.types("/exit");
    let (code, screen) = session.end();
    assert_eq!(code, 0, "{screen}");
}

/// None of the words is in any byte of the data directory, sealed or not.
fn holds_none(day: Day, words: &[&str]) {
    let mut all = stored::bytes(&day.data);
    let printed = day.collector.stop();
    all.push(("what the program printed".to_owned(), printed.into_bytes()));
    all.extend(stored::bytes(&day.data));
    for word in words {
        let place = all.iter().find(|(_, bytes)| {
            let mut windows = bytes.windows(word.len());
            windows.any(|window| window == word.as_bytes())
        });
        assert_eq!(place.map(|(place, _)| place), None, "{word} is stored");
    }
}

#[test]
fn p05_a_no_to_aider_on_askfirst_holds_for_the_plain_aider_too() {
    let Some(day) = Day::begin() else { return };
    ends(day.starts(Some("n")));
    let log = day.folder.path().join("analytics.jsonl");
    day.plain
        .asks_for_a_greeting(&day.collector.url(), &day.key, &log);
    day.collector.stop();
    let arrived = stored::rows(&day.data).len();
    assert_eq!(arrived, 0, "nothing of either");
    let state = day.plain.home().join(".aider");
    assert!(state.join("analytics.disabled").exists());
    let theirs = fs::read_to_string(state.join("analytics.json")).unwrap();
    assert!(theirs.contains("\"permanently_disable\": true"), "{theirs}");
}

#[test]
fn p01_a_yes_to_aider_on_askfirst_is_none_that_the_plain_aider_could_read() {
    let Some(day) = Day::begin() else { return };
    let state = day.plain.home().join(".aider");
    let theirs = state.join("analytics.json");
    fs::remove_file(&theirs).unwrap();
    let mut session = day.starts(Some("y"));
    session.until("Analytics are on");
    ends(session);
    assert!(state.join("askfirst.json").exists());
    assert!(!theirs.exists());
}
