//! The published log's figures, as a maintainer gets them.

use serde_json::Value;

use crate::home::{Home, real_log};

const REPORTS: [&str; 9] = [
    "overview", "activity", "models", "edits", "errors", "versions", "commands", "exits", "quality",
];
const AUTUMN: &str = "--from 2024-10-30 --to 2024-12-31";
const DECEMBER: &str = "--from 2024-12-04 --to 2024-12-31";

#[test]
fn models_tokens_and_money_of_the_published_log() {
    let Some(home) = imported() else { return };
    let all = home.json("report models --period all --top all --format json");
    assert_eq!(all["total"]["messages"], 1833, "{all}");
    assert_eq!(sum(&all, "tokens_in") + sum(&all, "tokens_out"), 18_239_314);
    let sonnet = row(&all, "main_model", "claude-3-5-sonnet-20241022");
    assert_eq!(sonnet["messages"], 1327);
    assert_eq!(
        number(&sonnet["tokens_in"]) + number(&sonnet["tokens_out"]),
        15_649_110
    );
    assert_eq!(four_digits(&sonnet["cost_usd"]), "52.6081");
    let deepseek = row(&all, "main_model", "deepseek/deepseek-chat");
    assert_eq!(deepseek["messages"], 168);
    assert_eq!(
        number(&deepseek["tokens_in"]) + number(&deepseek["tokens_out"]),
        1_422_360
    );
    assert_eq!(four_digits(&deepseek["cost_usd"]), "0.2101");
    let autumn = home.json(&format!("report models {AUTUMN} --top all --format json"));
    assert_eq!(autumn["total"]["messages"], 1819);
}

#[test]
fn b19_redacted_models_have_no_money() {
    let Some(home) = imported() else { return };
    let all = home.json("report models --period all --top all --format json");
    let redacted: Vec<&Value> = rows(&all)
        .iter()
        .filter(|row| {
            row["main_model"]
                .as_str()
                .is_some_and(|name| name.contains("REDACTED"))
        })
        .collect();
    assert!(redacted.len() > 5, "{all}");
    for row in redacted {
        let none = row["cost_usd"].is_null() || four_digits(&row["cost_usd"]) == "0.0000";
        assert!(none, "{row}");
    }
}

#[test]
fn edit_formats_of_the_published_log() {
    let Some(home) = imported() else { return };
    let all = home.json("report edits --period all --top all --format json");
    let messages = |format: &str| -> i64 {
        let of_format = rows(&all).iter().filter(|row| row["edit_format"] == format);
        of_format.map(|row| number(&row["messages"])).sum()
    };
    assert_eq!(
        [messages("diff"), messages("ask"), messages("whole")],
        [1196, 435, 122],
        "{all}"
    );
}

#[test]
fn exits_of_the_published_log() {
    let Some(home) = imported() else { return };
    let all = home.json("report exits --period all --top all --format json");
    assert_eq!(row(&all, "reason", "Control-C")["exits"], 339, "{all}");
}

#[test]
fn sessions_runs_and_installs_of_the_published_log() {
    let Some(home) = imported() else { return };
    let december = home.json(&format!("report activity {DECEMBER} --format json"));
    assert_eq!(december["total"]["sessions"], 443, "{december}");
    assert_eq!(december["total"]["runs"], 681, "{december}");
    let status = home.json("status --format json");
    assert_eq!(status["projects"][0]["installs"], 14, "{status}");
    assert_eq!(
        status["projects"][0]["events_without_install"], 27,
        "{status}"
    );
}

#[test]
fn commands_of_the_published_log() {
    let Some(home) = imported() else { return };
    let all = home.json("report commands --period all --top all --format json");
    assert_eq!(row(&all, "command", "ask")["uses"], 347, "{all}");
}

#[test]
fn a_report_is_an_object_with_the_same_keys_always() {
    let Some(home) = imported() else { return };
    for report in REPORTS {
        let answer = home.json(&format!("report {report} {DECEMBER} --format json"));
        assert_eq!(answer["report"], report);
        for key in ["filters", "columns", "rows", "caveats", "not_compared"] {
            assert!(!answer[key].is_null(), "{report}: {key}");
        }
        assert_eq!(answer["filters"]["host"], "aider", "{report}");
    }
}

#[test]
fn piped_rows_are_for_awk_and_the_caveat_is_on_standard_error() {
    let Some(home) = imported() else { return };
    let ran = home.run(&format!("report models {AUTUMN}"));
    let mut lines = ran.stdout.lines();
    let words = |line: &str| {
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        words(lines.next().unwrap())[..2],
        ["main_model", "messages"]
    );
    assert_eq!(
        words(lines.next().unwrap())[..2],
        ["claude-3-5-sonnet-20241022", "1327"]
    );
    assert!(
        ran.stderr.contains("Each answered message counts once"),
        "{ran:?}"
    );
    assert!(!ran.stdout.contains('\u{1b}'), "{ran:?}");
    let csv = home.ok(&format!("report models {AUTUMN} --format csv"));
    assert!(csv.starts_with("main_model,messages,"), "{csv}");
    assert!(csv.contains("claude-3-5-sonnet-20241022,1327,"), "{csv}");
}

#[test]
fn without_a_name_the_reports_are_listed_with_what_they_count() {
    let home = Home::new();
    let list = home.ok("report");
    for report in REPORTS {
        assert!(list.lines().any(|line| line.starts_with(report)), "{list}");
    }
    assert!(list.contains("Each answered message counts once"), "{list}");
    assert!(!home.data().exists());
}

#[test]
fn nothing_in_the_period_is_an_answer_not_an_error() {
    let Some(home) = imported() else { return };
    let ran = home.run("report models --from 2020-01-01 --to 2020-01-31");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("No events"), "{ran:?}");
}

#[test]
fn filters_narrow_and_a_value_never_seen_is_named() {
    let Some(home) = imported() else { return };
    let line = "report models --period all --format json --model deepseek/deepseek-chat,o1";
    let two = home.json(line);
    assert_eq!(rows(&two).len(), 2, "{two}");
    let said = home
        .run("report models --period all --model gpt-17")
        .refused(2);
    assert!(said.contains("--model `gpt-17`"), "{said}");
    assert!(
        said.contains("gpt-4o-mini"),
        "the nearest are listed: {said}"
    );
}

fn imported() -> Option<Home> {
    let (home, log) = (Home::new(), real_log()?);
    home.import(&log, "--host aider").ok();
    Some(home)
}

fn rows(answer: &Value) -> &Vec<Value> {
    answer["rows"]
        .as_array()
        .unwrap_or_else(|| panic!("no rows in {answer}"))
}

fn row<'a>(answer: &'a Value, key: &str, name: &str) -> &'a Value {
    let found = rows(answer).iter().find(|row| row[key] == name);
    found.unwrap_or_else(|| panic!("no {name} in {answer}"))
}

fn number(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("{value} is no whole number"))
}

fn sum(answer: &Value, key: &str) -> i64 {
    rows(answer).iter().map(|row| number(&row[key])).sum()
}

fn four_digits(value: &Value) -> String {
    format!(
        "{:.4}",
        value
            .as_f64()
            .unwrap_or_else(|| panic!("{value} is no number"))
    )
}
