//! The first table as CSV (RFC 4180, but lines end with a line feed).

use crate::answer::{Answer, Column, Row, Unit};
use crate::filters::Top;
use crate::render::plain::exact;

/// Every column but series; exact numbers, ISO days, shares from 0 to 1, nothing where there is nothing to say.
pub fn csv(answer: &Answer) -> String {
    let Some(table) = answer.tables.first() else {
        return String::new();
    };
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|&i| table.columns[i].unit != Unit::Series)
        .collect();
    let mut text = line(shown.iter().map(|&i| table.columns[i].key.to_owned()));
    let cut = table.cut(answer.top.unwrap_or(Top::All));
    for row in cut.rows {
        text.push_str(&line(cells(row, &table.columns, &shown).into_iter()));
    }
    if let Some((count, rest)) = &cut.rest {
        let mut cells = cells(rest, &table.columns, &shown);
        cells[0] = format!("{count} more");
        text.push_str(&line(cells.into_iter()));
    }
    text
}

fn cells(row: &Row, columns: &[Column], shown: &[usize]) -> Vec<String> {
    shown
        .iter()
        .map(|&i| exact(&row[i], columns[i].unit).unwrap_or_default())
        .collect()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(quoted).collect();
    cells.join(",") + "\n"
}

fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}
