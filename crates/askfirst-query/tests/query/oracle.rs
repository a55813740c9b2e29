//! Every answer against DuckDB's on the same Parquet files. DuckDB is asked in SQL written from the definitions, in
//! `tests/oracle/oracle.py`, so a mistake would have to be made twice.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use askfirst_catalog::Catalog;
use askfirst_query::calendar::{Bucket, Day, Period};
use askfirst_query::question::{Allowed, Ask, Dimension, Filter, Measure, Selection};
use askfirst_query::sequence::{runs, sessions};
use askfirst_query::testing::{Population, Random};
use askfirst_query::{Cell, Filters, Group, Reader, run};
use askfirst_store::ProjectView;
use serde_json::{Value, json};

use crate::support::log;
use crate::support::stored::Stored;

const VENV: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.cache/py");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/oracle.py");

/// DuckDB's answers; `None`, and a line that says so, where it is not installed.
fn duckdb(stored: &Stored, questions: &[Value]) -> Option<Vec<Value>> {
    // resolved, because a virtual environment only works under its own path
    let Ok(venv) = std::fs::canonicalize(VENV) else {
        println!("skipped: {VENV} is not here (`cargo xtask setup` makes it)");
        return None;
    };
    let paths = stored.files();
    let asked = json!({ "files": paths, "questions": questions });
    let mut python = Command::new(venv.join("bin/python"))
        .arg(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python
        .stdin
        .take()
        .unwrap()
        .write_all(asked.to_string().as_bytes())
        .unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "the oracle failed");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Generated events of ninety days in segments of thirteen.
fn generated() -> Stored {
    let population = Population {
        seed: 7,
        installs: 60,
        first: Day(20_050),
    };
    Stored::population(population, Day(20_140), 13)
}

fn reader(view: &ProjectView) -> Reader<'_> {
    Reader::new(view.segments.iter().map(|segment| segment as _).collect())
}

fn pick<T: Clone>(random: &mut Random, of: &[T]) -> T {
    of[random.below(of.len() as u64) as usize].clone()
}

/// A question made of anything a question can be made of.
fn any_question(random: &mut Random) -> (Selection, Ask) {
    let text = |name: &str| Dimension::Text(name.into());
    let by = [
        text("p_main_model"),
        text("p_edit_format"),
        text("p_version"),
        text("event"),
        text("consent"),
        text("p_reason"),
        Dimension::Install,
    ];
    let number =
        |random: &mut Random| pick(random, &["p_cost", "p_total_tokens", "p_applied"]).to_owned();
    let measures = vec![
        Measure::Events,
        Measure::Sum(number(random)),
        Measure::Present(number(random)),
        Measure::Absent(number(random)),
        Measure::Zero(number(random)),
        Measure::Installs,
        Measure::Quantiles(number(random)),
        Measure::Span,
    ];
    let from = 20_040 + random.below(100) as i32;
    let to = from + random.below(60) as i32;
    let slice = Bucket::Slice {
        end: Day(to),
        days: 1 + random.below(20) as i32,
    };
    let buckets = [
        None,
        Some(Bucket::Day),
        Some(Bucket::Week),
        Some(Bucket::Month),
        Some(slice),
        Some(Bucket::Sides {
            now: Period {
                from: Day(to - 9),
                to: Day(to),
            },
            before: Period {
                from: Day(to - 23),
                to: Day(to - 14),
            },
        }),
    ];
    let events: &[&[&str]] = &[
        &[],
        &["message_send"],
        &["launched", "exit"],
        &["edit", "message_send"],
        &["none"],
    ];
    let selection = Selection {
        events: pick(random, events)
            .iter()
            .map(|&event| event.to_owned())
            .collect(),
        period: random.percent(80).then_some(Period {
            from: Day(from),
            to: Day(to),
        }),
        filters: any_filters(random),
    };
    let by = (0..random.below(3)).map(|_| pick(random, &by)).collect();
    (
        selection,
        Ask {
            by,
            bucket: pick(random, &buckets),
            measures,
        },
    )
}

fn any_filters(random: &mut Random) -> Vec<Filter> {
    let exactly = |value: &str| Allowed::Exactly(value.to_owned());
    let line = |value: &str| Allowed::Line(value.to_owned());
    let all = [
        Filter {
            column: "p_version".into(),
            any: vec![line("0.67"), exactly("0.65.1")],
        },
        Filter {
            column: "p_version".into(),
            any: vec![line("0.6")],
        },
        Filter {
            column: "p_os_platform".into(),
            any: vec![exactly("Linux"), exactly("Windows")],
        },
        Filter {
            column: "p_main_model".into(),
            any: vec![exactly("gpt-4o")],
        },
    ];
    all.into_iter().filter(|_| random.percent(20)).collect()
}

