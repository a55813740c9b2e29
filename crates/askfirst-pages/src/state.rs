//! What is shown when there are no figures: never an empty box, never a bare 0 for unknown.

use askfirst_query::answer::Answer;
use maud::{Markup, html};

use crate::controls;
use crate::refused::Refused;
use crate::template::{Page, said};
use crate::view::{Site, View};

/// Why an answer is empty, and the way to one that is not.
pub(crate) fn nothing(view: &View, answer: &Answer) -> Markup {
    html! {
        div class="state" {
            @if let Some(sentence) = &answer.empty { p { (said(view, sentence)) } }
            @if view.filters.choose_rows() { p { "Filters: take one away to see more." } (controls::chips(view)) }
        }
    }
}

/// The first steps, with this server's address filled in.
pub(crate) fn first_steps(address: &str, project: bool) -> Markup {
    html! {
        h1 { "Nothing received yet" }
        p class="caveats" { "These pages show what tools send here once someone said yes. Three ways to see them filled:" }
        ol class="steps" {
            li {
                strong { "Look around first." } " A made-up population of installs, in a directory of its own:"
                pre { code { "askfirst demo" } }
            }
            @if !project {
                li {
                    strong { "Make a project." } " It gets a key, which tools send with:"
                    pre { code { "askfirst project add aider --host aider" } }
                }
            }
            li {
                strong { "Send one event." } " With the key that " code { "askfirst project add" } " printed:"
                pre { code {
                    "curl http://" (address) "/i/v0/e/ -H 'Content-Type: application/json' -d '"
                    "{\"api_key\":\"KEY\",\"event\":\"launched\",\"distinct_id\":\"3f2c7a52-0c2e-4a5e-9a57-6f1c1f0e8b11\"}'"
                } }
            }
            li {
                strong { "Point aider here." } " It asks its user first, and sends nothing without a yes:"
                pre { code { "aider --analytics --analytics-posthog-host http://" (address) " --analytics-posthog-project-api-key KEY" } }
            }
        }
    }
}

/// A page instead of the one that was asked for.
pub fn refusal(refused: &Refused, site: &Site) -> String {
    let main = html! {
        h1 { (refused.title) }
        div class="state" {
            p { (refused.message) }
            @if let Some(remedy) = &refused.remedy { p { (remedy) } }
            @if let Some(nearest) = &refused.nearest {
                p { a href=(nearest) { @if refused.status == 503 { "Look again" } @else { "Show the nearest view" } } }
            }
        }
    };
    Page {
        title: refused.title.into(),
        site,
        view: None,
        answer: None,
        last_event: None,
        main,
    }
    .document()
}
