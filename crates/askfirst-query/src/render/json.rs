//! An answer as one JSON object: `report, filters, columns, rows, caveats, not_compared`, and what else there is.

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use crate::answer::{Answer, Column, NotCompared, Row, Sentence, Table, Unit, Value};
use crate::calendar::Period;
use crate::filters::Top;
use crate::render::change::{self, Exact};
use crate::render::plain::{exact, said};

/// One object on indented lines. Money is exact in dollars, shares go from 0 to 1, `null` stands for what was not
/// recorded or has no price. Further tables of the report stand under `tables`.
pub fn json(answer: &Answer) -> String {
    // maps have text keys and numbers are finite, so this cannot fail
    serde_json::to_string_pretty(&Whole(answer)).unwrap_or_default() + "\n"
}

struct Whole<'a>(&'a Answer);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let answer = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("report", answer.report)?;
        map.serialize_entry("title", answer.title)?;
        map.serialize_entry("simulated", &answer.simulated)?;
        map.serialize_entry("filters", &Filters(&answer.filters))?;
        map.serialize_entry("compared", &answer.compared.map(Days))?;
        if let Some(table) = answer.tables.first() {
            table_entries(&mut map, table, answer.top.unwrap_or(Top::All))?;
        }
        if answer.tables.len() > 1 {
            map.serialize_entry("tables", &Others(&answer.tables[1..]))?;
        }
        let simulated = answer.simulated.map(Sentence::simulated);
        let caveats: Vec<String> = simulated
            .iter()
            .chain(said(answer))
            .map(|sentence| spaced(&sentence.text))
            .collect();
        map.serialize_entry("caveats", &caveats)?;
        let not_compared: Vec<_> = answer.not_compared.iter().map(Missing).collect();
        map.serialize_entry("not_compared", &not_compared)?;
        map.end()
    }
}

fn table_entries<M: SerializeMap>(map: &mut M, table: &Table, top: Top) -> Result<(), M::Error> {
    let cut = table.cut(top);
    map.serialize_entry(
        "columns",
        &table.columns.iter().map(Head).collect::<Vec<_>>(),
    )?;
    map.serialize_entry(
        "rows",
        &Rows {
            rows: cut.rows,
            columns: &table.columns,
        },
    )?;
    if let Some((count, rest)) = &cut.rest {
        map.serialize_entry("rows_left_out", count)?;
        map.serialize_entry(
            "rest",
            &One {
                row: rest,
                columns: &table.columns,
                named: false,
            },
        )?;
    }
    if let Some(total) = &table.total {
        map.serialize_entry(
            "total",
            &One {
                row: total,
                columns: &table.columns,
                named: false,
            },
        )?;
    }
    Ok(())
}

struct Days(Period);

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("from", &self.0.from.iso())?;
        map.serialize_entry("to", &self.0.to.iso())?;
        map.end()
    }
}

struct Filters<'a>(&'a [(&'static str, Vec<String>)]);

impl Serialize for Filters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, values) in self.0 {
            match (*key, values.as_slice()) {
                // may be given twice, so always a list
                ("version" | "platform" | "model", values) => map.serialize_entry(key, values)?,
                (_, [value]) => map.serialize_entry(key, value)?,
                (_, values) => map.serialize_entry(key, values)?,
            }
        }
        map.end()
    }
}

struct Others<'a>(&'a [Table]);

impl Serialize for Others<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for table in self.0 {
            map.serialize_entry(table.name, &Other(table))?;
        }
        map.end()
    }
}

struct Other<'a>(&'a Table);

impl Serialize for Other<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("title", &spaced(&self.0.title))?;
        table_entries(&mut map, self.0, Top::All)?;
        map.end()
    }
}

struct Head<'a>(&'a Column);

impl Serialize for Head<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("name", &*self.0.key)?;
        map.serialize_entry("title", &self.0.head)?;
        map.serialize_entry("unit", unit(self.0.unit))?;
        map.end()
    }
}

struct Missing<'a>(&'a NotCompared);

impl Serialize for Missing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("what", &self.0.what)?;
        map.serialize_entry("because", &spaced(&self.0.because))?;
        map.end()
    }
}

struct Rows<'a> {
    rows: &'a [Row],
    columns: &'a [Column],
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.rows.len()))?;
        for row in self.rows {
            rows.serialize_element(&One {
                row,
                columns: self.columns,
                named: true,
            })?;
        }
        rows.end()
    }
}

/// A row as an object; the rest and the total have no name.
struct One<'a> {
    row: &'a Row,
    columns: &'a [Column],
    named: bool,
}

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let cells = self
            .row
            .iter()
            .zip(self.columns)
            .skip(usize::from(!self.named));
        for (value, column) in cells {
            map.serialize_entry(&*column.key, &Cell(value, column.unit))?;
        }
        map.end()
    }
}

struct Cell<'a>(&'a Value, Unit);

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::None | Value::NotRecorded => serializer.serialize_unit(),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Day(day) => serializer.serialize_str(&day.iso()),
            Value::Series(points) => {
                // on one line, which the pretty printer would not
                let points: Vec<String> = points.iter().map(i128::to_string).collect();
                raw(format!("[{}]", points.join(", "))).serialize(serializer)
            }
            Value::Change(change) => match change::exact(*change) {
                Exact::Number(number) => raw(number).serialize(serializer),
                Exact::Word(word) => serializer.serialize_str(word),
                Exact::Nothing => serializer.serialize_unit(),
            },
            number => match exact(number, self.1).filter(|text| !text.is_empty()) {
                Some(text) => raw(text).serialize(serializer),
                None => serializer.serialize_unit(),
            },
        }
    }
}

/// Decimal digits as they are: through a float they would change.
fn raw(number: String) -> Option<Box<RawValue>> {
    RawValue::from_string(number).ok()
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Text | Unit::Command => "name",
        Unit::Count | Unit::Large => "count",
        Unit::Figure => "figure",
        Unit::Change => "change",
        Unit::Usd => "usd",
        Unit::Share => "share",
        Unit::Mean => "mean",
        Unit::Day | Unit::DayOfYear | Unit::Month => "day",
        Unit::Series => "series",
    }
}

/// Narrow spaces are for the eye.
fn spaced(text: &str) -> String {
    text.replace(super::number::NARROW, " ")
}
