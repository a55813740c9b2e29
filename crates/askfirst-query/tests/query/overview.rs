//! The overview of a published log, figure by figure, and comparisons from the outside.

use std::sync::Arc;

use askfirst_catalog::Catalog;
use askfirst_query::answer::{Answer, Change, Table, Value};
use askfirst_query::calendar::{Day, Period};
use askfirst_query::render::change;
use askfirst_query::testing::Population;
use askfirst_query::{Filters, run};

use crate::support::log;
use crate::support::stored::Stored;

const DECEMBER: &[(&str, &str)] = &[("period", "28d"), ("to", "2024-12-31")];

fn answer(stored: &Stored, report: &str, filters: &[(&str, &str)]) -> Answer {
    let today = Day::parse("2025-01-15").unwrap();
    let filters = Filters::parse(filters.iter().copied(), today).unwrap();
    run(&stored.view(), &Catalog::builtin(), report, &filters).unwrap()
}

fn table<'a>(answer: &'a Answer, name: &str) -> &'a Table {
    answer
        .tables
        .iter()
        .find(|table| table.name == name)
        .unwrap()
}

/// A row as text, without what is drawn: `diff 534 601 −11 %`.
fn row(row: &[Value]) -> String {
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Count(n) | Value::Nanos(n) => Some(n.to_string()),
        Value::Day(day) => Some(day.iso()),
        Value::NotRecorded => Some("not recorded".into()),
        Value::Change(it) => Some(change(*it).replace('\u{202f}', " ")),
        Value::None | Value::Share { .. } | Value::Series(_) => None,
    };
    row.iter().filter_map(text).collect::<Vec<_>>().join(" ")
}

fn rows(answer: &Answer, name: &str) -> Vec<String> {
    let rows = table(answer, name).rows.iter();
    rows.map(|cells| row(cells)).collect()
}

#[test]
fn d8_the_figures_of_december_are_those_found_twice() {
    let Some(stored) = log::imported() else {
        return;
    };
    let overview = answer(&stored, "overview", DECEMBER);
    assert_eq!(
        rows(&overview, "figures"),
        [
            "active installs 1 1 same",
            "sessions 443 572 −23 %",
            "messages 847 890 −5 %",
            "tokens 9156741 8325581 +10 %",
            // 28.7292 and 27.0144 dollars
            "cost 28729232830 27014408340 +6 %",
            "failed messages 2 925 26 recorded since 30 Nov",
        ]
    );
    let before = Period {
        from: Day::parse("2024-11-06").unwrap(),
        to: Day::parse("2024-12-03").unwrap(),
    };
    assert_eq!(overview.compared, Some(before));
}

#[test]
fn d8_the_tables_of_december_are_those_of_the_picture() {
    let Some(stored) = log::imported() else {
        return;
    };
    let overview = answer(&stored, "overview", DECEMBER);
    assert_eq!(
        rows(&overview, "changed"),
        [
            "deepseek/deepseek-chat model messages 0 168 new 2024-12-26",
            "/ask command uses 110 237 +115 %",
            "claude-3-5-sonnet-20241022 model messages 694 570 −18 %",
            "ask edit format messages 161 267 +66 %",
            "/add command uses 187 104 −44 %",
            "whole edit format messages 81 26 −68 %",
        ]
    );
    assert_eq!(
        rows(&overview, "edits")[..6],
        [
            "diff 534 601 −11 %",
            "ask 267 161 +66 %",
            "whole 26 81 −68 %",
            "architect 8 4 8 from 4",
            "editor-diff 6 1 6 from 1",
            "help 3 3 same",
        ]
    );
    assert_eq!(
        rows(&overview, "commands")[..6],
        [
            "ask 237 110 +115 %",
            "add 104 187 −44 %",
            "exit 82 108 −24 %",
            "clear 68 67 +1 %",
            "undo 56 49 +14 %",
            "editor 47 36 +31 %",
        ]
    );
    // not compared: recorded since 29 Nov
    assert_eq!(
        rows(&overview, "exits")[..6],
        [
            "Control-C 258",
            "/exit 82",
            "GUI session ended 81",
            "Completed --message 73",
            "Completed lint/test/commit 72",
            "Exit flag set 44",
        ]
    );
    // not compared: 402 launches carry no version, where before all did
    assert_eq!(
        rows(&overview, "versions"),
        ["0.67 122", "0.66 157", "not recorded 402"]
    );
    assert_eq!(rows(&overview, "releases"), ["0.67 2024-12-06"]);
    // 5,110 lines and 3,470 without a version, of which one `file_added` is in no catalog
    assert_eq!(
        rows(&overview, "quality")[..3],
        [
            "events stored 5109",
            "without an install id 0",
            "without version or platform 3469"
        ]
    );
}

#[test]
fn the_chart_and_the_table_beside_it_have_the_same_models_and_sums() {
    let Some(stored) = log::imported() else {
        return;
    };
    let overview = answer(&stored, "overview", DECEMBER);
    let (daily, models) = (table(&overview, "daily"), table(&overview, "models"));
    let keys: Vec<&str> = daily.columns.iter().map(|column| &*column.key).collect();
    assert_eq!(
        keys,
        [
            "day",
            "claude-3-5-sonnet-20241022",
            "deepseek/deepseek-chat",
            "o1-preview",
            "deepseek/deepseek-coder",
            "other",
            "messages",
            "before",
        ]
    );
    let sum = |column: usize| -> i128 {
        daily
            .rows
            .iter()
            .filter_map(|row| row[column].number())
            .sum()
    };
    assert_eq!((sum(6), sum(7)), (847, 890));
    for (at, key) in keys[1..5].iter().enumerate() {
        assert_eq!(models.rows[at][0], Value::text(*key));
        assert_eq!(models.rows[at][1].number(), Some(sum(at + 1)), "{key}");
    }
    for row in &daily.rows {
        let parts: i128 = row[1..6].iter().filter_map(Value::number).sum();
        assert_eq!(Some(parts), row[6].number());
    }
    // the 18th has as many; the first of both is named
    let highest = daily
        .rows
        .iter()
        .rev()
        .max_by_key(|row| row[6].number())
        .unwrap();
    assert_eq!(
        row(&[highest[0].clone(), highest[6].clone()]),
        "2024-12-06 86"
    );
}

