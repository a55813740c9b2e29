//! Dense numbers of installs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

use crate::error::Error;
use crate::scan::codes::NONE;
use crate::scan::columns::{Remap, dictionary, each_code};
use crate::scan::hashing::Seeded;
use crate::scan::known::Known;

/// An install id, ordered as its bytes are.
pub(crate) type Id = u128;

/// Install ids met so far, numbered from 1 in the order in which they are met; shared by all threads and
/// questions.
#[derive(Debug, Default)]
pub(crate) struct Installs {
    numbers: Mutex<HashMap<Id, u32, Seeded>>,
}

impl Installs {
    /// The numbers of many ids under one lock, in order.
    pub(crate) fn of_all(&self, ids: impl Iterator<Item = Id>) -> Vec<u32> {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let number = |id| {
            // a store of 2^32 installs would not have been read this far
            let next = u32::try_from(numbers.len() + 1).unwrap_or(u32::MAX);
            *numbers.entry(id).or_insert(next)
        };
        ids.map(number).collect()
    }
}

/// Turns the install ids of selected rows into dense numbers.
///
/// Only ids that stand on a selected row are looked up: a row group's dictionary can hold far more
/// installs than a filter leaves.
#[derive(Debug)]
pub(crate) struct InstallMap<'a> {
    installs: &'a Installs,
    known: Known,
    remap: Remap<u32>,
}

/// Not looked up yet.
const UNKNOWN: u32 = u32::MAX;

impl<'a> InstallMap<'a> {
    pub(crate) fn new(installs: &'a Installs) -> InstallMap<'a> {
        InstallMap {
            installs,
            known: Known::default(),
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
        let mut unknown = Vec::new();
        each_code(ids, rows, whole, |i, key| {
            numbers[i] = key.map_or(NONE, |key| meaning[key]);
            if numbers[i] == UNKNOWN {
                unknown.extend(key.map(|key| (i, key)));
            }
        });
        let mut missing = Vec::new();
        for &(_, key) in &unknown {
            if meaning[key] == UNKNOWN {
                meaning[key] = NONE;
                missing.push(key);
            }
        }
        if !missing.is_empty() {
            let ids = ids_at(ids.values(), &missing)?;
            let found = self.known.of_all(&ids, self.installs);
            missing
                .iter()
                .zip(found)
                .for_each(|(&key, number)| meaning[key] = number);
        }
        for (i, key) in unknown {
            numbers[i] = meaning[key];
        }
        Ok(numbers)
    }
}

fn ids_at(values: &ArrayRef, keys: &[usize]) -> Result<Vec<Id>, Error> {
    let DataType::FixedSizeBinary(16) = values.data_type() else {
        return Err(Error::Column {
            column: "install_id".into(),
            found: values.data_type().to_string(),
            wanted: "ids of 16 bytes",
        });
    };
    let ids = values.as_fixed_size_binary();
    let id = |&key: &usize| Id::from_be_bytes(ids.value(key).try_into().unwrap_or_default());
    Ok(keys.iter().map(id).collect())
}
