//! Rows to store, and what readers say is stored.

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, TimestampMillisecondType};
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::DataType;
use askfirst_catalog::{Catalog, Common, Value};
use askfirst_store::testing::{FakeDisk, ManualClock};
use askfirst_store::{
    Batch, Consent, Limits, NewProject, Options, ProjectId, ProjectView, Retention, Row, Snapshot,
    Store, Tally,
};

/// Monday, 2 December 2024, 12:00 UTC.
pub(crate) const NOON: i64 = 1_733_140_800_000;

/// Where stores on a fake disk live.
pub(crate) fn root() -> &'static Path {
    Path::new("/data")
}

/// What a store on `disk` is opened with: small files, nothing by itself.
pub(crate) fn options(disk: &FakeDisk, clock: &Arc<ManualClock>) -> Options {
    let mut options = Options::new(Catalog::builtin());
    options.disk = Arc::new(disk.clone());
    options.clock = Arc::clone(clock) as _;
    options.background = false;
    options.limits = Limits {
        wal_file_bytes: 16 << 10,
        first_wal_file_bytes: 4 << 10,
        merge_at: 3,
        day_rows: 20,
        file_rows: 64,
        ..Limits::default()
    };
    options
}

/// A store on a fresh fake disk, with one project.
pub(crate) fn store() -> (FakeDisk, Arc<ManualClock>, Store, ProjectId) {
    let (disk, clock) = (FakeDisk::new(), Arc::new(ManualClock::new(NOON)));
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    let (info, _) = store
        .add_project(project_of("aider", "aider", 180))
        .unwrap();
    (disk, clock, store, info.id)
}

/// A project whose events are kept for `days`.
pub(crate) fn project_of<'a>(name: &'a str, host: &'a str, days: u32) -> NewProject<'a> {
    NewProject::new(name, host, Retention::days(days))
}

/// A `message_send` that is told from others by `n`.
pub(crate) fn message(n: u64) -> Row {
    let catalog = Catalog::builtin();
    let text = |text: &str| Value::stored_text(Arc::from(text));
    let model = ["gpt-4o", "claude-3-5-sonnet-20241022"][(n % 2) as usize];
    let values = [
        ("main_model", text(model)),
        ("prompt_tokens", Value::Count(n)),
        ("cost", Value::Amount(n as i64 * 1000)),
        ("version", text("0.70.0")),
    ];
    row(&catalog, "message_send", n, &values)
}

/// An `exit` that is told from others by `n`.
pub(crate) fn exit(n: u64) -> Row {
    row(&Catalog::builtin(), "exit", n, &[])
}

fn row(catalog: &Catalog, event: &str, n: u64, values: &[(&str, Value)]) -> Row {
    let property = |(name, value): &(&str, Value)| {
        let id = catalog.find_property(name).expect("a property");
        (id, value.clone())
    };
    Row {
        ts: NOON - 1000 * (n % 50) as i64,
        skew_s: 0,
        event: catalog.find_event(event).expect("an event"),
        install: (!n.is_multiple_of(5)).then_some([(n % 3) as u8; 16]),
        consent: Consent::Unknown,
        common: Common::default(),
        values: values.iter().map(property).collect(),
        key: n,
    }
}

/// A batch that arrives at noon.
pub(crate) fn batch(project: ProjectId, rows: Vec<Row>) -> Batch {
    Batch {
        project,
        received_ms: NOON,
        rows,
        tally: Tally::default(),
    }
}

/// The view of a project, beside the writer.
pub(crate) fn view(disk: &FakeDisk, project: ProjectId) -> Arc<ProjectView> {
    let stands = ManualClock::new(0);
    let snapshot = Snapshot::open(root(), Arc::new(disk.clone()), &stands).unwrap();
    snapshot.project(project).unwrap()
}

/// All rows of the given columns.
pub(crate) fn scan(view: &ProjectView, columns: &[&str], event: Option<&str>) -> Vec<RecordBatch> {
    let scans = view
        .segments
        .iter()
        .map(|segment| segment.scan(columns, event).unwrap());
    scans.flatten().map(Result::unwrap).collect()
}

