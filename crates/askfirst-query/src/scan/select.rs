//! Which rows of a batch a question is about.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, RecordBatch};

use crate::error::Error;
use crate::question::{Allowed, Selection};
use crate::scan::columns::{Chunk, Remap, dictionary, numbers, texts};
use crate::scan::installs::{InstallMap, Installs};

/// Chooses rows by period and filters, and counts those a filter left out because they do not say.
#[derive(Debug)]
pub(crate) struct Selector<'a> {
    selection: &'a Selection,
    installs: Option<InstallMap<'a>>,
    maps: Vec<Remap<bool>>,
    /// Rows of the period, per filter, that do not carry the filter's property.
    pub(crate) unrecorded: Vec<u64>,
}

impl<'a> Selector<'a> {
    /// `installs` if their dense numbers are needed.
    pub(crate) fn new(selection: &'a Selection, installs: Option<&'a Installs>) -> Selector<'a> {
        let filters = selection.filters.len();
        Selector {
            selection,
            installs: installs.map(InstallMap::new),
            maps: std::iter::repeat_with(Remap::default)
                .take(filters)
                .collect(),
            unrecorded: vec![0; filters],
        }
    }

    /// The rows of the batch that remain, with their corrected times if those were read.
    pub(crate) fn choose<'b>(
        &mut self,
        batch: &'b RecordBatch,
        event: usize,
        timed: bool,
    ) -> Result<Chunk<'b>, Error> {
        let count = batch.num_rows();
        let mut times = if timed { corrected(batch)? } else { Vec::new() };
        let mut rows = self.in_period(count, &times);
        for i in 0..self.selection.filters.len() {
            self.filter(i, batch, &mut rows)?;
        }
        let whole = rows.len() == count;
        if timed && !whole {
            times = rows.iter().map(|&row| times[row as usize]).collect();
        }
        let installs = match &mut self.installs {
            Some(map) => map.of(batch, &rows, whole)?,
            None => Vec::new(),
        };
        Ok(Chunk {
            installs,
            batch,
            rows,
            whole,
            times,
            last_times: Vec::new(),
            weights: Vec::new(),
            event,
        })
    }

    /// Rows whose corrected time lies in the period; all, where no time was read.
    fn in_period(&self, count: usize, times: &[i64]) -> Vec<u32> {
        let all = 0..u32::try_from(count).unwrap_or(u32::MAX);
        let (Some(period), false) = (self.selection.period, times.is_empty()) else {
            return all.collect();
        };
        let (from, to) = period.ms();
        let inside = |&(_, &time): &(u32, &i64)| from <= time && time < to;
        if times.iter().all(|time| from <= *time && *time < to) {
            return all.collect();
        }
        all.zip(times).filter(inside).map(|(row, _)| row).collect()
    }

    fn filter(&mut self, i: usize, batch: &RecordBatch, rows: &mut Vec<u32>) -> Result<(), Error> {
        let filter = &self.selection.filters[i];
        let before = rows.len();
        let Some(codes) = dictionary(batch, &filter.column)? else {
            rows.clear();
            self.unrecorded[i] += before as u64;
            return Ok(());
        };
        let allowed = self.maps[i].of(codes.values(), |values| {
            Ok(texts(values, &filter.column)?
                .into_iter()
                .map(|text| filter.allows(text))
                .collect())
        })?;
        let keys = codes.keys();
        rows.retain(|&row| keys.is_valid(row as usize));
        self.unrecorded[i] += (before - rows.len()) as u64;
        rows.retain(|&row| allowed[keys.value(row as usize) as usize]);
        Ok(())
    }
}

/// The corrected times of all rows.
fn corrected(batch: &RecordBatch) -> Result<Vec<i64>, Error> {
    let times = numbers(batch, "ts")?.values;
    let skew = batch.column_by_name("skew_s");
    if let Some(skew) = skew.and_then(|it| it.as_primitive_opt::<Int32Type>()) {
        // as it is stored: one pass over both, nothing copied before
        let each = times.iter().zip(skew.values());
        let times = each.map(|(time, &skew)| time + i64::from(skew) * 1000);
        return Ok(times.collect());
    }
    let mut times = times.into_owned();
    let skew = numbers(batch, "skew_s")?;
    // not there in segments whose senders' clocks were all right
    times
        .iter_mut()
        .zip(skew.values.iter())
        .for_each(|(time, skew)| *time += skew * 1000);
    Ok(times)
}

impl crate::question::Filter {
    /// Whether one of the values asked for is this one.
    pub(crate) fn allows(&self, text: &str) -> bool {
        self.any.iter().any(|allowed| match allowed {
            Allowed::Exactly(value) => text == value,
            Allowed::Line(line) => text
                .strip_prefix(line.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
        })
    }
}
