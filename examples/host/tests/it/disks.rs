//! Disks on which analytics cannot work: the tool does, as with `--no-analytics`.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Output;

use crate::home::Home;
use crate::recorder::Recorder;
use crate::small::{Kind, SmallDisk, is_full};

const KINDS: [Kind; 2] = [Kind::Tmpfs, Kind::Ext4];

/// A session with a word for every kind of event.
const TALK: &str = "hello\n/ask\nfail please\nhello again\n/undo\n/tokens\n/exit\n";

/// The line at the start that names a destination of the user's own (promise P13).
const DESTINATION: &str = "Analytics go to ";

/// Runs the tool and holds it to a run without analytics: the same on standard output, the
/// same end, and nothing on standard error but the line about the destination.
fn works_as_without(home: &Home, args: &[&str], what: &str) -> Output {
    let with = home.run(args, TALK);
    let without = home.run(&["--no-analytics"], TALK);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(with.status.code(), without.status.code(), "{what}");
    assert_eq!(text(&with.stdout), text(&without.stdout), "{what}");
    assert_eq!(text(&without.stderr), "", "{what}");
    let said = text(&with.stderr);
    let told = said.lines().filter(|line| !line.starts_with(DESTINATION));
    assert_eq!(told.collect::<Vec<_>>(), Vec::<&str>::new(), "{what}");
    assert!(with.stdout.len() > 100, "{what}: it worked at all");
    with
}

/// Whole events, and nothing else: what waits after a disk was full.
fn assert_whole(home: &Home, what: &str) -> usize {
    let mut events = 0;
    for file in home.waiting() {
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().skip(1) {
            let event: serde_json::Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{what}: {error}: {line}"));
            assert!(event["uuid"].is_string(), "{what}: {line}");
            events += 1;
        }
    }
    events
}

#[test]
fn b10_on_a_disk_that_fills_up_at_any_point_the_tool_works_as_without() {
    for kind in KINDS {
        let Some(disk) = SmallDisk::mounted(kind) else {
            continue;
        };
        let home = Home::at(&disk.path(""), "http://127.0.0.1:9", "phc_test");
        home.agree();
        let log = home.path("analytics.jsonl");
        let log = log.to_str().unwrap();
        let mut kept = std::collections::BTreeSet::new();
        for kilobytes in (0..28).rev() {
            let _ = fs::remove_dir_all(home.state("askfirst-spool"));
            let _ = fs::remove_file(log);
            disk.fill_but(kilobytes);
            let what = format!("{kind:?} with {kilobytes} KB free");
            works_as_without(&home, &[], &what);
            kept.insert(assert_whole(&home, &what));
            works_as_without(&home, &["--analytics-log", log], &what);
            assert_whole(&home, &what);
        }
        assert!(
            kept.contains(&0) && kept.len() > 3,
            "{kind:?}: it filled up at different points: {kept:?}"
        );
        disk.empty();
        works_as_without(&home, &[], "with room again");
        let whole = home.run(&[], TALK);
        assert!(whole.status.success() && assert_whole(&home, "with room again") > 20);
    }
}

#[test]
fn p05_disable_on_a_full_disk_holds() {
    for kind in KINDS {
        let Some(disk) = SmallDisk::mounted(kind) else {
            continue;
        };
        let home = Home::at(&disk.path(""), "http://127.0.0.1:9", "phc_test");
        home.agree();
        home.run(&[], TALK);
        assert!(!home.waiting().is_empty());
        disk.fill_but(0);
        assert!(is_full(&home.state("")), "{kind:?} takes no 28 bytes");
        let output = home.run(&["--analytics-disable"], TALK);
        assert!(output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            said.starts_with("Analytics are permanently disabled: "),
            "{kind:?}: {said}"
        );
        assert_eq!(fs::read(home.state("analytics.disabled")).unwrap(), b"");
        assert!(!home.state("askfirst.json").exists(), "the key is gone");
        assert_eq!(home.waiting(), Vec::<std::path::PathBuf>::new());
        disk.empty();
        let next = home.run(&["--analytics"], TALK);
        let said = String::from_utf8_lossy(&next.stderr).into_owned();
        assert!(said.starts_with("Analytics stay off: "), "{said}");
        assert!(home.waiting().is_empty());
    }
}

#[test]
fn p05_where_not_even_an_empty_file_can_be_made_disable_says_so_and_what_to_do() {
    let Some(mut disk) = SmallDisk::mounted(Kind::Tmpfs) else {
        return;
    };
    let server = Recorder::start();
    let home = Home::at(&disk.path(""), &server.url, "phc_test");
    home.agree();
    home.run(&[], TALK);
    let waiting = home.waiting();
    disk.make_read_only();
    works_as_without(&home, &[], "a read-only home");
    let output = home.run(&["--analytics-disable"], TALK);
    let without = home.run(&["--no-analytics"], TALK);
    assert_eq!(output.status.code(), without.status.code());
    assert_eq!(output.stdout, without.stdout, "the tool goes on");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("Analytics are off, but that could not be stored"),
        "{said}"
    );
    assert!(said.contains("analytics.disabled"), "the path: {said}");
    assert!(said.contains("Make the empty file"), "the remedy: {said}");
    assert_eq!(said.lines().count(), 1, "one line: {said}");
    // Nothing is sent from there later either, though events wait: on needs to be able to
    // store a no.
    assert_eq!(home.waiting(), waiting);
    let mut run = home.begin(&[]);
    for _ in 0..400 {
        run.says("/tokens").unwrap();
    }
    assert_eq!(run.end(), 0);
    assert_eq!(server.bodies.try_iter().count(), 0);
}