/// Ninety days of a made-up population.
fn generated() -> Stored {
    let population = Population {
        seed: 5,
        installs: 40,
        first: Day(20_000),
    };
    Stored::population(population, Day(20_089), 20)
}

/// What every figure is now, or was before.
fn figures(answer: &Answer, column: &str) -> Vec<(Value, Value)> {
    let table = table(answer, "figures");
    let at = table.column(column).unwrap();
    table
        .rows
        .iter()
        .map(|row| (row[0].clone(), row[at].clone()))
        .collect()
}

#[test]
fn the_period_before_has_the_numbers_it_has_when_asked_for_alone() {
    let stored = generated();
    let of = |from: i32, to: i32, more: &[(&str, &str)]| {
        let (from, to) = (Day(from).iso(), Day(to).iso());
        let keys = [("from", &*from), ("to", &*to)];
        answer(&stored, "overview", &[&keys, more].concat())
    };
    // whole weeks, which one pass answers; nine days, which leave a gap; a filter, which needs two passes
    let linux: &[_] = &[("platform", "Linux")];
    for (from, to, shift, more) in [
        (20_060, 20_087, 28, &[][..]),
        (20_070, 20_078, 14, &[]),
        (20_060, 20_073, 14, linux),
    ] {
        let now = of(from, to, more);
        let alone = of(from - shift, to - shift, more);
        assert_eq!(now.compared, Some(alone.period));
        assert_eq!(figures(&now, "before"), figures(&alone, "now"));
        let before: Vec<Value> = table(&now, "daily")
            .rows
            .iter()
            .map(|row| row.last().unwrap().clone())
            .collect();
        let daily = table(&alone, "daily");
        let messages = daily.column("messages").unwrap();
        let now: Vec<Value> = daily.rows.iter().map(|row| row[messages].clone()).collect();
        assert_eq!(before, now);
        assert!(before.iter().filter_map(Value::number).sum::<i128>() > 0);
    }
}

#[test]
fn a_report_compares_as_the_overview_does() {
    let stored = generated();
    let to = Day(20_087).iso();
    let keys: &[(&str, &str)] = &[("period", "28d"), ("to", &to)];
    let overview = answer(&stored, "overview", keys);
    for (report, list) in [
        ("models", "models"),
        ("edits", "edits"),
        ("commands", "commands"),
        ("exits", "exits"),
    ] {
        let own = answer(&stored, report, keys);
        let changes = |table: &Table| {
            let at = table.column("change").unwrap();
            let mut rows: Vec<(String, Value)> = table
                .rows
                .iter()
                .filter(|row| row[0] != Value::text("no exit recorded"))
                .map(|row| (format!("{:?}", row[0]), row[at].clone()))
                .collect();
            rows.sort_by(|a, b| a.0.cmp(&b.0));
            rows
        };
        let (ours, theirs) = (changes(&own.tables[0]), changes(table(&overview, list)));
        assert_eq!(ours, theirs, "{report}");
        let compared = ours
            .iter()
            .filter(|(_, value)| matches!(value, Value::Change(_)));
        assert!(compared.count() > 1, "{report}");
    }
}

#[test]
fn a_year_before_is_52_weeks_before_and_none_is_none() {
    let stored = generated();
    let to = Day(20_087).iso();
    let year = answer(&stored, "overview", &[("to", &to), ("compare", "year")]);
    assert_eq!(year.compared, None, "nothing was recorded then");
    assert!(
        year.caveats
            .iter()
            .any(|said| said.text.starts_with("No data in the 4 weeks before"))
    );
    let none = answer(&stored, "overview", &[("to", &to), ("compare", "none")]);
    assert_eq!(none.compared, None);
    assert!(!none.caveats.iter().any(|said| said.text.contains("before")));
    assert!(
        figures(&none, "change")
            .iter()
            .all(|(_, change)| *change == Value::None)
    );
    let year = Filters::parse([("to", "2024-12-31"), ("compare", "year")], Day(20_500)).unwrap();
    let period = year.period(None);
    assert_eq!(
        year.compared(period).unwrap().to.iso(),
        "2024-01-02",
        "a Tuesday as well"
    );
}

#[test]
fn what_is_new_back_and_gone_is_told_from_all_the_time_before() {
    let Some(stored) = log::imported() else {
        return;
    };
    let models = answer(&stored, "models", DECEMBER);
    let change = |name: &str| {
        let row = models.tables[0]
            .rows
            .iter()
            .find(|row| row[0] == Value::Text(Arc::from(name)));
        row.map(|row| row[2].clone())
    };
    assert_eq!(
        change("deepseek/deepseek-chat"),
        Some(Value::Change(Change::New))
    );
    assert_eq!(
        change("deepseek/deepseek-coder"),
        Some(Value::Change(Change::Back))
    );
    assert_eq!(
        change("openrouter/anthropic/claude-3.5-sonnet"),
        Some(Value::Change(Change::Few { before: 3, now: 4 }))
    );
}
