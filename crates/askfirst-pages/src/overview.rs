//! The first page: is anybody there, what changed, and can it be trusted.

use askfirst_query::answer::{Answer, Change, Row, Table, Value};
use askfirst_query::render;
use askfirst_query::reports::REPORTS;
use maud::{Markup, html};

use crate::cells::{self, capital, cell, change, column, count, sign, text};
use crate::daily;
use crate::report::files;
use crate::state;
use crate::svg::{figure::swatch, spark};
use crate::tables::{self, Setting};
use crate::template::heading;
use crate::view::View;

/// A list beside others: its table, its title, what is counted, and what the link to all of it says.
struct List {
    table: &'static str,
    title: &'static str,
    counted: &'static str,
    report: &'static str,
    more: &'static str,
}

const LISTS: [List; 4] = [
    List {
        table: "edits",
        title: "Edit formats",
        counted: "messages",
        report: "edits",
        more: "Edits: formats by model",
    },
    List {
        table: "commands",
        title: "Commands",
        counted: "uses",
        report: "commands",
        more: "All commands and features",
    },
    List {
        table: "exits",
        title: "How runs end",
        counted: "exits",
        report: "exits",
        more: "Runs and their ends",
    },
    List {
        table: "versions",
        title: "Versions",
        counted: "launches",
        report: "versions",
        more: "Adoption of each release",
    },
];

/// Rows of a list: what stands above the fold.
const LIST_ROWS: usize = 6;

/// What stands between filters and footer.
pub(crate) fn main(view: &View, answer: &Answer) -> Markup {
    let setting = Setting::new(view, answer);
    html! {
        (heading(view, answer, &format!("How {} is doing", answer.host)))
        @if answer.empty.is_some() {
            (state::nothing(view, answer))
        } @else {
            @if let Some(figures) = cells::table(answer, "figures") { (strip(setting, figures)) }
            div class="grid" {
                @if let Some(table) = cells::table(answer, "daily") { (daily::section(setting, table)) }
                @if let Some(table) = cells::table(answer, "models") { (models(setting, table)) }
            }
            div class="lists" {
                @for list in &LISTS { @if let Some(table) = cells::table(answer, list.table) { (names(view, list, table)) } }
            }
            div class="grid" {
                @if let Some(table) = cells::table(answer, "changed") { (changed(view, table)) }
                @if let Some(table) = cells::table(answer, "quality") { (quality(view, table)) }
            }
        }
    }
}

/// The figures in large type, each with its line over time and the period before behind it.
fn strip(setting: Setting<'_>, table: &Table) -> Markup {
    html! {
        section class="strip" aria-label="Figures" {
            dl { @for row in &table.rows { div {
                dt { (capital(&text(table, row, "figure"))) }
                dd class="big" {
                    (text(table, row, "now"))
                    @if let Value::Count(of) = cell(table, row, "of") { small { " of " (render::number::three_figures(*of)) " started" } }
                }
                dd class="moved" { @if setting.answer.compared.is_some() { (moved(table, row)) } }
                @if let Value::Series(now) = cell(table, row, "series") {
                    dd class="line" { (spark::line(now, earlier(table, row))) }
                }
            } } }
            (strip_table(setting, table))
        }
    }
}

fn points(value: &Value) -> &[i128] {
    match value {
        Value::Series(points) => points,
        _ => &[],
    }
}

/// The line of the period before; none where the figure was not recorded all the time.
fn earlier<'a>(table: &Table, row: &'a Row) -> &'a [i128] {
    match cell(table, row, "change") {
        Value::Change(Change::Since(_)) => &[],
        _ => points(cell(table, row, "series_before")),
    }
}

/// `▼ −23 % from 572`, or why there is no such thing.
fn moved(table: &Table, row: &Row) -> Markup {
    let earlier = text(table, row, "before");
    let Value::Change(moved) = cell(table, row, "change") else {
        return html! { "not compared" };
    };
    html! {
        @match moved {
            Change::Same => { span class="sign" { "=" } " same as before" }
            Change::Few { .. } => { span class="sign" { (sign(*moved)) } " from " (earlier) }
            Change::Since(_) => {
                @if let (Value::Count(part), Value::Count(whole)) = (cell(table, row, "now"), cell(table, row, "of")) { (render::number::percent_in_words(*part, *whole)) ", " }
                (render::change(*moved))
            }
            _ => { span class="sign" { (sign(*moved)) } " " strong { (render::change(*moved)) } " from " (earlier) }
        }
    }
}