#[test]
fn b10_without_any_home_the_tool_works_as_without() {
    let home = Home::agreed("http://127.0.0.1:9", "phc_test");
    let run = |args: &[&str]| {
        let mut command = home.command(args);
        // Without HOME the system's list of users is asked, and knows whoever runs this test.
        command.env("HOME", "not/a/whole/path");
        command.output().unwrap()
    };
    let (with, without) = (
        run(&["--message", "hello"]),
        run(&["--message", "hello", "--no-analytics"]),
    );
    assert_eq!(
        (with.status.code(), &with.stdout),
        (Some(0), &without.stdout)
    );
    assert_eq!(with.stderr, b"");
    let disable = run(&["--message", "hello", "--analytics-disable"]);
    assert_eq!(disable.stdout, without.stdout);
    let said = String::from_utf8(disable.stderr).unwrap();
    assert!(
        said.contains("no home directory is known. Set HOME"),
        "{said}"
    );
    assert!(!home.path("not").exists(), "nowhere else");
}

#[test]
fn b06_a_state_directory_of_another_user_is_left_alone() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("not run: only root can give a folder away");
        return;
    }
    let home = Home::agreed("http://127.0.0.1:9", "phc_test");
    let folder = home.state("");
    std::os::unix::fs::chown(&folder, Some(65_534), Some(65_534)).unwrap();
    let before = fs::read_to_string(home.state("askfirst.json")).unwrap();
    works_as_without(&home, &[], "another user's folder");
    assert_eq!(
        fs::read_to_string(home.state("askfirst.json")).unwrap(),
        before
    );
    let typed = home.run(&["--analytics", "--message", "hello"], "");
    let said = String::from_utf8(typed.stderr).unwrap();
    assert!(said.contains("belongs to another user"), "{said}");
}

#[test]
fn b10_a_spool_that_is_a_file_costs_the_events_and_nothing_else() {
    let home = Home::agreed("http://127.0.0.1:9", "phc_test");
    fs::remove_dir_all(home.state("askfirst-spool")).unwrap();
    fs::write(home.state("askfirst-spool"), "a file of the user's").unwrap();
    works_as_without(&home, &[], "a file in the spool's place");
    let there = fs::read_to_string(home.state("askfirst-spool")).unwrap();
    assert_eq!(there, "a file of the user's");
    let output = home.run(&["--analytics-disable"], TALK);
    assert!(output.status.success());
    assert!(home.state("analytics.disabled").exists());
}

#[test]
fn p05_a_spool_that_is_a_link_takes_no_events_where_a_no_would_not_find_them() {
    let home = Home::agreed("http://127.0.0.1:9", "phc_test");
    let elsewhere = home.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::remove_dir_all(home.state("askfirst-spool")).unwrap();
    symlink(&elsewhere, home.state("askfirst-spool")).unwrap();
    works_as_without(&home, &[], "a link in the spool's place");
    let found = fs::read_dir(&elsewhere).unwrap();
    let files = found
        .flatten()
        .flat_map(|folder| fs::read_dir(folder.path()).unwrap());
    assert_eq!(files.count(), 0, "no event behind the link");
    fs::remove_file(home.state("askfirst-spool")).unwrap();
    works_as_without(&home, &[], "a spool of its own again");
    assert!(assert_whole(&home, "again") > 5);
}

#[test]
fn b10_a_spool_that_is_deleted_while_the_tool_runs_costs_the_events_and_nothing_else() {
    let home = Home::agreed("http://127.0.0.1:9", "phc_test");
    let mut run = home.begin(&[]);
    assert_eq!(run.says("hello").unwrap(), "You said 5 characters.\n");
    fs::remove_dir_all(home.state("askfirst-spool")).unwrap();
    // Enough for several files.
    for _ in 0..400 {
        assert_eq!(run.says("/tokens").unwrap(), "/tokens done.\n");
    }
    assert_eq!(run.end(), 0);
    assert!(assert_whole(&home, "a new folder") > 50);
}

#[test]
fn p05_after_a_no_in_another_process_a_running_session_leaves_no_event_on_the_disk() {
    let home = Home::agreed("http://127.0.0.1:9", "phc_test");
    let mut run = home.begin(&[]);
    run.says("hello").unwrap();
    assert!(!home.waiting().is_empty());
    assert!(home.run(&["--analytics-disable"], TALK).status.success());
    for _ in 0..400 {
        run.says("/tokens").unwrap();
        assert!(home.waiting().is_empty(), "an event waits after the no");
    }
    assert_eq!(run.end(), 0);
    assert!(home.waiting().is_empty());
    let names: Vec<_> = fs::read_dir(home.state(""))
        .unwrap()
        .flatten()
        .map(|it| it.file_name())
        .collect();
    let mut names: Vec<_> = names.iter().filter_map(|it| it.to_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["analytics.disabled", "askfirst.lock"]);
}
