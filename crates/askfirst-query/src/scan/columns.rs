//! Columns of a batch as codes and numbers.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int16Type, Int32Type, Int64Type, TimestampMillisecondType, UInt64Type};
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, TimeUnit};

use crate::error::Error;

/// The selected rows of a batch.
#[derive(Debug)]
pub(crate) struct Chunk<'a> {
    /// The batch as it was read.
    pub(crate) batch: &'a RecordBatch,
    /// Positions of the rows that passed period and filters.
    pub(crate) rows: Vec<u32>,
    /// Whether that is every row, in order.
    pub(crate) whole: bool,
    /// Their corrected times in milliseconds, in the same order; empty if nobody needs them.
    pub(crate) times: Vec<i64>,
    /// If each stands for several rows alike: the last of their times, where `times` has the first; else
    /// empty.
    pub(crate) last_times: Vec<i64>,
    /// If each stands for several rows alike: for how many; else empty.
    pub(crate) weights: Vec<u32>,
    /// Dense numbers of their installs, [`NONE`](crate::scan::NONE) for those without one; empty if nobody
    /// needs them.
    pub(crate) installs: Vec<u32>,
    /// The event all rows are of, as its position in the selection; 0 when all events are read.
    pub(crate) event: usize,
}

/// A whole-number column: its values, and which of them are there.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    pub(crate) values: Cow<'a, [i64]>,
    nulls: Option<NullBuffer>,
    absent: bool,
}

impl Numbers<'_> {
    /// The value of a row, if it was recorded.
    pub(crate) fn get(&self, row: u32) -> Option<i64> {
        let row = row as usize;
        let there = !self.absent && self.nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        there.then(|| self.values[row])
    }

    /// Whether no row has a value.
    pub(crate) fn empty(&self) -> bool {
        self.absent
            || self
                .nulls
                .as_ref()
                .is_some_and(|nulls| nulls.null_count() == nulls.len())
    }

    /// Whether every row has a value.
    pub(crate) fn complete(&self) -> bool {
        !self.absent
            && self
                .nulls
                .as_ref()
                .is_none_or(|nulls| nulls.null_count() == 0)
    }
}

/// Reads a column of whole numbers of any width; a column no row of the segment has is absent.
pub(crate) fn numbers<'a>(batch: &'a RecordBatch, column: &str) -> Result<Numbers<'a>, Error> {
    let Some(array) = batch.column_by_name(column) else {
        return Ok(absent());
    };
    let values = match array.data_type() {
        DataType::Null => return Ok(absent()),
        DataType::Int64 => Cow::Borrowed(&**array.as_primitive::<Int64Type>().values()),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            Cow::Borrowed(&**array.as_primitive::<TimestampMillisecondType>().values())
        }
        DataType::UInt64 => {
            // session numbers: only compared, so the bits are enough
            let values = array.as_primitive::<UInt64Type>().values();
            Cow::Owned(values.iter().map(|value| value.cast_signed()).collect())
        }
        DataType::Int32 => Cow::Owned(
            array
                .as_primitive::<Int32Type>()
                .values()
                .iter()
                .map(|&value| value.into())
                .collect(),
        ),
        DataType::Int16 => Cow::Owned(
            array
                .as_primitive::<Int16Type>()
                .values()
                .iter()
                .map(|&value| value.into())
                .collect(),
        ),
        other => return Err(unexpected(column, other, "whole numbers")),
    };
    Ok(Numbers {
        values,
        nulls: array.nulls().cloned(),
        absent: false,
    })
}

fn absent() -> Numbers<'static> {
    Numbers {
        values: Cow::Borrowed(&[]),
        nulls: None,
        absent: true,
    }
}

fn unexpected(column: &str, found: &DataType, wanted: &'static str) -> Error {
    Error::Column {
        column: column.into(),
        found: found.to_string(),
        wanted,
    }
}

/// A column of dictionary codes, or `None` if the segment does not have it.
pub(crate) fn dictionary<'a>(
    batch: &'a RecordBatch,
    column: &str,
) -> Result<Option<&'a DictionaryArray<Int32Type>>, Error> {
    let Some(array) = batch.column_by_name(column) else {
        return Ok(None);
    };
    match array.data_type() {
        DataType::Null => Ok(None),
        DataType::Dictionary(key, _) if **key == DataType::Int32 => Ok(Some(array.as_dictionary())),
        other => Err(unexpected(column, other, "dictionary codes")),
    }
}

