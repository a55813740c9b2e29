//! What a report says beside its numbers, and when it has none.

use askfirst_catalog::Catalog;
use askfirst_query::answer::{Answer, Change, Hint, Value};
use askfirst_query::calendar::Day;
use askfirst_query::render::{Style, terminal};
use askfirst_query::{Error, Filters, reports};

use crate::support::{Line, Memory, project};

const TODAY: &str = "2025-01-15";

fn at(event: &str, day: &str, install: u8, consent: &'static str) -> Line {
    Line {
        event: event.into(),
        ts: Day::parse(day).unwrap().start_ms() + 3_600_000,
        install: (install > 0).then_some([install; 16]),
        consent,
        texts: vec![("p_os_platform", "Linux".into())],
        ..Line::default()
    }
}

fn saying(mut line: Line, texts: &[(&'static str, &str)]) -> Line {
    line.texts.extend(
        texts
            .iter()
            .map(|(column, text)| (*column, (*text).to_owned())),
    );
    line
}

fn ask(lines: &[Line], report: &str, filters: &[(&str, &str)]) -> Result<Answer, Error> {
    let filters = Filters::parse(filters.iter().copied(), Day::parse(TODAY).unwrap())?;
    let segments = Memory::segments(lines.to_vec(), 3);
    reports::answer(
        &project("aider", &segments),
        &Catalog::builtin(),
        report,
        &filters,
    )
}

fn caveats(lines: &[Line], report: &str) -> String {
    texts(&ask(lines, report, &[]).unwrap()).join("\n")
}

fn texts(answer: &Answer) -> Vec<String> {
    answer
        .caveats
        .iter()
        .map(|said| said.text.clone())
        .collect()
}

/// Why there is nothing, with the filter that would show something.
fn empty(lines: &[Line], report: &str, filters: &[(&str, &str)]) -> String {
    let sentence = ask(lines, report, filters).unwrap().empty.unwrap();
    let hint = sentence.hint.map(Hint::filter);
    let hint = hint.map(|(key, value)| format!(" [{key}={value}]"));
    sentence.text + &hint.unwrap_or_default()
}

fn at_80(answer: &Answer) -> String {
    terminal(answer, &Style::new(80, false, true))
}

fn refusal(lines: &[Line], report: &str, filters: &[(&str, &str)]) -> String {
    ask(lines, report, filters).unwrap_err().to_string()
}

#[test]
fn opted_in_is_said_of_those_who_did_and_of_nobody_else() {
    let agreed = vec![
        at("launched", "2025-01-10", 1, "agreed"),
        at("launched", "2025-01-10", 2, "agreed"),
    ];
    insta::assert_snapshot!(caveats(&agreed, "activity"), @r#"
    An install is active on a day if it sent any event that day.
    New: its first event ever lies there; returning: it was seen before. A session is the sender's own session number, else a session event; a run begins with each start.
    No data in the 4 weeks before, so nothing is compared.
    Counts 2 events from 2 installs that opted in.
    Installs are not people; those who opt in are not a fair sample.
    Aider asks 10 % of its users.
    "#);
    let unknown = vec![
        at("launched", "2025-01-10", 1, "unknown"),
        at("launched", "2025-01-10", 0, "unknown"),
    ];
    insta::assert_snapshot!(caveats(&unknown, "activity"), @r#"
    An install is active on a day if it sent any event that day.
    New: its first event ever lies there; returning: it was seen before. A session is the sender's own session number, else a session event; a run begins with each start.
    No data in the 4 weeks before, so nothing is compared.
    Counts 2 events from 1 install whose senders say nothing about consent. 1 event carries no install id and counts as events, never as an install.
    Installs are not people, and those that send are not a fair sample.
    "#);
    let imported = vec![at("launched", "2025-01-10", 1, "imported")];
    assert!(!caveats(&imported, "activity").contains("opted in"));
    let mixed = [agreed, unknown, imported].concat();
    insta::assert_snapshot!(caveats(&mixed, "activity"), @r#"
    An install is active on a day if it sent any event that day.
    New: its first event ever lies there; returning: it was seen before. A session is the sender's own session number, else a session event; a run begins with each start.
    No data in the 4 weeks before, so nothing is compared.
    Counts 5 events from 2 installs: 2 from installs that opted in, 1 from imported logs, 2 from senders that say nothing about consent. 1 event carries no install id and counts as events, never as an install.
    One install sent 60 % of the events.
    Installs are not people; those who opt in are not a fair sample.
    Aider asks 10 % of its users.
    "#);
}

#[test]
fn todays_events_are_named_and_counted_only_if_asked_for() {
    let lines = [
        at("launched", "2025-01-10", 1, "agreed"),
        at("launched", TODAY, 1, "agreed"),
    ];
    let answer = ask(&lines, "activity", &[]).unwrap();
    assert!(
        texts(&answer)
            .last()
            .unwrap()
            .starts_with("Today so far: 1 event, not counted")
    );
    assert!(
        at_80(&answer)
            .replace('\n', " ")
            .contains("not counted (--to today).")
    );
    assert!(!answer.so_far);
    let answer = ask(&lines, "activity", &[("to", "today")]).unwrap();
    assert!(answer.so_far);
    assert!(at_80(&answer).contains("15 Jan 2025 so far, aider"));
    assert_eq!(answer.tables[0].total.as_ref().unwrap()[6], Value::Count(2));
}

#[test]
fn events_of_the_first_day_show_at_once() {
    let lines = [at("launched", TODAY, 1, "agreed")];
    let answer = ask(&lines, "activity", &[]).unwrap();
    assert_eq!(answer.tables[0].total.as_ref().unwrap()[6], Value::Count(1));
    assert!(answer.so_far);
}

#[test]
fn an_empty_report_says_why() {
    let mut lines = vec![
        at("launched", "2024-12-10", 1, "agreed"),
        at("launched", "2024-12-30", 1, "agreed"),
    ];
    insta::assert_snapshot!(empty(&lines, "models", &[]), @"No version recorded message_send yet.");
    lines.push(at("message_send", "2024-12-10", 1, "agreed"));
    insta::assert_snapshot!(empty(&[], "models", &[]), @"Nothing was received yet.");
    insta::assert_snapshot!(empty(&lines, "models", &[("period", "7d")]), @"No events 8 – 14 Jan 2025. Last event 30 Dec 2024. [to=2024-12-30]");
    insta::assert_snapshot!(empty(&lines, "models", &[("from", "2024-10-01"), ("to", "2024-10-31")]), @"No events 1 – 31 Oct 2024. First event 10 Dec 2024. [from=2024-12-10]");
    insta::assert_snapshot!(empty(&lines, "models", &[("from", "2024-12-15"), ("to", "2024-12-20")]), @"No events 15 – 20 Dec 2024. There are events 10 – 30 Dec 2024. [period=all]");
    insta::assert_snapshot!(empty(&lines, "models", &[]), @"No message_send events 18 Dec 2024 – 14 Jan 2025, though there were others.");
    insta::assert_snapshot!(empty(&lines, "activity", &[("platform", "Windows")]), @"The filters exclude everything: without them there would be 1 event to count.");
    let command = saying(
        at("command", "2024-12-30", 1, "agreed"),
        &[("p_name", "add")],
    );
    let message = saying(
        at("message_send", "2024-12-30", 1, "agreed"),
        &[("p_main_model", "gpt-4o")],
    );
    insta::assert_snapshot!(empty(&[command, message], "commands", &[("model", "gpt-4o")]), @"command events carry no model, so a filter by model leaves nothing.");
}

#[test]
fn what_no_event_carried_is_named_with_the_nearest_that_were() {
    let version = |version| {
        saying(
            at("launched", "2025-01-10", 1, "agreed"),
            &[("p_version", version)],
        )
    };
    let model = saying(
        at("message_send", "2025-01-10", 1, "agreed"),
        &[("p_main_model", "claude-3-5-sonnet-20241022")],
    );
    let lines = [version("0.67.1"), version("0.7.0"), model];
    insta::assert_snapshot!(refusal(&lines, "activity", &[("version", "0.6")]), @"no event ever carried version `0.6`; recorded are 0.67.1, 0.7.0");
    insta::assert_snapshot!(refusal(&lines, "models", &[("model", "claude-3-5-sonnet")]), @"no event ever carried model `claude-3-5-sonnet`; recorded are claude-3-5-sonnet-20241022");
    insta::assert_snapshot!(refusal(&lines, "activity", &[("platform", "linux")]), @"no event ever carried platform `linux`; recorded are Linux");
    insta::assert_snapshot!(refusal(&lines, "activity", &[("host", "cecli")]), @"`host` does not take `cecli`; valid: aider");
    insta::assert_snapshot!(refusal(&lines, "model", &[]), @"unknown report `model`; reports are overview, activity, models, edits, errors, versions, commands, exits, quality");
    insta::assert_snapshot!(refusal(&lines, "models", &[("sort", "-money")]), @"`sort` does not take `money`; valid: main_model, messages, change, tokens_in, tokens_out, tokens, cost_usd, median_cost_usd, unpriced, share_of_cost");
    assert!(
        ask(&lines, "activity", &[("version", "0.67")])
            .unwrap()
            .empty
            .is_none()
    );
}

#[test]
fn a_filter_says_how_many_events_it_could_not_judge() {
    let with = saying(
        at("launched", "2025-01-10", 1, "agreed"),
        &[("p_version", "0.67.1")],
    );
    let lines = [
        with,
        at("launched", "2025-01-10", 1, "agreed"),
        at("launched", "2025-01-11", 1, "agreed"),
    ];
    let answer = ask(&lines, "activity", &[("version", "0.67")]).unwrap();
    assert!(texts(&answer).contains(&"2 events carry no version and are left out.".to_owned()));
}

#[test]
fn from_10_installs_on_reach_is_a_share() {
    let used = |install| {
        saying(
            at("command", "2025-01-10", install, "agreed"),
            &[("p_name", "add")],
        )
    };
    let lines: Vec<Line> = (1..=4)
        .map(used)
        .chain((5..=10).map(|i| at("launched", "2025-01-10", i, "agreed")))
        .collect();
    let few = ask(&lines[..9], "commands", &[]).unwrap();
    let many = ask(&lines, "commands", &[]).unwrap();
    let reach = |answer: &Answer| {
        answer.tables[0].rows[0][answer.tables[0].column("reach").unwrap()].clone()
    };
    assert_eq!(
        (reach(&few), reach(&many)),
        (Value::None, Value::Share { part: 4, whole: 10 })
    );
    assert!(
        texts(&few)
            .iter()
            .any(|said| said.starts_with("Fewer than 10 installs"))
    );
    assert!(
        !texts(&many)
            .iter()
            .any(|said| said.starts_with("Fewer than 10 installs"))
    );
}

#[test]
fn applied_and_failed_edits_are_shown_where_they_are_recorded() {
    let diff = |event| {
        saying(
            at(event, "2025-01-10", 1, "agreed"),
            &[("p_edit_format", "diff"), ("p_main_model", "o1")],
        )
    };
    let mut edit = diff("edit");
    edit.numbers = vec![("p_applied", 3), ("p_failed", 1), ("p_retries", 2)];
    let answer = ask(&[diff("message_send"), edit.clone()], "edits", &[]).unwrap();
    insta::assert_snapshot!(at_80(&answer), @r#"
    Edit formats   18 Dec 2024 – 14 Jan 2025, aider
    A message counts once, by the format the tool asked for. Applied and failed
    edits are recorded since 10 Jan 2025. No data in the 4 weeks before, so nothing
    is compared. Counts 1 event from 1 install that opted in. Installs are not
    people; those who opt in are not a fair sample. Aider asks 10 % of its users.

    EDIT FORMAT  MESSAGES  APPLIED  FAILED  RETRIES  SHARE            PER WEEK
    diff                1        3       1        2  ███████████ 100%        █
    1 format            1        3       1        2

    By model
    MAIN MODEL  EDIT FORMAT  MESSAGES  APPLIED  FAILED  RETRIES
    o1          diff                1        3       1        2
    "#);
    assert_eq!(answer.not_compared, []);
    // with messages before, those are compared, and edits are not
    let mut earlier = diff("message_send");
    earlier.ts -= 51 * 86_400_000;
    let lines = [earlier, diff("message_send"), edit];
    let answer = ask(&lines, "edits", &[]).unwrap();
    assert_eq!(answer.not_compared[0].because, "recorded since 10 Jan 2025");
    assert_eq!(answer.tables[0].rows[0][2], Value::Change(Change::Same));
}

#[test]
fn rows_are_sorted_as_asked_and_then_by_name() {
    let message = |model, tokens| {
        let mut line = saying(
            at("message_send", "2025-01-10", 1, "agreed"),
            &[("p_main_model", model)],
        );
        line.numbers = vec![("p_total_tokens", tokens)];
        line
    };
    let lines = [
        message("b", 5),
        message("a", 5),
        message("c", 9),
        message("c", 1),
    ];
    let names = |sort| {
        let answer = ask(&lines, "models", &[("sort", sort)]).unwrap();
        let name = |row: &Vec<Value>| match &row[0] {
            Value::Text(name) => name.to_string(),
            other => format!("{other:?}"),
        };
        answer.tables[0].rows.iter().map(name).collect::<String>()
    };
    assert_eq!(
        (
            names("-tokens"),
            names("tokens"),
            names("main_model"),
            names("-cost")
        ),
        { ("cab".into(), "abc".into(), "abc".into(), "abc".into()) }
    );
}
