//! Gathered rows as Arrow arrays, in the order of a segment.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMillisecondArray, UInt64Array,
};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

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

/// The columns of gathered rows, ready to make arrays of any of the rows.
pub(super) struct Columns<'r> {
    rows: &'r Gathered,
    form: Form,
    events: ArrayRef,
    installs: ArrayRef,
    consents: ArrayRef,
    catalogs: ArrayRef,
    words: Vec<Option<ArrayRef>>,
    there: Vec<Column>,
}

/// A column that gathered rows have.
#[derive(Debug, Clone, Copy)]
enum Column {
    Ts,
    Skew,
    Received,
    Event,
    Install,
    Consent,
    Session,
    Seq,
    SinceStart,
    Catalog,
    /// By its place among the properties.
    Property(usize),
}

/// Those that any row has, in the order of a segment.
fn there(rows: &Gathered) -> Vec<Column> {
    let always = [Column::Ts, Column::Skew, Column::Received, Column::Event];
    let optional = [
        (Column::Install, rows.install.is_empty()),
        (Column::Consent, false),
        (Column::Session, rows.session.is_empty()),
        (Column::Seq, rows.seq.is_empty()),
        (Column::SinceStart, rows.since_start.is_empty()),
        (Column::Catalog, rows.catalog.codes.is_empty()),
    ];
    let optional = optional.into_iter().filter(|(_, empty)| !empty);
    let properties = (0..rows.properties.len()).map(Column::Property);
    always
        .into_iter()
        .chain(optional.map(|(column, _)| column))
        .chain(properties)
        .collect()
}

/// Prepares the dictionaries, which all arrays share.
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
        there: there(rows),
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
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.there.len()
    }

    /// Their names and types.
    pub(super) fn schema(&self) -> Result<SchemaRef, ArrowError> {
        let field = |column: &Column| {
            let (name, nullable) = self.named(*column);
            let array = self.array(*column, &[])?;
            Ok(Field::new(name, array.data_type().clone(), nullable))
        };
        let fields: Result<Vec<Field>, ArrowError> = self.there.iter().map(field).collect();
        Ok(Arc::new(Schema::new(fields?)))
    }

    /// The rows `order` names, in that order.
    pub(super) fn build(&self, order: &[u32]) -> Result<RecordBatch, ArrowError> {
        let arrays = (0..self.count()).map(|at| self.at(at, order));
        RecordBatch::try_new(self.schema()?, arrays.collect::<Result<_, _>>()?)
    }

    /// The values of one column in the rows `order` names, in that order.
    pub(super) fn at(&self, column: usize, order: &[u32]) -> Result<ArrayRef, ArrowError> {
        self.array(self.there[column], order)
    }

    /// Name, and whether a row may have no value.
    fn named(&self, column: Column) -> (&str, bool) {
        match column {
            Column::Ts => ("ts", false),
            Column::Skew => ("skew_s", false),
            Column::Received => ("received", false),
            Column::Event => ("event", false),
            Column::Install => ("install_id", true),
            Column::Consent => ("consent", false),
            Column::Session => ("session", true),
            Column::Seq => ("seq", true),
            Column::SinceStart => ("since_start", true),
            Column::Catalog => ("catalog", true),
            Column::Property(at) => (&self.rows.properties[at].0, true),
        }
    }

    fn array(&self, column: Column, order: &[u32]) -> Result<ArrayRef, ArrowError> {
        let rows = self.rows;
        match column {
            Column::Ts => {
                let ts = order.iter().map(|row| rows.ts[*row as usize]);
                let ts = TimestampMillisecondArray::from_iter_values(ts);
                Ok(Arc::new(ts.with_timezone("UTC")))
            }
            Column::Skew => Ok(pick(&rows.skew_s, order)),
            Column::Received => Ok(pick(&rows.received, order)),
            Column::Event => {
                let events = order.iter().map(|row| Some(rows.event[*row as usize]));
                coded(events, &self.events)
            }
            Column::Install => self.installs(order),
            Column::Consent => {
                let consent = |row: &u32| Some(rows.consent[*row as usize] as u32);
                coded(order.iter().map(consent), &self.consents)
            }
            Column::Session => {
                let sessions = order.iter().map(|row| rows.session.get(*row));
                Ok(Arc::new(UInt64Array::from_iter(sessions)))
            }
            Column::Seq => Ok(integers(&rows.seq, order)),
            Column::SinceStart => Ok(integers(&rows.since_start, order)),
            Column::Catalog => texts(&rows.catalog, &self.catalogs, order),
            Column::Property(at) => self.property(at, order),
        }
    }

    fn property(&self, at: usize, order: &[u32]) -> Result<ArrayRef, ArrowError> {
        match (&self.rows.properties[at].1, &self.words[at]) {
            (Values::Bool(values), _) => {
                let bools = order.iter().map(|row| values.get(*row));
                Ok(Arc::new(BooleanArray::from_iter(bools)))
            }
            (Values::Int(values), _) => Ok(integers(values, order)),
            (Values::Text(of), Some(words)) => texts(of, words, order),
            (Values::Text(of), None) => texts(of, &dictionary(of), order),
        }
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
