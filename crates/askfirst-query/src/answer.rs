//! An answered report: tables of typed values with the sentences that say what they count. What it looks like is
//! decided in [`crate::render`]; page, terminal and exports are made from the same value.

mod change;
mod sentence;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::calendar::{Day, Period};
use crate::filters::Top;

pub use change::Change;
pub use sentence::{Hint, Sentence};

/// What a report found.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The report's name.
    pub report: &'static str,
    /// The report's title.
    pub title: &'static str,
    /// Name of the tool.
    pub host: String,
    /// The seed of a made-up population; `None` for what real installs sent. Every rendering says so.
    pub simulated: Option<u64>,
    /// Days counted.
    pub period: Period,
    /// Days the numbers are compared with; `None` if they are not.
    pub compared: Option<Period>,
    /// Whether the last day is not over yet.
    pub so_far: bool,
    /// Filters as key and values, in the order of a URL.
    pub filters: Vec<(&'static str, Vec<String>)>,
    /// Rows asked for, if any were.
    pub top: Option<Top>,
    /// Said instead of a table when there is nothing to show.
    pub empty: Option<Sentence>,
    /// The tables; the first is the report, others belong to it. Never empty.
    pub tables: Vec<Table>,
    /// Sentences that say what is counted and what is not, most important first.
    pub caveats: Vec<Sentence>,
    /// Figures that must not be compared with an earlier period, and why.
    pub not_compared: Vec<NotCompared>,
}

/// A figure that must not be compared, because it was not recorded all the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCompared {
    /// Event or column.
    pub what: String,
    /// For example `recorded since 29 Nov 2024`.
    pub because: String,
}

/// Rows under named columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// Key in exports.
    pub name: &'static str,
    /// Head above it; empty for the report's own table.
    pub title: String,
    /// One and many of what a row is, for `43 more` and `50 models`.
    pub noun: (&'static str, &'static str),
    /// First the name, then the numbers.
    pub columns: Vec<Column>,
    /// Every row, in order.
    pub rows: Vec<Row>,
    /// All rows together.
    pub total: Option<Row>,
    /// Rows are never folded into one (days in order, a list of names).
    pub whole: bool,
    /// Where it is shown: on a terminal too, or on pages and in exports only.
    pub shown: Shown,
    /// Rows people see of it unless they ask for more; `None` for as many as of any other table.
    pub few: Option<usize>,
}

/// Cells in the order of the columns.
pub type Row = Vec<Value>;

/// What a column holds and how much it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in exports, with its unit: `cost_usd`.
    pub key: Cow<'static, str>,
    /// Head on a terminal and a page.
    pub head: String,
    /// How its values are written.
    pub unit: Unit,
    /// What it is for; decides when it leaves a narrow terminal.
    pub role: Role,
    /// Where it is shown.
    pub shown: Shown,
}

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A name.
    Text,
    /// A command, with its slash where people read it.
    Command,
    /// A whole number.
    Count,
    /// A whole number so large that three figures are enough for people.
    Large,
    /// A count or nano-dollars as one of a page's main figures: three figures are enough.
    Figure,
    /// Nano-dollars.
    Usd,
    /// A part of a whole.
    Share,
    /// A number with one decimal.
    Mean,
    /// A day, or the first day of a week.
    Day,
    /// The same where the period spans years.
    DayOfYear,
    /// The first day of a month.
    Month,
    /// Numbers over time.
    Series,
    /// What became of a number since the period before.
    Change,
}

/// What a column is for, in the order in which columns leave a narrow terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Numbers over time, the first to leave.
    Spark,
    /// The share's bar; leaves before the share's number.
    Share,
    /// Leaves after the share.
    Tokens,
    /// Leaves after the tokens.
    Detail,
    /// Leaves last of those that do.
    Change,
    /// Never leaves: the name and the main numbers.
    Main,
}

/// Where a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Everywhere.
    Always,
    /// On terminals, pages and in JSON: made from other columns or not one number.
    People,
    /// On wide terminals, pages, in CSV and JSON, not in plain output.
    Wide,
    /// Plain output, CSV and JSON: too much for a terminal.
    Exports,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing to say: no price, no such number.
    None,
    /// No version of the tool recorded it.
    NotRecorded,
    /// A name.
    Text(Arc<str>),
    /// A whole number.
    Count(i128),
    /// Nano-dollars.
    Nanos(i128),
    /// A part of a whole.
    Share {
        /// The part.
        part: i128,
        /// The whole.
        whole: i128,
    },
    /// A day.
    Day(Day),
    /// Numbers over time, oldest first.
    Series(Vec<i128>),
    /// What became of a number since the period before.
    Change(Change),
}