/// The `prompt_tokens` of every `message_send`, sorted: which messages are stored.
pub(crate) fn messages(view: &ProjectView) -> Vec<i64> {
    let mut all: Vec<i64> = scan(view, &["p_prompt_tokens"], Some("message_send"))
        .iter()
        .flat_map(|batch| integers(batch, 0))
        .flatten()
        .collect();
    all.sort_unstable();
    all
}

/// Every row of every file, one line each, sorted.
pub(crate) fn everything(view: &ProjectView) -> Vec<String> {
    let mut lines: Vec<String> = scan(view, &COLUMNS, None).iter().flat_map(lines).collect();
    lines.sort_unstable();
    lines
}

const COLUMNS: [&str; 13] = [
    "ts",
    "skew_s",
    "received",
    "event",
    "install_id",
    "consent",
    "session",
    "seq",
    "catalog",
    "p_main_model",
    "p_prompt_tokens",
    "p_cost",
    "p_version",
];

fn lines(batch: &RecordBatch) -> Vec<String> {
    let value = |column: usize, row: usize| {
        let array = batch.column(column).slice(row, 1);
        // The dictionaries of two files differ, their values do not.
        match array.data_type() {
            DataType::Dictionary(_, values) if **values == DataType::Utf8 => {
                let one = RecordBatch::try_from_iter([("c", array)]).unwrap();
                format!("{:?}", texts(&one, 0))
            }
            DataType::Dictionary(..) => {
                let one = RecordBatch::try_from_iter([("c", array)]).unwrap();
                format!("{:?}", installs(&one, 0))
            }
            _ => format!("{:?}", array.to_data().buffers().first().map(|_| &array)),
        }
    };
    let line = |row: usize| {
        let values = (0..batch.num_columns()).map(|column| value(column, row));
        values.collect::<Vec<_>>().join(" ")
    };
    (0..batch.num_rows()).map(line).collect()
}

/// Files of each level: 0, 1, 2.
pub(crate) fn levels(view: &ProjectView) -> [usize; 3] {
    let at = |level: u8| {
        let sealed = view.segments.iter().filter(|it| it.is_sealed());
        sealed.filter(|it| it.level() == level).count()
    };
    [at(0), at(1), at(2)]
}

/// The values of an integer column.
pub(crate) fn integers(batch: &RecordBatch, column: usize) -> Vec<Option<i64>> {
    let array = batch.column(column).as_primitive::<Int64Type>();
    array.iter().collect()
}

/// The values of `ts`.
pub(crate) fn times(batch: &RecordBatch, column: usize) -> Vec<i64> {
    let array = batch
        .column(column)
        .as_primitive::<TimestampMillisecondType>();
    array.values().to_vec()
}

/// The values of a text column.
pub(crate) fn texts(batch: &RecordBatch, column: usize) -> Vec<Option<String>> {
    let array = batch.column(column).as_dictionary::<Int32Type>();
    let words = array.values().as_string::<i32>();
    let text = |key: Option<i32>| key.map(|key| words.value(key as usize).to_owned());
    array.keys().iter().map(text).collect()
}

/// The values of `install_id`.
pub(crate) fn installs(batch: &RecordBatch, column: usize) -> Vec<Option<[u8; 16]>> {
    let array = batch.column(column).as_dictionary::<Int32Type>();
    let ids = array.values().as_fixed_size_binary();
    let id = |key: Option<i32>| key.map(|key| ids.value(key as usize).try_into().unwrap());
    array.keys().iter().map(id).collect()
}

/// Compares what segments tell of values without being read with what their rows say; how many
/// segments tell it.
pub(crate) fn telling(view: &ProjectView) -> usize {
    const COLUMNS: [&str; 3] = ["p_main_model", "p_prompt_tokens", "p_reason"];
    let mut telling = 0;
    for segment in &view.segments {
        let mut tells = false;
        for (event, _) in segment.events() {
            let Some(told) = segment.values(event, &COLUMNS).unwrap() else {
                continue;
            };
            let mut read = vec![0; COLUMNS.len()];
            for batch in segment.scan(&COLUMNS, Some(event)).unwrap() {
                let batch = batch.unwrap();
                for (read, column) in read.iter_mut().zip(batch.columns()) {
                    *read += (column.len() - column.logical_null_count()) as u64;
                }
            }
            assert_eq!(told, read, "{event}");
            tells = true;
        }
        telling += usize::from(tells);
    }
    telling
}
