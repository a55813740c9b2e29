//! `verify` finds whatever is not as the manifest says, all of it, and nothing else.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use askfirst_catalog::Catalog;
use askfirst_store::testing::{Crash, Dice, FakeDisk, ManualClock};
use askfirst_store::{Disk, Error, LineKey, Options, RealDisk, Store, Verified, verify};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::rows::*;

/// Two segments with their key runs, imported lines, and rows in the log.
fn filled() -> FakeDisk {
    let (disk, _, store, project) = store();
    store
        .append_wait(batch(project, (0..20).map(message).collect()))
        .unwrap();
    store.seal().unwrap();
    let mut importer = store.importer(project).unwrap();
    for n in 20..30 {
        importer.push(LineKey::Line(n), exit(n), &[]).unwrap();
    }
    importer.finish().unwrap();
    for n in 30..33 {
        store.append_wait(batch(project, vec![message(n)])).unwrap();
    }
    drop(store);
    disk
}

fn checked(disk: &FakeDisk) -> Verified {
    verify(root(), Arc::new(disk.clone()), &mut |_| {}).unwrap()
}

/// The problems, one line each, paths below the data directory.
fn problems(disk: &FakeDisk) -> Vec<String> {
    let said = checked(disk).problems.into_iter();
    said.map(|it| {
        assert!(!it.remedy.is_empty());
        it.to_string().replacen("/data/", "", 1)
    })
    .collect()
}

fn path_of(disk: &FakeDisk, end: &str) -> PathBuf {
    let mut files = disk.files().into_keys();
    files
        .find(|path| path.to_string_lossy().ends_with(end))
        .unwrap()
}

fn flip(disk: &FakeDisk, path: &Path, at: usize) {
    let mut bytes = disk.files()[path].clone();
    bytes[at] ^= 1;
    disk.overwrite(path, bytes);
}

/// Writes another manifest, with a checksum that fits it.
fn forge(disk: &FakeDisk, change: impl FnOnce(&mut Value)) {
    let path = Path::new("/data/MANIFEST");
    let mut manifest: Value = serde_json::from_slice(&disk.files()[path]).unwrap();
    change(&mut manifest["body"]);
    let body = manifest["body"].to_string();
    let digest = Sha256::digest(&body);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("{{\"askfirst_manifest\":1,\"sha256\":\"{hex}\",\"body\":{body}}}\n");
    disk.overwrite(path, text.into_bytes());
}

/// Writes something else of the same length into the first segment, which has it once, with a
/// manifest that fits it.
fn forge_segment(disk: &FakeDisk, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let path = path_of(disk, "1.parquet");
    let mut bytes = disk.files()[&path].clone();
    let found = |(_, it): &(usize, &[u8])| *it == from.as_bytes();
    let windows = bytes.windows(from.len()).enumerate();
    let places: Vec<usize> = windows.filter(found).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 1, "{from}");
    bytes[places[0]..][..to.len()].copy_from_slice(to.as_bytes());
    let digest = Sha256::digest(&bytes);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    disk.overwrite(&path, bytes);
    forge(disk, |body| {
        body["projects"][0]["segments"][0]["sha256"] = json!(hex);
    });
}

#[test]
fn d16_a_directory_as_it_was_left_has_no_problem() {
    let disk = filled();
    let before = disk.files();
    let mut told = Vec::new();
    let done = verify(root(), Arc::new(disk.clone()), &mut |it| told.push(it)).unwrap();
    assert_eq!((&done.problems, &done.notes), (&vec![], &vec![]));
    assert_eq!((done.rows, done.keys, done.records), (30, 30, 3));
    let counted = &done.projects[0];
    assert_eq!((counted.accepted, counted.stored), (30, 30));
    assert_eq!(disk.files(), before, "it changed something");
    assert!(told.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes));
    assert!(told.iter().all(|it| it.bytes <= it.of));
}

#[test]
fn d16_every_flipped_bit_of_a_named_file_is_found_and_named() {
    let disk = filled();
    for end in ["1.parquet", "2.keys", "3.parquet", "4.keys"] {
        let path = path_of(&disk, end);
        let len = disk.files()[&path].len();
        for at in (0..len).step_by(len / 23) {
            let disk = disk.crash(Crash::Kill, &mut Dice::new(0));
            flip(&disk, &path, at);
            let said = problems(&disk);
            let sha = format!(
                "projects/1/0000000{end}: its bytes are not the ones that were written (SHA-256)"
            );
            assert!(said.contains(&sha), "byte {at} of {end}: {said:?}");
        }
    }
}