fn spelled(selection: &Selection, bucket: Option<Bucket>) -> Value {
    let allowed = |allowed: &Allowed| match allowed {
        Allowed::Exactly(value) => json!(["exactly", value]),
        Allowed::Line(value) => json!(["line", value]),
    };
    let filter = |filter: &Filter| {
        json!([
            filter.column,
            filter.any.iter().map(allowed).collect::<Vec<_>>()
        ])
    };
    json!({
        "events": selection.events,
        "period": selection.period.map(|period| [period.from.0, period.to.0]),
        "filters": selection.filters.iter().map(filter).collect::<Vec<_>>(),
        "bucket": bucket.map(|bucket| match bucket {
            Bucket::Day => json!("day"),
            Bucket::Week => json!("week"),
            Bucket::Month => json!("month"),
            Bucket::Slice { end, days } => json!([end.0, days]),
            Bucket::Sides { now, before } => json!({
                "now": [now.from.0, now.to.0],
                "before": [before.from.0, before.to.0],
            }),
        }),
    })
}

fn with(mut question: Value, more: Value) -> Value {
    question
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    question
}

fn asked(selection: &Selection, ask: &Ask) -> Value {
    let by = |dimension: &Dimension| match dimension {
        Dimension::Text(column) => json!(column),
        Dimension::Install => json!("install"),
    };
    let measure = |measure: &Measure| match measure {
        Measure::Events => json!(["events", null]),
        Measure::Sum(column) => json!(["sum", column]),
        Measure::Present(column) => json!(["present", column]),
        Measure::Absent(column) => json!(["absent", column]),
        Measure::Zero(column) => json!(["zero", column]),
        Measure::Installs => json!(["installs", null]),
        Measure::Quantiles(column) => json!(["median", column]),
        Measure::Span => json!(["span", null]),
    };
    let more = json!({
        "kind": "ask",
        "by": ask.by.iter().map(by).collect::<Vec<_>>(),
        "measures": ask.measures.iter().map(measure).collect::<Vec<_>>(),
    });
    with(spelled(selection, ask.bucket), more)
}

/// A group as the oracle writes it. Installs have no name outside the store, so they are compared by what they did.
fn group(group: &Group, ask: &Ask) -> Value {
    let name = |(name, dimension): (&Option<std::sync::Arc<str>>, &Dimension)| match dimension {
        Dimension::Install => json!((group.install != 0).then_some("an install")),
        Dimension::Text(_) => json!(name.as_deref()),
    };
    let cell = |cell: &Cell| match cell {
        Cell::Count(count) => json!(count.to_string()),
        Cell::Sum(sum) => json!(sum.to_string()),
        Cell::Installs(set) => json!(set.count().to_string()),
        Cell::Quantiles(values) => json!(values.quantile(50).map(|median| median.to_string())),
        Cell::Span(first, last) => json!([first.to_string(), last.to_string()]),
    };
    json!({
        "by": group.names.iter().zip(&ask.by).map(name).collect::<Vec<_>>(),
        "day": group.day.map(|day| day.0),
        "measures": group.cells.iter().map(cell).collect::<Vec<_>>(),
    })
}

fn without_ids(theirs: &Value, ask: &Ask) -> Value {
    let mut group = theirs.clone();
    for (name, dimension) in group["by"].as_array_mut().unwrap().iter_mut().zip(&ask.by) {
        if *dimension == Dimension::Install && !name.is_null() {
            *name = json!("an install");
        }
    }
    group
}

fn in_order(mut groups: Vec<Value>) -> Vec<String> {
    groups.sort_by_cached_key(Value::to_string);
    groups.iter().map(Value::to_string).collect()
}

#[test]
fn d12_any_question_has_the_answer_duckdb_gives() {
    let stored = generated();
    let mut random = Random::new(&[11]);
    let questions: Vec<(Selection, Ask)> = (0..200).map(|_| any_question(&mut random)).collect();
    let spelled: Vec<Value> = questions
        .iter()
        .map(|(selection, ask)| asked(selection, ask))
        .collect();
    let Some(theirs) = duckdb(&stored, &spelled) else {
        return;
    };
    let view = stored.view();
    let reader = reader(&view);
    let mut groups = 0;
    for ((selection, ask), theirs) in questions.iter().zip(theirs) {
        let ours = reader.ask(selection, std::slice::from_ref(ask)).unwrap();
        let ours = in_order(ours.asks[0].groups.iter().map(|g| group(g, ask)).collect());
        let theirs = in_order(
            theirs
                .as_array()
                .unwrap()
                .iter()
                .map(|g| without_ids(g, ask))
                .collect(),
        );
        assert_eq!(ours, theirs, "{selection:?} {ask:?}");
        groups += ours.len();
    }
    // a question about nothing agrees with everything
    assert!(groups > 5_000, "only {groups} groups were compared");
}

