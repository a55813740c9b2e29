//! The first table as CSV (RFC 4180, but lines end with a line feed).
//!
//! A made-up population is named in a last column of its own: a line of comment before the head would stop most
//! readers of CSV, and nobody could tell the rows once they left the file's name behind.

use crate::answer::{Answer, Column, Row, Sentence, Unit};
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
    let simulated = answer.simulated.map(Sentence::simulated);
    let said = |name: &'static str| simulated.iter().map(move |_| name.to_owned());
    let words = || simulated.iter().map(|sentence| sentence.text.clone());
    let heads = shown.iter().map(|&i| table.columns[i].key.to_string());
    let mut text = line(heads.chain(said("simulated")));
    let cut = table.cut(answer.top.unwrap_or(Top::All));
    for row in cut.rows {
        text.push_str(&line(
            cells(row, &table.columns, &shown)
                .into_iter()
                .chain(words()),
        ));
    }
    if let Some((count, rest)) = &cut.rest {
        let mut cells = cells(rest, &table.columns, &shown);
        cells[0] = format!("{count} more");
        text.push_str(&line(cells.into_iter().chain(words())));
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
