//! Answers as models write them.

use std::collections::BTreeSet;

use super::{Change, Edit};
use crate::cli::Format;

/// What is found: the edits, and the problems.
fn parse(format: Format, answer: &str, files: &BTreeSet<String>) -> (Vec<Edit>, Vec<String>) {
    let (mut edits, mut problems) = (Vec::new(), Vec::new());
    for found in super::parse(format, answer, files) {
        match found {
            Ok(edit) => edits.push(edit),
            Err(problem) => problems.push(problem),
        }
    }
    (edits, problems)
}

const BLOCK: &str =
    "Sure.\n\nsrc/main.rs\n```rust\n<<<<<<< SEARCH\none\n=======\ntwo\n>>>>>>> REPLACE\n```\n";

fn edit(path: &str, search: &str, with: &str) -> Edit {
    let (search, with) = (search.to_owned(), with.to_owned());
    Edit { path: path.to_owned(), change: Change::Replace { search, with } }
}

#[test]
fn a_block_is_found_with_the_name_above_its_fence() {
    let (edits, problems) = parse(Format::Diff, BLOCK, &BTreeSet::new());
    assert_eq!(edits, [edit("src/main.rs", "one\n", "two\n")]);
    assert_eq!(problems, [""; 0]);
}

#[test]
fn a_second_block_without_a_name_is_of_the_same_file() {
    let second = "And then:\n```\n<<<<<<< SEARCH\n3\n=======\n>>>>>>> REPLACE\n```\n";
    let (edits, _) = parse(Format::Diff, &format!("{BLOCK}{second}"), &BTreeSet::new());
    assert_eq!(edits[1], edit("src/main.rs", "3\n", ""));
}

#[test]
fn a_name_may_be_dressed_and_one_with_spaces_must_be_of_the_chat() {
    let named = |name: &str, files: &BTreeSet<String>| {
        let text = format!("{name}\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n");
        let (edits, _) = parse(Format::Diff, &text, files);
        edits.first().map(|edit| edit.path.clone())
    };
    for dressed in ["**a.py**", "`a.py`:", "### a.py"] {
        assert_eq!(named(dressed, &BTreeSet::new()).as_deref(), Some("a.py"), "{dressed}");
    }
    assert_eq!(named("my notes.txt", &BTreeSet::new()), None);
    let chat = BTreeSet::from(["my notes.txt".to_owned()]);
    assert_eq!(named("my notes.txt", &chat).as_deref(), Some("my notes.txt"));
}

#[test]
fn a_block_that_is_cut_off_is_a_problem_that_names_the_file() {
    let (edits, problems) =
        parse(Format::Diff, "a.py\n<<<<<<< SEARCH\none\n=======\ntw", &BTreeSet::new());
    assert_eq!(edits, []);
    assert_eq!(problems, ["a.py: a block has no end; close it with >>>>>>> REPLACE"]);
    let (_, problems) = parse(Format::Whole, "a.py\n```\nhalf a fi", &BTreeSet::new());
    assert_eq!(problems, ["a.py: its fence has no end; close it with ```"]);
}

#[test]
fn a_whole_file_may_hold_shorter_fences() {
    let answer =
        "notes.md\n````\n# Notes\n```\ncode\n```\n````\nDone.\n```\nan illustration\n```\n";
    let (edits, problems) = parse(Format::Whole, answer, &BTreeSet::new());
    let whole = Change::Whole("# Notes\n```\ncode\n```\n".to_owned());
    assert_eq!(edits.len(), 1, "{edits:?}");
    assert_eq!((&*edits[0].path, &edits[0].change), ("notes.md", &whole));
    assert_eq!(problems, [""; 0]);
}

#[test]
fn lines_are_replaced_where_they_stand_once() {
    let made = |text, search, with| edit("f", search, with).apply(text);
    assert_eq!(made("a\nb\nc\n", "b\n", "B\nB\n").unwrap(), "a\nB\nB\nc\n");
    assert_eq!(made("a\nb", "b\n", "B\n").unwrap(), "a\nB", "no line end is added");
    assert_eq!(made("a\r\nb\r\n", "a\n", "x\ny\n").unwrap(), "x\r\ny\r\nb\r\n");
    assert_eq!(made("", "", "new\n").unwrap(), "new\n");
    for nothing in ["", "\n"] {
        assert_eq!(edit("f", nothing, "new\n").apply("").unwrap(), "new\n");
    }
}

#[test]
fn what_cannot_be_replaced_exactly_is_not_replaced() {
    let refused = |text, search| edit("f", search, "x\n").apply(text).unwrap_err();
    assert_eq!(
        refused("a\nb\na\n", "a\n"),
        "f: the SEARCH lines stand in it 2 times; quote more lines around them"
    );
    let absent = "f: the SEARCH lines do not stand in it; quote them character for character";
    for text in ["one\n    two\n", "other\n", ""] {
        assert_eq!(refused(text, "two\n"), absent);
    }
    assert_eq!(
        refused("one\n", ""),
        "f: the SEARCH part is empty, but the file is not; quote lines of it"
    );
}

#[test]
fn an_edit_stays_below_the_projects_folder() {
    let (root, elsewhere) = (tempfile::TempDir::new().unwrap(), tempfile::TempDir::new().unwrap());
    #[cfg(unix)]
    std::os::unix::fs::symlink(elsewhere.path(), root.path().join("link")).unwrap();
    let place = |path: &str| edit(path, "", "").place(root.path());
    for path in ["a.py", "new/folder/a.py"] {
        assert_eq!(place(path).unwrap(), root.path().join(path));
    }
    for path in ["../a.py", "/etc/passwd", "a/../../b", "", ".git/config", "x/.GIT/hooks/a"] {
        assert!(place(path).is_err(), "{path}");
    }
    #[cfg(unix)]
    assert!(place("link/a.py").is_err());
    drop(elsewhere);
}
