//! Gathered rows as Arrow arrays, in the order of a segment.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMillisecondArray, UInt64Array,
};
use arrow_schema::{ArrowError, Field, Schema};

use super::gather::{Gathered, Sparse, Texts, Values};
use crate::error::Error;
use crate::row::Consent;

/// What the arrays are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Parquet: install ids in full, the writer makes its own dictionary of them.
    Write,
    /// Readers: install ids as a dictionary (decision D13).
    Read,
}

/// The rows `order` names, in that order, with every column any gathered row has.
pub(super) fn batch(rows: &Gathered, order: &[u32], form: Form) -> Result<RecordBatch, Error> {
    columns(rows, form)
        .build(order)
        .map_err(|source| Error::Arrow {
            path: "unsealed rows".into(),
            source,
        })
}

/// The columns of gathered rows, ready to make batches of any of the rows.
pub(super) struct Columns<'r> {
    rows: &'r Gathered,
    form: Form,
    events: ArrayRef,
    installs: ArrayRef,
    consents: ArrayRef,
    catalogs: ArrayRef,
    words: Vec<Option<ArrayRef>>,
}

/// Prepares the dictionaries, which all batches share.
pub(super) fn columns(rows: &Gathered, form: Form) -> Columns<'_> {
    let words = |(_, values): &(Arc<str>, Values)| match values {
        Values::Text(texts) => Some(dictionary(texts)),
        _ => None,
    };
    Columns {
        rows,
        form,
        events: Arc::new(StringArray::from_iter_values(&rows.events.list)),
        installs: install_ids(rows),
        consents: Arc::new(StringArray::from_iter_values(
            Consent::ALL.map(Consent::name),
        )),
        catalogs: dictionary(&rows.catalog),
        words: rows.properties.iter().map(words).collect(),
    }
}

fn dictionary(texts: &Texts) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(&texts.distinct.list))
}

fn install_ids(rows: &Gathered) -> ArrayRef {
    let bytes: Vec<u8> = rows.installs.list.concat();
    Arc::new(FixedSizeBinaryArray::new(16, bytes.into(), None))
}

impl Columns<'_> {
    /// The rows `order` names, in that order.
    pub(super) fn build(&self, order: &[u32]) -> Result<RecordBatch, ArrowError> {
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        let mut add = |name: &str, nullable: bool, array: ArrayRef| {
            fields.push(Field::new(name, array.data_type().clone(), nullable));
            arrays.push(array);
        };
        let rows = self.rows;
        let ts = order.iter().map(|row| rows.ts[*row as usize]);
        let ts = TimestampMillisecondArray::from_iter_values(ts).with_timezone("UTC");
        add("ts", false, Arc::new(ts));
        add("skew_s", false, pick(&rows.skew_s, order));
        add("received", false, pick(&rows.received, order));
        let events = order.iter().map(|row| Some(rows.event[*row as usize]));
        add("event", false, coded(events, &self.events)?);
        if !rows.install.is_empty() {
            add("install_id", true, self.installs(order)?);
        }
        let consents = order
            .iter()
            .map(|row| Some(rows.consent[*row as usize] as u32));
        add("consent", false, coded(consents, &self.consents)?);
        if !rows.session.is_empty() {
            let sessions = order.iter().map(|row| rows.session.get(*row));
            add("session", true, Arc::new(UInt64Array::from_iter(sessions)));
        }
        for (name, values) in [("seq", &rows.seq), ("since_start", &rows.since_start)] {
            if !values.is_empty() {
                add(name, true, integers(values, order));
            }
        }
        if !rows.catalog.codes.is_empty() {
            add(
                "catalog",
                true,
                texts(&rows.catalog, &self.catalogs, order)?,
            );
        }
        for (column, (name, values)) in rows.properties.iter().enumerate() {
            let array: ArrayRef = match (values, &self.words[column]) {
                (Values::Bool(values), _) => {
                    let bools = order.iter().map(|row| values.get(*row));
                    Arc::new(BooleanArray::from_iter(bools))
                }
                (Values::Int(values), _) => integers(values, order),
                (Values::Text(of), Some(words)) => texts(of, words, order)?,
                (Values::Text(_), None) => continue,
            };
            add(name, true, array);
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }

    fn installs(&self, order: &[u32]) -> Result<ArrayRef, ArrowError> {
        let codes = order.iter().map(|row| self.rows.install.get(*row));
        match self.form {
            Form::Read => coded(codes, &self.installs),
            Form::Write => {
                let list = &self.rows.installs.list;
                let ids = codes.map(|code| code.map(|code| list[code as usize]));
                let ids = FixedSizeBinaryArray::try_from_sparse_iter_with_size(ids, 16)?;
                Ok(Arc::new(ids))
            }
        }
    }
}

fn pick(values: &[i32], order: &[u32]) -> ArrayRef {
    let values = order.iter().map(|row| values[*row as usize]);
    Arc::new(Int32Array::from_iter_values(values))
}

fn integers(values: &Sparse<i64>, order: &[u32]) -> ArrayRef {
    let values = order.iter().map(|row| values.get(*row));
    Arc::new(Int64Array::from_iter(values))
}

fn texts(texts: &Texts, words: &ArrayRef, order: &[u32]) -> Result<ArrayRef, ArrowError> {
    coded(order.iter().map(|row| texts.codes.get(*row)), words)
}

fn coded(
    codes: impl Iterator<Item = Option<u32>>,
    values: &ArrayRef,
) -> Result<ArrayRef, ArrowError> {
    let codes = Int32Array::from_iter(codes.map(|code| code.map(|code| code as i32)));
    let array = DictionaryArray::<Int32Type>::try_new(codes, Arc::clone(values))?;
    Ok(Arc::new(array))
}
