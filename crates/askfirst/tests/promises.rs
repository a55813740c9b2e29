//! `PRIVACY.md`: every promise is in it, and every test it names is there.

#![expect(
    clippy::unwrap_used,
    reason = "the functions the tests share are tests too: they stop at the first surprise"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The folders that have tests.
const FOLDERS: [&str; 3] = ["crates", "examples", "tests"];

/// A promise or breakage, and the tests it names.
fn rows(text: &str) -> Vec<(String, Vec<String>)> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        let heading = line.strip_prefix("### ");
        let row = line.strip_prefix("| B").map(|it| format!("B{it}"));
        if let Some(text) = heading.map(str::to_owned).or(row) {
            let number = text.split_whitespace().next().unwrap_or_default();
            rows.push((number.to_owned(), Vec::new()));
        }
        let Some((_, tests)) = rows.last_mut() else {
            continue;
        };
        let named = line.split('`').skip(1).step_by(2).filter(|it| is_name(it));
        tests.extend(named.map(str::to_owned));
    }
    rows
}

/// `p05_disable_is_forever`, and not `--analytics-disable`.
fn is_name(text: &str) -> bool {
    let numbered = text.strip_prefix("long_").unwrap_or(text);
    let mut chars = numbered.chars();
    let begins = chars.next().is_some_and(|c| "pbd".contains(c))
        && chars.next().is_some_and(|c| c.is_ascii_digit());
    begins && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The name of every test function in a folder.
fn tests_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if !path.ends_with("target") && !path.ends_with(".cache") {
                tests_in(&path, found);
            }
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.extend(tests_of(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The functions after `#[test]`, other attributes and comments between; and those of
/// `proptest!`, which has the attribute too.
fn tests_of(source: &str) -> Vec<String> {
    let mut marked = false;
    let mut names = Vec::new();
    for line in source.lines().map(str::trim) {
        if line == "#[test]" || line.starts_with("#[tokio::test") {
            marked = true;
        } else if marked
            && let Some((_, rest)) = line.split_once("fn ")
            && (line.starts_with("fn ") || line.starts_with("async fn "))
        {
            let name = rest.split('(').next().unwrap_or_default();
            names.push(name.to_owned());
            marked = false;
        }
    }
    names
}

/// What is wrong with a page.
fn problems(page: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let rows = rows(page);
    let all = (1..=17).map(|n| format!("P{n:02}"));
    let all: Vec<String> = all.chain((1..=19).map(|n| format!("B{n:02}"))).collect();
    let mut problems = Vec::new();
    for number in &all {
        match rows.iter().filter(|(it, _)| it == number).count() {
            1 => {}
            n => problems.push(format!("{number} is there {n} times")),
        }
    }
    for (number, named) in &rows {
        if named.is_empty() {
            problems.push(format!("{number} names no test"));
        }
        let gone = named.iter().filter(|name| !tests.contains(*name));
        problems.extend(gone.map(|name| format!("{number} names `{name}`, which is no test")));
    }
    problems
}

#[test]
fn every_promise_is_proved_by_tests_that_exist() {
    let page = fs::read_to_string(Path::new(ROOT).join("PRIVACY.md")).unwrap();
    let mut tests = BTreeSet::new();
    for folder in FOLDERS {
        tests_in(&Path::new(ROOT).join(folder), &mut tests);
    }
    assert_eq!(problems(&page, &tests), Vec::<String>::new());
}

#[test]
fn a_promise_without_a_test_and_a_test_that_is_gone_are_found() {
    let page = "### P01 One\n\nNothing.\n\n### P02 Two `--flag`\n\n`p02_there` and `p02_gone`.\n";
    let tests = BTreeSet::from(["p02_there".to_owned()]);
    let problems = problems(page, &tests);
    assert!(problems.contains(&"P01 names no test".to_owned()));
    assert!(problems.contains(&"P02 names `p02_gone`, which is no test".to_owned()));
    assert!(problems.contains(&"B19 is there 0 times".to_owned()));
    assert!(!problems.iter().any(|it| it.contains("p02_there")));
}

#[test]
fn a_function_that_is_no_test_is_none() {
    let source =
        "#[test]\n#[ignore]\nfn p01_a() {}\nfn p01_b() {}\n    #[test]\n    fn p01_c(n: u8) {}";
    assert_eq!(tests_of(source), ["p01_a", "p01_c"]);
}
