//! Answers as models write them.

use super::*;
use crate::cli::Format;

const BLOCK: &str =
    "Sure.\n\nsrc/main.rs\n```rust\n<<<<<<< SEARCH\none\n=======\ntwo\n>>>>>>> REPLACE\n```\n";

fn edit(path: &str, search: &str, with: &str) -> Edit {
    let (search, with) = (search.to_owned(), with.to_owned());
    Edit {
        path: path.to_owned(),
        change: Change::Replace { search, with },
    }
}

#[test]
fn a_block_is_found_with_the_name_above_its_fence() {
    let (edits, problems) = parse(Format::Diff, BLOCK, &[]);
    assert_eq!(edits, [edit("src/main.rs", "one\n", "two\n")]);
    assert_eq!(problems, [""; 0]);
}

#[test]
fn a_second_block_without_a_name_is_of_the_same_file() {
    let second = "And then:\n```\n<<<<<<< SEARCH\n3\n=======\n>>>>>>> REPLACE\n```\n";
    let (edits, _) = parse(Format::Diff, &format!("{BLOCK}{second}"), &[]);
    assert_eq!(edits[1], edit("src/main.rs", "3\n", ""));
}

#[test]
fn a_name_may_be_dressed_and_one_with_spaces_must_be_of_the_chat() {
    let named = |name: &str, files: &[String]| {
        let text = format!("{name}\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n");
        let (edits, _) = parse(Format::Diff, &text, files);
        edits.first().map(|edit| edit.path.clone())
    };
    for dressed in ["**a.py**", "`a.py`:", "### a.py"] {
        assert_eq!(named(dressed, &[]).as_deref(), Some("a.py"), "{dressed}");
    }
    assert_eq!(named("my notes.txt", &[]), None);
    let chat = ["my notes.txt".to_owned()];
    assert_eq!(
        named("my notes.txt", &chat).as_deref(),
        Some("my notes.txt")
    );
}

#[test]
fn a_block_that_is_cut_off_is_a_problem_that_names_the_file() {
    let (edits, problems) = parse(Format::Diff, "a.py\n<<<<<<< SEARCH\none\n=======\ntw", &[]);
    assert_eq!(edits, []);
    assert_eq!(problems, ["a.py: a block has no line `>>>>>>> REPLACE`"]);
    let (_, problems) = parse(Format::Whole, "a.py\n```\nhalf a fi", &[]);
    assert_eq!(problems, ["a.py: its fence is not closed"]);
}

#[test]
fn a_whole_file_may_hold_shorter_fences() {
    let answer =
        "notes.md\n````\n# Notes\n```\ncode\n```\n````\nDone.\n```\nan illustration\n```\n";
    let (edits, problems) = parse(Format::Whole, answer, &[]);
    let whole = Change::Whole("# Notes\n```\ncode\n```\n".to_owned());
    assert_eq!(edits.len(), 1, "{edits:?}");
    assert_eq!((&*edits[0].path, &edits[0].change), ("notes.md", &whole));
    assert_eq!(problems, [""; 0]);
}

#[test]
fn lines_are_replaced_where_they_stand_once() {
    let made = |text, search, with| edit("f", search, with).apply(Some(text));
    assert_eq!(made("a\nb\nc\n", "b\n", "B\nB\n").unwrap(), "a\nB\nB\nc\n");
    assert_eq!(
        made("a\nb", "b\n", "B\n").unwrap(),
        "a\nB",
        "no line end is added"
    );
    assert_eq!(
        made("a\r\nb\r\n", "a\n", "x\ny\n").unwrap(),
        "x\r\ny\r\nb\r\n"
    );
    assert_eq!(made("", "", "new\n").unwrap(), "new\n");
    for nothing in ["", "\n"] {
        assert_eq!(edit("f", nothing, "new\n").apply(None).unwrap(), "new\n");
    }
}

#[test]
fn what_cannot_be_replaced_exactly_is_not_replaced() {
    let refused = |text, search| edit("f", search, "x\n").apply(Some(text)).unwrap_err();
    assert_eq!(
        refused("a\nb\na\n", "a\n"),
        "f: the SEARCH lines stand in it 2 times (at lines 1, 3); quote more lines around them"
    );
    assert_eq!(
        refused("one\n    two\nthree\n", "two\nthree\n"),
        "f: the SEARCH lines do not stand in it exactly. The closest lines are 2 to 3:\n    two\nthree\n"
    );
    assert_eq!(
        refused("one\n", "other\n"),
        "f: the SEARCH lines do not stand in it exactly, nor anything like them"
    );
    assert_eq!(
        refused("one\n", ""),
        "f: the SEARCH part is empty, but the file is not; quote lines of it"
    );
}

#[test]
fn an_edit_stays_below_the_projects_folder() {
    let (root, elsewhere) = (
        tempfile::TempDir::new().unwrap(),
        tempfile::TempDir::new().unwrap(),
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink(elsewhere.path(), root.path().join("link")).unwrap();
    let place = |path: &str| edit(path, "", "").place(root.path());
    for path in ["a.py", "new/folder/a.py"] {
        assert_eq!(place(path).unwrap(), root.path().join(path));
    }
    for path in [
        "../a.py",
        "/etc/passwd",
        "a/../../b",
        "",
        ".git/config",
        "x/.GIT/hooks/a",
    ] {
        assert!(place(path).is_err(), "{path}");
    }
    #[cfg(unix)]
    assert!(place("link/a.py").is_err());
    drop(elsewhere);
}
