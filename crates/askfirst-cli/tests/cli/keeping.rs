//! How long events are kept, whether all is as it was written, and what a file holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::{Catalog, Common};
use askfirst_store::testing::ManualClock;
use askfirst_store::{Consent, LineKey, NewProject, Options, Retention, Row, Store};
use serde_json::{Value, json};

use crate::home::{Home, files, line, post};

const DAY: i64 = 86_400_000;

/// A home with a project that received an event of ten days ago and one of now, sealed into one
/// file.
fn received() -> (Home, String) {
    let home = Home::new();
    let key = home.json("project add mine --host aider --format json")["key"].clone();
    let server = home.serve();
    let now = jiff::Timestamp::now();
    let old = now - jiff::SignedDuration::from_hours(240);
    for (at, version, id) in [(old, "0.12.0", 1), (now, "0.70.0", 2)] {
        let body = json!({
            "api_key": key,
            "event": "launched",
            "uuid": format!("0b1b9e5e-3a5e-4c55-9f39-2f1d8e5b7c1{id}"),
            "distinct_id": format!("4b1b9e5e-3a5e-4c55-9f39-2f1d8e5b7c1{id}"),
            "timestamp": at.to_string(),
            "properties": { "$lib": "posthog-python", "version": version },
        });
        let (status, said) = post(server.address(), "/capture/", &body.to_string());
        assert_eq!(status, 200, "{said}");
    }
    server.stop().ok();
    (home, old.strftime("%Y-%m-%d").to_string())
}

/// Everything the program says about what is stored.
fn said(home: &Home) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for report in [
        "activity", "models", "edits", "commands", "exits", "errors", "versions",
    ] {
        for format in ["table", "csv", "json"] {
            let command = format!("report {report} --period all --top all --format {format}");
            let ran = home.run(&command);
            // A report that has nothing to say may say so on standard error.
            all.push((command, ran.stdout + &ran.stderr));
        }
    }
    for format in ["table", "json"] {
        let command = format!("status --format {format}");
        let text = home.ok(&command);
        all.push((command, text));
    }
    all
}

#[test]
fn p17_what_has_expired_is_in_no_report_while_its_file_is_still_there() {
    let (home, day) = received();
    let has_old = |(_, text): &&(String, String)| text.contains("0.12.0") || text.contains(&day);
    let before = said(&home);
    let shown = before.iter().filter(has_old).count();
    assert!(shown > 5, "{before:?}");
    let segment = only(&home, "parquet");
    home.ok("project retention mine --days 5");
    assert!(segment.exists(), "half of it has not expired");
    let after = said(&home);
    let shown: Vec<_> = after.iter().filter(has_old).collect();
    assert!(shown.is_empty(), "{shown:?}");
    let status = home.json("status --format json");
    assert_eq!(status["projects"][0]["events"], 1);
    assert_eq!(status["projects"][0]["installs"], 1);
    assert_eq!(status["projects"][0]["outcomes"]["accepted"]["accepted"], 2);
    home.ok("project retention mine --days 1");
    assert!(
        home.ok("store verify")
            .contains("everything is as it was written")
    );
}

#[test]
fn p17_received_events_are_kept_no_longer_than_the_users_were_told() {
    let home = Home::new();
    home.run("project add other --host aider --retention-days 181")
        .refused(2);
    home.ok("project add mine --host aider --retention-days 90 --imported-days 3650");
    for served in [true, false] {
        let server = served.then(|| home.serve());
        let shown = home.json("project retention mine --format json");
        let expected = json!({ "project": "mine", "kept_days": 90, "imported_days": 3650 });
        assert_eq!(shown, expected);
        let more = home.run("project retention mine --days 181").refused(2);
        assert!(more.contains("kept 180 days at most, not 181"), "{more}");
        assert!(more.contains("its profile aider"), "{more}");
        home.run("project retention mine --days 0").refused(2);
        home.run("project retention nobody --days 5").refused(2);
        home.ok("project retention mine --days 30 --imported-days 4000");
        let listed = home.json("project list --format json");
        assert_eq!(listed["projects"][0]["kept_days"], 30, "served: {served}");
        assert_eq!(listed["projects"][0]["imported_days"], 4000);
        let status = home.ok("status");
        assert!(
            status.contains("kept       30 days; imported events 4,000 days after their import"),
            "{status}"
        );
        home.ok("project retention mine --days 90 --imported-days 3650");
        drop(server);
    }
}

