//! The main figures on a terminal, one a line: name, number, change, line.

use unicode_width::UnicodeWidthStr;

use crate::answer::{Change, Row, Table, Value};
use crate::policy;
use crate::render::style::{Paint, Style};
use crate::render::{cell, change, spark};

/// What is written of one figure.
struct Line {
    name: String,
    number: String,
    change: String,
    spark: String,
}

/// The lines of a table of figures; `None` where not even name and number fit.
pub(super) fn lines(table: &Table, style: &Style) -> Option<Vec<String>> {
    let at = |key: &str| table.column(key);
    let places = [
        at("figure")?,
        at("now")?,
        at("of")?,
        at("change")?,
        at("series")?,
    ];
    let lines: Vec<Line> = table
        .rows
        .iter()
        .map(|row| line(table, row, places, style))
        .collect();
    let widest =
        |of: fn(&Line) -> &str| lines.iter().map(|line| of(line).width()).max().unwrap_or(0);
    let (name, number) = (widest(|line| &line.name), widest(|line| &line.number));
    if name + 2 + number > style.width() {
        return None;
    }
    // what is not compared says so at length, where others have their line
    let short = lines.iter().filter(|line| !line.spark.is_empty());
    let change = short.map(|line| line.change.width()).max().unwrap_or(0);
    let room = style.width().saturating_sub(name + 2 + number + 2);
    let sparks = style.utf8 && room >= change + 2 + widest(|line| &line.spark);
    let drawn = lines.iter().map(|line| {
        let label = style.paint(Paint::Label, &pad(&line.name, name, true));
        let value = style.paint(Paint::Head, &pad(&line.number, number, false));
        let mut text = format!("{label}  {value}");
        if line.change.width() <= room {
            text.push_str("  ");
            text.push_str(&line.change);
        }
        if sparks && !line.spark.trim().is_empty() {
            text.push_str(&" ".repeat(2 + change.saturating_sub(line.change.width())));
            text.push_str(&style.paint(Paint::Accent, line.spark.trim_end()));
        }
        text.truncate(text.trim_end().len());
        text
    });
    Some(drawn.collect())
}

fn line(
    table: &Table,
    row: &Row,
    [figure, now, of, at, series]: [usize; 5],
    style: &Style,
) -> Line {
    let text = |at: usize| style.text(&cell(&row[at], table.columns[at].unit));
    let number = match row[of] {
        Value::Count(_) => format!("{} of {}", text(now), text(of)),
        _ => text(now),
    };
    let (change, compared) = match &row[at] {
        Value::Change(since @ Change::Since(_)) => {
            (format!("not compared: {}", change(*since)), false)
        }
        Value::Change(other) => (change(*other), true),
        _ => (String::new(), true),
    };
    let spark = match &row[series] {
        Value::Series(points) if compared => spark(&fewer(points)),
        _ => String::new(),
    };
    Line {
        name: text(figure),
        number,
        change: style.text(&change),
        spark,
    }
}

/// As many neighbours added up as it takes to leave few enough points.
fn fewer(points: &[i128]) -> Vec<i128> {
    let each = points.len().div_ceil(policy::FIGURE_POINTS).max(1);
    points
        .rchunks(each)
        .rev()
        .map(|points| points.iter().sum())
        .collect()
}

fn pad(text: &str, width: usize, left: bool) -> String {
    let space = " ".repeat(width.saturating_sub(text.width()));
    if left {
        format!("{text}{space}")
    } else {
        format!("{space}{text}")
    }
}
