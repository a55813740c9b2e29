//! What is on disk, by real processes.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::home::{Home, ON};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_choice_is_the_users_alone() {
    let home = Home::agreed();
    assert_eq!(mode(&home.state("")), 0o700);
    assert_eq!(mode(&home.state("askfirst.json")), 0o600);
    assert_eq!(mode(&home.state("askfirst.lock")), 0o600);
    let names: Vec<String> = home
        .files()
        .iter()
        .map(|(path, _)| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["askfirst.json", "askfirst.lock"]);
}

#[test]
fn p05_disable_is_forever() {
    let home = Home::agreed();
    let (out, err) = home.said(&["--analytics-disable"]);
    assert!(
        out.contains("off, row 1, no id"),
        "the program goes on: {out}"
    );
    assert!(
        err.starts_with("Analytics are permanently disabled: "),
        "{err}"
    );
    assert!(
        err.contains("To have what was sent erased: aider --analytics-forget "),
        "{err}"
    );
    assert_eq!(mode(&home.state("analytics.disabled")), 0o600);
    let files = home.files();
    for args in [
        &["--analytics"][..],
        &[],
        &["--no-analytics"],
        &["--analytics-reset"],
    ] {
        let (out, _) = home.said(args);
        assert!(!out.contains("on, row"), "{args:?}: {out}");
        assert_eq!(home.files(), files, "{args:?}");
    }
    // A yes that somebody puts back, or a torn file, changes nothing.
    for text in ["{\"version\": 1, \"attempts\": 0}", "{\"ver", ""] {
        home.put(&home.state("askfirst.json"), text);
        assert!(home.said(&["--analytics"]).0.contains("off, row 3"));
    }
}

#[test]
fn p05_disable_for_the_machine_is_for_every_user() {
    for marker in [
        "machine/aider/analytics.disabled",
        "machine/askfirst/disabled",
    ] {
        let home = Home::agreed();
        home.put(&home.path(marker), "");
        let (out, err) = home.said(&["--analytics"]);
        assert!(out.contains("off, row 3"), "{out}");
        assert!(err.contains("disabled for this machine"), "{err}");
    }
}

#[test]
fn p05_a_marker_that_is_a_dangling_link_or_a_folder_is_a_no() {
    let home = Home::agreed();
    symlink("/nowhere/at/all", home.state("analytics.disabled")).unwrap();
    assert!(home.said(&[]).0.contains("off, row 3"));
    let home = Home::agreed();
    std::fs::create_dir(home.state("analytics.disabled")).unwrap();
    assert!(home.said(&[]).0.contains("off, row 3"));
}

#[test]
fn b06_a_torn_or_foreign_state_is_off_and_left_alone() {
    for name in ["askfirst.json", "analytics.json"] {
        for text in ["", "{", "[]", "null", "\u{0}\u{0}", "{\"version\": 7}x"] {
            let home = Home::agreed();
            home.put(&home.state(name), text);
            let files = home.files();
            let (out, err) = home.said(&["--analytics"]);
            assert!(out.contains("off, row 4"), "{name} {text:?}: {out}");
            assert!(err.contains(name), "{err}");
            assert_eq!(home.files(), files, "{name} {text:?}");
        }
    }
}

#[test]
fn b06_a_state_directory_that_is_a_file_is_off() {
    let home = Home::new();
    home.put(&home.path("home/.aider"), "a file");
    let (out, err) = home.said(&["--analytics"]);
    assert!(out.contains("off, row 4"), "{out}");
    assert!(err.contains(".aider"), "{err}");
    let (_, err) = home.said(&["--analytics-disable"]);
    assert!(err.contains("could not be stored"), "{err}");
}

#[test]
fn p05_a_folder_where_no_file_can_be_made_is_told_by_status() {
    // Root may write anywhere, and a directory takes no file where one of the name is: the
    // folder of the probe cannot be removed as a file, so the probe fails for everybody.
    let home = Home::agreed();
    std::fs::create_dir(home.state("askfirst.probe")).unwrap();
    let (out, _) = home.said(&["--analytics-status"]);
    assert!(out.contains("no file can be made in"), "{out}");
}

#[test]
fn b04_a_cloned_repository_can_neither_opt_in_nor_choose_where_it_goes() {
    let home = Home::new();
    let config = "analytics: true\nanalytics-posthog-host: evil.example\n\
                  analytics-posthog-project-api-key: phc_evil\nanalytics-log: stolen.jsonl\n";
    home.put(&home.path("project/.aider.conf.yml"), config);
    std::fs::create_dir(home.path("project/.git")).unwrap();
    let (out, err) = home.said(&[]);
    assert!(out.contains("off, row 11"), "{out}{err}");
    assert!(!home.state("askfirst.json").exists());
    let (status, _) = home.said(&["--analytics-status"]);
    for key in ["analytics", "analytics-log", "analytics-posthog-host"] {
        assert!(
            status.contains(&format!("may only say off: `{key}` in ")),
            "{status}"
        );
    }
    assert!(
        status.contains("Destination: http://127.0.0.1:9 "),
        "{status}"
    );
    assert!(!status.contains("evil"), "{status}");
}

