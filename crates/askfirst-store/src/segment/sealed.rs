//! A sealed file, read back.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};

use super::chunks::Chunks;
use super::filled::Filled;
use super::types;
use crate::dir::Dir;
use crate::disk::DiskFile;
use crate::error::Error;
use crate::manifest::SegmentFile;
use crate::policy;

/// A segment's file, opened when it is first scanned or before.
#[derive(Debug)]
pub(crate) struct Sealed {
    dir: Dir,
    path: PathBuf,
    file: SegmentFile,
    open: OnceLock<Chunks>,
    metadata: OnceLock<ArrowReaderMetadata>,
    filled: OnceLock<Option<Filled>>,
}

impl Sealed {
    pub(crate) fn new(dir: Dir, path: PathBuf, file: SegmentFile) -> Sealed {
        Sealed {
            dir,
            path,
            file,
            open: OnceLock::new(),
            metadata: OnceLock::new(),
            filled: OnceLock::new(),
        }
    }

    /// A file that is open already.
    pub(crate) fn of_open(
        dir: Dir,
        path: PathBuf,
        file: SegmentFile,
        open: Arc<dyn DiskFile>,
    ) -> Sealed {
        let chunks = Chunks {
            bytes: file.bytes,
            file: open,
        };
        Sealed {
            open: OnceLock::from(chunks),
            ..Sealed::new(dir, path, file)
        }
    }

    /// The columns it has, as they are read.
    pub(crate) fn columns(&self) -> Result<SchemaRef, Error> {
        Ok(Arc::clone(self.metadata()?.schema()))
    }

    /// What Parquet says of the file.
    pub(crate) fn parquet_metadata(&self) -> Result<Arc<ParquetMetaData>, Error> {
        Ok(Arc::clone(self.metadata()?.metadata()))
    }

    /// The rows its own metadata says it has.
    pub(crate) fn stored_rows(&self) -> Result<u64, Error> {
        let rows = self.metadata()?.metadata().file_metadata().num_rows();
        Ok(rows.unsigned_abs())
    }

    /// How many rows have values, if its footer says.
    pub(crate) fn filled(&self) -> Result<Option<&Filled>, Error> {
        let metadata = self.metadata()?;
        let filled = || Filled::of(metadata.metadata().file_metadata());
        Ok(self.filled.get_or_init(filled).as_ref())
    }

    /// What the manifest says of it.
    pub(crate) fn file(&self) -> &SegmentFile {
        &self.file
    }

    /// Opens the file, if it is not open yet: from then on it can be read even if it is
    /// deleted.
    pub(crate) fn open(&self) -> Result<(), Error> {
        self.chunks().map(drop)
    }

    fn chunks(&self) -> Result<Chunks, Error> {
        if let Some(chunks) = self.open.get() {
            return Ok(chunks.clone());
        }
        let io = |source| Error::io("open", &self.path, source);
        let file = self.dir.disk.open(&self.path).map_err(io)?;
        if file.len().map_err(io)? != self.file.bytes {
            return Err(Error::Missing {
                path: self.path.clone(),
                problem: "it has another size",
            });
        }
        let chunks = Chunks {
            file: Arc::from(file),
            bytes: self.file.bytes,
        };
        Ok(self.open.get_or_init(|| chunks).clone())
    }

    fn metadata(&self) -> Result<ArrowReaderMetadata, Error> {
        if let Some(metadata) = self.metadata.get() {
            return Ok(metadata.clone());
        }
        let chunks = self.chunks()?;
        let load = || {
            // A page is skipped by its place in the offset index; the values in the column
            // index are for other readers.
            let options = ArrowReaderOptions::new()
                .with_column_index_policy(PageIndexPolicy::Skip)
                .with_offset_index_policy(PageIndexPolicy::Optional);
            let plain = ArrowReaderMetadata::load(&chunks, options)?;
            let schema = coded(plain.schema());
            ArrowReaderMetadata::try_new(
                Arc::clone(plain.metadata()),
                ArrowReaderOptions::new().with_schema(Arc::new(schema)),
            )
        };
        let metadata = load().map_err(|source| self.parquet(source))?;
        Ok(self.metadata.get_or_init(|| metadata).clone())
    }

