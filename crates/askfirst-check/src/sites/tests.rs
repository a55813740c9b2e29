use super::*;

fn found(name: &str, text: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(name), text).unwrap();
    let sites = find(dir.path(), &Catalog::builtin()).unwrap().sites;
    let said = |site: &Site| {
        let note = if site.declared { "" } else { "?" };
        format!("{} {}{note}", site.line, site.event)
    };
    sites.iter().map(said).collect()
}

#[test]
fn p12_rust_is_found_by_the_type_of_the_event() {
    let text = r##"
/// analytics.record(Launched::default())
fn work(analytics: &Analytics) {
    analytics.record(Launched::default());
    self.analytics
        .record(events::CliSession { main_model: None });
    let quoted = "analytics.record(Exit {})"; // analytics.record(Exit {})
    let raw = r#" " analytics.record(Exit {}) "#;
    let letter = '"';
    analytics.record(Keystrokes { n: 1 });
    analytics.record(event);
    histogram.record(7);
    analytics.record_panics(&profile);
}
"##;
    assert_eq!(
        found("a.rs", text),
        [
            "4 launched",
            "6 cli session",
            "10 Keystrokes?",
            "11 (event)?"
        ]
    );
}

#[test]
fn p12_python_is_found_by_the_name_of_the_event() {
    let text = r#"
def work(self):
    """analytics.event("exit")"""
    analytics.event("launched")  # analytics.event("exit")
    self.coder.event(f"command_{name}")
    self.event(
        "message_send", cost=1)
    text = 'analytics.event("exit")'
    self.event(name)
    analytics.event("keystrokes")
    camera.capture("frame")
    self.ph.capture("no-repo", distinct_id=1)
"#;
    assert_eq!(
        found("a.py", text),
        [
            "4 launched",
            "5 command",
            "6 message_send",
            "9 (name)?",
            "10 keystrokes?",
            "12 no-repo"
        ]
    );
}

#[test]
fn p12_typescript_is_found_by_the_name_of_the_event() {
    let text = r#"
// analytics.event("exit")
/* analytics.event("exit") */
analytics.event("launched");
this.analytics?.record('exit', { reason: "x" });
posthog.capture({ distinctId: id, event: "no-repo" });
const text = `analytics.event("exit")`;
analytics.event(name);
emitter.event("exit");
"#;
    assert_eq!(
        found("a.ts", text),
        ["4 launched", "5 exit", "6 no-repo", "8 (name)?"]
    );
}

#[test]
fn p12_what_is_declared_and_never_recorded_is_listed() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.py"), "analytics.event('launched')\n").unwrap();
    let sites = find(dir.path(), &Catalog::builtin()).unwrap();
    assert!(sites.all_declared());
    assert!(!sites.never.contains(&"launched".to_owned()));
    assert!(sites.never.contains(&"message_send".to_owned()));
    assert!(
        sites.text().contains("1 places, 0 of them"),
        "{}",
        sites.text()
    );
}

#[test]
fn p12_what_was_built_fetched_or_only_tests_is_no_source() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["node_modules", "tests", ".venv", "src"] {
        std::fs::create_dir(dir.path().join(folder)).unwrap();
        std::fs::write(
            dir.path().join(folder).join("a.js"),
            "analytics.event('exit')",
        )
        .unwrap();
    }
    let sites = find(dir.path(), &Catalog::builtin()).unwrap().sites;
    assert_eq!(sites.len(), 1, "{sites:?}");
}

#[test]
fn p12_a_search_that_finds_more_or_less_than_what_records_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("a.py"),
        "analytics.event('launched')\ncalendar.event\n# .event( of the calendar\n",
    )
    .unwrap();
    let catalog = Catalog::builtin();
    let seen = |search: &str| compare(dir.path(), search, &catalog).unwrap();
    assert_eq!(seen("analytics.event("), None);
    assert_eq!(
        seen(".event(").unwrap(),
        "`.event(` finds a.py:3, which records nothing"
    );
    assert_eq!(seen("record(").unwrap(), "`record(` does not find a.py:1");
}