#[test]
fn d34_a_doubted_clock_is_said_and_accepted() {
    let home = Home::new();
    let then = jiff::Timestamp::now().as_millisecond() - 400 * DAY;
    long_ago(&home.data(), then);
    let status = home.json("status --format json");
    assert_eq!(status["clock_doubted"]["files_held_back"], 1, "{status}");
    assert_eq!(status["projects"][0]["events"], 1, "still shown");
    let text = home.ok("status");
    assert!(text.contains("clock doubted: "), "{text}");
    assert!(text.contains("askfirst store accept-clock"), "{text}");
    let served = home.serve().stop();
    assert!(served.stderr.contains("clock doubted: "), "{served:?}");
    let segment = only(&home, "parquet");
    let accepted = home.run("store accept-clock");
    assert!(
        accepted.stderr.contains("as the clock says"),
        "{accepted:?}"
    );
    assert!(!segment.exists());
    let status = home.json("status --format json");
    assert_eq!(status["clock_doubted"], Value::Null);
    assert_eq!(status["projects"][0]["events"], 0);
    let again = home.run("store accept-clock");
    assert!(again.stderr.contains("not doubted"), "{again:?}");
    home.ok("store verify");
}

/// A data directory whose writer ran long ago, with one imported event.
fn long_ago(data: &Path, then: i64) {
    let mut options = Options::new(Catalog::builtin());
    options.clock = Arc::new(ManualClock::new(then));
    let store = Store::open(data, options).expect("a store");
    let new = NewProject::new("mine", "aider", Retention::days(180));
    let (project, _) = store.add_project(new).expect("a project");
    let mut importer = store.importer(project.id).expect("an importer");
    let row = Row {
        ts: then,
        skew_s: 0,
        event: store.catalog().find_event("launched").expect("an event"),
        install: None,
        consent: Consent::Imported,
        common: Common::default(),
        values: Vec::new(),
        key: 1,
    };
    importer.push(LineKey::Line(1), row, &[]).expect("a line");
    importer.finish().expect("an import");
    store.close().expect("closed");
}

