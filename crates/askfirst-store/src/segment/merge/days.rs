//! How many rows there are of each day.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;

use super::input::{self, Clocks};
use crate::dir::Dir;
use crate::error::Error;
use crate::manifest::SegmentFile;
use crate::policy;
use crate::row::ProjectId;

/// The rows of each day (by corrected time) in some files. Reads two or three columns.
pub(crate) fn days(
    dir: &Dir,
    project: ProjectId,
    files: &[SegmentFile],
) -> Result<BTreeMap<i32, u64>, Error> {
    let mut days = BTreeMap::new();
    for file in files {
        let path = dir.segment(project, file.file);
        let reader = input::open(dir, &path, file, policy::SCAN_ROWS, &Clocks::COLUMNS)?;
        for batch in reader {
            let batch: RecordBatch = batch.map_err(|source| Error::Arrow {
                path: path.clone(),
                source,
            })?;
            let clocks = Clocks::of(&batch, &path)?;
            for row in 0..batch.num_rows() {
                *days.entry(clocks.times(row).day).or_default() += 1;
            }
        }
    }
    Ok(days)
}
