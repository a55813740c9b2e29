//! Segments in Parquet files as a store writes them: sorted by event, install and time, with the row range of every
//! event known. Other programs can read the same files.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use askfirst_query::Error;
use askfirst_query::calendar::Day;
use askfirst_query::reports::Project;
use askfirst_query::source::{Batches, Part};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
    RowSelector,
};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{Line, all_columns, batch};

const ROW_GROUP: usize = 256 * 1024;

/// One Parquet file.
pub(crate) struct Stored {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    events: BTreeMap<String, Range<usize>>,
    days: (Day, Day),
    rows: usize,
}

impl Stored {
    pub(crate) fn write(path: &Path, mut lines: Vec<Line>) -> Stored {
        lines.sort_by(|a, b| (&a.event, a.install, a.ts).cmp(&(&b.event, b.install, b.ts)));
        let columns = all_columns();
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap()))
            .build();
        let mut writer = None;
        for chunk in lines.chunks(ROW_GROUP) {
            let rows: Vec<&Line> = chunk.iter().collect();
            let batch = batch(&rows, &columns);
            let make = || {
                let file = File::create(path).unwrap();
                ArrowWriter::try_new(file, batch.schema(), Some(properties.clone())).unwrap()
            };
            writer.get_or_insert_with(make).write(&batch).unwrap();
        }
        writer.unwrap().close().unwrap();
        let mut events: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for (i, line) in lines.iter().enumerate() {
            events.entry(line.event.clone()).or_insert(i..i).end = i + 1;
        }
        let days = || lines.iter().map(|line| Day::of_ms(line.corrected()));
        Stored {
            path: path.to_owned(),
            metadata: ArrowReaderMetadata::load(
                &File::open(path).unwrap(),
                ArrowReaderOptions::new(),
            )
            .unwrap(),
            events,
            days: (days().min().unwrap(), days().max().unwrap()),
            rows: lines.len(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }
}

/// The project of these files.
pub(crate) fn project<'a>(host: &'a str, files: &'a [Stored]) -> Project<'a> {
    let days = files.iter().map(Part::days);
    Project {
        host,
        parts: files.iter().map(|file| file as &dyn Part).collect(),
        recorded: days.reduce(|(a, b), (c, d)| (a.min(c), b.max(d))),
    }
}

impl Part for Stored {
    fn days(&self) -> (Day, Day) {
        self.days
    }

    fn has(&self, event: &str) -> bool {
        self.events.contains_key(event)
    }

    fn scan<'a>(&'a self, columns: &[&str], event: Option<&str>) -> Result<Batches<'a>, Error> {
        let file = File::open(&self.path).unwrap();
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), columns.iter().copied());
        let mut reader =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_projection(mask)
                .with_batch_size(8192);
        if let Some(range) = event.map(|event| self.events.get(event).cloned().unwrap_or(0..0)) {
            let groups: Vec<usize> =
                (range.start / ROW_GROUP..range.end.div_ceil(ROW_GROUP)).collect();
            let first = groups.first().map_or(0, |group| group * ROW_GROUP);
            let selection = vec![
                RowSelector::skip(range.start - first),
                RowSelector::select(range.len()),
            ];
            reader = reader
                .with_row_groups(groups)
                .with_row_selection(RowSelection::from(selection));
        }
        let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
        Ok(Box::new(batches.into_iter().map(Ok)))
    }
}
