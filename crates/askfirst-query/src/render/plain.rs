//! One row a line for `awk`: no colour, no marks, no cutting; plain numbers with the unit in the head.

use unicode_width::UnicodeWidthStr;

use crate::answer::{Answer, Column, Row, Sentence, Shown, Unit, Value};
use crate::filters::Top;
use crate::render::terminal::{paragraph, simulated};
use crate::render::{change, number, style::Style};

/// The first table, columns aligned and two spaces apart.
pub fn plain(answer: &Answer) -> String {
    let Some(table) = answer.tables.first() else {
        return String::new();
    };
    if answer.empty.is_some() {
        return String::new();
    }
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|&i| for_plain(&table.columns[i]))
        .collect();
    let cut = table.cut(answer.top.unwrap_or(Top::All));
    let mut lines: Vec<Vec<String>> = vec![
        shown
            .iter()
            .map(|&i| table.columns[i].key.to_string())
            .collect(),
    ];
    lines.extend(
        cut.rows
            .iter()
            .map(|row| texts(row, &table.columns, &shown)),
    );
    if let Some((count, rest)) = &cut.rest {
        let mut line = texts(rest, &table.columns, &shown);
        line[0] = format!("{count} more");
        lines.push(line);
    }
    aligned(&lines)
}

/// The sentences for standard error, where they do not disturb the rows.
pub fn caveats(answer: &Answer, style: &Style) -> String {
    let said: Vec<Sentence> = said(answer).cloned().collect();
    let lines = simulated(answer, style).into_iter();
    lines
        .chain(paragraph(&said, style))
        .map(|line| line + "\n")
        .collect()
}

/// Every sentence of an answer, why it is empty first.
pub(super) fn said(answer: &Answer) -> impl Iterator<Item = &Sentence> {
    answer.empty.iter().chain(&answer.caveats)
}

/// The exact text of a cell in exports; `None` where there is nothing to say.
pub(super) fn exact(value: &Value, unit: Unit) -> Option<String> {
    Some(match (value, unit) {
        (Value::None | Value::Series(_), _) => return None,
        (Value::NotRecorded, Unit::Text | Unit::Command) => "not recorded".into(),
        (Value::NotRecorded, _) => return None,
        (Value::Text(text), _) => text.to_string(),
        (Value::Count(n), Unit::Mean) => format!("{}.{}", n / 10, n % 10),
        (Value::Count(n), _) => n.to_string(),
        (Value::Nanos(n), _) => number::exact_dollars(*n),
        (Value::Share { part, whole }, _) => number::ratio(*part, *whole),
        (Value::Day(day), _) => day.iso(),
        (Value::Change(change), _) => return change::exact(*change).text(),
    })
}

fn for_plain(column: &Column) -> bool {
    matches!(column.shown, Shown::Always | Shown::Exports) && column.unit != Unit::Series
}

fn texts(row: &Row, columns: &[Column], shown: &[usize]) -> Vec<String> {
    let text = |&i: &usize| match &row[i] {
        Value::Nanos(n) => number::plain_dollars(*n),
        value => exact(value, columns[i].unit).unwrap_or_else(|| "-".into()),
    };
    shown.iter().map(text).collect()
}

fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |i: usize| lines.iter().map(|line| line[i].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        for (i, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let space = " ".repeat(width - cell.width());
            if i == 0 {
                text.push_str(cell);
                text.push_str(&space);
            } else {
                text.push_str("  ");
                text.push_str(&space);
                text.push_str(cell);
            }
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}
