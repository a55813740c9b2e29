//! Dense numbers of installs.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

use crate::error::Error;
use crate::scan::codes::{Codes, NONE};
use crate::scan::columns::{Remap, dictionary, each_code};

/// Install ids met so far; dense numbers are their codes.
pub(crate) type Installs = Codes<[u8; 16]>;

/// Turns the install ids of selected rows into dense numbers.
///
/// Only ids that stand on a selected row are looked up: a row group's dictionary can hold far more
/// installs than a filter leaves.
#[derive(Debug)]
pub(crate) struct InstallMap<'a> {
    installs: &'a Installs,
    remap: Remap<u32>,
}

/// Not looked up yet.
const UNKNOWN: u32 = u32::MAX;

impl<'a> InstallMap<'a> {
    pub(crate) fn new(installs: &'a Installs) -> InstallMap<'a> {
        InstallMap {
            installs,
            remap: Remap::default(),
        }
    }

    /// The numbers of these rows' installs, [`NONE`] for rows without one.
    pub(crate) fn of(
        &mut self,
        batch: &RecordBatch,
        rows: &[u32],
        whole: bool,
    ) -> Result<Vec<u32>, Error> {
        let mut numbers = vec![NONE; rows.len()];
        let Some(ids) = dictionary(batch, "install_id")? else {
            return Ok(numbers);
        };
        let meaning = self
            .remap
            .of(ids.values(), |values| Ok(vec![UNKNOWN; values.len()]))?;
        let mut missing = Vec::new();
        each_code(ids, rows, whole, |_, key| {
            if let Some(key) = key
                && meaning[key] == UNKNOWN
            {
                meaning[key] = NONE;
                missing.push(key);
            }
        });
        if !missing.is_empty() {
            look_up(self.installs, ids.values(), &missing, meaning)?;
        }
        each_code(ids, rows, whole, |i, key| {
            numbers[i] = key.map_or(NONE, |key| meaning[key])
        });
        Ok(numbers)
    }
}

fn look_up(
    installs: &Installs,
    values: &ArrayRef,
    missing: &[usize],
    meaning: &mut [u32],
) -> Result<(), Error> {
    let DataType::FixedSizeBinary(16) = values.data_type() else {
        return Err(Error::Column {
            column: "install_id".into(),
            found: values.data_type().to_string(),
            wanted: "ids of 16 bytes",
        });
    };
    let ids = values.as_fixed_size_binary();
    let id = |&key: &usize| <&[u8; 16]>::try_from(ids.value(key)).unwrap_or(&[0; 16]);
    let found = installs.of_all(missing.iter().map(id), |id| *id);
    missing
        .iter()
        .zip(found)
        .for_each(|(&key, number)| meaning[key] = number);
    Ok(())
}
