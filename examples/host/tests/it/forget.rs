//! `--analytics-forget` (decisions D29, D30).

use std::fs;
use std::net::TcpListener;
use std::process::Output;
use std::time::Duration;

use askfirst_receipt::Signed;

use crate::collector::Collector;
use crate::home::Home;
use crate::recorder::Recorder;

/// The key of the shipped profile, which the collector was set up for.
const PLACEHOLDER: &str = "askfirst-aider";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Records a session and has it delivered, by a run that ends with nothing left.
fn deliver(home: &Home, collector: &Collector) {
    let before = collector.count("message_send");
    assert!(home.run(&["--message", "hello"], "").status.success());
    let mut run = home.begin(&[]);
    run.talks_until(|| collector.count("message_send") > before);
    assert_eq!(run.end(), 0);
}

/// The receipts a home keeps.
fn receipts(home: &Home) -> Vec<Vec<u8>> {
    let folder = fs::read_dir(home.state("askfirst-receipts"));
    let files = folder.into_iter().flatten().flatten();
    files.map(|file| fs::read(file.path()).unwrap()).collect()
}

fn forget_key(home: &Home) -> String {
    let choice = fs::read_to_string(home.state("askfirst.json")).unwrap();
    let choice: serde_json::Value = serde_json::from_str(&choice).unwrap();
    choice["keys"][0]["forget_key"].as_str().unwrap().to_owned()
}

#[test]
fn d29_what_was_sent_is_gone_from_every_report_and_the_receipt_says_so() {
    let collector = Collector::start();
    let other = Home::agreed(&collector.url, &collector.key);
    deliver(&other, &collector);
    let without = collector.events();
    let home = Home::agreed(&collector.url, &collector.key);
    let key = forget_key(&home);
    deliver(&home, &collector);
    assert_ne!(collector.events(), without);

    let done = home.run(&["--analytics-forget"], "");
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(collector.events(), without, "the other's are as they were");
    let signed = Signed::parse(&done.stdout).unwrap();
    assert!(signed.check(collector.receipt_key()).is_ok());
    let on_screen = said(&done);
    let kept = receipts(&home);
    assert_eq!((kept.len(), kept.concat()), (1, done.stdout));
    assert!(home.state("analytics.disabled").exists());
    assert!(!home.state("askfirst.json").exists());
    assert!(home.waiting().is_empty());
    assert!(on_screen.contains("out of every report"), "{on_screen}");
    assert!(
        on_screen.contains("Who signed it could not be checked"),
        "{on_screen}"
    );
    assert!(!on_screen.contains(&key) && !signed.text().contains(&key));

    // With KEY from another machine it is the same work once more.
    let elsewhere = Home::agreed(&collector.url, &collector.key);
    let done = elsewhere.run(&["--analytics-forget", &key], "");
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(collector.events(), without);
}

#[test]
fn d29_a_running_session_of_the_home_ends_and_what_it_still_had_is_refused_or_gone() {
    let collector = Collector::start();
    let home = Home::agreed(&collector.url, &collector.key);
    let mut run = home.begin(&[]);
    run.talks_until(|| collector.count("launched") > 0);
    assert!(home.run(&["--analytics-forget"], "").status.success());
    for _ in 0..400 {
        run.says("/tokens").unwrap();
    }
    assert_eq!(run.end(), 0);
    assert_eq!(collector.events(), []);
    assert!(home.waiting().is_empty());
}

#[test]
fn d29_offline_it_waits_and_a_later_run_has_it_erased() {
    let place = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let home = Home::agreed(&format!("http://{place}"), PLACEHOLDER);
    let done = home.run(&["--analytics-forget"], "");
    assert!(!done.status.success());
    assert!(done.stdout.is_empty());
    let on_screen = said(&done);
    assert!(on_screen.contains("Nothing is erased yet"), "{on_screen}");
    assert!(
        on_screen.contains("It is asked again whenever aider runs"),
        "{on_screen}"
    );
    assert!(home.state("askfirst-forget.json").exists());

    let quiet = home.run(&["--message", "hello"], "");
    let off = home.run(&["--no-analytics", "--message", "hello"], "");
    assert_eq!(
        (quiet.status, quiet.stdout, quiet.stderr),
        (off.status, off.stdout, off.stderr)
    );

    let collector = Collector::start_at(place);
    let mut run = home.begin(&[]);
    let waits = || fs::read_to_string(home.state("askfirst-forget.json")).unwrap();
    // A run that ends between receipt and note has the next one ask once more.
    run.talks_until(|| !waits().contains("forget_key"));
    assert_eq!(run.end(), 0);
    let [receipt] = &receipts(&home)[..] else {
        panic!("one receipt");
    };
    let signed = Signed::parse(receipt).unwrap();
    assert!(signed.check(collector.receipt_key()).is_ok());
    let status = home.run(&["--analytics-status"], "");
    let status = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(status.contains("erased, receipt "), "{status}");
    assert_eq!(collector.events(), [], "nothing else was sent");
}

#[test]
fn b09_a_collector_that_never_answers_holds_no_run_up() {
    // Connections are taken by the kernel, and nobody ever reads them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = silent.local_addr().unwrap();
    let home = Home::agreed(&format!("http://{place}"), PLACEHOLDER);
    drop(silent);
    assert!(!home.run(&["--analytics-forget"], "").status.success());
    let silent = TcpListener::bind(place).unwrap();
    let quiet = home.run(&["--message", "hello"], "");
    let off = home.run(&["--no-analytics", "--message", "hello"], "");
    assert_eq!(
        (quiet.status, quiet.stdout, quiet.stderr),
        (off.status, off.stdout, off.stderr)
    );
    drop(silent);
    assert!(home.state("askfirst-forget.json").exists(), "it waits on");
}

#[test]
fn d30_a_posthog_is_never_said_to_have_erased_anything() {
    let posthog = Recorder::start();
    let home = Home::agreed(&posthog.url, "phc_test");
    let key = forget_key(&home);
    let done = home.run(&["--analytics-forget"], "");
    assert!(!done.status.success());
    assert!(done.stdout.is_empty());
    let on_screen = said(&done);
    assert!(on_screen.contains("Nothing was erased"), "{on_screen}");
    assert!(
        on_screen.contains("A PostHog cannot erase events without a profile"),
        "{on_screen}"
    );
    let again = format!("To have what was sent erased: aider --analytics-forget {key}");
    assert!(on_screen.contains(&again), "{on_screen}");
    let asked = posthog.bodies.recv_timeout(Duration::ZERO).unwrap();
    let body = format!(r#"{{"api_key":"phc_test","forget_key":"{key}"}}"#);
    assert_eq!(String::from_utf8_lossy(&asked), body);
    home.run(&["--message", "hello"], "");
    assert!(
        posthog.bodies.try_recv().is_err(),
        "one request, and then nothing"
    );
    assert!(!home.state("askfirst-forget.json").exists());
}