    /// Reads the rows of `range`, and of `columns` those it has.
    pub(crate) fn scan(&self, columns: &[&str], range: Range<u64>) -> Result<SealedScan, Error> {
        let metadata = self.metadata()?;
        let present = columns
            .iter()
            .filter_map(|name| metadata.schema().index_of(name).ok());
        // Without nesting, leaves are columns.
        let mask = ProjectionMask::leaves(metadata.parquet_schema(), present);
        let groups = groups(metadata.metadata(), range);
        Ok(SealedScan {
            chunks: self.chunks()?,
            path: self.path.clone(),
            groups: groups.into_iter(),
            reader: None,
            metadata,
            mask,
        })
    }

    fn parquet(&self, source: ParquetError) -> Error {
        Error::Parquet {
            path: self.path.clone(),
            source,
        }
    }
}

/// The schema under which text and install ids are read as codes.
fn coded(schema: &Schema) -> Schema {
    let field = |field: &Arc<Field>| {
        let data_type = match field.data_type() {
            DataType::Utf8 => types::text(),
            DataType::FixedSizeBinary(16) => types::install(),
            other => other.clone(),
        };
        Field::new(field.name(), data_type, field.is_nullable())
    };
    Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>())
}

/// The row groups that rows of `range` lie in, each with those rows, counted from its own first.
fn groups(metadata: &ParquetMetaData, range: Range<u64>) -> Vec<(usize, Range<usize>)> {
    let mut first = 0;
    let mut found = Vec::new();
    for (at, group) in metadata.row_groups().iter().enumerate() {
        let rows = group.num_rows().unsigned_abs();
        let within = range.start.max(first)..range.end.min(first + rows);
        if within.start < within.end {
            let of = (within.start - first) as usize..(within.end - first) as usize;
            found.push((at, of));
        }
        first += rows;
    }
    found
}

/// The batches of a file.
///
/// Each row group is read by itself: it has its own dictionaries, and for a batch that spans two the
/// Parquet reader would write out every value and number them anew.
pub(crate) struct SealedScan {
    chunks: Chunks,
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
    groups: std::vec::IntoIter<(usize, Range<usize>)>,
    reader: Option<ParquetRecordBatchReader>,
}

impl std::fmt::Debug for SealedScan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedScan")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl SealedScan {
    pub(crate) fn next(&mut self) -> Option<Result<RecordBatch, Error>> {
        loop {
            if let Some(batch) = self.reader.as_mut().and_then(Iterator::next) {
                return Some(batch.map_err(|source| Error::Arrow {
                    path: self.path.clone(),
                    source,
                }));
            }
            let (group, rows) = self.groups.next()?;
            match self.of_group(group, rows) {
                Ok(reader) => self.reader = Some(reader),
                Err(source) => {
                    let path = self.path.clone();
                    return Some(Err(Error::Parquet { path, source }));
                }
            }
        }
    }

    fn of_group(
        &self,
        group: usize,
        rows: Range<usize>,
    ) -> Result<ParquetRecordBatchReader, ParquetError> {
        let all = self.metadata.metadata().row_group(group).num_rows();
        let all = usize::try_from(all).unwrap_or_default();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.chunks.clone(),
            self.metadata.clone(),
        )
        .with_projection(self.mask.clone())
        .with_row_groups(vec![group])
        .with_batch_size(policy::SCAN_ROWS);
        match rows == (0..all) {
            true => builder.build(),
            false => {
                let selection = RowSelection::from_consecutive_ranges([rows].into_iter(), all);
                builder.with_row_selection(selection).build()
            }
        }
    }
}