impl Value {
    /// A name.
    pub fn text(text: impl Into<Arc<str>>) -> Value {
        Value::Text(text.into())
    }

    /// A whole number.
    pub fn count(count: impl Into<i128>) -> Value {
        Value::Count(count.into())
    }

    /// The number it sorts by; `None` for what is no number.
    pub fn number(&self) -> Option<i128> {
        match self {
            Value::Count(n) | Value::Nanos(n) => Some(*n),
            Value::Day(day) => Some(day.0.into()),
            Value::Share { part, .. } => Some(*part),
            Value::Change(change) => Some(change.order()),
            _ => None,
        }
    }

    /// The value, or nothing where there is nothing to say.
    pub(crate) fn or_none(self, there: bool) -> Value {
        if there { self } else { Value::None }
    }

    /// The sum of two cells, or nothing where a sum means nothing (distinct installs, medians, names).
    fn plus(&self, other: &Value) -> Value {
        match (self, other) {
            (Value::Count(a), Value::Count(b)) => Value::Count(a + b),
            (Value::Nanos(a), Value::Nanos(b)) => Value::Nanos(a + b),
            (Value::Nanos(a), Value::None) | (Value::None, Value::Nanos(a)) => Value::Nanos(*a),
            (Value::Share { part: a, whole }, Value::Share { part: b, .. }) => Value::Share {
                part: a + b,
                whole: *whole,
            },
            (Value::Share { part, whole }, Value::None)
            | (Value::None, Value::Share { part, whole }) => Value::Share {
                part: *part,
                whole: *whole,
            },
            (Value::Series(a), Value::Series(b)) => {
                Value::Series(a.iter().zip(b).map(|(a, b)| a + b).collect())
            }
            (Value::NotRecorded, Value::NotRecorded) => Value::NotRecorded,
            _ => Value::None,
        }
    }
}

/// A table cut to its first rows.
#[derive(Debug)]
pub struct Cut<'a> {
    /// Rows shown one by one.
    pub rows: &'a [Row],
    /// How many are not, and their sum.
    pub rest: Option<(usize, Row)>,
}

impl Table {
    /// The first rows, and the sum of those left out.
    pub fn cut(&self, top: Top) -> Cut<'_> {
        let shown = match top {
            Top::Rows(rows) if !self.whole && rows + 1 < self.rows.len() => rows,
            _ => self.rows.len(),
        };
        let (rows, left) = self.rows.split_at(shown);
        let rest = left
            .split_first()
            .map(|(first, others)| (left.len(), self.sum(first, others)));
        Cut { rows, rest }
    }

    fn sum(&self, first: &Row, others: &[Row]) -> Row {
        let add = |sum: Row, row: &Row| -> Row {
            let cells = sum.iter().zip(row).zip(&self.columns);
            cells
                .map(|((a, b), column)| {
                    if column.adds() {
                        a.plus(b)
                    } else {
                        Value::None
                    }
                })
                .collect()
        };
        others.iter().fold(first.clone(), add)
    }

    /// Sorts by a column's number, then by name, so that the order is total.
    pub fn sort(&mut self, column: usize, descending: bool) {
        let name = |row: &Row| row.first().cloned();
        self.rows.sort_by(|a, b| {
            let by_number = compare(&a[column], &b[column]);
            let by_number = if descending {
                by_number.reverse()
            } else {
                by_number
            };
            by_number.then_with(|| compare_names(&name(a), &name(b)))
        });
    }

    /// The column with this key, with or without its unit.
    pub fn column(&self, key: &str) -> Option<usize> {
        let bare = |column: &Column| {
            column
                .key
                .strip_suffix("_usd")
                .is_some_and(|bare| bare == key)
        };
        self.columns
            .iter()
            .position(|column| column.key == key || bare(column))
    }
}

impl Column {
    /// A sum over rows means something: not for distinct installs and medians.
    fn adds(&self) -> bool {
        !NOT_ADDED.contains(&&*self.key)
    }
}

/// Columns whose rows do not add up.
const NOT_ADDED: &[&str] = &[
    "installs",
    "reach",
    "median_cost_usd",
    "per_install",
    "of_events",
    "recorded",
    "share_recorded",
];

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        // a name stands before what has none
        (Value::Text(_), Value::NotRecorded) => Ordering::Less,
        (Value::NotRecorded, Value::Text(_)) => Ordering::Greater,
        _ => a.number().cmp(&b.number()),
    }
}

fn compare_names(a: &Option<Value>, b: &Option<Value>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    }
}
