use clap::{CommandFactory as _, Parser};

use super::*;

/// A tool of its own.
#[derive(Debug, Parser)]
struct Cli {
    /// A flag of the tool's own
    #[arg(long)]
    before: bool,
    #[command(flatten)]
    analytics: AnalyticsArgs,
    /// Another
    #[arg(long)]
    after: bool,
}

fn typed(args: &[&str]) -> Typed {
    Cli::try_parse_from([&["tool"], args].concat())
        .unwrap()
        .analytics
        .typed()
}

fn refused(args: &[&str]) -> String {
    Cli::try_parse_from([&["tool"], args].concat())
        .unwrap_err()
        .to_string()
}

#[test]
fn b14_every_flag_of_the_pages_is_there_and_does_something() {
    assert_eq!(typed(&[]), Typed::default());
    assert_eq!(typed(&["--analytics"]).analytics, Some(true));
    assert_eq!(typed(&["--no-analytics"]).analytics, Some(false));
    assert!(typed(&["--analytics-disable"]).disable);
    assert_eq!(
        typed(&["--analytics-log", "x"]).log,
        Some(PathBuf::from("x"))
    );
    let host = typed(&["--analytics-posthog-host", "eu.example.org"]).posthog_host;
    assert_eq!(host.unwrap().as_str(), "https://eu.example.org");
    let key = typed(&["--analytics-posthog-project-api-key", "phc_1"]).posthog_project_api_key;
    assert_eq!(key.unwrap().as_str(), "phc_1");
    for (flag, command) in [
        ("--analytics-status", Command::Status),
        ("--analytics-show", Command::Show),
        ("--analytics-reset", Command::Reset),
        ("--analytics-forget", Command::Forget(None)),
        (
            "--analytics-forget=k",
            Command::Forget(Some("k".to_owned())),
        ),
    ] {
        assert_eq!(typed(&[flag]).command, Some(command));
    }
}

#[test]
fn p07_of_analytics_and_no_analytics_the_last_counts() {
    assert_eq!(
        typed(&["--analytics", "--no-analytics"]).analytics,
        Some(false)
    );
    assert_eq!(
        typed(&["--no-analytics", "--analytics"]).analytics,
        Some(true)
    );
}

#[test]
fn p13_a_host_that_is_none_is_refused_at_once_with_what_to_write() {
    let message = refused(&["--analytics-posthog-host", "http://example.org"]);
    assert!(message.contains("sent without encryption to this machine only; write `https://`"));
    let message = refused(&["--analytics-posthog-project-api-key", "a b"]);
    assert!(
        message.contains("this is not a project key; write letters"),
        "{message}"
    );
}

#[test]
fn one_command_at_a_time() {
    refused(&["--analytics-status", "--analytics-reset"]);
}

#[test]
fn the_help_stands_under_a_heading_of_its_own() {
    let help = Cli::command().render_long_help().to_string();
    assert!(help.contains("\nAnalytics:\n"), "{help}");
    assert!(help.starts_with("A tool of its own\n"), "{help}");
    let (tools, ours) = help.split_once("\nAnalytics:\n").unwrap();
    assert!(
        tools.contains("--before") && tools.contains("--after"),
        "{help}"
    );
    assert_eq!(ours.matches(" --analytics").count(), 9, "{help}");
    assert_eq!(ours.matches(" --no-analytics").count(), 1, "{help}");
}
