//! A profile is refused with every problem at once, each with its line and what to write.

use super::{Profile, YesLasts};
use crate::catalog::Catalog;
use crate::class::Class;

const AIDER: &str = include_str!("../../../../hosts/aider.toml");
const CECLI: &str = include_str!("../../../../hosts/cecli.toml");

fn problems(text: &str) -> Vec<String> {
    match Profile::parse("hosts/x.toml", text, &Catalog::builtin()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// The problems of the aider profile with one text replaced.
fn aider_with(from: &str, to: &str) -> Vec<String> {
    assert!(AIDER.contains(from), "{from}");
    problems(&AIDER.replacen(from, to, 1))
}

#[test]
fn every_shipped_profile_is_valid_and_found_by_its_id() {
    let ids = Profile::builtin_ids();
    assert_eq!(ids, ["aider", "blackboxai", "cecli", "dev", "llmcode"]);
    for id in ids {
        assert_eq!(Profile::builtin(id).unwrap().id, *id);
    }
    assert!(Profile::builtin("Aider").is_none());
}

#[test]
fn p03_shipped_profiles_collect_what_the_pages_name_and_no_work_or_timing() {
    for id in Profile::builtin_ids() {
        let profile = Profile::builtin(id).unwrap();
        let classes: Vec<Class> = profile.classes.iter().collect();
        assert_eq!(classes, Class::ALL[..5], "{id}");
    }
}

#[test]
fn p08_shipped_profiles_ask_the_share_their_pages_name() {
    for id in Profile::builtin_ids() {
        let profile = Profile::builtin(id).unwrap();
        let (percent, lasts) = match *id {
            "blackboxai" => (0, YesLasts::Session),
            _ => (10, YesLasts::UntilWithdrawn),
        };
        assert_eq!(profile.ask_percent, percent, "{id}");
        assert_eq!(profile.question.yes_lasts, lasts, "{id}");
    }
}

#[test]
fn b11_shipped_profiles_name_no_host_and_no_real_key() {
    for id in Profile::builtin_ids() {
        let profile = Profile::builtin(id).unwrap();
        assert_eq!(profile.host, None, "{id}");
        assert_eq!(profile.project_key, format!("askfirst-{id}"));
        let expected = (*id == "cecli").then_some("app.posthog.com");
        assert_eq!(profile.default_host.as_deref(), expected, "{id}");
    }
}

#[test]
fn b11_a_real_key_without_a_host_is_refused() {
    let found = aider_with("\"askfirst-aider\"", "\"phc_real\"");
    assert_eq!(
        found,
        [
            "hosts/x.toml:38: delivery: `project_key` is a real key without a `host`; \
             write \"askfirst-aider\": a copy of the profile must send to nobody (B11)"
        ]
    );
    let with_host = "host = \"collector.example.org\"\nproject_key = \"phc_real\"";
    let found = aider_with("project_key = \"askfirst-aider\"", with_host);
    assert_eq!(found, [""; 0]);
}

#[test]
fn p15_a_destination_without_who_answers_for_it_is_refused() {
    for key in ["publisher", "contact", "recipient", "region"] {
        let without: String = CECLI
            .lines()
            .filter(|line| !line.starts_with(&format!("{key} =")))
            .map(|line| format!("{line}\n"))
            .collect();
        let found = problems(&without);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(&format!("names a destination, but no `{key}`")));

        let nowhere = without.replace("default_host = \"app.posthog.com\"\n", "");
        assert_eq!(
            problems(&nowhere),
            [""; 0],
            "without a destination it may be left out"
        );
    }
}

#[test]
fn p12_the_link_to_the_call_sites_searches_for_call_search() {
    for id in Profile::builtin_ids() {
        assert_eq!(Profile::builtin(id).unwrap().call_search, ".event(");
    }
    let found = aider_with("call_search = \".event(\"", "call_search = \".record(\"");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("does not search for \".record(\""),
        "{found:?}"
    );
}

#[test]
fn b04_only_fixed_paths_in_the_home_can_be_named_as_home_config() {
    for path in [
        ".aider.conf.yml",
        "~/../x.yml",
        "~/./x.yml",
        "/etc/x.yml",
        "~/",
        "~",
        "~/a//b",
        "C:\\x",
    ] {
        let found = aider_with("\"~/.aider.conf.yml\"", &format!("{path:?}"));
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        assert!(
            found[0].contains("`home_config` is not a path below the home"),
            "{found:?}"
        );
    }
}

#[test]
fn b12_the_folders_of_forerunners_lie_in_the_home_and_are_not_the_tools_own() {
    let with = |dir: &str| {
        aider_with(
            "env_prefix = \"AIDER_\"",
            &format!("env_prefix = \"AIDER_\"\nforerunners = [{dir:?}]"),
        )
    };
    assert_eq!(with("~/.before"), Vec::<String>::new());
    for (dir, rule) in [
        ("/etc", "`forerunners` is not a path below the home"),
        ("~/../x", "`forerunners` is not a path below the home"),
        ("~/.aider", "which is `state_dir`"),
    ] {
        let found = with(dir);
        assert_eq!(found.len(), 1, "{dir}: {found:?}");
        assert!(found[0].contains(rule), "{found:?}");
    }
    let cecli = Profile::builtin("cecli").unwrap();
    assert_eq!(cecli.files.forerunners, ["~/.aider"]);
    let aider = Profile::builtin("aider").unwrap();
    assert!(aider.files.forerunners.is_empty());
}