/// Sessions and runs of a period, ours and theirs.
fn sequences(stored: &Stored, period: Period) {
    let buckets = [Bucket::Day, Bucket::Week, Bucket::Month];
    let selection = Selection {
        period: Some(period),
        ..Selection::default()
    };
    let sessions_of = |&bucket: &Bucket| {
        with(
            spelled(&selection, Some(bucket)),
            json!({ "kind": "sessions" }),
        )
    };
    let mut questions: Vec<Value> = buckets.iter().map(sessions_of).collect();
    questions.push(with(spelled(&selection, None), json!({ "kind": "runs" })));
    let Some(theirs) = duckdb(stored, &questions) else {
        return;
    };
    let view = stored.view();
    let reader = reader(&view);
    for (bucket, theirs) in buckets.into_iter().zip(&theirs) {
        let ours: BTreeMap<i32, u64> = sessions(&reader, &selection, bucket)
            .unwrap()
            .into_iter()
            .map(|(day, count)| (day.0, count))
            .collect();
        let ours: Vec<Value> = ours
            .into_iter()
            .map(|(day, count)| json!([day, count.to_string()]))
            .collect();
        assert_eq!(json!(ours), *theirs, "sessions by {bucket:?}");
        assert!(!ours.is_empty());
    }
    let ours = runs(&reader, &selection, period, "p_reason").unwrap();
    let ended: BTreeMap<_, _> = ours.ended.iter().collect();
    let ended: Vec<Value> = ended
        .into_iter()
        .map(|(reason, count)| json!([reason.as_deref(), count.to_string()]))
        .collect();
    assert_eq!(
        json!({ "ended": ended, "no_exit": ours.no_exit.to_string() }),
        theirs[3]
    );
}

#[test]
fn sessions_and_runs_of_a_population_are_those_duckdb_finds() {
    let stored = generated();
    sequences(
        &stored,
        Period {
            from: Day(20_050),
            to: Day(20_200),
        },
    );
    sequences(
        &stored,
        Period {
            from: Day(20_071),
            to: Day(20_090),
        },
    );
}

#[test]
fn sessions_and_runs_of_the_real_log_are_those_duckdb_finds() {
    let Some(stored) = log::imported() else {
        return;
    };
    let day = |text| Day::parse(text).unwrap();
    sequences(
        &stored,
        Period {
            from: day("2024-12-04"),
            to: day("2024-12-31"),
        },
    );
    sequences(
        &stored,
        Period {
            from: day("2024-08-01"),
            to: day("2024-12-31"),
        },
    );
}

#[test]
fn active_and_new_installs_are_those_duckdb_finds() {
    let stored = generated();
    let period = Period {
        from: Day(20_061),
        to: Day(20_120),
    };
    let linux = Filter {
        column: "p_os_platform".into(),
        any: vec![Allowed::Exactly("Linux".into())],
    };
    let mut questions = Vec::new();
    let mut answers = Vec::new();
    for (by, bucket) in [
        ("day", Bucket::Day),
        ("week", Bucket::Week),
        ("month", Bucket::Month),
    ] {
        for filters in [vec![], vec![linux.clone()]] {
            let mut keys = vec![
                ("from", period.from.iso()),
                ("to", period.to.iso()),
                ("by", by.to_owned()),
            ];
            keys.extend((!filters.is_empty()).then(|| ("platform", "Linux".to_owned())));
            answers.push(activity(&stored, &keys));
            let selection = Selection {
                events: vec![],
                period: Some(period),
                filters,
            };
            questions.push(with(
                spelled(&selection, Some(bucket)),
                json!({ "kind": "newcomers" }),
            ));
        }
    }
    let Some(theirs) = duckdb(&stored, &questions) else {
        return;
    };
    for (ours, theirs) in answers.iter().zip(&theirs) {
        assert_eq!(ours, theirs);
    }
}

