//! The types of columns.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::{DataType, TimeUnit};

use crate::shape::Shapes;

/// Text in Arrow.
pub(crate) fn text() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// An install id in Arrow, as it is read (decision D13).
pub(crate) fn install() -> DataType {
    let id = DataType::FixedSizeBinary(16);
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(id))
}

/// A time in Arrow.
pub(crate) fn time() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some(Arc::from("UTC")))
}

/// The columns that are not a property's, in the order of a file.
pub(super) const FIXED: [&str; 10] = [
    "ts",
    "skew_s",
    "received",
    "event",
    "install_id",
    "consent",
    "session",
    "seq",
    "since_start",
    "catalog",
];

/// The type of a column that is not a property's.
fn fixed(column: &str) -> Option<DataType> {
    Some(match column {
        "ts" => time(),
        "skew_s" | "received" => DataType::Int32,
        "event" | "consent" | "catalog" => text(),
        "install_id" => install(),
        "session" => DataType::UInt64,
        "seq" | "since_start" => DataType::Int64,
        _ => return None,
    })
}

/// The types of the columns of one data directory, also where a segment does not have them.
#[derive(Debug)]
pub(crate) struct Types {
    shapes: Arc<Shapes>,
    /// Of columns that no stored catalog has, but the program's.
    builtin: HashMap<String, DataType>,
}

impl Types {
    pub(crate) fn new(shapes: Arc<Shapes>, builtin: &Shapes) -> Types {
        Types {
            builtin: builtin.column_types(),
            shapes,
        }
    }

    /// The type of a column; `Null` if nothing has it.
    pub(crate) fn of(&self, column: &str) -> DataType {
        fixed(column)
            .or_else(|| self.shapes.column_type(column))
            .or_else(|| self.builtin.get(column).cloned())
            .unwrap_or(DataType::Null)
    }
}
