//! Making tables from groups.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::answer::{Column, Role, Row, Shown, Table, Unit, Value};
use crate::calendar::{Bucket, Day, Period};
use crate::error::Error;
use crate::filters::{Filters, bucket_name};
use crate::reports::Context;
use crate::scan::{Cell, Grouped};

/// A column as it stands in a report's definition.
pub(crate) fn column(
    key: impl Into<Cow<'static, str>>,
    head: &str,
    unit: Unit,
    role: Role,
    shown: Shown,
) -> Column {
    Column {
        key: key.into(),
        head: head.to_owned(),
        unit,
        role,
        shown,
    }
}

/// The column of time: days, weeks or months, as the filters cut them.
pub(crate) fn over(context: &Context<'_>) -> Column {
    let bucket = context.filters.bucket(context.period);
    let unit = match bucket {
        Bucket::Month => Unit::Month,
        _ if context.period.from.same_year(context.period.to) => Unit::Day,
        _ => Unit::DayOfYear,
    };
    let head = match bucket {
        Bucket::Week => "week from",
        _ => bucket_name(bucket),
    };
    column(bucket_name(bucket), head, unit, Role::Main, Shown::Always)
}

/// A recorded name, or the row of those that did not say.
pub(crate) fn name(name: Option<&Arc<str>>) -> Value {
    name.map_or(Value::NotRecorded, |name| Value::Text(name.clone()))
}

/// Numbers over time by name: the points of a row's spark.
#[derive(Debug)]
pub(crate) struct Series {
    points: usize,
    by_name: HashMap<Option<Arc<str>>, Vec<i128>>,
}

impl Series {
    /// From groups by name and slice, whose first measure is a count.
    pub(crate) fn of(grouped: &Grouped, bucket: Bucket, period: Period) -> Series {
        let starts = bucket.starts(period);
        let place: HashMap<Day, usize> = starts
            .iter()
            .enumerate()
            .map(|(i, &day)| (day, i))
            .collect();
        let mut by_name: HashMap<Option<Arc<str>>, Vec<i128>> = HashMap::new();
        for group in &grouped.groups {
            let at = group.day.and_then(|day| place.get(&day));
            if let (Some(&at), Some(cell), Some(name)) =
                (at, group.cells.first(), group.names.first())
            {
                by_name
                    .entry(name.clone())
                    .or_insert_with(|| vec![0; starts.len()])[at] += cell.number();
            }
        }
        Series {
            points: starts.len(),
            by_name,
        }
    }

    pub(crate) fn get(&self, name: Option<&Arc<str>>) -> Value {
        let points = self.by_name.get(&name.cloned());
        Value::Series(points.cloned().unwrap_or_else(|| vec![0; self.points]))
    }
}

/// Adds the cells of all groups, measure by measure.
pub(crate) fn totals(grouped: &Grouped) -> Vec<Cell> {
    let mut groups = grouped.groups.iter().map(|group| &group.cells);
    let Some(mut all) = groups.next().cloned() else {
        return Vec::new();
    };
    for cells in groups {
        all.iter_mut()
            .zip(cells)
            .for_each(|(all, cell)| all.merge(cell));
    }
    all
}

/// Sorts by the column that was asked for.
pub(crate) fn sort_as_asked(table: &mut Table, filters: &Filters) -> Result<(), Error> {
    let Some(sort) = &filters.sort else {
        return Ok(());
    };
    let sorts = |column: &Column| column.unit != Unit::Series;
    let Some(column) = table
        .column(&sort.column)
        .filter(|&at| sorts(&table.columns[at]))
    else {
        let keys: Vec<&str> = table
            .columns
            .iter()
            .filter(|column| sorts(column))
            .map(|column| &*column.key)
            .collect();
        return Err(Error::BadValue {
            key: "sort".into(),
            value: sort.column.clone(),
            valid: keys.join(", "),
        });
    };
    table.sort(column, sort.descending);
    Ok(())
}

impl Table {
    /// The report's own table.
    pub(crate) fn new(
        name: &'static str,
        noun: (&'static str, &'static str),
        columns: Vec<Column>,
    ) -> Table {
        Table {
            name,
            title: String::new(),
            noun,
            columns,
            rows: Vec::new(),
            total: None,
            whole: false,
            shown: Shown::Always,
            few: None,
        }
    }

    /// The same with a head, for a further table.
    pub(crate) fn titled(self, title: &str) -> Table {
        Table {
            title: title.to_owned(),
            ..self
        }
    }

    /// Filled, sorted by a column from the largest down.
    pub(crate) fn filled(mut self, rows: Vec<Row>, total: Option<Row>, by: usize) -> Table {
        (self.rows, self.total) = (rows, total);
        self.sort(by, true);
        self
    }

    /// Its columns alone.
    pub(crate) fn emptied(self) -> Table {
        Table {
            rows: Vec::new(),
            total: None,
            ..self
        }
    }
}
