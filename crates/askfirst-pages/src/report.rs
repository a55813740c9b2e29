//! The page of a report that has no layout of its own: title, caveats, its tables.

use askfirst_query::answer::Answer;
use maud::{Markup, html};

use crate::state;
use crate::tables::{self, Setting};
use crate::template::heading;
use crate::view::{Form, View};

/// What stands between filters and footer.
pub(crate) fn main(view: &View, answer: &Answer) -> Markup {
    html! {
        (heading(view, answer, answer.title))
        @if answer.empty.is_some() {
            (state::nothing(view, answer))
        } @else {
            @for (at, table) in answer.tables.iter().enumerate() {
                section class="whole" aria-labelledby=(format!("h-{}", table.name)) {
                    div class="head" {
                        h2 id=(format!("h-{}", table.name)) { (if table.title.is_empty() { capitalised(table.noun.1) } else { table.title.clone() }) }
                        (files(view, table.name))
                    }
                    (tables::table(Setting::new(view, answer), table, at == 0))
                }
            }
            @for missing in &answer.not_compared { p class="small" { (crate::cells::capital(&missing.what)) ": " (missing.because) ", so not compared." } }
        }
    }
}

fn capitalised(noun: &str) -> String {
    crate::cells::capital(noun)
}

/// The same data for programs.
pub(crate) fn files(view: &View, table: &str) -> Markup {
    html! {
        p class="files" {
            a href=(view.file(Form::Csv, Some(("table", table)))) { "CSV" }
            a href=(view.file(Form::Json, None)) { "JSON" }
        }
    }
}
