use std::sync::Arc;

use crate::{Catalog, Models, diff};

const OLD: &str = r#"
[catalog]
name = "small"
version = 3
models = "models.tsv"
[common.version]
kind = "version"
class = "platform"
why = "The tool's version."
since = 1
[property.main_model]
kind = "model"
why = "Which model."
since = 1
[property.cost]
kind = "amount"
unit = "usd"
why = "What it cost."
since = 2
[property.reason]
kind = "enum"
values = ["crash", "done"]
why = "How it ended."
since = 1
[event.message_send]
class = "models"
why = "A message."
reports = ["models"]
since = 1
expires = "never: models are asked for first"
properties = ["main_model", "cost"]
[event.exit]
class = "features"
why = "The end."
reports = ["exits"]
since = 1
expires = "2030-12-31"
properties = ["reason"]
"#;

fn catalog(text: &str) -> Catalog {
    let models = Arc::new(Models::parse(("m", ""), ("p", "")).unwrap());
    Catalog::parse("new.toml", text, models).unwrap()
}

fn changed(changes: &[(&str, &str)]) -> Catalog {
    let mut text = OLD.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    catalog(&text)
}

#[test]
fn d27_a_catalog_may_follow_itself() {
    catalog(OLD).compare(&catalog(OLD)).unwrap();
    assert_eq!(diff(&catalog(OLD), &catalog(OLD)), Vec::<String>::new());
}

#[test]
fn d27_what_grows_may_follow() {
    let new = changed(&[
        ("version = 3", "version = 4"),
        ("\"crash\", \"done\"", "\"done\", \"asked\""),
        ("[event.exit]", NEW_EVENT),
        (
            "expires = \"2030-12-31\"",
            "expires = \"2031-06-30\"\nwithdrawn = true",
        ),
    ]);
    new.compare(&catalog(OLD)).unwrap();
    insta::assert_snapshot!(diff(&catalog(OLD), &new).join("\n"), @r#"
    ~ catalog: version 3 -> 4
    ~ event.exit: expires "2030-12-31" -> "2031-06-30"
    ~ event.exit: withdrawn false -> true
    + event.launched: features, A start.
    ~ property.reason: values + asked - crash
    "#);
    insta::assert_snapshot!(diff(&new, &catalog(OLD)).join("\n"), @r#"
    ~ catalog: version 4 -> 3
    ~ event.exit: expires "2031-06-30" -> "2030-12-31"
    ~ event.exit: withdrawn true -> false
    ~ property.reason: values + crash - asked
    - event.launched
    "#);
}

const NEW_EVENT: &str = r#"[event.launched]
class = "features"
why = "A start."
reports = ["activity"]
since = 4
expires = "never: every rate is counted against starts"
[event.exit]"#;

#[test]
fn d27_what_changes_a_meaning_may_not_follow() {
    let new = changed(&[
        (
            "kind = \"enum\"\nvalues = [\"crash\", \"done\"]",
            "kind = \"bool\"",
        ),
        ("kind = \"version\"", "kind = \"version\"\nparts = 2"),
        ("since = 2", "since = 3"),
        ("[event.message_send]", "[event.message_sent]"),
        ("main_model", "primary_model"),
        (
            "kind = \"amount\"\nunit = \"usd\"",
            "kind = \"count\"\nmax = 7",
        ),
    ]);
    insta::assert_snapshot!(new.compare(&catalog(OLD)).unwrap_err(), @r#"
    new.toml:4: catalog: changed, but its version is 3; write 4
    new.toml:4: event.message_send: is gone; keep it with withdrawn = true: what is stored stays readable
    new.toml:4: property.main_model: is gone; keep it with withdrawn = true: its column stays readable
    new.toml:6: common.version: was version of 3 parts, is version of 2 parts; withdraw it and add a property of another name
    new.toml:12: property.primary_model: is new, but says it came with version 1; write the version that brings it
    new.toml:16: property.cost: came with version 2, and now says 3; keep the version that brought the entry
    new.toml:16: property.cost: was amount in usd, is count; withdraw it and add a property of another name
    new.toml:21: property.reason: was enum, is bool; withdraw it and add a property of another name
    new.toml:25: event.message_sent: is new, but says it came with version 1; write the version that brings it
    "#);
}

#[test]
fn d27_another_catalog_does_not_follow() {
    let new = changed(&[("\"small\"", "\"large\"")]);
    insta::assert_snapshot!(new.compare(&catalog(OLD)).unwrap_err(), @"new.toml:4: catalog: is `large`, the one before is `small`; compare versions of one catalog");
}
