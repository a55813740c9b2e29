//! What is on disk, read with the Parquet library alone: no code of ours stands
//! between the bytes and the test.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// Every file below a directory.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// A row of a segment: the event's name, and its `prompt_tokens` if it has any.
pub(crate) struct Stored {
    pub(crate) event: String,
    pub(crate) prompt_tokens: Option<u64>,
}

/// Every sealed row. After a graceful stop that is every row.
pub(crate) fn rows(data: &Path) -> Vec<Stored> {
    let mut rows = Vec::new();
    for path in files(data).iter().filter(|path| is_parquet(path)) {
        let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        for row in reader.get_row_iter(None).unwrap() {
            let row = row.unwrap();
            let mut stored = Stored {
                event: String::new(),
                prompt_tokens: None,
            };
            for (column, field) in row.get_column_iter() {
                match (column.as_str(), field) {
                    ("event", Field::Str(event)) => stored.event.clone_from(event),
                    ("p_prompt_tokens", Field::Long(count)) => {
                        stored.prompt_tokens = Some(u64::try_from(*count).unwrap());
                    }
                    ("p_prompt_tokens", Field::Null) => {}
                    ("event" | "p_prompt_tokens", other) => panic!("{column} is {other:?}"),
                    _ => {}
                }
            }
            rows.push(stored);
        }
    }
    rows
}

/// Asserts that the stored messages are those numbered 1 to `last` by their
/// `prompt_tokens`, each of them `times` times.
pub(crate) fn assert_numbered(data: &Path, last: u64, times: usize) {
    let mut found: BTreeMap<u64, usize> = BTreeMap::new();
    for row in rows(data).iter().filter(|row| row.event == "message_send") {
        let number = row
            .prompt_tokens
            .expect("every message of the test has prompt_tokens");
        *found.entry(number).or_default() += 1;
    }
    let expected: BTreeMap<u64, usize> = (1..=last).map(|number| (number, times)).collect();
    let wrong: Vec<String> = (1..=last.max(found.keys().last().copied().unwrap_or(0)))
        .filter(|number| found.get(number) != expected.get(number))
        .map(|number| format!("{number}: {} times", found.get(&number).unwrap_or(&0)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {last} messages are not stored {times} times; the first: {}",
        wrong.len(),
        wrong[..wrong.len().min(10)].join(", ")
    );
}

/// Every byte of the directory: each file as it is, each page of a Parquet file
/// decompressed too, and the names of the files. With where it stands.
pub(crate) fn bytes(data: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for path in files(data) {
        let name = path.strip_prefix(data).unwrap().display().to_string();
        if is_parquet(&path) {
            let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
            for group in 0..reader.num_row_groups() {
                let group = reader.get_row_group(group).unwrap();
                for column in 0..group.num_columns() {
                    let place = format!(
                        "{name}, column {}",
                        group.metadata().column(column).column_path()
                    );
                    for page in group.get_column_page_reader(column).unwrap() {
                        all.push((place.clone(), page.unwrap().buffer().to_vec()));
                    }
                }
            }
        }
        all.push((format!("the name of {name}"), name.clone().into_bytes()));
        all.push((name, fs::read(&path).unwrap()));
    }
    all
}

fn is_parquet(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "parquet")
}