/// Hands the code of each of these rows to `each`, in order; `None` for a null. `whole` says that they are
/// all rows.
pub(crate) fn each_code(
    array: &DictionaryArray<Int32Type>,
    rows: &[u32],
    whole: bool,
    mut each: impl FnMut(usize, Option<usize>),
) {
    let keys = array.keys().values();
    let nulls = array.keys().nulls().filter(|nulls| nulls.null_count() > 0);
    match nulls {
        None if whole => keys
            .iter()
            .enumerate()
            .for_each(|(i, &key)| each(i, Some(key as usize))),
        None => rows
            .iter()
            .enumerate()
            .for_each(|(i, &row)| each(i, Some(keys[row as usize] as usize))),
        Some(nulls) => rows.iter().enumerate().for_each(|(i, &row)| {
            let row = row as usize;
            each(i, nulls.is_valid(row).then(|| keys[row] as usize));
        }),
    }
}

/// What a segment's dictionary means in shared terms, remembered while batches share it.
///
/// Readers hand out the same dictionary for all batches of a piece of a row group, and an equal one for its next
/// piece, so most batches cost no lookup.
#[derive(Debug)]
pub(crate) struct Remap<V> {
    dictionary: Option<ArrayRef>,
    meaning: Vec<V>,
}

impl<V> Default for Remap<V> {
    fn default() -> Self {
        Remap {
            dictionary: None,
            meaning: Vec::new(),
        }
    }
}

impl<V: Copy> Remap<V> {
    /// The meaning of every code of this dictionary; `translate` is asked when it is a new one.
    pub(crate) fn of(
        &mut self,
        dictionary: &ArrayRef,
        translate: impl FnOnce(&ArrayRef) -> Result<Vec<V>, Error>,
    ) -> Result<&mut [V], Error> {
        if !self
            .dictionary
            .as_ref()
            .is_some_and(|last| same(last, dictionary))
        {
            self.meaning = translate(dictionary)?;
            self.dictionary = Some(dictionary.clone());
        }
        Ok(&mut self.meaning)
    }
}

/// Whether two arrays are the same, or hold the same, as another piece of the same row group does: comparing
/// bytes costs far less than looking them up. Both are alive, so an equal address means an equal array.
fn same(a: &ArrayRef, b: &ArrayRef) -> bool {
    if std::ptr::addr_eq(std::sync::Arc::as_ptr(a), std::sync::Arc::as_ptr(b)) {
        return true;
    }
    let (a, b) = (a.to_data(), b.to_data());
    a.len() == b.len() && (a.ptr_eq(&b) || a == b)
}

/// The texts of a dictionary, in the order of its codes. A null entry of a dictionary is an empty text.
pub(crate) fn texts<'a>(dictionary: &'a ArrayRef, column: &str) -> Result<Vec<&'a str>, Error> {
    match dictionary.data_type() {
        DataType::Utf8 => Ok(dictionary
            .as_string::<i32>()
            .iter()
            .map(Option::unwrap_or_default)
            .collect()),
        DataType::LargeUtf8 => Ok(dictionary
            .as_string::<i64>()
            .iter()
            .map(Option::unwrap_or_default)
            .collect()),
        other => Err(unexpected(column, other, "text")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::StringArray;

    use super::*;

    #[test]
    fn an_equal_dictionary_is_not_looked_up_again_and_another_one_is() {
        let dictionary = |words: [&str; 2]| Arc::new(StringArray::from(words.to_vec())) as ArrayRef;
        let mut remap = Remap::default();
        let mut meanings = Vec::new();
        for words in [["a", "b"], ["a", "b"], ["a", "c"], ["a", "b"]] {
            let asked = meanings.len() as u32 + 1;
            let meaning = remap
                .of(&dictionary(words), |_| Ok(vec![asked; 2]))
                .unwrap();
            meanings.push(meaning[1]);
        }
        assert_eq!(meanings, [1, 1, 3, 4]);
    }
}
