//! A sorted stream of rows, written to one file or several.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_select::interleave::interleave_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use sha2::{Digest, Sha256};

use super::super::filled::Filled;
use super::super::write;
use super::input::Head;
use super::pass::Place;
use super::{Failure, Job};
use crate::dir::temporary;
use crate::disk::DiskFile;
use crate::error::Error;
use crate::manifest::SegmentFile;
use crate::policy;

/// One output of a job.
pub(super) struct Output<'j> {
    job: &'j Job<'j>,
    events: &'j [String],
    level: u8,
    file: Option<File<'j>>,
    /// Rows that are not handed to the writer yet.
    waiting: Vec<Place>,
}

/// A file in the making.
struct File<'j> {
    job: &'j Job<'j>,
    path: PathBuf,
    number: u64,
    rows: u64,
    days: (i32, i32),
    arrived: (i32, i32),
    /// Event and rows.
    counts: Vec<(u32, u64)>,
    writer: Option<ArrowWriter<Sink>>,
    /// Of the rows that the writer has, and how many they are.
    filled: Filled,
    handed: u64,
    done: bool,
}

impl<'j> Output<'j> {
    pub(super) fn new(job: &'j Job<'j>, events: &'j [String], level: u8) -> Output<'j> {
        Output {
            job,
            events,
            level,
            file: None,
            waiting: Vec::new(),
        }
    }

    /// Adds a row that lies at `at` in `live`.
    pub(super) fn take(
        &mut self,
        at: Place,
        head: Head,
        live: &[RecordBatch],
        written: &mut Vec<SegmentFile>,
    ) -> Result<(), Failure> {
        let full = |file: &File<'_>| file.rows >= self.job.file_rows;
        if self.file.as_ref().is_some_and(full) {
            self.flush(live)?;
            self.finish(written)?;
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::begin(self.job, head)?),
        };
        file.count(head);
        self.waiting.push(at);
        match self.waiting.len() >= policy::BATCH_ROWS {
            true => self.flush(live),
            false => Ok(()),
        }
    }

    /// Hands what is waiting to the writer.
    pub(super) fn flush(&mut self, live: &[RecordBatch]) -> Result<(), Failure> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        if self.waiting.is_empty() {
            return Ok(());
        }
        let live: Vec<&RecordBatch> = live.iter().collect();
        let batch = interleave_record_batch(&live, &self.waiting).map_err(|source| {
            Failure::Output(Error::Arrow {
                path: file.path.clone(),
                source,
            })
        })?;
        self.waiting.clear();
        file.write(&batch, self.events)
            .map_err(|error| Failure::Output(failed(error, &file.path)))
    }

    /// Bytes of the row group in the making.
    pub(super) fn memory(&self) -> usize {
        let writer = self.file.as_ref().and_then(|file| file.writer.as_ref());
        writer.map_or(0, ArrowWriter::memory_size)
    }

    /// Ends the row group, so that nothing of it is held any more.
    pub(super) fn end_group(&mut self) -> Result<(), Failure> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let ended = file.writer.as_mut().map_or(Ok(()), ArrowWriter::flush);
        ended.map_err(|error| Failure::Output(failed(error, &file.path)))
    }

    /// Ends the file, if one is begun. Everything must be flushed.
    pub(super) fn finish(&mut self, written: &mut Vec<SegmentFile>) -> Result<(), Failure> {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        let ended = file.end().map_err(|error| {
            let path = &file.path;
            Failure::Output(failed(error, path))
        })?;
        let (bytes, sha256) = ended;
        let inputs = self.job.inputs.iter();
        let mut catalogs: Vec<[u8; 32]> = inputs.flat_map(|it| it.catalogs.clone()).collect();
        catalogs.sort_unstable();
        catalogs.dedup();
        let name = |(event, rows): &(u32, u64)| (self.events[*event as usize].clone(), *rows);
        written.push(SegmentFile {
            file: file.number,
            origin: self.job.inputs[0].origin,
            level: self.level,
            rows: file.rows,
            bytes,
            sha256,
            days: file.days,
            arrived: file.arrived,
            expires: i32::MAX,
            catalogs,
            events: file.counts.iter().map(name).collect(),
        });
        Ok(())
    }
}

impl<'j> File<'j> {
    fn begin(job: &'j Job<'j>, first: Head) -> Result<File<'j>, Failure> {
        let number = (job.number)().map_err(Failure::Output)?;
        let times = first.times;
        Ok(File {
            job,
            path: job.dir.segment(job.project, number),
            number,
            rows: 0,
            days: (times.day, times.day),
            arrived: (times.arrived, times.arrived),
            counts: Vec::new(),
            writer: None,
            filled: Filled::default(),
            handed: 0,
            done: false,
        })
    }

    fn count(&mut self, head: Head) {
        let widen = |(min, max): (i32, i32), day: i32| (min.min(day), max.max(day));
        self.rows += 1;
        self.days = widen(self.days, head.times.day);
        self.arrived = widen(self.arrived, head.times.arrived);
        match self.counts.last_mut() {
            Some((event, rows)) if *event == head.key.0 => *rows += 1,
            _ => self.counts.push((head.key.0, 1)),
        }
    }

    fn write(&mut self, batch: &RecordBatch, events: &[String]) -> Result<(), ParquetError> {
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let name = |(event, rows): &(u32, u64)| (events[*event as usize].as_str(), *rows);
            let events = self.counts.iter().map(name);
            self.filled.add(field.name(), column, self.handed, events);
        }
        self.handed += batch.num_rows() as u64;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let disk = &self.job.dir.disk;
                let sink = Sink {
                    file: disk.create(&temporary(&self.path))?,
                    at: 0,
                    hash: Sha256::new(),
                };
                none.insert(write::writer_of(sink, batch.schema())?)
            }
        };
        writer.write(batch)?;
        // Whatever the rows are like, no more than this is held of them.
        match writer.memory_size() > policy::MERGE_GROUP_BYTES {
            true => writer.flush(),
            false => Ok(()),
        }
    }

    /// Syncs the file and gives it its name; its size and checksum.
    fn end(&mut self) -> Result<(u64, [u8; 32]), ParquetError> {
        let writer = self.writer.take();
        let mut writer = writer.ok_or_else(|| ParquetError::General("no rows".to_owned()))?;
        writer.append_key_value_metadata(self.filled.key_value());
        let sink = writer.into_inner()?;
        sink.file.sync()?;
        let disk = &self.job.dir.disk;
        disk.rename(&temporary(&self.path), &self.path)?;
        self.done = true;
        Ok((sink.at, sink.hash.finalize().into()))
    }
}

impl Drop for File<'_> {
    /// Leaves nothing half-written behind.
    fn drop(&mut self) {
        if !self.done {
            let _ = self.job.dir.remove(&temporary(&self.path));
        }
    }
}

/// Where the Parquet writer writes.
struct Sink {
    file: Box<dyn DiskFile>,
    at: u64,
    hash: Sha256,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(bytes, self.at)?;
        self.hash.update(bytes);
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The disk's errors come wrapped.
fn failed(error: ParquetError, path: &Path) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => Error::io("write", path, *source),
            Err(source) => Error::io("write", path, io::Error::other(source)),
        },
        source => Error::Parquet {
            path: path.to_owned(),
            source,
        },
    }
}
