//! P02: what a log holds beyond the catalog is in no byte of the data directory.

use std::collections::BTreeSet;
use std::path::Path;

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::{Value, json};

use crate::home::{Home, files, line, real_log};

#[test]
fn p02_no_path_and_no_exception_text_of_the_published_log_is_in_any_byte() {
    let (home, Some(log)) = (Home::new(), real_log()) else {
        return;
    };
    let texts = free_texts(&log);
    assert!(
        texts.contains("/Users/gauthier/Projects/aider/aider/main.py"),
        "{texts:?}"
    );
    assert!(
        texts
            .iter()
            .any(|text| text.contains("CERTIFICATE_VERIFY_FAILED")),
        "{texts:?}"
    );
    home.import(&log, "--host aider").ok();
    let all = every_byte(&home.data());
    assert!(
        contains(&all, "claude-3-5-sonnet-20241022"),
        "the search finds what is stored"
    );
    for text in &texts {
        assert!(!contains(&all, text), "{text} is in the data directory");
    }
    for part in [
        "gauthier",
        "CERTIFICATE",
        "file_added",
        "_get_httpx_client",
        "llm_provider",
    ] {
        assert!(!contains(&all, part), "{part} is in the data directory");
    }
}

#[test]
fn p02_b01_keys_paths_and_texts_in_any_place_of_a_line_are_not_stored() {
    let home = Home::new();
    let canary = "OPENAI_API_KEY=sk-c4n4ry";
    let at = 1_733_000_000;
    let mut log = String::new();
    for property in [
        "exception",
        "main_model",
        "edit_format",
        "reason",
        "aider_version",
        canary,
    ] {
        log += &line("message_send", at, &json!({ property: canary }));
        log += &line("message_send_exception", at, &json!({ property: canary }));
        log += &line(
            "exit",
            at,
            &json!({ property: [canary, { "deep": canary }] }),
        );
    }
    log += &line(canary, at, &json!({}));
    log += &line(&format!("command_{canary}"), at, &json!({}));
    log += &json!({ "event": "launched", "properties": {}, "user_id": canary, "time": at })
        .to_string();
    let log = home.write("log.jsonl", log);
    let ran = home.import(&log, "--host aider");
    assert!(!format!("{ran:?}").contains("c4n4ry"), "{ran:?}");
    assert!(ran.ok().contains("21 lines read"));
    let all = every_byte(&home.data());
    assert!(
        contains(&all, "message_send"),
        "the search finds what is stored"
    );
    for part in ["OPENAI_API_KEY", "c4n4ry"] {
        assert!(!contains(&all, part), "{part} is in the data directory");
    }
}

/// The texts of the log no catalog admits: paths, and what exceptions say, whole and by line.
fn free_texts(log: &Path) -> BTreeSet<String> {
    let log = std::fs::read_to_string(log).expect("the log");
    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let mut texts = BTreeSet::new();
    for line in lines {
        for property in ["filename", "exception"] {
            if let Some(text) = line["properties"][property].as_str() {
                texts.insert(text.to_owned());
                texts.extend(
                    text.lines()
                        .map(str::to_owned)
                        .filter(|part| part.len() > 6),
                );
            }
        }
    }
    texts
}

/// Every file as it lies on disk; of Parquet also every page decompressed and every value.
fn every_byte(dir: &Path) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut tables = 0;
    for (path, bytes) in files(dir) {
        all.push(path.to_string_lossy().into_owned().into_bytes());
        if path.extension().is_some_and(|ending| ending == "parquet") {
            tables += 1;
            let reader = SerializedFileReader::try_from(path.as_path()).expect("Parquet");
            pages(&reader, &mut all);
            for row in reader.get_row_iter(None).expect("rows") {
                all.push(row.expect("a row").to_string().into_bytes());
            }
        }
        all.push(bytes);
    }
    assert!(tables > 0, "an import writes Parquet");
    all
}

fn pages(reader: &SerializedFileReader<std::fs::File>, all: &mut Vec<Vec<u8>>) {
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).expect("a row group");
        for column in 0..group.num_columns() {
            let mut pages = group.get_column_page_reader(column).expect("pages");
            while let Some(page) = pages.get_next_page().expect("a page") {
                all.push(page.buffer().to_vec());
            }
        }
    }
}

fn contains(all: &[Vec<u8>], text: &str) -> bool {
    let text = text.as_bytes();
    all.iter()
        .any(|bytes| bytes.windows(text.len()).any(|part| part == text))
}