#[test]
fn each_rule_is_broken_alone_and_named_with_its_line() {
    for (from, to, line, rule) in [
        (
            "id = \"aider\"",
            "id = \"Aider\"",
            4,
            "`id` is not a plain name",
        ),
        (
            "name = \"aider\"",
            "name = \"other\"",
            6,
            "`title` is \"Aider\"",
        ),
        (
            "command = \"aider\"",
            "command = \"aider --x\"",
            7,
            "`command` is not",
        ),
        ("\"llm-coding\"", "\"llm\"", 8, "`catalog` is \"llm\""),
        (
            "\"edits\"",
            "\"models\"",
            9,
            "`classes` has \"models\" twice",
        ),
        ("\"edits\"", "\"edit\"", 9, "\"edit\", which is no class"),
        (
            "\"modules/aider.txt\"",
            "\"../aider.txt\"",
            10,
            "`modules` is not",
        ),
        ("\"AIDER_\"", "\"AIDER\"", 16, "`env_prefix` is not"),
        ("version = 1", "version = 0", 19, "`version` is 0"),
        (
            "ask_percent = 10",
            "ask_percent = 101",
            20,
            "`ask_percent` is 101",
        ),
        (
            "\"until withdrawn\"",
            "\"forever\"",
            21,
            "`yes_lasts` is \"forever\"",
        ),
        (
            "Aider respects",
            "It respects",
            22,
            "`statement` does not name Aider",
        ),
        (
            "improve aider?",
            "improve it?",
            25,
            "`text` does not name aider",
        ),
        (" [Yes]:", "", 25, "`text` does not end with the choices"),
        (
            "\"https://aider.chat",
            "\"/aider.chat",
            31,
            "`more_info` is not an address",
        ),
        (
            "\"/docs/legal",
            "\"docs/legal",
            33,
            "`privacy` is not a link",
        ),
        (
            "retention_days = 180",
            "retention_days = 0",
            39,
            "`retention_days` is 0",
        ),
        (
            "retention_days = 180",
            "retention = 180",
            39,
            "unknown key `retention`",
        ),
    ] {
        let found = aider_with(from, to);
        let start = format!("hosts/x.toml:{line}: ");
        assert!(
            found
                .iter()
                .any(|problem| problem.starts_with(&start) && problem.contains(rule)),
            "{to}: {found:#?}"
        );
    }
}

#[test]
fn all_problems_of_a_file_are_named_at_once() {
    let found = problems("id = \"x\"\n[files]\n");
    for rule in [
        "has no `name`",
        "`classes` is empty or absent",
        "has no `state_dir`",
        "has no `home_config`",
        "has no [question]",
        "has no [source]",
        "has no [links]",
        "has no [delivery]",
    ] {
        assert!(
            found.iter().any(|problem| problem.contains(rule)),
            "{rule}: {found:#?}"
        );
    }
    assert!(!found.iter().any(|problem| problem.contains("more_info")));
}

#[test]
fn a_host_is_https_unless_it_is_loopback() {
    for (host, good) in [
        ("app.posthog.com", true),
        ("https://eu.example.org:8443", true),
        ("http://127.0.0.1:8787", true),
        ("http://localhost", true),
        ("http://app.posthog.com", false),
        ("ftp://x.org", false),
        ("https://", false),
        ("x.org/path", false),
        ("x.org:99999", false),
        ("user@x.org", false),
    ] {
        let found =
            problems(&CECLI.replace("app.posthog.com\"\nproject", &format!("{host}\"\nproject")));
        assert_eq!(found.is_empty(), good, "{host}: {found:?}");
    }
}

#[test]
fn no_text_of_a_profile_can_carry_a_control_character() {
    for key in [
        "publisher = \"",
        "recipient = \"",
        "region = \"",
        "text = \"",
    ] {
        let found = aider_with(key, &format!("{key}\\u001b[31m"));
        assert!(!found.is_empty(), "{key}");
    }
}

#[test]
fn d29_a_pinned_receipt_key_is_64_hex_digits_beside_a_destination() {
    let key = "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f";
    let with = |key: &str| format!("default_host = \"app.posthog.com\"\nreceipt_key = \"{key}\"");
    let host = "default_host = \"app.posthog.com\"";
    let text = CECLI.replace(host, &with(key));
    let profile = Profile::parse("hosts/x.toml", &text, &Catalog::builtin()).unwrap();
    assert_eq!(profile.receipt_key.as_deref(), Some(key));
    for bad in [&key[1..], &key.to_uppercase(), "not a key"] {
        let found = problems(&CECLI.replace(host, &with(bad)));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].ends_with(
                "delivery: `receipt_key` is not a collector's public key; write the 64 hex digits \
             that `askfirst status` prints where the collector runs"
            ),
            "{found:?}"
        );
    }
    let alone = format!("project_key = \"askfirst-aider\"\nreceipt_key = \"{key}\"");
    let found = aider_with("project_key = \"askfirst-aider\"", &alone);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("no destination whose receipts it is for; add `host`"),
        "{found:?}"
    );
    // With both wrong, both are said.
    let alone = alone.replace(key, "short");
    assert_eq!(
        aider_with("project_key = \"askfirst-aider\"", &alone).len(),
        2
    );
}
