//! A report's table: sortable heads, names that lead to their own view, bars and small columns in cells.

use askfirst_query::answer::{Answer, Column, Role, Row, Shown, Table, Unit, Value};
use askfirst_query::calendar::{Bucket, Day};
use askfirst_query::filters::{Filters, Top};
use askfirst_query::policy;
use maud::{Markup, html};

use crate::cells::{capital, change, written};
use crate::svg::spark;
use crate::view::View;

/// What a table needs to know of the page it stands on.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) view: &'a View,
    pub(crate) answer: &'a Answer,
    /// What a time axis is cut into.
    pub(crate) bucket: Bucket,
}

impl<'a> Setting<'a> {
    pub(crate) fn new(view: &'a View, answer: &'a Answer) -> Setting<'a> {
        Setting {
            view,
            answer,
            bucket: view.filters.bucket(answer.period),
        }
    }
}

/// A table as it stands on a report's page. Only the first is sorted by the URL. Names alone are a list.
pub(crate) fn table(setting: Setting<'_>, table: &Table, sortable: bool) -> Markup {
    if let [column] = table.columns.as_slice() {
        return html! {
            ul class="names" { @for row in &table.rows { @for value in row { li { (name(setting, value, column)) } } } }
        };
    }
    let filters: &Filters = &setting.view.filters;
    let cut = table.cut(filters.top.unwrap_or(Top::Rows(policy::TOP_ROWS)));
    let sorted = sorted_by(table, filters).filter(|_| sortable);
    let title = if table.title.is_empty() {
        setting.answer.title.to_owned()
    } else {
        table.title.clone()
    };
    let most: Vec<i128> = (0..table.columns.len())
        .map(|at| largest(table, at))
        .collect();
    html! {
        div class="scroll" role="region" tabindex="0" aria-label={ "Table: " (title) } {
            table id=(format!("t-{}", table.name)) {
                caption class="hidden" { (title) ", " (setting.answer.period.long()) }
                thead { tr { @for (at, column) in table.columns.iter().enumerate() {
                    (head(setting.view, column, at, sorted.filter(|(by, _)| *by == at).map(|(_, down)| down), sortable))
                } } }
                tbody {
                    @for row in cut.rows { tr { (cells(setting, table, row, &most)) } }
                    @if let Some((left, rest)) = &cut.rest {
                        tr class="rest" {
                            th scope="row" { a href=(setting.view.link(&setting.view.pairs.with("top", "all"))) { (left) " more " (noun(table, *left)) } }
                            @for at in 1..table.columns.len() { (cell(table, rest, at, &most)) }
                        }
                    }
                }
                @if let Some(total) = &table.total {
                    tfoot { tr {
                        th scope="row" { (table.rows.len()) " " (noun(table, table.rows.len())) }
                        @for at in 1..table.columns.len() { (cell(table, total, at, &most)) }
                    } }
                }
            }
        }
    }
}

/// One row, the name first.
fn cells(setting: Setting<'_>, table: &Table, row: &Row, most: &[i128]) -> Markup {
    html! {
        @if let (Some(value), Some(column)) = (row.first(), table.columns.first()) {
            th scope="row" { (name(setting, value, column)) }
        }
        @for at in 1..table.columns.len() { (cell(table, row, at, most)) }
    }
}

fn cell(table: &Table, row: &Row, at: usize, most: &[i128]) -> Markup {
    let (column, value) = (&table.columns[at], row.get(at).unwrap_or(&Value::None));
    html! {
        td class=[class(column)] {
            @match value {
                // no line of all rows together
                Value::None if column.unit == Unit::Series => {},
                Value::Series(points) => (spark::columns(points)),
                Value::Change(moved) => (change(*moved)),
                Value::Share { part, .. } if column.role == Role::Share => {
                    span { (written(value, column.unit)) } " " (spark::share(*part, most[at]))
                }
                _ => (written(value, column.unit)),
            }
        }
    }
}

