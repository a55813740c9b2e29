//! Messages over time by main model: the chart, its reading, its table.

use std::borrow::Cow;

use askfirst_query::answer::{Answer, Row, Table, Value};
use askfirst_query::calendar::{Bucket, Day};
use askfirst_query::render::number::{exact, percent_in_words};
use maud::{Markup, html};

use crate::cells::{self, capital, count, text, written};
use crate::svg::{Figure, Mark, Part};
use crate::tables::{self, Setting};
use crate::view::{Form, View};

/// Columns of the table that are no model's.
const NO_MODEL: [&str; 3] = ["other", "messages", "before"];

/// The chart's name in `/overview.svg?chart=daily`.
pub(crate) const NAME: &str = "daily";

/// Models with a colour of their own.
pub(crate) fn colours(table: &Table) -> usize {
    table
        .columns
        .iter()
        .skip(1)
        .filter(|column| !NO_MODEL.contains(&&*column.key))
        .count()
}

/// The paint of the model of this rank.
pub(crate) fn class(rank: usize, colours: usize) -> Cow<'static, str> {
    if rank < colours.min(5) {
        format!("p{}", rank + 1).into()
    } else {
        "po".into()
    }
}

/// Chart, reading and table.
pub(crate) fn section(setting: Setting<'_>, table: &Table) -> Markup {
    let figure = figure(setting, table);
    let per = bucket_word(setting.bucket);
    html! {
        section class="left" aria-labelledby="h-daily" {
            div class="head" {
                h2 id="h-daily" { (title(setting)) }
                p class="sub" { (length(setting)) }
                (files(setting.view))
            }
            div class="figure" data-table="t-daily" { (figure.in_page()) }
            output class="reading" for="t-daily" hidden {}
            p class="small" { @for sentence in reading(setting, table) { (sentence) " " } }
            details class="data" {
                summary { "Table: messages per " (per) }
                div class="scroll" role="region" tabindex="0" aria-label={ "Messages per " (per) } { (data(setting, table)) }
            }
        }
    }
}

/// Links to the chart as a file.
fn files(view: &View) -> Markup {
    html! {
        p class="files" {
            a href=(view.file(Form::Csv, Some(("table", NAME)))) { "CSV" }
            a href=(view.file(Form::Json, None)) { "JSON" }
            a href=(view.file(Form::Svg, Some(("chart", NAME)))) { "SVG" }
        }
    }
}

fn data(setting: Setting<'_>, table: &Table) -> Markup {
    html! {
        table id="t-daily" {
            caption class="hidden" { (title(setting)) ", " (setting.answer.period.long()) }
            thead { tr { @for column in &table.columns { th scope="col" { (head(&column.key, &column.head)) } } } }
            tbody { @for row in &table.rows { tr {
                th scope="row" { @match row.first() {
                    Some(Value::Day(start)) => a href=(setting.view.link(&tables::days(setting, *start))) { (day_name(*start, setting)) },
                    _ => "–",
                } }
                @for (value, column) in row.iter().zip(&table.columns).skip(1) { td { (written(value, column.unit)) } }
            } } }
        }
    }
}

/// Names of models stay as they are; words get a capital.
fn head(key: &str, head: &str) -> String {
    if key == head {
        head.to_owned()
    } else {
        capital(head)
    }
}

/// The chart's data: one part a model, all others last.
pub(crate) fn figure(setting: Setting<'_>, table: &Table) -> Figure {
    let colours = colours(table);
    let named = table
        .columns
        .iter()
        .skip(1)
        .filter(|column| !NO_MODEL.contains(&&*column.key))
        .enumerate();
    let mut parts: Vec<Part> = named
        .map(|(rank, column)| Part {
            name: column.head.clone(),
            class: class(rank, colours),
            values: values(table, &column.key),
        })
        .collect();
    let others = values(table, "other");
    if others.iter().any(|&value| value > 0) {
        parts.push(Part {
            name: "all other models".into(),
            class: "po".into(),
            values: others,
        });
    }
    let starts = starts(table);
    let marks = cells::table(setting.answer, "releases").map_or_else(Vec::new, |releases| {
        marks(releases, &starts, setting.bucket)
    });
    Figure {
        name: finding(setting, table),
        titles: table
            .rows
            .iter()
            .map(|row| bar_title(setting, table, row))
            .collect(),
        before: before(setting.answer, table),
        parts,
        marks,
        bucket: setting.bucket,
        so_far: setting.answer.so_far,
        written: exact,
        starts,
    }
}

fn starts(table: &Table) -> Vec<Day> {
    let day = |row: &Row| match row.first() {
        Some(Value::Day(day)) => Some(*day),
        _ => None,
    };
    table.rows.iter().filter_map(day).collect()
}

