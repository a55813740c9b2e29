//! The shipped catalog has every event the five tools send, with every word of theirs.
//!
//! The words stand here a second time on purpose: they are what the released tools write, and
//! a word that falls out of the catalog becomes `other` in every report.

use std::collections::BTreeSet;

use askfirst_catalog::{Catalog, Class, Event, Kind, Precision, Profile};

fn words(property: &str) -> BTreeSet<String> {
    let catalog = Catalog::builtin();
    let property = catalog.property(catalog.find_property(property).expect(property));
    let words = property.kind.values().iter();
    words.map(|word| word.to_string()).collect()
}

fn missing<'w>(property: &str, expected: impl IntoIterator<Item = &'w str>) -> Vec<&'w str> {
    let words = words(property);
    let expected = expected.into_iter();
    expected.filter(|word| !words.contains(*word)).collect()
}

/// Every call site of the five tools: event and properties.
const SENT: [(&str, &[&str]); 19] = [
    ("launched", &[]),
    ("gui session", &[]),
    ("repo", &["num_files"]),
    ("no-repo", &[]),
    ("auto_commits", &["enabled"]),
    ("copy-paste mode", &[]),
    (
        "model warning",
        &["main_model", "weak_model", "editor_model"],
    ),
    (
        "cli session",
        &["main_model", "weak_model", "editor_model", "edit_format"],
    ),
    ("message_send_starting", &[]),
    (
        "message_send",
        &[
            "main_model",
            "weak_model",
            "editor_model",
            "edit_format",
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "cost",
        ],
    ),
    ("message_send_exception", &["error"]),
    ("command", &["name"]),
    ("interactive help", &[]),
    ("ai-comments file-add", &[]),
    ("ai-comments execute", &[]),
    ("auto_model_selection", &["selected_model"]),
    ("oauth_flow", &["step", "provider", "reason"]),
    ("exit", &["reason"]),
    ("exception", &["error", "frames"]),
];

fn properties(catalog: &Catalog, event: &Event) -> BTreeSet<String> {
    let ids = event.properties.iter();
    ids.map(|id| catalog.property(*id).name.to_string())
        .collect()
}

#[test]
fn p03_every_event_the_tools_send_is_there_with_its_properties() {
    let catalog = Catalog::builtin();
    for (name, expected) in SENT {
        let id = catalog.find_event(name).expect(name);
        let found = properties(&catalog, catalog.event(id));
        for property in expected {
            assert!(found.contains(*property), "{name}: {property}");
        }
    }
    for (name, alias) in [
        ("error", "exception"),
        ("selected_model", "model"),
        ("version", "aider_version"),
        ("version", "llmcode_version"),
        ("version", "blackboxai_version"),
        ("version", "cecli_version"),
        ("version", "dev_version"),
    ] {
        let property = catalog.property(catalog.find_property(name).expect(name));
        assert!(
            property.aliases.iter().any(|known| known == alias),
            "{alias}"
        );
    }
}

#[test]
fn p03_every_command_of_the_tools_is_there() {
    let aider = "add architect ask chat-mode clear code commit context copy copy-context diff drop \
        edit editor editor-model exit git help lint load ls map map-refresh model models \
        multiline-mode paste quit read-only reasoning-effort report reset run save settings test \
        think-tokens tokens undo voice weak-model web";
    assert_eq!(aider.split_whitespace().count(), 42);
    assert_eq!(missing("name", aider.split_whitespace()), [""; 0]);
    // cecli's 84 are those without `chat-mode`, and its own.
    assert_eq!(words("name").len(), 85);
    let own = [
        "agent",
        "hot-reload",
        "read-only-stub",
        "spawn-agent",
        "workspace",
    ];
    assert_eq!(missing("name", own), [""; 0]);
}

#[test]
fn p03_every_edit_format_of_the_tools_is_there() {
    let formats = "architect ask context diff diff-fenced editor-diff editor-diff-fenced \
        editor-whole help patch udiff udiff-simple whole";
    assert_eq!(missing("edit_format", formats.split_whitespace()), [""; 0]);
    let older_and_ceclis = ["str-replace", "agent", "hashline", "subagent"];
    assert_eq!(missing("edit_format", older_and_ceclis), [""; 0]);
}

#[test]
fn p03_every_exit_reason_of_the_tools_is_there() {
    let reasons = "/exit, Control-C, Applied updates, Completed --message, \
        Completed --message-file, Completed lint/test/commit, Completed main CLI coder.run, \
        Directory with --no-git, Exit flag set, Failed to read apply content, GUI session ended, \
        Installed main branch, Invalid alias format error, Invalid directory input, \
        Invalid lint command format, Just checking update, \
        Keyboard interrupt during model warnings, Listed models, Message file IO error, \
        Message file not found, No test command provided, \
        OpenRouter key missing after successful OAuth for specified model, \
        OpenRouter key missing for specified model and OAuth failed/declined, \
        Recursing with correct repo, Repository sanity check failed, Returning coder object, \
        Showed prompts, Showed repo map, Streamlit not installed, Unknown edit format, \
        Upgrade completed, ValueError during coder creation";
    assert_eq!(reasons.split(", ").count(), 32);
    assert_eq!(missing("reason", reasons.split(", ")), [""; 0]);
    let devs_and_sign_in = [
        "Install TSLP completed",
        "user_interrupt",
        "code_exchange_failed",
    ];
    assert_eq!(missing("reason", devs_and_sign_in), [""; 0]);
}

#[test]
fn what_maintainers_lack_is_there_and_what_no_page_names_is_off() {
    let catalog = Catalog::builtin();
    let edit = catalog.event(catalog.find_event("edit").unwrap());
    let found = properties(&catalog, edit);
    for property in ["applied", "failed", "retries"] {
        assert!(found.contains(property), "{property}");
    }
    for (name, class) in [
        ("lint", Class::Work),
        ("test", Class::Work),
        ("language touched", Class::Work),
        ("message duration", Class::Timing),
        ("session length", Class::Timing),
    ] {
        let event = catalog.event(catalog.find_event(name).expect(name));
        assert_eq!(event.class, class, "{name}");
        for id in Profile::builtin_ids() {
            let profile = Profile::builtin(id).unwrap();
            assert!(!profile.classes.contains(class), "{id}: {name}");
        }
    }
}

#[test]
fn only_what_means_nothing_outside_its_session_is_sent_exactly() {
    let catalog = Catalog::builtin();
    let exact = catalog.properties().iter().filter_map(|property| {
        let exact = property.kind.precision() == Some(Precision::Exact);
        exact.then_some(&*property.name)
    });
    assert_eq!(exact.collect::<Vec<_>>(), ["seq", "session"]);
    let files = catalog.property(catalog.find_property("num_files").unwrap());
    assert!(matches!(
        files.kind,
        Kind::Count {
            precision: Precision::PowerOfTwo,
            ..
        }
    ));
}

#[test]
fn running_totals_are_not_collected() {
    let catalog = Catalog::builtin();
    assert_eq!(catalog.find_property("total_cost"), None);
    let mut aliases = catalog.properties().iter().flat_map(|p| &p.aliases);
    assert!(!aliases.any(|alias| alias == "total_cost"));
}
