//! A file, read from its first row to its last.

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, TimestampMillisecondType};
use arrow_array::{
    Array, FixedSizeBinaryArray, Int32Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow_schema::SchemaRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use sha2::{Digest, Sha256};

use super::super::chunks::Chunks;
use super::{Failure, Job, Times};
use crate::clock::day_of;
use crate::dir::Dir;
use crate::error::Error;
use crate::manifest::SegmentFile;

/// Bytes read at once when a file is checked.
const CHECKED: usize = 1 << 20;

/// Makes sure that a file holds what was written: what is damaged must not get into a new
/// file with a new checksum.
pub(super) fn verify(job: &Job<'_>, file: &SegmentFile) -> Result<(), Failure> {
    let path = job.dir.segment(job.project, file.file);
    let io = |error| Failure::Input(Error::io("read", &path, error));
    let open = job.dir.disk.open(&path).map_err(io)?;
    let (mut hash, mut bytes, mut at) = (Sha256::new(), vec![0; CHECKED], 0);
    loop {
        let n = open.read_at(&mut bytes, at).map_err(io)?;
        if n == 0 {
            break;
        }
        if (job.stop)() {
            return Err(Failure::Stopped);
        }
        hash.update(&bytes[..n]);
        at += n as u64;
    }
    match <[u8; 32]>::from(hash.finalize()) == file.sha256 {
        true => Ok(()),
        false => Err(Failure::Input(damaged(&path, "its checksum is wrong"))),
    }
}

pub(super) fn damaged(path: &Path, problem: &str) -> Error {
    Error::Corrupt {
        path: path.to_owned(),
        offset: 0,
        problem: problem.to_owned(),
    }
}

/// Reads the named columns of a file, text as text and not as codes; all if none is named.
pub(super) fn open(
    dir: &Dir,
    path: &Path,
    file: &SegmentFile,
    batch_rows: usize,
    columns: &[&str],
) -> Result<ParquetRecordBatchReader, Error> {
    let io = |error| Error::io("open", path, error);
    let chunks = Chunks {
        file: Arc::from(dir.disk.open(path).map_err(io)?),
        bytes: file.bytes,
    };
    let build = || {
        let builder = ParquetRecordBatchReaderBuilder::try_new(chunks)?;
        let mask = match columns {
            [] => ProjectionMask::all(),
            _ => ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied()),
        };
        builder
            .with_projection(mask)
            .with_batch_size(batch_rows)
            .build()
    };
    build().map_err(|source| Error::Parquet {
        path: path.to_owned(),
        source,
    })
}

/// The columns that say when rows happened and arrived.
pub(super) struct Clocks {
    ts: TimestampMillisecondArray,
    skew_s: Int32Array,
    received: Int32Array,
}

impl Clocks {
    pub(super) const COLUMNS: [&str; 3] = ["ts", "skew_s", "received"];

    pub(super) fn of(batch: &RecordBatch, path: &Path) -> Result<Clocks, Error> {
        let of = || {
            let [ts, skew_s, received] = Clocks::COLUMNS.map(|name| batch.column_by_name(name));
            Some(Clocks {
                ts: ts?.as_primitive_opt::<TimestampMillisecondType>()?.clone(),
                skew_s: skew_s?.as_primitive_opt::<Int32Type>()?.clone(),
                received: received?.as_primitive_opt::<Int32Type>()?.clone(),
            })
        };
        of().ok_or_else(|| damaged(path, "it has no times"))
    }

    pub(super) fn times(&self, row: usize) -> Times {
        let skew_ms = i64::from(self.skew_s.value(row)) * 1000;
        Times {
            day: day_of(self.ts.value(row).saturating_add(skew_ms)),
            arrived: self.received.value(row).div_euclid(24),
        }
    }
}

/// What rows are sorted by. Rows without an install come first.
pub(super) type Key = (u32, Option<u128>, i64);

/// A row, but for its values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) key: Key,
    pub(super) times: Times,
}

/// The heads of a batch. `events` are the names of all events, sorted.
pub(super) fn heads(
    batch: &RecordBatch,
    events: &[String],
    path: &Path,
) -> Result<Vec<Head>, Error> {
    let clocks = Clocks::of(batch, path)?;
    let names: &StringArray = batch
        .column_by_name("event")
        .and_then(|column| column.as_string_opt())
        .ok_or_else(|| damaged(path, "it has no events"))?;
    let installs: Option<&FixedSizeBinaryArray> = batch
        .column_by_name("install_id")
        .and_then(|column| column.as_fixed_size_binary_opt());
    let mut event: Option<(&str, u32)> = None;
    let mut heads = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let name = names.value(row);
        // Rows of one event lie together.
        let rank = match event {
            Some((last, rank)) if last == name => rank,
            _ => {
                let rank = events.binary_search_by(|it| it.as_str().cmp(name));
                let rank = rank.map_err(|_| damaged(path, "it has an event it should not"))?;
                event = Some((name, rank as u32));
                rank as u32
            }
        };
        let install = installs.filter(|it| it.is_valid(row)).and_then(|it| {
            let id = <[u8; 16]>::try_from(it.value(row)).ok()?;
            Some(u128::from_be_bytes(id))
        });
        heads.push(Head {
            key: (rank, install, clocks.ts.value(row)),
            times: clocks.times(row),
        });
    }
    Ok(heads)
}

/// The columns of several files together: those every row has, then the optional ones, then
/// properties as they come.
pub(super) fn common(schemas: &[(&Path, SchemaRef)]) -> Result<SchemaRef, Error> {
    let mut fields: Vec<arrow_schema::Field> = Vec::new();
    for (path, schema) in schemas {
        for field in schema.fields() {
            match fields.iter_mut().find(|it| it.name() == field.name()) {
                Some(known) if known.data_type() != field.data_type() => {
                    let problem = format!("column {} has another type", field.name());
                    return Err(damaged(path, &problem));
                }
                Some(known) => known.set_nullable(known.is_nullable() || field.is_nullable()),
                None => fields.push(field.as_ref().clone()),
            }
        }
    }
    let place = |name: &str| super::super::types::FIXED.iter().position(|it| *it == name);
    fields.sort_by_key(|field| place(field.name()).unwrap_or(usize::MAX));
    Ok(Arc::new(arrow_schema::Schema::new(fields)))
}
