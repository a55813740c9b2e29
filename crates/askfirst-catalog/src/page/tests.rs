//! The page says what the published one says, and lists everything.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::page;
use crate::catalog::{Catalog, Property};
use crate::class::Class;
use crate::profile::Profile;

/// The published pages, beside the project where there are any.
const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/pages");

/// Lines of the published pages that are left out on purpose.
const LEFT_OUT: [(&str, &str); 2] = [
    // The list is complete; a page that ends in "etc" promises nothing (P03).
    ("", "- etc"),
    // Said in the words of the other four, without "Such".
    (
        "cecli",
        "Such randomly selected users will be asked if they wish to opt-in to analytics.",
    ),
];

fn shipped() -> impl Iterator<Item = Arc<Profile>> {
    let ids = Profile::builtin_ids().iter();
    ids.map(|id| Profile::builtin(id).unwrap())
}

fn page_of(id: &str) -> String {
    page(&Catalog::builtin(), &Profile::builtin(id).unwrap())
}

/// The part of a page before and after the head "Not collected".
fn collected_and_not(page: &str) -> (&str, &str) {
    let (collected, rest) = page.split_once("\n#### Not collected\n").unwrap();
    (collected, rest.split_once("\n### ").unwrap().0)
}

#[test]
fn p12_the_page_says_every_line_of_the_published_one() {
    if !Path::new(PUBLISHED).is_dir() {
        println!("skipped: no published pages at {PUBLISHED}");
        return;
    }
    for profile in shipped() {
        let id = profile.id.as_str();
        let path = Path::new(PUBLISHED).join(format!("{id}.md"));
        let published = fs::read_to_string(path).unwrap();
        let page = page(&Catalog::builtin(), &profile);
        let said: BTreeSet<&str> = page.lines().map(str::trim).collect();
        let lines = published.lines().map(str::trim);
        let missing: Vec<&str> = lines
            .filter(|line| !line.is_empty() && !said.contains(line))
            .collect();
        let expected: Vec<&str> = LEFT_OUT
            .iter()
            .filter(|(host, _)| host.is_empty() || *host == id)
            .map(|(_, line)| *line)
            .collect();
        assert_eq!(missing, expected, "{id}");
    }
}

#[test]
fn p03_the_page_ends_its_list_with_nothing_else_instead_of_etc() {
    for profile in shipped() {
        let page = page(&Catalog::builtin(), &profile);
        assert!(page.contains("\n\nNothing else: the list below is complete.\n"));
        assert!(!page.contains(" etc"), "{}", profile.id);
    }
}

#[test]
fn p08_only_pages_of_hosts_that_ask_a_share_of_their_users_speak_of_one() {
    for profile in shipped() {
        let page = page(&Catalog::builtin(), &profile);
        let speaks = page.contains("random subset of users");
        assert_eq!(speaks, profile.id != "blackboxai", "{}", profile.id);
        assert_eq!(page.contains("The subset is 10 % of users"), speaks);
    }
}

#[test]
fn p10_every_page_says_what_a_no_does() {
    for profile in shipped() {
        let page = page(&Catalog::builtin(), &profile);
        let says = "If you say \"no\", analytics will be permanently disabled.";
        assert!(page.contains(says), "{}", profile.id);
    }
}

#[test]
fn p13_every_page_has_the_posthog_section_and_only_ceclis_names_a_host() {
    for profile in shipped() {
        let page = page(&Catalog::builtin(), &profile);
        assert!(page.contains("### Sending analytics to custom PostHog project"));
        let default = match profile.id.as_str() {
            "cecli" => "(default is app.posthog.com)",
            _ => "(there is no default)",
        };
        assert!(page.contains(default), "{}", profile.id);
        assert_eq!(page.contains("app.posthog.com"), profile.id == "cecli");
    }
}

#[test]
fn p09_the_question_is_printed_with_statement_and_link() {
    for profile in shipped() {
        let page = page(&Catalog::builtin(), &profile);
        let printed = format!(
            "\n{}\nFor more info: {}\n{}\n```\n",
            profile.question.statement, profile.links.more_info, profile.question.text
        );
        assert!(page.contains(&printed), "{}", profile.id);
    }
}

