//! `docs/on-disk.md`: what it says of each flag is what the flag does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::collector::Collector;
use crate::home::Home;

const PAGE: &str = include_str!("../../../../docs/on-disk.md");

/// What the page says becomes of each file, for the column of one flag.
fn said(column: &str) -> BTreeMap<String, String> {
    let table = PAGE.split("## What disappears").nth(1).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|---"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let at = rows[0].iter().position(|it| it.contains(column)).unwrap();
    let row = |row: &Vec<&str>| (row[0].trim_matches('`').to_owned(), row[at].to_owned());
    rows[1..].iter().map(row).collect()
}

/// The entries of the state directory, a folder with everything in it, and the log.
fn found(home: &Home) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(home.state("")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        found.insert(name, whole(&entry.path()));
    }
    found.insert(LOG.to_owned(), fs::read(home.path("my.jsonl")).unwrap());
    found
}

fn whole(path: &Path) -> Vec<u8> {
    if !path.is_dir() {
        return fs::read(path).unwrap();
    }
    let mut entries: Vec<_> = fs::read_dir(path).unwrap().flatten().collect();
    entries.sort_by_key(fs::DirEntry::path);
    entries.iter().flat_map(|it| whole(&it.path())).collect()
}

const LOG: &str = "the log you named";

/// A home with every file there is after a yes: the older tool's choice, what waits, a log.
fn home(collector: &Collector) -> Home {
    let home = Home::agreed(&collector.url, &collector.key);
    let legacy = r#"{"uuid": null, "permanently_disable": null, "asked_opt_in": null}"#;
    fs::write(home.state("analytics.json"), legacy).unwrap();
    let log = home.path("my.jsonl");
    let args = [
        "--analytics-log",
        log.to_str().unwrap(),
        "--message",
        "hello",
    ];
    assert!(home.run(&args, "").status.success());
    home
}

/// Holds a run to the page: `made` and `deleted` as they say; `stays` byte for byte, unless
/// the page goes on with how it changes.
fn does_what_is_said(flag: &str) {
    let collector = Collector::start();
    let home = home(&collector);
    let before = found(&home);
    for name in ["askfirst.json", "askfirst-spool", "askfirst.lock"] {
        assert!(before.contains_key(name), "{name} is there to begin with");
    }
    let output = home.run(&[flag], "/exit\n");
    assert!(output.status.success(), "{output:?}");
    let after = found(&home);
    let said = said(flag);
    for name in before.keys().chain(after.keys()) {
        assert!(said.contains_key(name), "the page does not know {name}");
    }
    for (name, said) in said {
        let (was, is) = (before.get(&name), after.get(&name));
        let word = said.split([',', ' ']).next().unwrap();
        let holds = match word {
            "deleted" => is.is_none(),
            "made" if said.contains("deleted with") => is.is_none(),
            "made" => was.is_none() && is.is_some(),
            "stays" if said == "stays" => was == is,
            "stays" => was.is_some() == is.is_some() && was != is,
            _ => panic!("what is {word:?}?"),
        };
        assert!(holds, "{flag}: {name}: the page says {said:?}");
    }
}

#[test]
fn p05_disable_does_to_every_file_what_the_page_says() {
    does_what_is_said("--analytics-disable");
}

#[test]
fn p04_reset_does_to_every_file_what_the_page_says() {
    does_what_is_said("--analytics-reset");
}

#[test]
fn d29_forget_does_to_every_file_what_the_page_says() {
    does_what_is_said("--analytics-forget");
}

#[test]
fn every_file_is_the_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let collector = Collector::start();
    let home = home(&collector);
    let mut folders = vec![home.state("")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            match entry.path().is_dir() {
                true => folders.push(entry.path()),
                // That one the older tool has made.
                false if entry.file_name() == "analytics.json" => {}
                false => {
                    files += 1;
                    assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
                }
            }
        }
    }
    assert_eq!(mode(&home.path("my.jsonl")), 0o600);
    assert!(files >= 3, "{files}");

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }
}
