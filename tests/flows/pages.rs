//! The pages, in a real browser and by hand: what people see is what was stored, on every screen.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::browser::{Browser, every_look, one_look};
use crate::collector::{Collector, run};
use crate::http::{Reply, exchange};
use crate::stored::files;

/// A year of two weeks' rhythm, on days that every run of the test asks for.
const DAYS: i64 = 364;

/// 31 Dec 2024, the last day of the log.
const LAST: &str = "to=2024-12-31";
const LAST_DAY: i64 = 20_088;

const MODELS: [&str; 6] = [
    "claude-3-5-sonnet-20241022",
    "gpt-4o",
    "deepseek/deepseek-chat",
    "o1-preview",
    "gpt-4o-mini",
    "claude-3-5-haiku-20241022",
];

/// An analytics log as aider writes it: nine installs, six models, three releases.
fn log() -> String {
    let mut lines = String::new();
    let mut add = |day: i64, second: i64, event: &str, who: i64, properties: Value| {
        let mut properties = properties;
        properties["aider_version"] = json!(format!("0.{}.1", 65 + day * 3 / DAYS));
        properties["os_platform"] = ["Linux", "Darwin"][(who % 2) as usize].into();
        let time = (LAST_DAY - DAYS + 1 + day) * 86_400 + second;
        let user = format!("52b5cc12-f16d-45f3-b30c-95ab4ae904{who:02x}");
        let line =
            json!({ "event": event, "properties": properties, "user_id": user, "time": time });
        lines.push_str(&format!("{line}\n"));
    };
    for day in 0..DAYS {
        for n in 0..day % 7 + day % 5 {
            let (who, at) = ((day + n) % 9, n * 600);
            let model = MODELS[((day * n) % 13 % 6) as usize];
            add(day, at, "launched", who, json!({}));
            add(
                day,
                at + 1,
                "cli session",
                who,
                json!({ "main_model": model, "edit_format": "diff" }),
            );
            add(day, at + 2, "command_add", who, json!({}));
            add(day, at + 3, "message_send_starting", who, json!({}));
            let cost = (n + 1) as f64 * 0.001;
            let format = ["diff", "whole"][(n % 2) as usize];
            let sent = json!({ "main_model": model, "edit_format": format, "prompt_tokens": 1000 + n, "completion_tokens": 10, "total_tokens": 1010 + n, "cost": cost, "total_cost": cost });
            add(day, at + 4, "message_send", who, sent);
            add(day, at + 5, "exit", who, json!({ "reason": "Control-C" }));
        }
    }
    lines
}

/// A collector with a full data directory, which is gone with the folder.
fn started() -> (tempfile::TempDir, Collector) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    filled(&data);
    let collector = Collector::start(&data);
    (folder, collector)
}

fn filled(data: &Path) {
    let log_file = data.with_extension("jsonl");
    fs::write(&log_file, log()).unwrap();
    run(
        data,
        &["import", log_file.to_str().unwrap(), "--host", "aider"],
    );
}