#[test]
fn all_problems_are_said_in_one_run() {
    let disk = filled();
    flip(&disk, &path_of(&disk, "1.parquet"), 100);
    let keys = path_of(&disk, "2.keys");
    let cut = disk.files()[&keys].clone();
    disk.overwrite(&keys, cut[..cut.len() - 1].to_vec());
    disk.remove(&path_of(&disk, "3.parquet")).unwrap();
    let catalog = path_of(&disk, ".toml");
    flip(&disk, &catalog, 1);
    let log = path_of(&disk, "1.wal");
    let records = disk.files()[&log].clone();
    let first = records.windows(4).rposition(|it| it == b"AFR1").unwrap();
    let second = records[..first].windows(4).rposition(|it| it == b"AFR1");
    flip(&disk, &log, second.unwrap() + 20);
    let said = problems(&disk).join("\n");
    for expected in [
        "projects/1/00000001.parquet: its bytes are not the ones that were written",
        &format!(
            "projects/1/00000002.keys: it has {} bytes, the manifest says {}",
            cut.len() - 1,
            cut.len()
        ),
        "projects/1/00000002.keys: byte ",
        "projects/1/00000003.parquet: named by the manifest, but it is not there",
        "its SHA-256 is not its name",
        "byte 736: a record: of a catalog that is not there, or cannot be read",
        ": a record whose checksum is wrong; the next whole record is at byte",
    ] {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
}

#[test]
fn a_damaged_manifest_is_one_problem_with_a_way_out() {
    let disk = filled();
    let path = Path::new("/data/MANIFEST");
    let text = String::from_utf8(disk.files()[path].clone()).unwrap();
    flip(&disk, path, text.find("salt").unwrap() + 20);
    let done = checked(&disk);
    let said: Vec<String> = done.problems.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["/data/MANIFEST: its checksum is wrong"]);
    assert!(done.problems[0].remedy.contains("MANIFEST.prev"));
}

#[test]
fn what_cannot_be_checked_is_an_error() {
    let nothing = verify(root(), Arc::new(FakeDisk::new()), &mut |_| {});
    assert!(matches!(nothing, Err(Error::NoData { .. })));
    let disk = filled();
    let newer = br#"{"askfirst_manifest":3}"#;
    disk.overwrite(Path::new("/data/MANIFEST"), newer.to_vec());
    let newer = verify(root(), Arc::new(disk.clone()), &mut |_| {});
    assert!(matches!(newer, Err(Error::NewerVersion { .. })));
    disk.remove(Path::new("/data/MANIFEST")).unwrap();
    let lost = verify(root(), Arc::new(disk), &mut |_| {});
    assert!(matches!(lost, Err(Error::NoManifest { .. })));
}

#[test]
fn what_the_manifest_says_of_rows_is_compared_with_the_rows() {
    for (change, expected) in [
        (
            "days",
            "projects/1/00000001.parquet: days: it has 20059 to 20059, the manifest says 20058 to 20059",
        ),
        (
            "arrived",
            "projects/1/00000001.parquet: days of arrival: it has 20059 to 20059, the manifest says 20058 to 20059",
        ),
    ] {
        let disk = filled();
        forge(&disk, |body| {
            body["projects"][0]["segments"][0][change] = json!([20058, 20059]);
        });
        assert_eq!(problems(&disk), [expected]);
    }
    let disk = filled();
    forge(&disk, |body| {
        let segment = &mut body["projects"][0]["segments"][0];
        segment["events"] = json!([["exit", 1], ["message_send", 19]]);
    });
    assert_eq!(
        problems(&disk),
        [
            "projects/1/00000001.parquet: events: it has message_send 20, the manifest says exit 1, message_send 19"
        ]
    );
    let disk = filled();
    forge(&disk, |body| {
        body["projects"][0]["segments"][1]["origin"] = json!("received");
    });
    assert!(problems(&disk)[0].contains("10 rows are not received"));
}

