//! What must be in no byte of the data directory.

use std::fs;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::bodies::{ALICE, event, node, uuid};
use super::client::Ask;
use super::served::Served;

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let nested = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    entries.flat_map(nested).collect()
}

/// Every byte of a directory, and every value of its Parquet files as text.
fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut contents = Vec::new();
    for path in files(dir) {
        let bytes = fs::read(&path).unwrap();
        if bytes.starts_with(b"PAR1") {
            let file = fs::File::open(&path).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file)
                .unwrap()
                .build()
                .unwrap();
            let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
            contents.push((path.clone(), format!("{batches:?}").into_bytes()));
        }
        contents.push((path, bytes));
    }
    contents
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window.eq_ignore_ascii_case(needle))
}

#[track_caller]
fn is_nowhere(dir: &Path, needles: &[&[u8]]) {
    let contents = contents(dir);
    assert!(
        contents
            .iter()
            .any(|(path, _)| path.extension().is_some_and(|it| it == "parquet"))
    );
    for (path, bytes) in &contents {
        for needle in needles {
            assert!(
                !holds(bytes, needle),
                "{:?} is in {}",
                needle.escape_ascii(),
                path.display()
            );
        }
    }
}

#[test]
fn p02_who_a_sender_says_it_is_is_in_no_byte_unless_it_is_random() {
    const MAIL: &str = "alice.liddell@wonderland.example";
    const HOST: &str = "alices-laptop.wonderland.local";
    const V1: &str = "c232ab00-9414-11ec-b3c8-9f6bdeced846";
    const EVENT_V1: &str = "d8a1f000-9414-11ec-b3c8-9f6bdeced846";
    const V1_BYTES: [u8; 16] = [
        0xc2, 0x32, 0xab, 0x00, 0x94, 0x14, 0x11, 0xec, 0xb3, 0xc8, 0x9f, 0x6b, 0xde, 0xce, 0xd8,
        0x46,
    ];
    let served = Served::start();
    let random = event("launched", ALICE, &uuid(4));
    let batch = node(&[
        event("launched", MAIL, &uuid(1)),
        event("launched", HOST, EVENT_V1),
        event("launched", V1, MAIL),
        random,
    ]);
    served.takes(&Ask::post("/batch/", batch.clone()).json());
    served.takes(&Ask::post("/batch/", batch).json());
    assert_eq!(served.outcomes(), [("accepted", 4), ("duplicate", 4)]);
    // While it is in the write-ahead log, and after it was sealed.
    let needles: [&[u8]; 8] = [
        b"liddell",
        b"wonderland",
        V1.as_bytes(),
        EVENT_V1.as_bytes(),
        &V1_BYTES,
        &V1_BYTES[6..],
        b"9f6bdeced846",
        b"YWxpY2UubGlkZGVsbEB3b25kZXJsYW5k",
    ];
    for (path, bytes) in contents(served.data()) {
        for needle in &needles {
            assert!(
                !holds(&bytes, needle),
                "{:?} in {path:?}",
                needle.escape_ascii()
            );
        }
    }
    let (dir, stopped) = served.stop();
    stopped.unwrap();
    is_nowhere(dir.path(), &needles);
    let id = &[0x52, 0xb5, 0xcc, 0x12, 0xf1, 0x6d, 0x45, 0xf3];
    let random = contents(dir.path())
        .iter()
        .any(|(_, bytes)| holds(bytes, id));
    assert!(random, "the search finds what is there");
}

#[test]
fn p02_values_the_catalog_does_not_admit_are_in_no_byte() {
    let served = Served::start();
    let batch = event("message_send", ALICE, &uuid(1)).replace(
        r#""$lib":"posthog-node""#,
        r#""$lib":"canary-lib","canary_name":"x","main_model":"canary/model","edit_format":"canary-format","note":"canary-text","$set":{"email":"canary@mail"},"prompt_tokens":"canary-tokens""#,
    );
    served.takes(&Ask::post("/batch/?x=canary-query", node(&[batch])).json());
    assert_eq!(served.outcomes(), [("accepted", 1)]);
    let (dir, stopped) = served.stop();
    stopped.unwrap();
    is_nowhere(dir.path(), &[b"canary"]);
}

#[test]
fn b18_no_address_of_a_sender_is_in_any_byte() {
    let served = Served::start();
    let batch = event("launched", ALICE, &uuid(1)).replace(
        r#""$lib""#,
        r#""$ip":"203.0.113.77","$geoip_disable":false,"$lib""#,
    );
    let ask = Ask::post("/batch/?ip=1", node(&[batch]))
        .json()
        .header("X-Forwarded-For", "203.0.113.77")
        .header("X-Real-IP", "203.0.113.77")
        .header("Forwarded", "for=203.0.113.77");
    served.takes(&ask);
    let status = served.operate(Ask::get("/operator/status")).body;
    assert!(!status.contains("203.0.113"));
    let (dir, stopped) = served.stop();
    stopped.unwrap();
    is_nowhere(
        dir.path(),
        &[b"203.0.113.77", &[203, 0, 113, 77], b"127.0.0.1"],
    );
}
