//! Edits, from the answer to the commit.

use serde_json::Value;

use crate::project::{Project, names, said};
use crate::server::Reply;

#[test]
fn a_whole_file_is_written_committed_and_recorded() {
    let project = Project::new();
    let args = ["--edit-format", "whole", "--message", "greet", "hello.py"];
    let (output, events) = project.logged(&args, "");
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(
        said(&output),
        format!(
            "I add a greeting.\n\nhello.py\n```\nprint(\"hello\")\ngood morning\n```\n\n\
         Tokens: 1000 sent, 50 received. Cost: $0.0030 message, $0.0030 session.\n\
         Applied edit to hello.py\n\
         Commit {} pair: greet\n",
            commit.trim_end()
        )
    );
    assert_eq!(project.read("hello.py"), "print(\"hello\")\ngood morning\n");
    assert_eq!(project.commits(), ["pair: greet", "Begin"]);
    assert_eq!(
        names(&events),
        [
            "launched",
            "repo",
            "auto_commits",
            "message_send_starting",
            "message_send",
            "message duration",
            "language touched",
            "edit",
            "session length",
            "exit",
        ]
    );
}

/// An answer with one block.
fn block(name: &str, search: &str, with: &str) -> Reply {
    let block =
        format!("{name}\n```\n<<<<<<< SEARCH\n{search}\n=======\n{with}\n>>>>>>> REPLACE\n```\n");
    Reply::Text(block, Some((1_000, 50)))
}

/// The events called `name`, without what every event has.
fn of<'a>(events: &'a [Value], name: &str) -> Vec<&'a Value> {
    let named = events.iter().filter(|event| event["event"] == name);
    named.map(|event| &event["properties"]).collect()
}

#[test]
fn a_block_replaces_lines_and_is_committed() {
    let project = Project::new();
    let output = project.run(&["--message", "greet", "hello.py"], "");
    assert!(said(&output).contains("Applied edit to hello.py\n"));
    assert_eq!(project.read("hello.py"), "print(\"hello\")\ngood morning\n");
    assert_eq!(project.commits(), ["pair: greet", "Begin"]);
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_block_that_does_not_fit_is_written_again_once() {
    let project = Project::new();
    let args = ["--message", "make a mistake", "hello.py"];
    let (output, events) = project.logged(&args, "");
    said(&output);
    let error = String::from_utf8_lossy(&output.stderr);
    let problem =
        "hello.py: the SEARCH lines do not stand in it; quote them character for character";
    assert!(error.contains(problem), "{error}");
    assert_eq!(project.commits(), ["pair: make a mistake", "Begin"]);
    let requests = project.requests();
    assert!(requests[1].last().contains(problem), "the model is told");
    assert_eq!(requests.len(), 2, "message and correction");
    let edits: Vec<[u64; 3]> = of(&events, "edit")
        .iter()
        .map(|edit| ["applied", "failed", "retries"].map(|key| edit[key].as_u64().unwrap()))
        .collect();
    assert_eq!(edits, [[0, 1, 0], [1, 0, 1]]);
    assert_eq!(of(&events, "message_send").len(), 2);
}

#[test]
fn a_block_that_never_fits_leaves_everything_as_it_is() {
    let project = Project::answered(|_, _| block("hello.py", "no such line", "x"));
    let (output, events) = project.logged(&["--message", "edit", "hello.py"], "");
    said(&output);
    assert_eq!(project.requests().len(), 2, "asked again once, no more");
    assert_eq!(project.read("hello.py"), "print(\"hello\")\n");
    assert_eq!(project.commits(), ["Begin"]);
    assert_eq!(of(&events, "edit")[1]["failed"], 1);
}

#[test]
fn what_fits_is_kept_while_the_rest_is_written_again() {
    let project = Project::answered(|before, _| match before {
        0 => {
            let both = "a.txt\n<<<<<<< SEARCH\none\n=======\n1\n>>>>>>> REPLACE\n\n".to_owned()
                + "b.txt\n<<<<<<< SEARCH\ntow\n=======\n2\n>>>>>>> REPLACE\n";
            Reply::Text(both, None)
        }
        _ => block("b.txt", "two", "2"),
    });
    project.write("a.txt", "one\n");
    project.write("b.txt", "two\n");
    said(&project.run(&["--message", "edit", "a.txt", "b.txt"], ""));
    assert_eq!((project.read("a.txt"), project.read("b.txt")), ("1\n".into(), "2\n".into()));
    assert_eq!(project.commits()[0], "pair: edit", "one message, one commit");
    let in_it = project.git(&["show", "--name-only", "--format=", "HEAD"]);
    assert_eq!(in_it, "a.txt\nb.txt\n");
}

#[test]
fn what_the_user_had_changed_is_a_commit_of_its_own() {
    let project = Project::new();
    project.write("hello.py", "print(\"hallo\")\n");
    project.write("other.txt", "not pair's\n");
    let output = project.run(&["hello.py"], "greet\n/undo\n/exit\n");
    assert!(said(&output).contains("Took commit"));
    assert_eq!(project.read("hello.py"), "print(\"hallo\")\n");
    let kept = "Keep hello.py as it was before pair's edit";
    assert_eq!(project.commits(), [kept, "Begin"]);
    assert_eq!(project.git(&["status", "--porcelain"]), "?? other.txt\n");
}

#[test]
fn a_file_outside_the_chat_is_edited_only_after_a_yes() {
    let session = |input: &str, args: &[&str]| {
        let project = Project::answered(|_, _| block("new.txt", "", "new"));
        let output = project.run(args, input);
        said(&output);
        project.dir().join("new.txt").exists()
    };
    assert!(!session("make it\nn\n/exit\n", &[]));
    assert!(session("make it\ny\n/exit\n", &[]));
    assert!(!session("make it\n", &[]), "the end of the input is no yes");
    assert!(session("", &["--yes-always", "--message", "make it"]));
}

#[test]
fn an_edit_that_leads_out_of_the_project_is_refused() {
    let project = Project::answered(|_, _| block("../outside.txt", "", "x"));
    let output = project.run(&["--yes-always", "--message", "edit"], "");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("../outside.txt is no file of the project"), "{error}");
    assert!(!project.home("outside.txt").exists());
}

