//! What every page has: header and navigation, filters, title, caveats, footer.

use askfirst_query::answer::{Answer, Sentence};
use askfirst_query::calendar::Day;
use askfirst_query::reports::REPORTS;
use maud::{DOCTYPE, Markup, html};

use crate::asset::{CSS, JS};
use crate::cells::capital;
use crate::controls;
use crate::svg::figure::patterns;
use crate::view::{Form, Site, View};

/// What a page is made of.
pub(crate) struct Page<'a> {
    pub(crate) title: String,
    pub(crate) site: &'a Site,
    pub(crate) view: Option<&'a View>,
    pub(crate) answer: Option<&'a Answer>,
    pub(crate) last_event: Option<Day>,
    pub(crate) main: Markup,
}

/// A small sign for the browser's tab: three bars. Part of the page, because a request for it would be one more.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='%231d5fb4'%3E%3Crect x='1' y='9' width='4' height='6' rx='1'/%3E%3Crect x='6' y='5' width='4' height='10' rx='1'/%3E%3Crect x='11' y='1' width='4' height='14' rx='1'/%3E%3C/svg%3E";

impl Page<'_> {
    /// The whole document.
    pub(crate) fn document(self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (self.title) " · askfirst" }
                    link rel="icon" href=(ICON);
                    link rel="stylesheet" href=(CSS.path);
                    script src=(JS.path) defer {}
                }
                body {
                    a class="skip" href="#main" { "Skip to the figures" }
                    svg class="hidden" width="0" height="0" aria-hidden="true" { (patterns()) }
                    (self.header())
                    @if let Some(seed) = self.answer.and_then(|answer| answer.simulated) {
                        p class="banner" { strong { (Sentence::simulated(seed)) } " Nobody's events: made up by this program." }
                    }
                    @if let (Some(view), Some(answer)) = (self.view, self.answer) { (controls::row(self.site, view, answer)) }
                    main id="main" tabindex="-1" { (self.main) }
                    (self.footer())
                }
            }
        };
        page.into_string()
    }

    fn header(&self) -> Markup {
        html! {
            header class="top" {
                div class="row" {
                    a class="brand" href=(self.home()) {
                        svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true" {
                            rect class="acc" x="1" y="9" width="4" height="6" rx="1" {}
                            rect class="acc" x="6" y="5" width="4" height="10" rx="1" {}
                            rect class="acc" x="11" y="1" width="4" height="14" rx="1" {}
                        }
                        strong { "askfirst" }
                        @if let Some(project) = self.view.and_then(|view| self.site.projects.get(view.project)) { span { "/ " (project.name) } }
                    }
                    @if !self.site.projects.is_empty() { (self.navigation()) }
                    @if let Some(day) = self.last_event { p class="last" { "Last event " (day.long()) } }
                }
            }
        }
    }

    fn home(&self) -> String {
        match (self.view, REPORTS.first()) {
            (Some(view), Some(first)) => view.other(first),
            _ => "/".into(),
        }
    }

    /// The reports there are, in the order of a maintainer's questions.
    fn navigation(&self) -> Markup {
        let current = |name: &str| {
            self.view
                .is_some_and(|view| view.report.name == name)
                .then_some("page")
        };
        html! {
            nav aria-label="Reports" { ul {
                @for report in REPORTS {
                    @let link = self.view.map_or_else(|| crate::view::path_of(report, Form::Page), |view| view.other(report));
                    li { a href=(link) aria-current=[current(report.name)] { (capital(report.name)) } }
                }
            } }
        }
    }

    fn footer(&self) -> Markup {
        html! {
            footer {
                p { "Days are UTC. Shown to this machine alone." }
                @if let Some(view) = self.view {
                    p { "This page as " a href=(view.file(Form::Csv, None)) { "CSV" } " or " a href=(view.file(Form::Json, None)) { "JSON" } }
                }
            }
        }
    }
}

/// The title of a page with the exact days, and the sentences that say what is counted.
pub(crate) fn heading(view: &View, answer: &Answer, title: &str) -> Markup {
    html! {
        h1 { (title) " " small { (answer.period.long()) @if answer.so_far { ", so far" }
            @if let Some(before) = answer.compared.filter(|_| answer.empty.is_none()) { ", compared with " (before.within(answer.period)) }
        } }
        @if !answer.caveats.is_empty() {
            p class="caveats" { @for sentence in &answer.caveats { (said(view, sentence)) " " } }
        }
    }
}

/// A sentence with the link that answers the next question.
pub(crate) fn said(view: &View, sentence: &Sentence) -> Markup {
    html! {
        (sentence.text)
        @if let Some(hint) = sentence.hint {
            @let (key, value) = hint.filter();
            @let pairs = match key {
                "to" if view.pairs.get("from").is_none() => view.pairs.clone(),
                _ => view.pairs.without("from").without("to").without("period"),
            };
            " " a href=(view.link(&pairs.with(key, &value))) { (following(key, &value)) }
        }
    }
}

fn following(key: &str, value: &str) -> String {
    match (key, value) {
        ("to", "today") => "Count today too".into(),
        ("period", _) => "Show all days".into(),
        (key, day) => format!(
            "Show the days {} {}",
            if key == "from" { "from" } else { "up to" },
            Day::parse(day).map_or(day.to_owned(), Day::long)
        ),
    }
}