fn get(collector: &Collector, url: &str, host: &str) -> Reply {
    let request = format!(
        "GET {url} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    );
    exchange(collector.address(), request.as_bytes()).unwrap()
}

fn body(reply: &Reply) -> String {
    let text = String::from_utf8(reply.bytes.clone()).unwrap();
    text.split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn page(collector: &Collector, url: &str) -> String {
    let reply = get(collector, url, "localhost");
    assert_eq!(reply.status, 200, "{url}");
    body(&reply)
}

fn json_of(collector: &Collector, url: &str) -> Value {
    serde_json::from_str(&page(collector, url)).unwrap()
}

/// Every page the navigation leads to, for the days of the log.
fn every_page(collector: &Collector) -> Vec<String> {
    let first = page(collector, &format!("/?{LAST}"));
    let nav = first
        .split("<nav")
        .nth(1)
        .unwrap()
        .split("</nav>")
        .next()
        .unwrap();
    let links: Vec<String> = nav
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(links.len() >= 6, "{links:?}");
    links
}

#[test]
fn every_page_is_whole_on_every_screen_in_both_themes_and_without_script() {
    let Some(browser) = Browser::found() else {
        return;
    };
    let (_folder, collector) = started();
    let pages = every_page(&collector);
    let seen = browser.look(
        &collector,
        &json!({ "pages": pages, "looks": every_look(), "axe": true }),
    );
    assert_eq!(seen.len(), pages.len() * 12);
    for one in &seen {
        let place = format!("{} {}", one["path"], one["look"]);
        assert_eq!(one["status"], 200, "{place}");
        assert_eq!(one["messages"], json!([]), "{place}: the console is silent");
        assert_eq!(
            one["foreign"],
            json!([]),
            "{place}: nobody else is asked for anything"
        );
        assert_eq!(one["sideways"], 0, "{place}: nothing sticks out");
        assert_eq!(one["violations"], json!([]), "{place}");
        assert_eq!(one["styles"], 0, "{place}: no style but the style sheet's");
        assert_eq!(one["h1"].as_array().unwrap().len(), 1, "{place}");
        assert_eq!(one["current"].as_array().unwrap().len(), 1, "{place}");
        assert!(
            one["policy"]
                .as_str()
                .unwrap()
                .starts_with("default-src 'none';"),
            "{place}"
        );
        let with_script = seen
            .iter()
            .find(|other| other["path"] == one["path"])
            .unwrap();
        assert_eq!(
            one["tables"], with_script["tables"],
            "{place}: the same figures in every look"
        );
    }
    for path in &pages {
        let one = seen
            .iter()
            .find(|one| one["path"] == path.as_str())
            .unwrap();
        shows_what_the_json_says(&collector, path, one);
    }
}

/// Every count of every table of a page stands in the JSON of the same address, in the same place.
fn shows_what_the_json_says(collector: &Collector, path: &str, seen: &Value) {
    let (name, query) = path.split_once('?').unwrap();
    let name = if name == "/" { "/overview" } else { name };
    let answer = json_of(collector, &format!("{name}.json?{query}"));
    let own = (answer["tables"].as_object().into_iter().flatten())
        .map(|(name, table)| (name.clone(), table));
    let mut compared = 0;
    for (id, shown) in seen["tables"].as_object().unwrap() {
        let id = id.strip_prefix("t-").unwrap();
        let table = own
            .clone()
            .find(|(name, _)| name == id)
            .map_or(&answer, |(_, table)| table);
        let columns = table["columns"].as_array().unwrap();
        for (row, texts) in table["rows"]
            .as_array()
            .unwrap()
            .iter()
            .zip(shown["rows"].as_array().unwrap())
        {
            for (column, text) in columns.iter().zip(texts.as_array().unwrap()) {
                let number = &row[column["name"].as_str().unwrap()];
                if column["unit"] == "count" && number.is_number() {
                    assert_eq!(
                        text.as_str().unwrap().replace(',', ""),
                        number.to_string(),
                        "{path} {id} {column}"
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(
        compared > 0,
        "{path} has no figures to compare: {:?}",
        seen["tables"]
    );
    for (figure, row) in seen["figures"]
        .as_array()
        .unwrap()
        .iter()
        .zip(answer["rows"].as_array().unwrap())
    {
        let (value, now) = (figure["value"].as_str().unwrap(), &row["now"]);
        if now.as_u64().is_some_and(|now| now < 1_000) {
            assert_eq!(
                value.split(' ').next().unwrap(),
                now.to_string(),
                "{figure}"
            );
        }
    }
}

#[test]
fn the_checks_of_the_pages_find_what_is_broken() {
    let Some(browser) = Browser::found() else {
        return;
    };
    let (_folder, collector) = started();
    let job =
        json!({ "pages": [format!("/?{LAST}")], "looks": one_look(), "axe": true, "break": true });
    let seen = browser.look(&collector, &job);
    let found = seen[0]["violations"].to_string();
    for rule in ["color-contrast", "role-img-alt", "page-has-heading-one"] {
        assert!(found.contains(rule), "{rule} is not in {found}");
    }
    assert!(seen[0]["sideways"].as_i64().unwrap() > 0);
}

#[test]
fn the_arrow_keys_read_what_the_table_says() {
    let Some(browser) = Browser::found() else {
        return;
    };
    let (_folder, collector) = started();
    let keys = json!({ "box": ".figure", "press": ["ArrowRight", "ArrowRight", "End", "ArrowLeft", "Home", "Escape"] });
    let job = json!({ "pages": [format!("/?{LAST}")], "looks": one_look(), "keys": keys });
    let seen = &browser.look(&collector, &job)[0];
    let table = &seen["tables"]["t-daily"];
    let (head, rows) = (
        table["head"].as_array().unwrap(),
        table["rows"].as_array().unwrap(),
    );
    let last = rows.len() - 1;
    for (said, row) in seen["keys"]
        .as_array()
        .unwrap()
        .iter()
        .zip([0, 1, last, last - 1, 0])
    {
        let (day, values) = said.as_str().unwrap().split_once(": ").unwrap();
        assert_eq!(day, rows[row][0].as_str().unwrap());
        for value in values.split(", ").filter(|value| *value != "none") {
            let (name, number) = value.rsplit_once(' ').unwrap();
            let column = head.iter().position(|head| head == name).unwrap();
            assert_eq!(number, rows[row][column].as_str().unwrap(), "{said}");
        }
    }
    assert_eq!(seen["keys"][5], "", "Escape leaves the chart");
}

#[test]
fn what_is_printed_from_a_dark_screen_is_light_and_without_controls() {
    let Some(browser) = Browser::found() else {
        return;
    };
    let (_folder, collector) = started();
    let look = json!([{ "theme": "dark", "width": 1280, "script": true }]);
    let seen = browser.look(
        &collector,
        &json!({ "pages": [format!("/?{LAST}")], "looks": look, "print": true }),
    );
    assert_eq!(seen[0]["print"]["screen"], "rgb(18, 21, 24)");
    assert_eq!(seen[0]["print"]["paper"], "rgb(252, 252, 251)");
    assert_eq!(
        seen[0]["print"]["hidden"],
        json!(["none", "none"]),
        "navigation and filters"
    );
    assert_eq!(seen[0]["print"]["caveats"], "block", "the caveat stays");
}

#[test]
fn a_year_of_the_overview_with_its_style_and_script_is_under_120_kb() {
    let (_folder, collector) = started();
    let html = page(&collector, &format!("/?period=364d&{LAST}"));
    assert_eq!(
        html.matches("<g class=\"bar\">").count(),
        53,
        "weeks, not days"
    );
    let asset = |end: &str| {
        let path = html
            .split('"')
            .find(|word| word.starts_with("/assets/") && word.ends_with(end));
        page(&collector, path.unwrap()).len()
    };
    let (css, js) = (asset(".css"), asset(".js"));
    println!(
        "364 days: {} bytes of HTML, {css} of CSS, {js} of script",
        html.len()
    );
    assert!(
        html.len() + css + js < 120_000,
        "{} + {css} + {js}",
        html.len()
    );
}

#[test]
fn every_state_has_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    run(&data, &["project", "add", "aider", "--host", "aider"]);
    let collector = Collector::start(&data);
    assert!(page(&collector, "/").contains("Nothing received yet"));
    collector.stop();

    filled(&data);
    let collector = Collector::start(&data);
    let never = page(&collector, "/?from=2020-01-01&to=2020-01-31");
    assert!(
        never.contains("No events 1 – 31 Jan 2020. First event 4 Jan 2024."),
        "{never}"
    );
    assert!(
        never.contains("href=\"/?from=2024-01-04\""),
        "with a link to days that have some"
    );
    let excluded = page(
        &collector,
        &format!("/models?{LAST}&version=0.65&model=o1-preview"),
    );
    assert!(
        excluded.contains("The filters exclude everything"),
        "{excluded}"
    );
    assert!(
        excluded.contains("Remove the filter version 0.65"),
        "each with a link that takes it away"
    );
    let first = page(&collector, "/?from=2024-01-03&to=2024-01-30");
    assert!(
        !first.contains("class=\"was\" d="),
        "no line of a period before the first event"
    );
    for (url, status, words) in [
        ("/?perod=7d", 400, "unknown filter `perod`"),
        (
            "/models?model=gpt-5o",
            400,
            "no event ever carried model `gpt-5o`",
        ),
        ("/modles", 404, "No such page"),
    ] {
        let reply = get(&collector, url, "localhost");
        assert_eq!(reply.status, status, "{url}");
        assert!(body(&reply).contains(words), "{url}: {}", body(&reply));
    }
    let foreign = get(&collector, "/models", "evil.example");
    assert_eq!(foreign.status, 403);
    assert!(!body(&foreign).contains("claude"));
}

#[test]
fn a_figure_that_cannot_be_counted_says_what_failed_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    filled(&data);
    let segments = files(&data).into_iter().filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "parquet")
    });
    for segment in segments {
        let mut bytes = fs::read(&segment).unwrap();
        let middle = bytes.len() / 2;
        bytes[4..middle].fill(0xA5);
        fs::write(&segment, bytes).unwrap();
    }
    let collector = Collector::start(&data);
    for url in [format!("/models?{LAST}"), format!("/models.json?{LAST}")] {
        let reply = get(&collector, &url, "localhost");
        assert_eq!(reply.status, 500, "{url}");
        let said = body(&reply);
        assert!(
            said.contains("This figure could not be counted") && said.contains(".parquet"),
            "{said}"
        );
    }
}
