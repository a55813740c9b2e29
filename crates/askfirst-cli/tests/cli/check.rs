//! `askfirst check` and `askfirst catalog sites`: what is printed, and how they end. What the
//! checks themselves see is shown by the tests of `askfirst-check`, against a tool that breaks
//! everything, and by those of `examples/pair`, which keeps everything.

use crate::home::{Home, Ran};

const TESTS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../askfirst-check/tests/bad_host"
);

fn arguments<'a>(drive: &'a str, more: &[&'a str], program: &'a str) -> Vec<&'a str> {
    let mut all = vec!["check", "--drive", drive];
    all.extend(more);
    all.extend(["--", "python3", program]);
    all
}

#[test]
fn what_is_broken_is_said_with_what_was_seen_and_ends_with_1() {
    let home = Home::new();
    let (drive, program) = (
        format!("{TESTS}/drive.toml"),
        format!("{TESTS}/bad_host.py"),
    );
    let said = home.run_args(&arguments(&drive, &["--only", "b17,P15"], &program));
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.stdout.contains("bad host, by the page of aider"),
        "{said:?}"
    );
    assert!(said.stdout.contains("B17  broken"), "{said:?}");
    assert!(
        said.stdout.contains("seen:   it differs from the page at"),
        "{said:?}"
    );
    assert!(
        said.stdout
            .contains("\n0 of 2 ok, 2 broken, 0 not applicable\n"),
        "{said:?}"
    );
}

#[test]
fn a_program_can_read_the_result() {
    let home = Home::new();
    let (drive, program) = (
        format!("{TESTS}/drive.toml"),
        format!("{TESTS}/bad_host.py"),
    );
    let more = ["--only", "B17", "--format", "json"];
    let said = home.run_args(&arguments(&drive, &more, &program));
    let report: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(report["score"]["broken"], 1);
    assert_eq!(report["lines"][0]["number"], "B17");
    assert_eq!(report["lines"][0]["findings"][0]["verdict"], "broken");
}

#[test]
fn wrong_use_ends_with_2_and_says_what_to_write() {
    let home = Home::new();
    let drive = format!("{TESTS}/drive.toml");
    let said = home
        .run_args(&arguments(&drive, &["--only", "P99"], "x"))
        .refused(2);
    assert!(said.contains("there is no promise P99"), "{said}");
    let said = home
        .run_args(&arguments("nowhere.toml", &[], "x"))
        .refused(2);
    assert!(said.contains("nowhere.toml"), "{said}");
    let said = home
        .run_args(&arguments(&drive, &["--profile", "adier"], "x"))
        .refused(2);
    assert!(said.contains("adier"), "{said}");
    home.write("bad.toml", "tool = \"x\"\nstarts = 1\n");
    let said = home.run_args(&arguments("bad.toml", &[], "x")).refused(2);
    assert!(
        said.contains("bad.toml") && said.contains("starts"),
        "{said}"
    );
}

#[test]
fn a_script_in_this_folder_is_found_from_the_folders_of_the_runs() {
    let home = Home::new();
    let drive = format!("{TESTS}/drive.toml");
    let script = std::fs::read(format!("{TESTS}/bad_host.py")).unwrap();
    home.write("bad_host.py", script);
    let more = ["--only", "B17"];
    let said = home.run_args(&arguments(&drive, &more, "./bad_host.py"));
    let page = "seen:   it differs from the page at";
    assert!(said.stdout.contains(page), "{said:?}");
}

#[test]
fn a_tool_that_cannot_be_started_is_no_verdict() {
    let home = Home::new();
    let drive = format!("{TESTS}/drive.toml");
    for tool in ["./no-such-tool", "no-such-tool"] {
        let command = ["check", "--drive", &drive, "--only", "B17", "--", tool];
        for path in [None, Some("/usr/bin")] {
            let mut askfirst = home.askfirst();
            askfirst.args(command);
            if let Some(path) = path {
                askfirst.env("PATH", path);
            }
            let said = Ran::of(askfirst.output().unwrap()).refused(1);
            assert!(said.contains("cannot start"), "{said}");
            assert!(said.contains("no-such-tool"), "{said}");
        }
    }
}

#[test]
fn p12_places_that_record_are_listed_and_what_is_not_declared_fails() {
    let home = Home::new();
    home.write("src/a.py", "analytics.event('launched')\n");
    let said = home.ok("catalog sites src");
    assert!(
        said.contains("a.py:1") && said.contains("launched"),
        "{said}"
    );
    assert!(said.contains("declared and never recorded: "), "{said}");
    let said = home.run("catalog sites src --search capture(");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.stderr.contains("`capture(` does not find a.py:1"),
        "{said:?}"
    );
    home.write("src/b.py", "analytics.event('keystrokes')\n");
    let said = home.run("catalog sites src");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("keystrokes  not declared"), "{said:?}");
    let csv = home.run("catalog sites src --format csv");
    assert!(csv.stdout.contains("b.py,1,keystrokes,false"), "{csv:?}");
    home.run("catalog sites nowhere").refused(2);
}
