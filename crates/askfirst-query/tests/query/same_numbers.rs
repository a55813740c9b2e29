//! Terminal, plain output, CSV and JSON show the same numbers.

use askfirst_catalog::Catalog;
use askfirst_query::answer::{Answer, Shown, Table, Unit, Value};
use askfirst_query::calendar::Day;
use askfirst_query::render::{Style, cell, csv, json, plain, terminal};
use askfirst_query::reports::REPORTS;
use askfirst_query::testing::Population;
use askfirst_query::{Filters, run};

use crate::support::stored::Stored;

/// Every report about ninety days of a made-up population.
fn answers() -> Vec<Answer> {
    let population = Population {
        seed: 3,
        installs: 40,
        first: Day(20_000),
    };
    let stored = Stored::population(population, Day(20_089), 30);
    let to = Day(20_087).iso();
    let keys = [("period", "28d"), ("to", to.as_str()), ("top", "all")];
    let filters = Filters::parse(keys, Day(20_500)).unwrap();
    let answer = |report: &askfirst_query::reports::Report| {
        run(&stored.view(), &Catalog::builtin(), report.name, &filters).unwrap()
    };
    REPORTS.iter().map(answer).collect()
}

/// What programs read of a value; nothing for null.
fn of_json(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        number => number.to_string(),
    }
}

fn alike(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-3 * a.abs().max(1e-3),
        _ => a == b,
    }
}

#[test]
fn d7_csv_plain_output_and_json_show_the_same_cells() {
    for answer in answers() {
        let (name, table) = (answer.report, &answer.tables[0]);
        let json: serde_json::Value = serde_json::from_str(&json(&answer)).unwrap();
        let (csv, plain) = (csv(&answer), plain(&answer));
        let heads: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        let mut compared = 0;
        for (at, line) in csv.lines().skip(1).enumerate() {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), heads.len(), "{line}");
            for (head, cell) in heads.iter().zip(&cells) {
                let theirs = of_json(&json["rows"][at][*head]);
                let unnamed = *cell == "not recorded" && theirs.is_empty();
                assert!(
                    unnamed || alike(cell, &theirs),
                    "{name} {head}: {cell} {theirs}"
                );
                compared += 1;
            }
            let words: Vec<&str> = plain
                .lines()
                .nth(at + 1)
                .unwrap()
                .split("  ")
                .map(str::trim)
                .collect();
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            let shown = plain.lines().next().unwrap().split_whitespace();
            for (head, word) in shown.zip(words) {
                let at = heads.iter().position(|it| *it == head).unwrap();
                let ours = if word == "-" { "" } else { word };
                assert!(
                    alike(cells[at], ours),
                    "{name} {head}: {} {word}",
                    cells[at]
                );
                compared += 1;
            }
        }
        assert_eq!(csv.lines().count(), table.rows.len() + 1);
        assert!(compared > 8, "{name}: {compared} cells were compared");
    }
}

/// The texts of a row that a wide terminal shows.
fn texts(table: &Table, row: &[Value]) -> Vec<String> {
    let shown = table.columns.iter().zip(row).filter(|(column, value)| {
        let drawn = column.unit != Unit::Series && column.shown == Shown::Always;
        drawn && !matches!(value, Value::None)
    });
    shown
        .map(|(column, value)| cell(value, column.unit).replace('\u{202f}', " "))
        .collect()
}

#[test]
fn d7_the_terminal_shows_every_row_of_every_table() {
    for answer in answers() {
        let text = terminal(&answer, &Style::new(120, false, true));
        let tables = answer
            .tables
            .iter()
            .filter(|table| table.shown != Shown::Exports);
        for table in tables.filter(|table| table.columns.len() > 1 && table.name != "figures") {
            for row in &table.rows {
                let wanted = texts(table, row);
                let whole = |line: &&str| {
                    let mut rest = *line;
                    wanted.iter().all(|text| match rest.find(text.as_str()) {
                        Some(at) => {
                            rest = &rest[at + text.len()..];
                            true
                        }
                        None => false,
                    })
                };
                assert!(
                    text.lines().any(|line| whole(&line)),
                    "{} {}: {wanted:?}\n{text}",
                    answer.report,
                    table.name
                );
            }
        }
    }
}