fn values(table: &Table, key: &str) -> Vec<i128> {
    table
        .rows
        .iter()
        .map(|row| count(table, row, key))
        .collect()
}

/// The period before, bucket by bucket, if there was anything in it.
fn before(answer: &Answer, table: &Table) -> Option<(Vec<i128>, String)> {
    let earlier = answer.compared?;
    let values = values(table, "before");
    let days = earlier.days();
    let name = if earlier.to.plus(1) == answer.period.from {
        format!("{days} days before")
    } else {
        earlier.within(answer.period)
    };
    values
        .iter()
        .any(|&value| value > 0)
        .then_some((values, name))
}

/// The first day of each release, in the bucket it falls into.
fn marks(releases: &Table, starts: &[Day], bucket: Bucket) -> Vec<Mark> {
    let only = releases.rows.len() == 1;
    let mark = |row: &Row| match cells::cell(releases, row, "first_seen") {
        Value::Day(day) => {
            let at = starts
                .iter()
                .position(|start| *start == bucket.start(*day))?;
            let version = text(releases, row, "version");
            Some(Mark {
                at,
                text: if only {
                    format!("{version} first seen")
                } else {
                    version
                },
            })
        }
        _ => None,
    };
    let mut marks: Vec<Mark> = releases.rows.iter().filter_map(mark).collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn bar_title(setting: Setting<'_>, table: &Table, row: &Row) -> String {
    let day = starts_at(row).map_or_else(String::new, |day| day_name(day, setting));
    format!("{day}: {} messages", exact(count(table, row, "messages")))
}

fn starts_at(row: &Row) -> Option<Day> {
    match row.first() {
        Some(Value::Day(day)) => Some(*day),
        _ => None,
    }
}

/// The bucket with the most messages.
fn highest(table: &Table) -> Option<(&Row, i128)> {
    let most = table
        .rows
        .iter()
        .map(|row| count(table, row, "messages"))
        .max()
        .filter(|&most| most > 0)?;
    let row = table
        .rows
        .iter()
        .find(|row| count(table, row, "messages") == most)?;
    Some((row, most))
}

/// The chart in one sentence, for those who do not see it.
fn finding(setting: Setting<'_>, table: &Table) -> String {
    let all: i128 = values(table, "messages").iter().sum();
    let mut said = format!(
        "{}, {}: {} in all",
        title(setting),
        setting.answer.period.long(),
        exact(all)
    );
    if let Some((row, most)) = highest(table) {
        let day = starts_at(row).map_or_else(String::new, |day| day_name(day, setting));
        said.push_str(&format!("; most {day} with {}", exact(most)));
    }
    let first = table
        .columns
        .iter()
        .skip(1)
        .find(|column| !NO_MODEL.contains(&&*column.key));
    if let Some(first) = first.filter(|_| all > 0) {
        let part: i128 = values(table, &first.key).iter().sum();
        said.push_str(&format!(
            "; {} for {}",
            percent_in_words(part, all),
            first.head
        ));
    }
    said + "."
}

/// The line under the chart.
fn reading(setting: Setting<'_>, table: &Table) -> Vec<Markup> {
    let mut said = Vec::new();
    let per = bucket_word(setting.bucket);
    if let Some((row, most)) = highest(table) {
        let day = starts_at(row).map_or_else(String::new, |day| day_name(day, setting));
        said.push(
            html! { "Highest " (per) " " strong { (day) } " with " strong { (exact(most)) } "." },
        );
    }
    if let Some((_, name)) = before(setting.answer, table) {
        let aligned = if setting.bucket == Bucket::Day {
            ", weekdays aligned"
        } else {
            ""
        };
        said.push(html! { "Grey line: the " (name) (aligned) "." });
    }
    let releases =
        cells::table(setting.answer, "releases").map_or(0, |releases| releases.rows.len());
    if releases > 1 {
        said.push(html! { "Marks: first event of each release line." });
    }
    if setting.answer.so_far {
        said.push(html! { "The outlined bar is not over." });
    }
    said
}

pub(crate) fn title(setting: Setting<'_>) -> String {
    format!("Messages per {} by main model", bucket_word(setting.bucket))
}

fn length(setting: Setting<'_>) -> String {
    let days = setting.answer.period.days();
    if days == 1 {
        "1 day".into()
    } else {
        format!("{days} days")
    }
}

/// The word for a bucket.
pub(crate) fn bucket_word(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Week => "week",
        Bucket::Month => "month",
        _ => "day",
    }
}

/// A bucket's name where people read it: with the year where the period spans years.
pub(crate) fn day_name(day: Day, setting: Setting<'_>) -> String {
    let period = setting.answer.period;
    match setting.bucket {
        Bucket::Month => day.month(),
        _ if period.from.same_year(period.to) => day.short(),
        _ => day.long(),
    }
}
