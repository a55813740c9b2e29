//! `pair` keeps every promise of the page, under its own profile and under each of the five
//! shipped ones, as `askfirst check` sees it: from outside.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "the functions the tests share are tests too: they stop at the first surprise"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askfirst_catalog::{Catalog, Profile};
use askfirst_check::bench::{Bench, Subject};
use askfirst_check::report::Report;
use askfirst_check::{Drive, Plan, Verdict};

/// 2026-11-21: before anything of the catalog ends.
const TODAY: i32 = 20_778;

/// Checks run at once: most of their time is waiting.
const JOBS: usize = 4;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn own() -> Arc<Profile> {
    let path = root().join("examples/pair/pair.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let profile = Profile::parse("pair.toml", &text, &Catalog::builtin()).unwrap();
    Arc::new(profile)
}

fn checked(name: &str, profile: Arc<Profile>, only: &[&str]) -> Report {
    let dir = root().join("hosts/drive").canonicalize().unwrap();
    let text = std::fs::read_to_string(dir.join("pair.toml")).unwrap();
    #[expect(clippy::disallowed_methods, reason = "where git is found")]
    let path = std::env::var_os("PATH");
    let bench = Bench::new(Subject {
        command: vec![env!("CARGO_BIN_EXE_pair").into()],
        drive: Drive::parse("pair.toml", &text).unwrap(),
        drive_dir: dir,
        profile_name: name.to_owned(),
        profile: Arc::clone(&profile),
        catalog: Catalog::builtin(),
        path,
        today: TODAY,
    })
    .unwrap();
    let plan = Plan { only: only.iter().map(|number| (*number).to_owned()).collect(), jobs: JOBS };
    let lines = askfirst_check::run(&bench, &plan, &|_| {}).unwrap();
    Report::new("pair", &profile.id, lines, bench.begun_anew())
}

/// Nothing is broken, and what does not apply is what is expected.
fn keeps_all(report: &Report) {
    assert_eq!(report.score.broken, 0, "{}", report.text());
    let excused = report.lines.iter().filter(|line| line.verdict == Verdict::NotApplicable);
    let excused: Vec<&str> = excused.map(|line| line.number).collect();
    assert_eq!(excused, Vec::<&str>::new(), "{}", report.text());
}

/// All at once: what a check does most of the time is wait for what must not happen.
/// Each begins with B09, whose evidence is a time, so the six stand beside each other there and
/// hardly beside the rest: they start few processes and wait. One B09 after another makes this
/// test half as long again.
#[test]
fn pair_keeps_every_promise_under_its_own_and_the_five_shipped_profiles() {
    std::thread::scope(|scope| {
        scope.spawn(|| keeps_all(&checked("pair", own(), &[])));
        for id in Profile::builtin_ids() {
            scope.spawn(move || keeps_all(&checked(id, Profile::builtin(id).unwrap(), &[])));
        }
    });
}

#[test]
fn p12_the_search_of_the_page_is_about_the_tools_own_source_alone() {
    let search = |report: &Report| {
        let findings = report.lines[0].findings.iter();
        let found = findings.clone().find(|finding| finding.what.starts_with("`call_search`"));
        found.unwrap().verdict
    };
    assert_eq!(search(&checked("pair", own(), &["P12"])), Verdict::Ok);
    let aider = checked("aider", Profile::builtin("aider").unwrap(), &["P12"]);
    assert_eq!(search(&aider), Verdict::NotApplicable, "it describes aider's source");
}

#[test]
fn p12_every_place_of_pair_that_records_is_declared() {
    let source = root().join("examples/pair/src");
    let sites = askfirst_check::sites::find(&source, &Catalog::builtin()).unwrap();
    assert!(sites.all_declared() && sites.sites.len() > 10, "{}", sites.text());
}
