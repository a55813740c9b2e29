//! Once through all inputs, in order, for some of the outputs.

use std::cmp::Reverse;
use std::collections::binary_heap::PeekMut;
use std::collections::{BTreeSet, BinaryHeap};
use std::ops::Range;
use std::path::PathBuf;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, new_null_array};
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::input::{self, Head, Key};
use super::output::Output;
use super::{Failure, Job};
use crate::error::Error;
use crate::manifest::SegmentFile;
use crate::policy;

/// Writes the outputs of `range`.
pub(super) fn run(
    job: &Job<'_>,
    range: Range<usize>,
    written: &mut Vec<SegmentFile>,
) -> Result<(), Failure> {
    let events: BTreeSet<&str> = (job.inputs.iter())
        .flat_map(|file| file.events.iter().map(|(name, _)| name.as_str()))
        .collect();
    let events: Vec<String> = events.into_iter().map(str::to_owned).collect();
    let mut pass = Pass::open(job, &events).map_err(Failure::Input)?;
    let level = |output: usize| Output::new(job, &events, job.levels[output]);
    let mut outputs: Vec<Output<'_>> = range.clone().map(level).collect();
    while let Some((at, head)) = pass.next()? {
        let place = (job.route)(head.times).filter(|it| range.contains(it));
        if let Some(place) = place {
            outputs[place - range.start].take(at, head, &pass.live, written)?;
        }
        if pass.live.len() > 2 * job.inputs.len() {
            if (job.stop)() {
                return Err(Failure::Stopped);
            }
            for output in &mut outputs {
                output.flush(&pass.live)?;
            }
            pass.let_go();
            bound(&mut outputs)?;
        }
    }
    for mut output in outputs {
        output.flush(&pass.live)?;
        output.finish(written)?;
    }
    Ok(())
}

/// Ends the largest row groups in the making while all of them take too much.
fn bound(outputs: &mut [Output<'_>]) -> Result<(), Failure> {
    while outputs.iter().map(Output::memory).sum::<usize>() > policy::MERGE_BYTES {
        match outputs.iter_mut().max_by_key(|output| output.memory()) {
            Some(largest) => largest.end_group()?,
            None => return Ok(()),
        }
    }
    Ok(())
}

/// Where a row lies: which batch, which row of it.
pub(super) type Place = (usize, usize);

/// All inputs, merged.
struct Pass<'j> {
    events: &'j [String],
    schema: SchemaRef,
    inputs: Vec<Input>,
    heap: BinaryHeap<Reverse<(Key, usize)>>,
    /// Batches that rows which are not written yet lie in.
    live: Vec<RecordBatch>,
}

/// Where an input is.
struct Input {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    heads: Vec<Head>,
    row: usize,
    /// The batch, in `live`.
    batch: usize,
}

impl<'j> Pass<'j> {
    fn open(job: &Job<'_>, events: &'j [String]) -> Result<Pass<'j>, Error> {
        let mut inputs = Vec::new();
        for file in job.inputs {
            let path = job.dir.segment(job.project, file.file);
            let rows = policy::MERGE_BATCH_ROWS;
            let reader = input::open(job.dir, &path, file, rows, &[])?;
            inputs.push(Input {
                path,
                reader,
                heads: Vec::new(),
                row: 0,
                batch: 0,
            });
        }
        let schemas: Vec<_> = inputs
            .iter()
            .map(|it| (it.path.as_path(), it.reader.schema()))
            .collect();
        let mut pass = Pass {
            events,
            schema: input::common(&schemas)?,
            inputs,
            heap: BinaryHeap::new(),
            live: Vec::new(),
        };
        for at in 0..pass.inputs.len() {
            if let Some(key) = pass.load(at)? {
                pass.heap.push(Reverse((key, at)));
            }
        }
        Ok(pass)
    }

    /// Reads the next batch of an input; the key of its first row.
    fn load(&mut self, at: usize) -> Result<Option<Key>, Error> {
        let input = &mut self.inputs[at];
        let arrow = |source| Error::Arrow {
            path: input.path.clone(),
            source,
        };
        let Some(batch) = input.reader.next().transpose().map_err(arrow)? else {
            return Ok(None);
        };
        let column = |field: &std::sync::Arc<arrow_schema::Field>| -> ArrayRef {
            match batch.column_by_name(field.name()) {
                Some(column) => std::sync::Arc::clone(column),
                None => new_null_array(field.data_type(), batch.num_rows()),
            }
        };
        let columns = self.schema.fields().iter().map(column).collect();
        let whole = RecordBatch::try_new(SchemaRef::clone(&self.schema), columns).map_err(arrow)?;
        input.heads = input::heads(&whole, self.events, &input.path)?;
        input.row = 0;
        input.batch = self.live.len();
        self.live.push(whole);
        Ok(input.heads.first().map(|head| head.key))
    }

    /// The next row, and where it lies in `live`.
    fn next(&mut self) -> Result<Option<(Place, Head)>, Failure> {
        let Some(Reverse((_, at))) = self.heap.peek().copied() else {
            return Ok(None);
        };
        let input = &mut self.inputs[at];
        let place = (input.batch, input.row);
        let head = input.heads[input.row];
        input.row += 1;
        let next = match input.heads.get(input.row) {
            Some(head) => Some(head.key),
            None => self.load(at).map_err(Failure::Input)?,
        };
        if let Some(top) = self.heap.peek_mut() {
            match next {
                Some(key) if key < head.key => {
                    let problem = "its rows are not sorted";
                    let path = &self.inputs[at].path;
                    return Err(Failure::Input(input::damaged(path, problem)));
                }
                // Changing the top puts it where it belongs.
                Some(key) => *{ top } = Reverse((key, at)),
                None => drop(PeekMut::pop(top)),
            }
        }
        Ok(Some((place, head)))
    }

    /// Keeps only the batches that the inputs are at. Nothing may refer to the others.
    fn let_go(&mut self) {
        let mut live = Vec::with_capacity(self.inputs.len());
        for input in &mut self.inputs {
            if input.row < input.heads.len() {
                live.push(self.live[input.batch].clone());
                input.batch = live.len() - 1;
            }
        }
        self.live = live;
    }
}