#[test]
fn undo_takes_back_only_pairs_own_last_commit() {
    let project = Project::new();
    let nothing = project.run(&[], "/undo\n/exit\n");
    let error = String::from_utf8_lossy(&nothing.stderr);
    assert!(error.contains("committed nothing in this session"), "{error}");

    let commit = "!git -c core.hooksPath=/dev/null commit -q --allow-empty -m Mine\n";
    let input = format!("greet\n{commit}/undo\n/exit\n");
    let output = project.run(&["hello.py"], &input);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("another commit came after it"), "{error}");
    assert_eq!(project.commits(), ["Mine", "pair: greet", "Begin"]);
}

#[test]
fn undo_leaves_what_was_changed_since() {
    let project = Project::new();
    let input = "greet\n!echo more >> hello.py\n/undo\n/exit\n";
    let output = project.run(&["hello.py"], input);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("its files were changed since"), "{error}");
    assert_eq!(project.read("hello.py"), "print(\"hello\")\ngood morning\nmore\n");
    assert_eq!(project.commits().len(), 2);
}

#[test]
fn without_git_edits_are_made_and_nothing_is_committed() {
    let project = Project::new();
    let args = ["--no-git", "--message", "greet", "hello.py"];
    let (output, events) = project.logged(&args, "");
    said(&output);
    assert_eq!(project.read("hello.py"), "print(\"hello\")\ngood morning\n");
    assert_eq!(project.commits(), ["Begin"]);
    assert_eq!(names(&events)[1], "no-repo");
    assert_eq!(of(&events, "auto_commits")[0]["enabled"], false);
}

#[test]
fn a_failing_test_is_for_the_model_to_mend_once() {
    let project = Project::answered(|before, _| match before {
        0 => block("hello.py", "print(\"hello\")", "broken"),
        _ => block("hello.py", "broken", "mended"),
    });
    let check = "grep -v broken hello.py";
    let args =
        ["--test-cmd", check, "--lint-cmd", "test -f hello.py", "--message", "edit", "hello.py"];
    let (output, events) = project.logged(&args, "");
    said(&output);
    assert_eq!(project.read("hello.py"), "mended\n");
    assert!(project.requests()[1].last().contains(check));
    let outcomes = |name| -> Vec<String> {
        let all = of(&events, name);
        all.iter().map(|it| it["outcome"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(outcomes("test"), ["fixed"]);
    assert_eq!(outcomes("lint"), ["passed", "passed"]);
}
