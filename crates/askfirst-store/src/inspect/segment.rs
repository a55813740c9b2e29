//! A segment: what its rows are, what its columns cost.

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, Int64Type, TimestampMillisecondType, UInt64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::DataType;

use super::{FileKind, Inspected, days, time};
use crate::dir::Dir;
use crate::disk::DiskFile;
use crate::error::Error;
use crate::hex;
use crate::manifest::SegmentFile;
use crate::segment::Origin;
use crate::segment::sealed::Sealed;
use crate::verify::Rows;

/// The columns that are in every segment.
const ALWAYS: [&str; 5] = ["ts", "skew_s", "received", "event", "consent"];

pub(super) fn read(
    seen: &mut Inspected,
    dir: &Dir,
    path: &Path,
    open: Arc<dyn DiskFile>,
    rows: usize,
) {
    if let Err(error) = shown(seen, dir, path, &open, rows) {
        seen.fault(match error {
            Error::Parquet { source, .. } => format!("its Parquet cannot be read: {source}"),
            Error::Arrow { source, .. } => format!("its rows cannot be read: {source}"),
            other => other.to_string(),
        });
    }
}

fn shown(
    seen: &mut Inspected,
    dir: &Dir,
    path: &Path,
    open: &Arc<dyn DiskFile>,
    rows: usize,
) -> Result<(), Error> {
    let file = |rows| {
        Sealed::of_open(
            dir.clone(),
            path.to_owned(),
            alone(rows, seen.bytes),
            Arc::clone(open),
        )
    };
    let n = file(0).stored_rows()?;
    let sealed = file(n);
    let schema = sealed.columns()?;
    if ALWAYS.iter().any(|name| schema.index_of(name).is_err()) {
        seen.kind = FileKind::Foreign;
        seen.fault("it is Parquet, but not a segment of askfirst: it has other columns");
        return Ok(());
    }
    let parquet = sealed.parquet_metadata()?;
    let about = parquet.file_metadata();
    seen.fact("rows", n);
    seen.fact("row groups", parquet.num_row_groups());
    seen.fact("written by", about.created_by().unwrap_or("nobody says"));
    let columns = columns(&parquet);
    let fields = schema.fields().iter();
    let names: Vec<&str> = fields.map(|field| field.name().as_str()).collect();
    let mut said = Rows::default();
    let mut lines = Vec::new();
    let mut scan = sealed.scan(&names, 0..n)?;
    while let Some(batch) = scan.next() {
        let batch = batch?;
        said.add(&batch);
        for at in 0..batch.num_rows().min(rows.saturating_sub(lines.len())) {
            lines.push(line(&batch, at));
        }
    }
    seen.fact("days", days(said.days()));
    seen.fact("arrived", days(said.arrived()));
    let consent = |n: u64, word: &str| format!("{n} {word}");
    let of = [
        consent(said.received_rows, "received"),
        consent(said.imported_rows, "imported"),
    ];
    seen.fact("origin", of.join(", "));
    match said.out_of_order {
        None => seen.fact("order", "by event, install and time"),
        Some(row) => seen.fault(format!(
            "row {row} is not in the order of event, install and time"
        )),
    }
    if let Some((row, fault)) = said.fault {
        seen.fault(format!("row {row}: {fault}"));
    }
    seen.list("events", &["event", "rows", "first_row"], events(&said));
    seen.list(
        "columns",
        &["column", "type", "bytes", "uncompressed", "encodings"],
        columns,
    );
    seen.first("rows", &["time", "event", "install", "values"], lines, n);
    Ok(())
}

/// What the manifest would say, as far as reading needs it.
fn alone(rows: u64, bytes: u64) -> SegmentFile {
    SegmentFile {
        file: 0,
        origin: Origin::Received,
        level: 0,
        rows,
        bytes,
        sha256: [0; 32],
        days: (0, 0),
        arrived: (0, 0),
        expires: 0,
        catalogs: Vec::new(),
        events: Vec::new(),
    }
}

fn events(said: &Rows) -> Vec<Vec<String>> {
    let mut at = 0;
    let line = |(name, n): &(String, u64)| {
        let line = vec![name.clone(), n.to_string(), at.to_string()];
        at += n;
        line
    };
    said.events.iter().map(line).collect()
}

fn columns(parquet: &parquet::file::metadata::ParquetMetaData) -> Vec<Vec<String>> {
    let schema = parquet.file_metadata().schema_descr();
    let line = |at: usize| {
        let chunks = || {
            parquet
                .row_groups()
                .iter()
                .map(move |group| group.column(at))
        };
        let bytes: i64 = chunks().map(|it| it.compressed_size()).sum();
        let plain: i64 = chunks().map(|it| it.uncompressed_size()).sum();
        let mut encodings: Vec<String> = chunks()
            .flat_map(|it| {
                it.encodings()
                    .map(|encoding| encoding.to_string())
                    .collect::<Vec<_>>()
            })
            .collect();
        encodings.sort_unstable();
        encodings.dedup();
        let column = schema.column(at);
        vec![
            column.name().to_owned(),
            column.physical_type().to_string(),
            bytes.to_string(),
            plain.to_string(),
            encodings.join(" ").to_lowercase(),
        ]
    };
    (0..schema.num_columns()).map(line).collect()
}

/// One row: when, what, whose, and every property it has.
fn line(batch: &RecordBatch, at: usize) -> Vec<String> {
    let of = |name: &str| batch.column_by_name(name).and_then(|it| text(it, at));
    let number = |name: &str| of(name).and_then(|it| it.parse::<i64>().ok()).unwrap_or(0);
    let values = batch.schema();
    let values = values.fields().iter().filter_map(|field| {
        let name = field.name().strip_prefix("p_")?;
        Some(format!("{name}={}", of(field.name())?))
    });
    let values: Vec<String> = values.collect();
    vec![
        time(number("ts").saturating_add(number("skew_s") * 1000)),
        of("event").unwrap_or_default(),
        of("install_id").unwrap_or_default(),
        values.join(" "),
    ]
}

/// A value as text; `None` for null.
fn text(column: &ArrayRef, at: usize) -> Option<String> {
    if column.is_null(at) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Dictionary(..) => {
            let coded = column.as_dictionary_opt::<Int32Type>()?;
            return text(coded.values(), coded.key(at)?);
        }
        DataType::Utf8 => column.as_string_opt::<i32>()?.value(at).to_owned(),
        DataType::FixedSizeBinary(_) => hex::encode(column.as_fixed_size_binary_opt()?.value(at)),
        DataType::Boolean => column.as_boolean_opt()?.value(at).to_string(),
        DataType::Int32 => column
            .as_primitive_opt::<Int32Type>()?
            .value(at)
            .to_string(),
        DataType::Int64 => column
            .as_primitive_opt::<Int64Type>()?
            .value(at)
            .to_string(),
        DataType::UInt64 => column
            .as_primitive_opt::<UInt64Type>()?
            .value(at)
            .to_string(),
        DataType::Timestamp(..) => {
            let times = column.as_primitive_opt::<TimestampMillisecondType>()?;
            times.value(at).to_string()
        }
        _ => "?".to_owned(),
    })
}