/// Day, active, new and events of every row of the report that has events.
fn activity(stored: &Stored, keys: &[(&str, String)]) -> Value {
    let filters = Filters::parse(
        keys.iter().map(|(key, value)| (*key, value.as_str())),
        Day(20_500),
    )
    .unwrap();
    let answer = run(&stored.view(), &Catalog::builtin(), "activity", &filters).unwrap();
    let table = &answer.tables[0];
    let columns =
        ["active_installs", "new_installs", "events"].map(|key| table.column(key).unwrap());
    let row = |row: &Vec<askfirst_query::answer::Value>| {
        let numbers = columns.map(|at| row[at].number().unwrap().to_string());
        json!([
            row[0].number().unwrap() as i64,
            numbers[0],
            numbers[1],
            numbers[2]
        ])
    };
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(row)
        .filter(|row| row[3] != "0")
        .collect();
    assert!(!rows.is_empty());
    json!(rows)
}

/// The first columns of these keys of a table, as texts, in order.
fn cells(answer: &askfirst_query::answer::Answer, table: &str, keys: &[&str]) -> Vec<Vec<String>> {
    use askfirst_query::answer::Value;
    let table = answer.tables.iter().find(|it| it.name == table).unwrap();
    let at: Vec<usize> = keys.iter().map(|key| table.column(key).unwrap()).collect();
    let text = |value: &Value| match value {
        Value::Text(text) => text.to_string(),
        Value::NotRecorded => "not recorded".into(),
        value => value.number().unwrap().to_string(),
    };
    let row = |row: &Vec<Value>| at.iter().map(|&at| text(&row[at])).collect();
    let mut rows: Vec<Vec<String>> = table.rows.iter().map(row).collect();
    rows.sort();
    rows
}

#[test]
fn errors_versions_and_quality_are_those_duckdb_finds() {
    let stored = generated();
    let (from, to) = (20_100, 20_127);
    let period = Period {
        from: Day(from),
        to: Day(to),
    };
    let selection = |event: &[&str]| Selection {
        events: event.iter().map(|&event| event.to_owned()).collect(),
        period: Some(period),
        filters: vec![],
    };
    let columns = ["p_main_model", "p_edit_format", "p_cost", "p_version"];
    let questions = [
        json!({ "kind": "errors", "now": [from, to], "before": [from - 28, to - 28] }),
        with(
            spelled(&selection(&[]), None),
            json!({ "kind": "versions" }),
        ),
        with(
            spelled(&selection(&["message_send"]), None),
            json!({ "kind": "recorded", "columns": columns }),
        ),
        with(spelled(&selection(&[]), None), json!({ "kind": "delays" })),
    ];
    let Some(theirs) = duckdb(&stored, &questions) else {
        return;
    };
    let (first, last) = (period.from.iso(), period.to.iso());
    let keys = [("from", first.as_str()), ("to", last.as_str())];
    let ask = |report: &str| {
        let filters = Filters::parse(keys, Day(20_500)).unwrap();
        run(&stored.view(), &Catalog::builtin(), report, &filters).unwrap()
    };
    let errors = cells(
        &ask("errors"),
        "errors",
        &[
            "what",
            "error",
            "events",
            "before",
            "installs",
            "first_seen",
            "last_seen",
        ],
    );
    assert!(
        errors.len() == 3,
        "two places of one error are one group: {errors:?}"
    );
    assert_eq!(json!(errors), theirs[0]);
    let mut versions = cells(&ask("versions"), "adoption", &["installs"]);
    assert_eq!(versions.len(), 28);
    let table = ask("versions");
    let rows = table.tables[0]
        .rows
        .iter()
        .filter(|row| row[3].number().is_some_and(|n| n > 0));
    versions = rows
        .map(|row| match &row[0] {
            askfirst_query::answer::Value::Text(line) => {
                vec![line.to_string(), row[3].number().unwrap().to_string()]
            }
            other => panic!("{other:?}"),
        })
        .collect();
    versions.sort();
    assert!(versions.len() > 2);
    assert_eq!(json!(versions), theirs[1]);
    let quality = ask("quality");
    let recorded = cells(
        &quality,
        "recorded",
        &["event", "property", "of_events", "recorded"],
    );
    for (at, property) in ["main_model", "edit_format", "cost", "version"]
        .iter()
        .enumerate()
    {
        let row = recorded
            .iter()
            .find(|row| row[0] == "message_send" && row[1] == *property)
            .unwrap();
        assert_eq!(
            json!([row[2], row[3]]),
            json!([theirs[2][0], theirs[2][at + 1]]),
            "{property}"
        );
    }
    let delay = quality
        .tables
        .iter()
        .find(|table| table.name == "delay")
        .unwrap();
    let events: Vec<String> = delay
        .rows
        .iter()
        .map(|row| row[1].number().unwrap().to_string())
        .collect();
    assert_eq!(json!(events), theirs[3]);
}
