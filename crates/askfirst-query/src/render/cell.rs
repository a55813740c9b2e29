//! One value as people read it.

use crate::answer::{Unit, Value};
use crate::render::number;

/// The text of a cell on a terminal or page; bars and sparks are drawn elsewhere.
pub fn cell(value: &Value, unit: Unit) -> String {
    match (value, unit) {
        (Value::NotRecorded, Unit::Text | Unit::Command) => "not recorded".into(),
        (Value::None | Value::NotRecorded, _) => "–".into(),
        (Value::Text(text), Unit::Command) => format!("/{text}"),
        (Value::Text(text), _) => text.to_string(),
        (Value::Count(n), Unit::Large | Unit::Figure) => number::three_figures(*n),
        (Value::Count(n), Unit::Mean) => mean(*n),
        (Value::Count(n), _) => number::exact(*n),
        (Value::Nanos(n), _) => number::dollars(*n),
        (Value::Share { part, whole }, _) => number::percent(*part, *whole),
        (Value::Day(day), Unit::Month) => day.month(),
        (Value::Day(day), Unit::DayOfYear) => day.long(),
        (Value::Day(day), _) => day.short(),
        (Value::Series(_), _) => String::new(),
        (Value::Change(change), _) => super::change(*change),
    }
}

/// Means are counted in tenths.
fn mean(tenths: i128) -> String {
    if tenths >= 1000 {
        number::exact((tenths + 5) / 10)
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}