/// The lines of the strip as a table.
fn strip_table(setting: Setting<'_>, table: &Table) -> Markup {
    let starts = setting.bucket.starts(setting.answer.period);
    let lines: Vec<(&Row, &[i128])> = table
        .rows
        .iter()
        .map(|row| (row, points(cell(table, row, "series"))))
        .collect();
    let per = daily::bucket_word(setting.bucket);
    html! {
        details class="data" {
            summary { "Table: these figures per " (per) }
            div class="scroll" role="region" tabindex="0" aria-label={ "Figures per " (per) } {
                table {
                    caption class="hidden" { "Figures per " (per) ", " (setting.answer.period.long()) }
                    thead { tr { th scope="col" { (capital(per)) } @for (row, _) in &lines { th scope="col" { (capital(&text(table, row, "figure"))) } } } }
                    tbody { @for (at, start) in starts.iter().enumerate() { tr {
                        th scope="row" { (daily::day_name(*start, setting)) }
                        @for (row, line) in &lines { td { (point(cell(table, row, "now"), line.get(at))) } }
                    } } }
                }
            }
        }
    }
}

/// A point of a line, in the unit of the figure it belongs to.
fn point(figure: &Value, point: Option<&i128>) -> String {
    match (figure, point) {
        (_, None) => "–".into(),
        (Value::Nanos(_), Some(nanos)) => render::number::dollars(*nanos),
        (_, Some(count)) => render::number::exact(*count),
    }
}

/// The models, in the colours of the chart.
fn models(setting: Setting<'_>, table: &Table) -> Markup {
    let colours = cells::table(setting.answer, "daily").map_or(0, daily::colours);
    let names = column(table, "main_model");
    let cut = table.cut(askfirst_query::filters::Top::Rows(7));
    let other = |key: &str, row: &Row| text(table, row, key);
    html! {
        section class="right" aria-labelledby="h-models" {
            div class="head" { h2 id="h-models" { (to_report(setting.view, "models", "Models")) } p class="sub" { "colours as in the chart" } }
            table {
                caption class="hidden" { "Models by messages, " (setting.answer.period.long()) }
                thead { tr {
                    th scope="col" { "Main model" }
                    th scope="col" aria-sort="descending" { "Messages" }
                    th scope="col" class="mid" { "Share" } th scope="col" class="mid" { "Change" } th scope="col" { "Cost" }
                } }
                tbody {
                    @for (at, row) in cut.rows.iter().enumerate() { tr {
                        th scope="row" class="keyed" { (swatch(&daily::class(at, colours))) span { @if let (Some(value), Some(names)) = (row.first(), names) { (tables::name(setting, value, names)) } } }
                        td { (other("messages", row)) }
                        td class="mid soft" { (other("share", row)) }
                        td class="mid soft" { @if let Value::Change(moved) = cell(table, row, "change") { (render::change(*moved)) } }
                        td { (other("cost_usd", row)) }
                    } }
                    @if let Some((left, rest)) = &cut.rest { tr {
                        th scope="row" class="keyed" { (swatch("po")) span { (to_report(setting.view, "models", &format!("{left} more {}", table.noun.1))) } }
                        td { (other("messages", rest)) } td class="mid soft" { (other("share", rest)) } td class="mid" {} td { (other("cost_usd", rest)) }
                    } }
                }
                @if let Some(total) = &table.total { tfoot { tr {
                    th scope="row" { (table.rows.len()) " " (if table.rows.len() == 1 { table.noun.0 } else { table.noun.1 }) }
                    td { (other("messages", total)) } td class="mid" {}
                    td class="mid" { @if let Value::Change(moved) = cell(table, total, "change") { (render::change(*moved)) } }
                    td { (other("cost_usd", total)) }
                } } }
            }
        }
    }
}