#[test]
fn what_a_footer_says_of_values_is_compared_with_the_rows() {
    let disk = filled();
    forge_segment(&disk, "askfirst.values", "somebody.elses_");
    assert_eq!(problems(&disk), [""; 0], "one of before 2026-11-21");
    forge_segment(&disk, "somebody.elses_", "askfirst.values");
    forge_segment(&disk, r#""p_cost":20"#, r#""p_cost":19"#);
    forge_segment(&disk, r#""p_version":20"#, r#""p_vorsion":20"#);
    let file = "projects/1/00000001.parquet";
    assert_eq!(
        problems(&disk),
        [
            ("p_cost", 20, 19),
            ("p_version", 20, 0),
            ("p_vorsion", 0, 20)
        ]
        .map(|(column, has, says)| format!(
            "{file}: rows of message_send with {column}: it has {has}, its footer says {says}"
        ))
    );
    let disk = filled();
    forge_segment(&disk, r#"{"message_send":{"#, r#"{"message_sent":{"#);
    let said = problems(&disk);
    assert_eq!(said.len(), 8, "four columns of each: {said:?}");
}

#[test]
fn an_event_that_was_accepted_and_is_not_stored_is_missed() {
    let disk = filled();
    forge(&disk, |body| {
        body["projects"][0]["tally"]["reasons"]["20059"]["accepted"] = json!(31);
    });
    assert_eq!(
        problems(&disk),
        ["MANIFEST: project aider: 31 events were accepted, but 30 are stored and 0 have expired"]
    );
}

#[test]
fn a_manifest_that_contradicts_itself_is_said_to() {
    let disk = filled();
    forge(&disk, |body| {
        body["next_file"] = json!(4);
        body["projects"][0]["segments"][0]["events"] = json!([["message_send", 19]]);
    });
    let said = problems(&disk).join("\n");
    for expected in [
        "MANIFEST: the number of file 4 is not given out yet",
        "MANIFEST: project aider, segment 1: its events do not add up to its rows",
    ] {
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_torn_tail_and_what_a_crash_left_are_no_damage() {
    let disk = filled();
    let log = path_of(&disk, "1.wal");
    let mut records = disk.files()[&log].clone();
    let last = records.windows(4).rposition(|it| it == b"AFR1").unwrap();
    records[last + 30..].fill(0);
    disk.overwrite(&log, records);
    for stray in [
        "/data/projects/1/00000001.keys",
        "/data/projects/1/00000002.parquet.tmp",
        "/data/projects/1/notes.txt",
        "/data/holiday.jpg",
    ] {
        disk.create(Path::new(stray)).unwrap();
    }
    let done = checked(&disk);
    assert_eq!(done.problems, []);
    let notes: Vec<String> = done.notes.iter().map(ToString::to_string).collect();
    let notes = notes.join("\n").replace("/data/", "");
    for expected in [
        "it is being written, or was when the process stopped",
        "projects/1/00000002.parquet.tmp: left over: no manifest names it",
        "projects/1/notes.txt: not a file of askfirst",
        "holiday.jpg: not a file of askfirst",
    ] {
        assert!(notes.contains(expected), "{expected} is not in\n{notes}");
    }
}

#[test]
fn d17_what_a_writer_takes_away_meanwhile_is_no_damage_and_damage_stays_damage() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = Options::new(Catalog::builtin());
    options.clock = Arc::new(ManualClock::new(NOON));
    options.limits.seal_rows = 100;
    options.limits.wal_file_bytes = 64 << 10;
    let store = Store::open(dir.path(), options).unwrap();
    let (project, _) = store
        .add_project(project_of("aider", "aider", 180))
        .unwrap();
    let damaged = project_of("damaged", "aider", 180);
    let (damaged, _) = store.add_project(damaged).unwrap();
    store
        .append_wait(batch(damaged.id, vec![message(0)]))
        .unwrap();
    store.seal().unwrap();
    let segment = dir.path().join("projects/2/00000001.parquet");
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[50] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let found = || {
        let found = verify(dir.path(), Arc::new(RealDisk), &mut |_| {}).unwrap();
        let files: Vec<&Path> = found.problems.iter().map(|it| it.path.as_path()).collect();
        assert_eq!(files, [&segment], "{:?}", found.problems);
        found
    };
    let done = AtomicBool::new(false);
    let checks = std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..300 {
                let rows = || (n * 10..n * 10 + 10).map(message).collect();
                while store.append_wait(batch(project.id, rows())).is_err() {
                    std::thread::yield_now();
                }
                if n % 7 == 0 {
                    store.seal().unwrap();
                    let (other, _) = store.add_project(project_of("gone", "aider", 180)).unwrap();
                    store.append_wait(batch(other.id, rows())).unwrap();
                    store.seal().unwrap();
                    store.remove_project(other.id).unwrap();
                }
            }
            done.store(true, Ordering::SeqCst);
        });
        let mut checks = 0;
        while !done.load(Ordering::SeqCst) || checks == 0 {
            found();
            checks += 1;
        }
        checks
    });
    assert!(found().rows > 0 && checks > 0);
}
