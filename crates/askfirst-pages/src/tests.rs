//! Whole pages, from answers made by hand.

use std::borrow::Cow;

use askfirst_query::answer::{Answer, Change, Column, Role, Row, Shown, Table, Unit, Value};
use askfirst_query::calendar::{Day, Period};

use crate::{Asked, Facts, Project, Refused, Site, View};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn site() -> Site {
    Site {
        projects: vec![Project {
            name: "aider".into(),
            host: "aider".into(),
        }],
        today: day("2025-01-15"),
    }
}

fn view(url: &str) -> View {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    match crate::read(path, query, &site()) {
        Ok(Asked::View(view)) => *view,
        other => panic!("{url}: {other:?}"),
    }
}

fn table(name: &'static str, columns: &[(&'static str, Unit)], rows: Vec<Row>) -> Table {
    let column = |&(key, unit): &(&'static str, Unit)| Column {
        key: Cow::Borrowed(key),
        head: key.replace('_', " "),
        unit,
        role: Role::Main,
        shown: Shown::Always,
    };
    Table {
        name,
        title: String::new(),
        noun: ("row", "rows"),
        columns: columns.iter().map(column).collect(),
        rows,
        total: None,
        whole: true,
        few: None,
        shown: Shown::Always,
    }
}

/// Three days of an overview. A name that would be markup stands for every name.
fn overview() -> Answer {
    let period = Period {
        from: day("2024-12-29"),
        to: day("2024-12-31"),
    };
    let figure = |name: &str, change: Change| -> Row {
        let before = Value::Series(vec![9, 0, 0]);
        vec![
            Value::text(name),
            Value::count(6),
            Value::None,
            Value::count(9),
            Value::Change(change),
            Value::Series(vec![1, 2, 3]),
            before,
        ]
    };
    let figures = [
        ("figure", Unit::Text),
        ("now", Unit::Figure),
        ("of", Unit::Figure),
        ("before", Unit::Figure),
        ("change", Unit::Change),
        ("series", Unit::Series),
        ("series_before", Unit::Series),
    ];
    let daily = [
        ("day", Unit::Day),
        ("<b>o1</b>", Unit::Count),
        ("other", Unit::Count),
        ("messages", Unit::Count),
        ("before", Unit::Count),
    ];
    let of_day = |n: i32| -> Row {
        let n = Value::count(n);
        vec![
            Value::Day(day("2024-12-28").plus(n.number().unwrap() as i32)),
            n.clone(),
            Value::count(0),
            n,
            Value::count(4),
        ]
    };
    let list = [
        ("name", Unit::Text),
        ("count", Unit::Count),
        ("share", Unit::Share),
        ("before", Unit::Count),
        ("change", Unit::Change),
    ];
    let exit: Row = vec![
        Value::text("Control-C"),
        Value::count(6),
        Value::Share { part: 6, whole: 6 },
        Value::count(0),
        Value::Change(Change::Since(day("2024-11-29"))),
    ];
    Answer {
        report: "overview",
        title: "Overview",
        host: "aider".into(),
        simulated: Some(7),
        period,
        compared: Some(period.before()),
        so_far: false,
        filters: vec![],
        top: None,
        empty: None,
        tables: vec![
            table(
                "figures",
                &figures,
                vec![
                    figure("messages", Change::of(9, 60, true)),
                    figure("failed messages", Change::Since(day("2024-12-30"))),
                ],
            ),
            table("daily", &daily, vec![of_day(1), of_day(2), of_day(3)]),
            table("exits", &list, vec![exit]),
        ],
        caveats: vec!["Counts 6 <events>.".into()],
        not_compared: vec![],
    }
}

fn shown(url: &str, answer: &Answer) -> String {
    let site = site();
    crate::page(
        &view(url),
        answer,
        Facts {
            site: &site,
            address: "localhost:8787",
            last_event: Some(day("2024-12-31")),
        },
    )
}

#[test]
fn names_are_text_wherever_they_stand() {
    let page = shown("/?to=2024-12-31", &overview());
    assert!(page.contains("&lt;b&gt;o1&lt;/b&gt;") && page.contains("Counts 6 &lt;events&gt;."));
    assert!(!page.contains("<b>o1") && !page.contains("<events>"));
    let chart = crate::file(&view("/overview.svg?chart=daily"), &overview()).unwrap();
    assert!(!chart.contains("<b>o1"));
    let refused = Refused::wrong("unknown filter `<script>`".into(), "/?model=%22".into());
    let page = crate::refusal(&refused, &site());
    assert!(page.contains("`&lt;script&gt;`") && !page.contains("`<script>`"));
}

#[test]
fn a_simulated_population_is_named_on_the_page_and_in_every_file() {
    let answer = overview();
    let words = "Simulated population. seed 7.";
    assert!(shown("/?to=2024-12-31", &answer).contains(words));
    for file in [
        "/overview.csv",
        "/overview.csv?table=daily",
        "/overview.json",
        "/overview.svg?chart=daily",
    ] {
        assert!(
            crate::file(&view(file), &answer).unwrap().contains(words),
            "{file}"
        );
    }
    let real = Answer {
        simulated: None,
        ..answer
    };
    assert!(!shown("/?to=2024-12-31", &real).contains("imulated"));
    assert!(
        !crate::file(&view("/overview.svg?chart=daily"), &real)
            .unwrap()
            .contains("imulated")
    );
}

#[test]
fn what_was_not_recorded_all_the_time_is_not_compared() {
    let page = shown("/?to=2024-12-31", &overview());
    assert!(
        page.contains("recorded since 30 Dec")
            && page.contains("Recorded since 29 Nov, so not compared.")
    );
    let strip = page
        .split("class=\"strip\"")
        .nth(1)
        .unwrap()
        .split("<details")
        .next()
        .unwrap();
    assert_eq!(
        strip.matches("class=\"was\"").count(),
        1,
        "the figure that is compared has a line of before: {strip}"
    );
}

#[test]
fn a_day_leads_to_that_day_and_a_report_keeps_the_filters() {
    let page = shown("/?to=2024-12-31&model=o1", &overview());
    assert!(
        page.contains("href=\"/?from=2024-12-30&amp;to=2024-12-30&amp;model=o1\">Mon 30 Dec"),
        "{page}"
    );
    assert!(page.contains("href=\"/models?to=2024-12-31&amp;model=o1\""));
    assert!(page.contains("aria-label=\"Remove the filter model o1\""));
}

#[test]
fn files_of_a_table_that_is_not_there_name_those_that_are() {
    let refused = crate::file(&view("/overview.csv?table=dayly"), &overview()).unwrap_err();
    assert_eq!(
        refused.message,
        "`table` does not take `dayly`; valid: figures, daily, exits"
    );
    let refused = crate::file(&view("/overview.svg"), &overview()).unwrap_err();
    assert_eq!(refused.message, "say which `chart`; valid: daily");
    assert_eq!(
        (refused.status, refused.nearest.as_deref()),
        (400, Some("/"))
    );
}

#[test]
fn no_page_has_a_style_of_its_own_or_a_script_in_it() {
    for page in [
        shown("/", &overview()),
        crate::refusal(&Refused::foreign(), &site()),
    ] {
        assert!(
            !page.contains(" style=") && !page.contains("<style"),
            "{page}"
        );
        assert_eq!(page.matches("<script").count(), 1);
        assert!(!page.contains(" on") || !page.contains("onclick"), "{page}");
    }
}
