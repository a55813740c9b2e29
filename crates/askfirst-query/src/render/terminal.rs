//! A report on a terminal: title and dates, the caveat, the table, its total. See `mocks` of the design: no borders,
//! heads in capitals, names left, numbers right.

use unicode_width::UnicodeWidthStr;

use crate::answer::{Answer, Column, Hint, Role, Row, Sentence, Shown, Table, Unit, Value};
use crate::filters::Top;
use crate::policy;
use crate::render::layout::{self, Measured, Placed};
use crate::render::style::{Paint, Style};
use crate::render::{bar, cell, figures, names, spark, wrap::wrap};

/// The report as people read it, with a newline after every line.
pub fn terminal(answer: &Answer, style: &Style) -> String {
    let mut lines = simulated(answer, style);
    lines.extend(heading(answer, style));
    lines.extend(
        paragraph(&answer.caveats, style)
            .into_iter()
            .map(|line| style.paint(Paint::Label, &line)),
    );
    if let Some(empty) = &answer.empty {
        lines.push(String::new());
        lines.extend(paragraph(std::slice::from_ref(empty), style));
    } else {
        let shown = answer
            .tables
            .iter()
            .filter(|table| table.shown != Shown::Exports);
        for table in shown {
            let rows = table.few.unwrap_or(policy::TOP_ROWS);
            let top = answer.top.unwrap_or(Top::Rows(rows));
            lines.push(String::new());
            lines.extend(table_lines(table, top, style));
        }
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn table_lines(table: &Table, top: Top, style: &Style) -> Vec<String> {
    let figures = (table.name == "figures").then(|| figures::lines(table, style));
    figures
        .flatten()
        .unwrap_or_else(|| Drawing::new(table, top, style).lines())
}

/// Whether a number on the terminal is one of the comparison.
fn says_changes(answer: &Answer) -> bool {
    let mut tables = answer.tables.iter();
    tables.any(|table| {
        let mut columns = table.columns.iter();
        columns.any(|column| column.unit == Unit::Change && column.shown != Shown::Exports)
    })
}

fn heading(answer: &Answer, style: &Style) -> Vec<String> {
    let so_far = if answer.so_far { " so far" } else { "" };
    let compared = match answer.compared.filter(|_| says_changes(answer)) {
        Some(before) => format!(", compared with {}", before.within(answer.period)),
        None => String::new(),
    };
    let dates = style.text(&format!(
        "{}{so_far}{compared}, {}",
        answer.period.long(),
        answer.host
    ));
    let title = style.paint(Paint::Head, answer.title);
    if answer.title.width() + 3 + dates.width() <= style.width() {
        return vec![format!("{title}   {dates}")];
    }
    let broken = wrap(answer.title, style.width())
        .into_iter()
        .map(|line| style.paint(Paint::Head, &line));
    broken.chain(wrap(&dates, style.width())).collect()
}

/// What must be said of made-up events before anything else.
pub(super) fn simulated(answer: &Answer, style: &Style) -> Vec<String> {
    let sentence: Vec<Sentence> = answer
        .simulated
        .map(Sentence::simulated)
        .into_iter()
        .collect();
    let lines = paragraph(&sentence, style);
    lines
        .into_iter()
        .map(|line| style.paint(Paint::Head, &line))
        .collect()
}

/// All sentences as one paragraph, wrapped; their hints in the words of the command line.
pub(super) fn paragraph(sentences: &[Sentence], style: &Style) -> Vec<String> {
    let worded = |sentence: &Sentence| match sentence.hint.map(Hint::filter) {
        None => sentence.text.clone(),
        Some((key, value)) => {
            let text = sentence.text.trim_end_matches('.');
            format!("{text} (--{key} {value}).")
        }
    };
    let all: Vec<String> = sentences.iter().map(worded).collect();
    wrap(&all.join(" "), style.width())
        .iter()
        .map(|line| style.text(line))
        .collect()
}

/// A table with its texts made.
struct Drawing<'a> {
    table: &'a Table,
    style: &'a Style,
    rows: Vec<Drawn>,
}

struct Drawn {
    cells: Vec<String>,
    row: Row,
    total: bool,
}

impl<'a> Drawing<'a> {
    fn new(table: &'a Table, top: Top, style: &'a Style) -> Drawing<'a> {
        let cut = table.cut(top);
        let mut rows: Vec<Drawn> = cut
            .rows
            .iter()
            .map(|row| draw(table, row, None, style))
            .collect();
        if let Some((count, rest)) = cut.rest {
            rows.push(draw(
                table,
                &rest,
                Some(format!("{count} more (--top all)")),
                style,
            ));
        }
        if let Some(total) = &table.total {
            let noun = if table.rows.len() == 1 {
                table.noun.0
            } else {
                table.noun.1
            };
            let name = match total.first() {
                Some(Value::Text(name)) => name.to_string(),
                _ => format!("{} {noun}", super::number::exact(table.rows.len() as i128)),
            };
            rows.push(Drawn {
                total: true,
                ..draw(table, total, Some(name), style)
            });
        }
        Drawing { table, style, rows }
    }

    fn lines(&self) -> Vec<String> {
        if self.table.columns.len() == 1 {
            return self.list();
        }
        let mut lines: Vec<String> = Vec::new();
        if !self.table.title.is_empty() {
            lines.push(
                self.style
                    .paint(Paint::Head, &self.style.text(&self.table.title)),
            );
        }
        match self.fit() {
            Some(placed) => lines.extend(self.table_lines(&placed)),
            None => lines.extend(self.one_value_a_line()),
        }
        lines
    }

    fn fit(&self) -> Option<Vec<Placed>> {
        if self.style.width() < policy::WIDTH_FOR_TABLES {
            return None;
        }
        let measure = |(i, column): (usize, &Column)| {
            let texts = self.rows.iter().map(move |row| row.cells[i].as_str());
            Measured::of(&column.head, texts)
        };
        let measured: Vec<Measured> = self.table.columns.iter().enumerate().map(measure).collect();
        layout::fit(
            &self.table.columns,
            &measured,
            self.style.width(),
            self.style.utf8,
        )
    }

    fn table_lines(&self, placed: &[Placed]) -> Vec<String> {
        let name_width = placed.first().map_or(0, |name| name.width);
        let names: Vec<String> = self.rows.iter().map(|row| row.cells[0].clone()).collect();
        let names = names::shorten_all(&names, name_width, self.style.ellipsis());
        let head = self.line(placed, |at| self.head(at));
        let body = self.rows.iter().zip(&names).map(|(row, name)| {
            let paint = if row.total { Paint::Head } else { Paint::None };
            self.line(placed, |at| self.cell(at, row, name, paint))
        });
        std::iter::once(head).chain(body).collect()
    }

    /// One line; trailing spaces are cut before anything is painted, so that painted and plain lines agree.
    fn line(&self, placed: &[Placed], cell: impl Fn(&Placed) -> Vec<(Paint, String)>) -> String {
        let mut parts: Vec<(Paint, String)> = Vec::new();
        for at in placed {
            parts.push((Paint::None, " ".repeat(at.gap)));
            parts.extend(cell(at));
        }
        while let Some((_, last)) = parts.last_mut() {
            last.truncate(last.trim_end().len());
            if !last.is_empty() {
                break;
            }
            parts.pop();
        }
        parts
            .iter()
            .map(|(paint, text)| self.style.paint(*paint, text))
            .collect()
    }

    fn head(&self, at: &Placed) -> Vec<(Paint, String)> {
        let head = self.table.columns[at.index].head.to_uppercase();
        let left = at.index == 0 || at.bar || self.is_text(at);
        vec![(Paint::Head, pad(&head, at.width, left))]
    }

    fn cell(&self, at: &Placed, row: &Drawn, name: &str, paint: Paint) -> Vec<(Paint, String)> {
        if at.index == 0 {
            return vec![(paint, pad(name, at.width, true))];
        }
        let text = &row.cells[at.index];
        if !at.bar {
            let spark = self.table.columns[at.index].unit == Unit::Series;
            let paint = if spark { Paint::Accent } else { paint };
            return vec![(paint, pad(text, at.width, self.is_text(at)))];
        }
        let bar = bar(
            part(&row.row[at.index]),
            self.largest(at.index),
            policy::BAR_CELLS,
            self.style.utf8,
        );
        let number = pad(text, at.width - policy::BAR_CELLS, false);
        if row.total {
            vec![(paint, pad("", at.width, true))]
        } else {
            vec![
                (Paint::Accent, pad(&bar, policy::BAR_CELLS, true)),
                (paint, number),
            ]
        }
    }

    fn is_text(&self, at: &Placed) -> bool {
        matches!(
            self.table.columns[at.index].unit,
            Unit::Text | Unit::Command
        )
    }

    fn largest(&self, column: usize) -> i128 {
        self.rows
            .iter()
            .filter(|row| !row.total)
            .map(|row| part(&row.row[column]))
            .max()
            .unwrap_or(0)
    }

    /// For terminals narrower than a table: a name, then `head: value` a line.
    fn one_value_a_line(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (i, row) in self.rows.iter().enumerate() {
            if i > 0 {
                lines.push(String::new());
            }
            for (column, text) in self.table.columns.iter().zip(&row.cells) {
                let drawn = column.role != Role::Spark
                    && matches!(column.shown, Shown::Always | Shown::People);
                if drawn && !text.is_empty() {
                    let head = format!("{}:", column.head);
                    lines.push(format!("{} {text}", self.style.paint(Paint::Label, &head)));
                }
            }
        }
        lines
    }

    /// A table of names alone is a sentence.
    fn list(&self) -> Vec<String> {
        let names: Vec<&str> = self.rows.iter().map(|row| row.cells[0].as_str()).collect();
        let text = format!("{}: {}", self.table.title, names.join(", "));
        wrap(&text, self.style.width())
            .iter()
            .map(|line| self.style.text(line))
            .collect()
    }
}

fn draw(table: &Table, row: &Row, name: Option<String>, style: &Style) -> Drawn {
    let text = |(value, column): (&Value, &Column)| match value {
        Value::Series(points) => spark(points),
        Value::None if has_no_dash(column) => String::new(),
        _ => style.text(&cell(value, column.unit)),
    };
    let mut cells: Vec<String> = row.iter().zip(&table.columns).map(text).collect();
    if let (Some(name), Some(first)) = (name, cells.first_mut()) {
        *first = style.text(&name);
    }
    Drawn {
        cells,
        row: row.clone(),
        total: false,
    }
}

/// Columns where nothing is shown as nothing: a dash would be read as a number that is missing.
fn has_no_dash(column: &Column) -> bool {
    column.role == Role::Share
        || matches!(
            column.unit,
            Unit::Series | Unit::Text | Unit::Command | Unit::Day | Unit::DayOfYear | Unit::Change
        )
}

fn part(value: &Value) -> i128 {
    match value {
        Value::Share { part, .. } => *part,
        _ => 0,
    }
}

fn pad(text: &str, width: usize, left: bool) -> String {
    let space = " ".repeat(width.saturating_sub(text.width()));
    if left {
        format!("{text}{space}")
    } else {
        format!("{space}{text}")
    }
}