#[test]
fn verify_says_every_problem_with_what_to_do_and_ends_with_1() {
    let home = imported();
    let sound = home.json("store verify --format json");
    assert_eq!((&sound["sound"], &sound["rows"]), (&json!(true), &json!(2)));
    let server = home.serve();
    home.ok("store verify");
    server.stop().ok();
    for path in [only(&home, "parquet"), only(&home, "keys")] {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[60] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    let ran = home.run("store verify");
    assert_eq!(ran.code, 1, "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    for (line, file) in lines.iter().zip(["parquet", "keys"]) {
        assert!(line.contains(&format!(".{file}: ")), "{ran:?}");
        assert!(line.contains("To do: restore it from a backup"), "{ran:?}");
    }
    let found = home.run("store verify --format json");
    assert_eq!(found.code, 1);
    let found: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(found["sound"], false);
    assert!(found["problems"].as_array().unwrap().len() >= 2, "{found}");
    home.run("store verify --data nowhere").refused(1);
    home.run("store verify --deeply").refused(2);
}

#[test]
fn inspect_says_what_every_file_is_and_no_secret() {
    let home = imported();
    let key = home.json("project add second --host aider --format json");
    let manifest = std::fs::read_to_string(home.data().join("MANIFEST")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let mut secrets = vec![key["key"].as_str().unwrap()[4..].to_owned()];
    for project in manifest["body"]["projects"].as_array().unwrap() {
        secrets.push(project["salt"].as_str().unwrap().to_owned());
        secrets.push(project["keys"][0].as_str().unwrap().to_owned());
    }
    home.serve().stop().ok();
    let signs = std::fs::read_to_string(home.data().join("receipt.key")).unwrap();
    secrets.push(signs.lines().nth(1).unwrap().to_owned());
    let mut kinds = Vec::new();
    for (path, bytes) in files(&home.data()) {
        if bytes.is_empty() {
            continue;
        }
        // A copy, with nothing of the data directory beside it.
        let copy = home.write("elsewhere/copy", &bytes);
        for format in ["table", "json", "csv"] {
            let copy = copy.to_str().unwrap();
            let said = home.run_args(&["inspect", copy, "--format", format, "--rows", "9"]);
            let text = said.ok();
            let told = secrets.iter().find(|it| text.contains(it.as_str()));
            assert_eq!(told, None, "{}", path.display());
            if format == "json" {
                let seen: Value = serde_json::from_str(&text).unwrap();
                kinds.push(seen["kind"].as_str().unwrap().to_owned());
            }
        }
    }
    kinds.sort();
    kinds.dedup();
    let signs = "key that signs receipts";
    assert_eq!(kinds, ["catalog", "key run", signs, "manifest", "segment"]);
}

#[test]
fn inspect_shows_rows_of_segments_and_of_the_log() {
    let home = imported();
    let segment = only(&home, "parquet");
    let text = home.ok(&format!("inspect {}", segment.display()));
    for expected in [
        "segment",
        "p_version",
        "launched  2",
        "version=0.70",
        "and 1 more",
    ] {
        let text = home.ok(&format!("inspect {} --rows 1", segment.display())) + &text;
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let key = home.json("project rotate aider --format json")["key"].clone();
    let server = home.serve();
    let id = "0b1b9e5e-3a5e-4c55-9f39-2f1d8e5b7c11";
    assert_eq!(server.send(key.as_str().unwrap(), "launched", id).0, 200);
    let log = only(&home, "wal");
    let seen = home.json(&format!("inspect {} --format json", log.display()));
    assert_eq!(seen["kind"], "file of the write-ahead log");
    assert_eq!(seen["lists"]["rows"][0]["event"], "launched", "{seen}");
    assert!(!seen.to_string().contains(id), "an event's id");
}

#[test]
fn a_foreign_or_damaged_file_gets_a_clear_sentence() {
    let home = imported();
    let foreign = home.write("notes.txt", "milk, bread");
    let ran = home.run_args(&["inspect", foreign.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("notes.txt is no file of askfirst"),
        "{ran:?}"
    );
    let whole = std::fs::read(only(&home, "parquet")).unwrap();
    for (name, bytes) in [
        ("half", whole[..whole.len() / 2].to_vec()),
        ("four", whole[..4].to_vec()),
        ("key", b"askfkey\0\x01".to_vec()),
        ("wal", b"askfwal\0\x01".to_vec()),
        ("json", b"{\"askfirst_manifest\":1}".to_vec()),
    ] {
        let path = home.write(name, bytes);
        let ran = home.run_args(&["inspect", path.to_str().unwrap()]);
        assert_eq!(ran.code, 1, "{name}: {ran:?}");
        assert!(!ran.stderr.contains("panicked"), "{name}: {ran:?}");
        assert!(ran.stderr.contains("to do: "), "{name}: {ran:?}");
    }
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let path = home.write("flipped", bytes);
        let ran = home.run_args(&["inspect", path.to_str().unwrap()]);
        assert!(ran.code <= 1, "byte {at}: {ran:?}");
        assert!(!ran.stderr.contains("panicked"), "byte {at}: {ran:?}");
    }
    home.run("inspect nowhere").refused(1);
    home.run("inspect .").refused(1);
}

/// A home with two imported events.
fn imported() -> Home {
    let home = Home::new();
    let of = |time| line("launched", time, &json!({ "version": "0.70.0" }));
    let log = home.write("log.jsonl", of(1_733_000_000) + &of(1_733_000_001));
    home.import(&log, "--host aider").ok();
    home
}

/// The only file with this ending.
fn only(home: &Home, end: &str) -> PathBuf {
    let all = files(&home.data()).into_keys();
    let mut found: Vec<PathBuf> = all
        .filter(|path| path.extension() == Some(end.as_ref()))
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}