/// A list with a bar under each name and a tick where it was before.
fn names(view: &View, list: &List, table: &Table) -> Markup {
    let rows = &table.rows[..table.rows.len().min(LIST_ROWS)];
    let compared = rows.iter().any(|row| count(table, row, "before") > 0);
    let largest = rows
        .iter()
        .map(|row| count(table, row, "count").max(count(table, row, "before")))
        .max()
        .unwrap_or(0);
    let since = rows
        .iter()
        .find_map(|row| match cell(table, row, "change") {
            Value::Change(Change::Since(day)) => Some(*day),
            _ => None,
        });
    html! {
        section aria-labelledby=(format!("h-{}", list.table)) {
            div class="head" {
                h2 id=(format!("h-{}", list.table)) { (to_report(view, list.report, list.title)) }
                p class="sub" { (list.counted) @if compared { " · tick: before" } }
            }
            table class="bars" {
                caption class="hidden" { (list.title) " by " (list.counted) }
                thead class="hidden" { tr { th scope="col" { "Name" } th scope="col" { (capital(list.counted)) } th scope="col" { "Share" } @if compared { th scope="col" { "Before" } } } }
                tbody { @for row in rows {
                    tr { th scope="row" { (listed(view, list, table, row)) } td { (text(table, row, "count")) } td class="soft" { (text(table, row, "share")) } @if compared { td class="hidden" { (text(table, row, "before")) } } }
                    tr class="under" aria-hidden="true" { td colspan=(if compared { "4" } else { "3" }) {
                        (spark::bar(count(table, row, "count"), cell(table, row, "before").number().filter(|_| since.is_none()), largest))
                    } }
                } }
            }
            @if let Some(day) = since { p class="small" { "Recorded since " (day.brief()) ", so not compared." } }
            @if REPORTS.iter().any(|report| report.name == list.report) { p class="more" { (to_report(view, list.report, list.more)) } }
        }
    }
}

/// A name of a list; a version leads to itself.
fn listed(view: &View, list: &List, table: &Table, row: &Row) -> Markup {
    let name = text(table, row, "name");
    html! {
        @match cell(table, row, "name") {
            Value::Text(version) if list.table == "versions" => a href=(view.link(&view.pairs.with("version", version))) { (name) },
            _ => (name),
        }
    }
}

/// What moved most since the period before.
fn changed(view: &View, table: &Table) -> Markup {
    html! {
        section class="left" aria-labelledby="h-changed" {
            div class="head" { h2 id="h-changed" { "What changed most" } p class="sub" { "20 events or more, 15\u{202f}% or more" } (files(view, "changed")) }
            table {
                caption class="hidden" { "What changed most" }
                thead { tr { th scope="col" { "What" } th scope="col" class="name mid" { "Counted" } th scope="col" { "Before" } th scope="col" { "Now" } th scope="col" { "Change" } } }
                tbody { @for row in &table.rows { tr {
                    th scope="row" { strong { (text(table, row, "what")) } " " (text(table, row, "kind")) }
                    td class="name mid soft" { @match cell(table, row, "first_seen") {
                        Value::Day(day) => { "first seen " (day.brief()) },
                        _ => (text(table, row, "counted")),
                    } }
                    td class="soft" { (text(table, row, "before")) }
                    td { (text(table, row, "now")) }
                    td { @if let Value::Change(moved) = cell(table, row, "change") { (change(*moved)) } }
                } } }
            }
        }
    }
}

/// What is known of how whole the figures are.
fn quality(view: &View, table: &Table) -> Markup {
    html! {
        section class="right" aria-labelledby="h-quality" {
            div class="head" { h2 id="h-quality" { (to_report(view, "quality", "Data quality")) } }
            table {
                caption class="hidden" { "Data quality" }
                thead class="hidden" { tr { th scope="col" { "Fact" } th scope="col" { "Value" } } }
                tbody { @for row in &table.rows { tr { th scope="row" { (capital(&text(table, row, "fact"))) } td class="soft" { (text(table, row, "value")) @if let Value::Share { part: 1.., .. } = cell(table, row, "share") { " (" (text(table, row, "share")) ")" } } } } }
            }
        }
    }
}

/// A link to a report, with the filters kept; its bare text while there is no such report.
fn to_report(view: &View, name: &str, text: &str) -> Markup {
    let report = REPORTS.iter().find(|report| report.name == name);
    html! {
        @match report {
            Some(report) => a href=(view.other(report)) { (text) },
            None => (text),
        }
    }
}
