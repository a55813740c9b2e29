//! What holds for the repository as a whole.

#![expect(
    clippy::unwrap_used,
    reason = "the functions the tests share are tests too: they stop at the first surprise and say what they saw"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The crates in the order in which data meets them. A crate may depend only on
/// crates above it.
const ORDER: [&str; 12] = [
    "askfirst-catalog",
    "askfirst-macros",
    "askfirst-receipt",
    "askfirst",
    "askfirst-python",
    "askfirst-store",
    "askfirst-query",
    "askfirst-pages",
    "askfirst-collector",
    "askfirst-population",
    "askfirst-check",
    "askfirst-cli",
];

/// The project's chores, benchmarks and examples, no part of what is shipped: none
/// of the others depends on them.
const OUTSIDE: [&str; 5] = [
    "xtask",
    "askfirst-added",
    "askfirst-benches",
    "askfirst-host",
    "askfirst-pair",
];

#[test]
fn a_crate_depends_only_on_crates_above_it_in_the_list() {
    assert_eq!(
        out_of_order(&workspace_dependencies()),
        Vec::<String>::new()
    );
}

#[test]
fn a_dependency_on_a_crate_below_is_found() {
    let graph = |crates: &[(&str, &[&str])]| {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        out_of_order(
            &crates
                .iter()
                .map(|(name, uses)| ((*name).to_owned(), own(uses)))
                .collect(),
        )
    };
    assert_eq!(
        graph(&[("askfirst-store", &["askfirst-catalog"])]),
        Vec::<String>::new()
    );
    assert_eq!(
        graph(&[("askfirst-catalog", &["askfirst-store"])]),
        ["askfirst-catalog depends on askfirst-store, which is not above it"]
    );
    assert_eq!(
        graph(&[("askfirst-catalog", &["xtask"])]),
        ["askfirst-catalog depends on xtask, which is not above it"]
    );
    assert_eq!(
        graph(&[("askfirst-new", &[])]),
        ["askfirst-new is not in the list"]
    );
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let mut forbidden = forbidden();
    // The folder of this very clone.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    forbidden.push(format!("{}/", here.display()));
    let mut found = Vec::new();
    for path in tracked_files() {
        // Not text, or taken away since it was listed: nothing to read.
        let Ok(text) = fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for word in forbidden.iter().filter(|word| names(line, word)) {
                found.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
    assert!(
        found.is_empty(),
        "paths of one machine and hosts of registries do not belong in the repository:\n{}",
        found.join("\n")
    );
}

#[test]
fn a_machine_path_is_found_and_a_longer_word_is_not() {
    let [root, ..] = &forbidden()[..] else {
        unreachable!()
    };
    assert!(names(&format!("see {root}x"), root));
    assert!(names(&format!("\"{root}x\""), root));
    assert!(!names(&format!("a/tree{root}x"), root));
}

/// Put together here, so that this file does not name them either.
fn forbidden() -> Vec<String> {
    let mut all: Vec<String> = ["root", "work", "tmp/prep"]
        .iter()
        .map(|folder| format!("/{folder}/"))
        .collect();
    for (host, domain) in [
        ("registry.npmjs", "org"),
        ("pypi", "org/simple"),
        ("files.pythonhosted", "org"),
        ("static.crates", "io"),
        ("index.crates", "io"),
        ("proxy.golang", "org"),
        ("repo1.maven", "org"),
        ("deb.debian", "org"),
    ] {
        all.push(format!("{host}.{domain}"));
    }
    all
}

/// Whether a line has the word, not as the end of a longer one.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at]
            .chars()
            .next_back()
            .is_some_and(|before| before.is_alphanumeric() || "._-~*/".contains(before))
    })
}

/// Each crate of the workspace with those of the workspace it depends on, for
/// whatever purpose.
fn workspace_dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            let ours = dependencies
                .filter(|dependency| dependency["path"].is_string())
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned());
            (package["name"].as_str().unwrap().to_owned(), ours.collect())
        })
        .collect()
}

fn out_of_order(graph: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let place = |name: &str| ORDER.iter().position(|one| *one == name);
    let mut problems = Vec::new();
    for (name, dependencies) in graph {
        if OUTSIDE.contains(&name.as_str()) {
            continue;
        }
        if place(name).is_none() {
            problems.push(format!("{name} is not in the list"));
        }
        for dependency in dependencies {
            // A crate that is not in the list has nothing above it.
            if place(dependency).is_none() || place(dependency) >= place(name) {
                problems.push(format!(
                    "{name} depends on {dependency}, which is not above it"
                ));
            }
        }
    }
    problems
}

/// What git tracks; without git (an unpacked archive) every file that is no
/// product of a build.
fn tracked_files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .stdin(Stdio::null())
        .output();
    let paths: Vec<PathBuf> = match listed {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout)
            .unwrap()
            .split_terminator('\0')
            .map(PathBuf::from)
            .collect(),
        _ => walk(&root(), Path::new("")),
    };
    assert!(paths.len() > 20, "only {} files found", paths.len());
    paths
}

fn walk(root: &Path, below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        if !entry.file_type().unwrap().is_dir() {
            found.push(path);
        } else if ![".git", ".cache", "target"]
            .iter()
            .any(|skip| path.ends_with(skip))
        {
            found.extend(walk(root, &path));
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
