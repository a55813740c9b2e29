//! The filters: presets, days, comparison and names. Links and plain GET forms, so that every state is a URL.

use askfirst_query::answer::{Answer, Value};
use maud::{Markup, html};

use crate::view::{Site, View};

const PRESETS: [(&str, &str, &str); 5] = [
    ("7d", "7 d", "7 days"),
    ("28d", "28 d", "28 days"),
    ("91d", "13 w", "13 weeks"),
    ("364d", "52 w", "52 weeks"),
    ("all", "All", "All days"),
];

const COMPARED: [(&str, &str, &str); 3] = [
    (
        "previous",
        "previous period",
        "The period before, whole weeks earlier",
    ),
    ("year", "a year earlier", "The same weeks a year earlier"),
    ("none", "nothing", "Nothing"),
];

/// Keys that choose rows, with the word for one and an example.
const NAMES: [(&str, &str, &str); 3] = [
    ("version", "Version", "0.67 or 0.67.1"),
    ("platform", "Platform", "Linux"),
    ("model", "Main model", "gpt-4o"),
];

/// The row of filters under the header.
pub(crate) fn row(site: &Site, view: &View, answer: &Answer) -> Markup {
    html! {
        section class="filters" aria-label="Period and filters" {
            (presets(view))
            (days(view, answer))
            (compared(view))
            (names(view, answer))
            @if site.projects.len() > 1 { (projects(site, view)) }
            (chips(view))
        }
    }
}

fn presets(view: &View) -> Markup {
    let from = view.pairs.get("from");
    let current = match from {
        Some(_) => "",
        None => view.pairs.get("period").unwrap_or("28d"),
    };
    html! {
        ul class="presets" aria-label="Period" {
            @for (value, text, name) in PRESETS {
                @let pairs = view.pairs.without("from").with("period", value);
                @let pairs = if value == "all" { pairs.without("to") } else { pairs };
                li { a href=(view.link(&pairs)) title=(name) aria-current=[(value == current).then_some("true")] { (text) } }
            }
        }
    }
}

fn days(view: &View, answer: &Answer) -> Markup {
    let by = view.pairs.get("by").unwrap_or("");
    html! {
        details class="menu" {
            summary { (answer.period.long()) }
            form method="get" action=(view.path()) {
                (kept(view, &["period", "from", "to", "by"]))
                label { "First day" input type="date" name="from" value=(answer.period.from.iso()); }
                label { "Last day, included" input type="date" name="to" value=(answer.period.to.iso()); }
                label { "Over time by" select name="by" {
                    @for (value, text) in [("", "what fits"), ("day", "day"), ("week", "week"), ("month", "month")] {
                        option value=(value) selected[value == by] { (text) }
                    }
                } }
                button { "Show" }
                @if view.pairs.get("from").is_some() || view.pairs.get("to").is_some() {
                    a href=(view.link(&view.pairs.without("from").without("to"))) { "Back to the latest days" }
                }
            }
        }
    }
}

fn compared(view: &View) -> Markup {
    let current = view.pairs.get("compare").unwrap_or("previous");
    let word = COMPARED
        .iter()
        .find(|(value, ..)| *value == current)
        .map_or(current, |(_, word, _)| word);
    html! {
        details class="menu" {
            summary { "Compare: " (word) }
            ul { @for (value, _, text) in COMPARED {
                li { a href=(view.link(&view.pairs.with("compare", value))) aria-current=[(value == current).then_some("true")] { (text) } }
            } }
        }
    }
}

fn names(view: &View, answer: &Answer) -> Markup {
    let chosen = NAMES
        .iter()
        .map(|(key, ..)| view.pairs.all(key).count())
        .sum::<usize>();
    html! {
        details class="menu" {
            summary { "Filter: " @if chosen == 0 { "none" } @else { (chosen) } }
            form method="get" action=(view.path()) {
                (kept(view, &["version", "platform", "model"]))
                @for (key, text, example) in NAMES {
                    @for value in view.pairs.all(key) { label { (text) input name=(key) value=(value); } }
                    label { (text) @if view.pairs.get(key).is_some() { ", or" } input name=(key) list=[(key == "model").then_some("models")] placeholder=(example) autocomplete="off"; }
                }
                (models(answer))
                button { "Show" }
            }
        }
    }
}

/// Names that can be asked for: those the page shows.
fn models(answer: &Answer) -> Markup {
    let table = answer.tables.iter().find(|table| {
        table
            .columns
            .first()
            .is_some_and(|column| column.key == "main_model")
    });
    let names = table
        .into_iter()
        .flat_map(|table| &table.rows)
        .filter_map(|row| match row.first() {
            Some(Value::Text(name)) => Some(name),
            _ => None,
        });
    html! { datalist id="models" { @for name in names { option value=(name) {} } } }
}

fn projects(site: &Site, view: &View) -> Markup {
    html! {
        details class="menu" {
            summary { "Tool: " (site.projects.get(view.project).map_or("", |project| project.name.as_str())) }
            ul { @for (at, project) in site.projects.iter().enumerate() {
                // names of versions and models are those of one tool
                @let pairs = NAMES.iter().fold(view.pairs.clone(), |pairs, (key, ..)| pairs.without(key));
                @let pairs = if at == 0 { pairs.without("host") } else { pairs.with("host", &project.name) };
                li { a href=(view.link(&pairs)) aria-current=[(at == view.project).then_some("true")] { (project.name) @if project.name != project.host { " (" (project.host) ")" } } }
            } }
        }
    }
}

/// The names chosen, each with a link that takes it away.
pub(crate) fn chips(view: &View) -> Markup {
    let chosen: Vec<(&str, &str)> = view
        .pairs
        .iter()
        .filter(|(key, _)| NAMES.iter().any(|(name, ..)| name == key))
        .collect();
    html! {
        @if !chosen.is_empty() {
            ul class="chips" aria-label="Active filters" { @for (key, value) in chosen {
                li { (key) " " strong { (value) } a href=(view.link(&view.pairs.less(key, value))) aria-label=(format!("Remove the filter {key} {value}")) { "×" } }
            } }
        }
    }
}

/// What is asked for already and has no input of its own in a form.
fn kept(view: &View, inputs: &[&str]) -> Markup {
    html! {
        @for (key, value) in view.pairs.iter().filter(|(key, _)| !inputs.contains(key)) { input type="hidden" name=(key) value=(value); }
    }
}
