//! What goes wrong is said with its remedy and the right exit code, and leaves nothing behind.

use std::fs;
use std::net::TcpListener;

use serde_json::json;

use crate::home::{Home, files, line};

#[test]
fn a_missing_file_is_named_and_no_project_is_made_for_it() {
    let home = Home::new();
    let said = home.run("import nowhere.jsonl --host aider").refused(1);
    assert!(said.contains("nowhere.jsonl"), "{said}");
    assert!(said.contains("to do: "), "{said}");
    assert!(!home.data().exists(), "nothing was made");
}

#[test]
fn a_directory_where_a_log_is_expected_is_said() {
    let home = Home::new();
    fs::create_dir(home.path("logs")).unwrap();
    let said = home.run("import logs --host aider").refused(1);
    assert!(said.contains("logs"), "{said}");
    assert!(said.contains("is a directory"), "{said}");
}

#[test]
fn a_data_directory_that_is_a_file_is_said_by_every_command() {
    let home = Home::new();
    let file = home.write("occupied", "not a directory");
    let log = home.write("log.jsonl", line("launched", 1_733_000_000, &json!({})));
    let log = log.to_str().unwrap();
    for command in [
        &["import", log, "--host", "aider"][..],
        &["report", "models"],
        &["status"],
        &["project", "add", "mine", "--host", "aider"],
        &["project", "list"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let args = [command, &["--data", "occupied"]].concat();
        let said = home.run_args(&args).refused(1);
        assert!(said.contains("occupied"), "{command:?}: {said}");
        assert!(said.contains("to do: "), "{command:?}: {said}");
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "not a directory");
}

#[test]
fn a_question_to_a_directory_without_data_says_how_to_begin() {
    let home = Home::new();
    for command in ["report models", "status", "project list"] {
        let said = home.run(command).refused(1);
        assert!(said.contains("share/askfirst"), "{command}: {said}");
        assert!(said.contains("askfirst import"), "{command}: {said}");
    }
    assert!(!home.data().exists(), "a question makes nothing");
}

#[test]
fn a_second_writer_is_refused_with_the_way_round() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let server = home.serve();
    let said = home.run("serve --listen 127.0.0.1:0").refused(1);
    assert!(said.contains("another process"), "{said}");
    assert!(said.contains("to do: "), "{said}");
    drop(server);
}

#[test]
fn a_port_in_use_is_named_with_the_flag_that_changes_it() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = home.run(&format!("serve --listen {address}")).refused(1);
    assert!(said.contains(&address), "{said}");
    assert!(said.contains("--listen"), "{said}");
}

#[test]
fn d16_a_data_directory_of_a_newer_version_is_left_exactly_as_it_is() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let log = home.write("log.jsonl", line("launched", 1_733_000_000, &json!({})));
    home.import(&log, "--host aider").ok();
    make_newer(&home);
    let before = files(&home.data());
    for command in [
        "status",
        "report models",
        "import log.jsonl --host aider",
        "serve",
    ] {
        let said = home.run(command).refused(1);
        assert!(said.contains("version 99"), "{command}: {said}");
        assert!(said.contains("to do: "), "{command}: {said}");
    }
    assert_eq!(before, files(&home.data()));
}

/// Makes the manifest look like one of a later format.
fn make_newer(home: &Home) {
    let path = home.data().join("MANIFEST");
    let text = fs::read_to_string(&path).unwrap();
    let newer = text.replacen("{\"askfirst_manifest\":1,", "{\"askfirst_manifest\":99,", 1);
    assert_ne!(text, newer);
    fs::write(path, newer).unwrap();
}

#[test]
fn a_host_nobody_knows_is_refused_with_the_ones_there_are() {
    let home = Home::new();
    let log = home.write("log.jsonl", line("launched", 1_733_000_000, &json!({})));
    for ran in [
        home.import(&log, "--host adier"),
        home.run("project add mine --host adier"),
    ] {
        let said = ran.refused(2);
        assert!(said.contains("adier"), "{said}");
        assert!(
            said.contains("aider, blackboxai, cecli, dev, llmcode"),
            "{said}"
        );
    }
    assert!(!home.data().exists());
}

#[test]
fn a_log_of_no_tool_in_particular_makes_nothing() {
    let home = Home::new();
    let log = home.write("log.jsonl", line("launched", 1_733_000_000, &json!({})));
    let said = home.import(&log, "").refused(2);
    assert!(said.contains("choose one with --host"), "{said}");
    assert!(!home.data().exists());
    home.import(&log, "--host aider").ok();
    home.import(&log, "").ok();
}

#[test]
fn a_host_without_a_project_is_refused_with_the_projects_there_are() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    let said = home.run("report models --host cecli").refused(2);
    assert!(said.contains("cecli"), "{said}");
    assert!(said.contains("mine (aider)"), "{said}");
}

#[test]
fn two_projects_of_one_tool_need_a_name_and_are_never_summed() {
    let home = Home::new();
    home.ok("project add one --host aider");
    home.ok("project add two --host aider");
    let said = home.run("report models --host aider").refused(2);
    assert!(said.contains("one (aider), two (aider)"), "{said}");
    assert!(said.contains("--project"), "{said}");
    home.ok("report models --host aider --project two");
    let said = home
        .run("report models --host aider --project three")
        .refused(2);
    assert!(said.contains("three"), "{said}");
}

#[test]
fn a_wrong_filter_ends_with_2_and_the_valid_values() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    for (line, wants) in [
        ("report models --period 30d", "7d, 28d, 91d, 364d"),
        ("report models --from yesterweek", "YYYY-MM-DD"),
        ("report models --tool-version latest", "0.67"),
        ("report models --by hour", "day, week or month"),
        ("report models --top none", "all"),
        ("report modles", "models"),
    ] {
        let said = home.run(line).refused(2);
        assert!(said.contains(wants), "{line}: {said}");
        assert!(
            !said.contains("`version`"),
            "flags are named as typed: {line}: {said}"
        );
    }
}

#[test]
fn a_wrong_flag_ends_with_2_on_standard_error() {
    let home = Home::new();
    let ran = home.run("serve --port 80");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("--port"), "{ran:?}");
    assert!(!home.data().exists());
}