#[test]
fn b04_a_project_that_says_off_is_off_for_the_session_only() {
    let home = Home::agreed();
    home.put(
        &home.path("project/.aider.conf.yml"),
        "no-analytics: true\n",
    );
    let files = home.files();
    assert!(home.said(&["--analytics"]).0.contains("off, row 2"));
    assert_eq!(home.files(), files);
    std::fs::remove_file(home.path("project/.aider.conf.yml")).unwrap();
    assert!(home.said(&[]).0.starts_with(ON));
}

#[test]
fn p07_no_analytics_writes_nothing_at_all() {
    let home = Home::new();
    assert!(home.said(&["--no-analytics"]).0.contains("off, row 2"));
    assert!(home.files().is_empty());
    assert!(!home.state("").exists(), "not even a folder");
}

#[test]
fn p04_b07_reset_draws_a_new_id() {
    let home = Home::agreed();
    let before = home.said(&[]).0;
    assert_eq!(home.said(&[]).0, before, "the same id every time");
    assert!(home.said(&["--analytics-reset"]).0.contains("reset: true"));
    let after = home.said(&[]).0;
    assert!(after.starts_with(ON) && after != before, "{before}{after}");
}

#[test]
fn a_no_reaches_the_tool_before_us_through_a_link() {
    let home = Home::new();
    let real = home.path("home/dotfiles/analytics.json");
    home.put(&real, "{\"uuid\": null, \"permanently_disable\": null}");
    std::fs::create_dir(home.state("")).unwrap();
    symlink(&real, home.state("analytics.json")).unwrap();
    home.said(&["--analytics-disable"]);
    let text = std::fs::read_to_string(&real).unwrap();
    assert!(text.contains("\"permanently_disable\": true"), "{text}");
    assert!(home.state("analytics.json").is_symlink(), "still a link");
}

#[test]
fn b15_status_is_printed_and_has_no_key() {
    let home = Home::agreed();
    let stored = std::fs::read_to_string(home.state("askfirst.json")).unwrap();
    let key = stored.split('"').find(|part| part.len() == 64).unwrap();
    let files = home.files();
    let (status, _) = home.said(&["--analytics-status"]);
    assert!(
        status.contains("Analytics of aider are on: a person said yes."),
        "{status}"
    );
    assert!(!status.contains(key));
    assert_eq!(home.files(), files);
}

/// Runs the sample host where no byte can be written into any file, as on a full disk, but
/// empty files can be made.
fn without_space(home: &Home, args: &[&str]) -> (String, String) {
    let sample = home.command(args);
    let mut shell = std::process::Command::new("/bin/sh");
    // 25 is SIGXFSZ: ignored, a write beyond the limit is an error and not the end.
    shell
        .args(["-c", "trap '' 25; ulimit -f 0; exec \"$@\"", "sh"])
        .arg(sample.get_program())
        .args(sample.get_args())
        .env_clear()
        .envs(
            sample
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(home.path("project"));
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn p05_disable_works_where_no_byte_can_be_written() {
    let home = Home::agreed();
    home.put(
        &home.state("analytics.json"),
        "{\"permanently_disable\": false}",
    );
    let (out, err) = without_space(&home, &["--analytics-disable"]);
    assert!(out.contains("off, row 1"), "{out}");
    assert!(
        err.starts_with("Analytics are permanently disabled: "),
        "{err}"
    );
    assert_eq!(
        std::fs::read(home.state("analytics.disabled")).unwrap(),
        b""
    );
    assert!(!home.state("askfirst.json").exists());
    let legacy = std::fs::read_to_string(home.state("analytics.json")).unwrap();
    assert_eq!(legacy, "{\"permanently_disable\": false}", "not torn");
    assert!(!home.state("analytics.json.tmp").exists());
    assert!(home.said(&["--analytics"]).0.contains("off, row 3"));
}

#[test]
fn p08_what_cannot_be_written_is_left_whole_and_off() {
    let home = Home::agreed();
    home.said(&["--analytics-reset"]);
    let files = home.files();
    let (out, _) = without_space(&home, &[]);
    assert!(
        out.contains("off, row 4, no id"),
        "a key that cannot be stored is none: {out}"
    );
    assert_eq!(home.files(), files);
    assert!(home.said(&[]).0.starts_with(ON));
}