/// The rows of a page that describe the entry `name`.
fn rows<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let start = format!("| `{name}` | ");
    page.lines()
        .filter(|line| line.starts_with(&start))
        .collect()
}

#[test]
fn p12_every_event_is_listed_once_with_its_reason_and_class() {
    let catalog = Catalog::builtin();
    for profile in shipped() {
        let page = page(&catalog, &profile);
        let (collected, not) = collected_and_not(&page);
        for event in catalog.events() {
            let on = profile.classes.contains(event.class);
            let (here, elsewhere) = if on {
                (collected, not)
            } else {
                (not, collected)
            };
            let name = match &*event.name {
                "command" => "command_NAME",
                "oauth_flow" => "oauth_flow_STEP",
                name => name,
            };
            let found = rows(here, name);
            assert_eq!(found.len(), 1, "{name}");
            assert!(found[0].contains(&event.why), "{name}");
            assert!(
                found[0].ends_with(&format!("| {} |", event.class)),
                "{name}"
            );
            assert_eq!(rows(elsewhere, name), [""; 0], "{name}");
        }
    }
}

#[test]
fn p12_every_property_is_listed_once_with_its_reason_and_every_word_of_its_list() {
    let catalog = Catalog::builtin();
    let page = page_of("aider");
    for property in catalog.properties() {
        let Property { name, why, .. } = property;
        let found = rows(&page, name);
        assert_eq!(found.len(), 1, "{name}");
        assert!(found[0].contains(why), "{name}");
        let words = property.kind.values();
        if !words.is_empty() {
            let start = format!("- `{name}`: ");
            let list = page.lines().find(|line| line.starts_with(&start)).unwrap();
            for word in words {
                assert!(list.contains(&format!("`{word}`")), "{name}: {word}");
            }
        }
    }
}

#[test]
fn a_class_that_is_switched_off_moves_its_events_and_properties() {
    let text = include_str!("../../../../hosts/aider.toml");
    let text = text.replace("\"models\", \"edits\", ", "");
    let catalog = Catalog::builtin();
    let profile = Profile::parse("x.toml", &text, &catalog).unwrap();
    assert!(!profile.classes.contains(Class::Models));
    let page = page(&catalog, &profile);
    let (collected, not) = collected_and_not(&page);
    assert!(!collected.contains("`main_model`") && !collected.contains("which LLMs"));
    assert!(!collected.contains("`edit_format`"));
    assert_eq!(rows(not, "message_send").len(), 1);
    assert_eq!(rows(not, "main_model").len(), 1);
    let session = rows(collected, "cli session");
    assert!(session[0].ends_with("|  | features |"), "{session:?}");
}

#[test]
fn every_table_has_as_many_cells_in_each_row_as_in_its_head() {
    for profile in shipped() {
        let page = page(&Catalog::builtin(), &profile);
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let lines: Vec<&str> = page.lines().collect();
        for pair in lines.windows(2) {
            if let [above, below] = pair
                && above.starts_with('|')
                && below.starts_with('|')
            {
                assert_eq!(cells(above), cells(below), "{below}");
            }
        }
    }
}

#[test]
fn bounds_and_precision_stand_beside_each_number() {
    let page = page_of("aider");
    for (name, says) in [
        (
            "num_files",
            "| a whole number up to 10,000,000 | power of two | features |",
        ),
        (
            "prompt_tokens",
            "| a whole number up to 1,000,000,000 | two digits | models |",
        ),
        (
            "duration",
            "| a time up to 31 days | power of two | timing |",
        ),
        (
            "version",
            "| `MAJOR.MINOR.PATCH` | cut to that | platform |",
        ),
        ("$ip", "| always `\"0.0.0.0\"` | as it is | platform |"),
        (
            "step",
            "| one of the 6 words below; any other is not sent | as it is | features |",
        ),
    ] {
        let found = rows(&page, name);
        assert!(found[0].ends_with(says), "{found:?}");
    }
}