/// A name as a link to the same page with nothing else in it, where a filter can say so.
pub(crate) fn name(setting: Setting<'_>, value: &Value, column: &Column) -> Markup {
    let text = written(value, column.unit);
    let pairs = &setting.view.pairs;
    let link = match (value, &*column.key) {
        (Value::Text(model), "main_model" | "model") => Some(pairs.with("model", model)),
        (Value::Text(version), "version") => Some(pairs.with("version", version)),
        (Value::Text(platform), "platform" | "os_platform") => {
            Some(pairs.with("platform", platform))
        }
        (Value::Day(day), _) => Some(days(setting, *day)),
        _ => None,
    };
    html! {
        @match link {
            Some(pairs) => a href=(setting.view.link(&pairs)) { (breakable(&text)) },
            None => (breakable(&text)),
        }
    }
}

/// A name that may be wrapped where its parts meet, so that no part is torn.
pub(crate) fn breakable(name: &str) -> Markup {
    let mut parts = name.split_inclusive(['/', '.', ':', '_']);
    html! { (parts.next().unwrap_or_default()) @for part in parts { wbr; (part) } }
}

/// The days of a bucket, as a period.
pub(crate) fn days(setting: Setting<'_>, start: Day) -> crate::Pairs {
    let period = setting.answer.period;
    let last = setting.bucket.next(start).plus(-1).min(period.to);
    let pairs = setting.view.pairs.without("period").without("by");
    pairs
        .with("from", &start.max(period.from).iso())
        .with("to", &last.iso())
}

fn head(view: &View, column: &Column, at: usize, sorted: Option<bool>, sortable: bool) -> Markup {
    let text = capital(&column.head);
    // a click turns the order round; numbers start with the largest, names with the first
    let descending = match sorted {
        Some(down) => !down,
        None => at > 0,
    };
    let key = format!("{}{}", if descending { "-" } else { "" }, column.key);
    html! {
        th scope="col" class=[class(column)] aria-sort=[sorted.map(|down| if down { "descending" } else { "ascending" })] {
            @if sortable && column.unit != Unit::Series {
                a href=(view.link(&view.pairs.with("sort", &key))) { (text) @if let Some(down) = sorted { span class="sign" { (if down { " ▾" } else { " ▴" }) } } }
            } @else { (text) }
        }
    }
}

/// The column the rows are in the order of, and whether the largest is first.
fn sorted_by(table: &Table, filters: &Filters) -> Option<(usize, bool)> {
    if let Some(sort) = &filters.sort {
        return Some((table.column(&sort.column)?, sort.descending));
    }
    let in_order = |at: usize, descending: bool| {
        // what has no number (a cost nobody reported) sorts below every number
        let numbers: Vec<Option<i128>> = table.rows.iter().map(|row| row[at].number()).collect();
        let sorted = numbers.is_sorted_by(|a, b| if descending { a >= b } else { a <= b });
        sorted && numbers.iter().flatten().count() > 1
    };
    (0..table.columns.len()).find_map(|at| {
        let column = &table.columns[at];
        let day = matches!(column.unit, Unit::Day | Unit::DayOfYear | Unit::Month);
        let number = matches!(column.unit, Unit::Count | Unit::Large | Unit::Usd);
        match () {
            () if day && in_order(at, false) => Some((at, false)),
            () if (day || number) && in_order(at, true) => Some((at, true)),
            () => None,
        }
    })
}

/// How it is aligned, and on which screens it stays.
fn class(column: &Column) -> Option<&'static str> {
    let first = matches!(column.unit, Unit::Text | Unit::Command);
    match (column.shown, column.role) {
        (Shown::Exports, _) => Some("wide"),
        (_, Role::Spark) => Some("spark wide"),
        (Shown::Wide, _) | (_, Role::Share | Role::Tokens | Role::Detail) => Some("mid"),
        _ if first => Some("name"),
        _ => None,
    }
}

fn largest(table: &Table, at: usize) -> i128 {
    let part = |row: &Row| match row.get(at) {
        Some(Value::Share { part, .. }) => *part,
        _ => 0,
    };
    table.rows.iter().map(part).max().unwrap_or(0)
}

fn noun(table: &Table, count: usize) -> &'static str {
    if count == 1 {
        table.noun.0
    } else {
        table.noun.1
    }
}
