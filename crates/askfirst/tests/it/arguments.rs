//! The flags as a user types them.

use crate::home::Home;

#[test]
fn p13_a_wrong_host_or_key_is_refused_before_anything_happens() {
    let home = Home::agreed();
    let files = home.files();
    for (args, says) in [
        (
            ["--analytics-posthog-host", "http://collect.example.org"],
            "events are sent without encryption to this machine only; write `https://`",
        ),
        (
            ["--analytics-posthog-host", "https://a/b"],
            "this is not a host; write a name",
        ),
        (
            ["--analytics-posthog-project-api-key", "a key"],
            "this is not a project key",
        ),
    ] {
        let output = home.run(&args);
        assert_eq!(output.status.code(), Some(2));
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.contains(says), "{err}");
        assert_eq!(home.files(), files);
    }
}

#[test]
fn p13_a_destination_that_is_not_the_profiles_is_named_at_start() {
    let home = Home::agreed();
    let (_, err) = home.said(&["--analytics-posthog-host", "eu.example.org"]);
    assert_eq!(
        err,
        "Analytics go to https://eu.example.org (host typed).\n"
    );
}

#[test]
fn b14_every_flag_does_something() {
    let home = Home::agreed();
    let help = String::from_utf8(home.run(&["--help"]).stdout).unwrap();
    assert!(help.starts_with("A sample tool\n"), "{help}");
    for flag in [
        "--analytics\n",
        "--no-analytics\n",
        "--analytics-disable\n",
        "--analytics-log <FILE>\n",
        "--analytics-posthog-host <HOST>\n",
        "--analytics-posthog-project-api-key <KEY>\n",
        "--analytics-status\n",
        "--analytics-show\n",
        "--analytics-reset\n",
        "--analytics-forget [<KEY>]\n",
    ] {
        assert!(help.contains(flag), "{flag}{help}");
    }
}
