//! What reports look like in a browser. Pure functions from an [`Answer`] to text; nothing here listens, reads
//! a clock or a file, so a server and a folder of files show the same.
//!
//! A request's way:
//!
//! 1. [`read`] understands path and query string. What it does not understand is a [`Refused`] that names it and
//!    links the nearest view; another spelling of a view leads to its one address ([`Asked::Elsewhere`]).
//! 2. Whoever serves asks `askfirst-query` for the [`Answer`] of the [`View`].
//! 3. [`page`] draws it, or [`file()`] for CSV, JSON and the charts as SVG.
//!
//! Rules that hold for every page, and that tests hold it to: correct without script; no style attribute and
//! nothing loaded from elsewhere, so that the strictest content security policy fits ([`POLICY`]); every figure
//! stands as a table on the same page; nothing is said by colour alone.
//!
//! [`Answer`]: askfirst_query::answer::Answer

pub mod asset;
mod cells;
mod controls;
mod daily;
mod overview;
mod pairs;
mod refused;
mod report;
mod state;
pub mod svg;
mod tables;
mod template;
#[cfg(test)]
mod tests;
mod view;

use askfirst_query::answer::{Answer, Sentence};
use askfirst_query::calendar::Day;
use askfirst_query::render;

pub use pairs::Pairs;
pub use refused::Refused;
pub use state::refusal;
pub use view::{Asked, Form, Project, Site, View, is_page, read};

use cells::capital;
use tables::Setting;
use template::Page;

/// The content security policy of every page: nothing from elsewhere, nothing inline, no frames.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// That of a chart as a file, whose style is inside it.
pub const SVG_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// What a page says beside its answer.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The projects, and today.
    pub site: &'a Site,
    /// Where this server is reached, as host and port.
    pub address: &'a str,
    /// The last day the project has events of; `None` if it never had any.
    pub last_event: Option<Day>,
}

/// The page of a view.
pub fn page(view: &View, answer: &Answer, facts: Facts<'_>) -> String {
    let main = match (facts.last_event, view.report.name) {
        (None, _) => state::first_steps(facts.address, true),
        (_, "overview") => overview::main(view, answer),
        _ => report::main(view, answer),
    };
    let project = facts
        .site
        .projects
        .get(view.project)
        .map_or("", |project| project.name.as_str());
    let title = format!("{} · {project}", capital(view.report.name));
    let page = Page {
        title,
        site: facts.site,
        view: Some(view),
        answer: Some(answer),
        last_event: facts.last_event,
        main,
    };
    page.document()
}

/// The page while there is no project.
pub fn first_page(facts: Facts<'_>) -> String {
    let main = state::first_steps(facts.address, false);
    let page = Page {
        title: "Nothing received yet".into(),
        site: facts.site,
        view: None,
        answer: None,
        last_event: None,
        main,
    };
    page.document()
}

/// The data behind a view, in the form its path asks for.
///
/// # Errors
/// A table or chart the report does not have is named with those it has.
pub fn file(view: &View, answer: &Answer) -> Result<String, Refused> {
    match view.form {
        Form::Json => Ok(render::json(answer)),
        Form::Svg => chart(view, answer),
        Form::Csv | Form::Page => csv(view, answer),
    }
}

fn csv(view: &View, answer: &Answer) -> Result<String, Refused> {
    let Some(name) = view.pairs.get("table") else {
        return Ok(render::csv(answer));
    };
    let Some(table) = cells::table(answer, name) else {
        let names: Vec<&str> = answer.tables.iter().map(|table| table.name).collect();
        return Err(Refused::no_such("table", Some(name), &names, view));
    };
    let alone = Answer {
        tables: vec![table.clone()],
        ..answer.clone()
    };
    Ok(render::csv(&alone))
}

fn chart(view: &View, answer: &Answer) -> Result<String, Refused> {
    let table = cells::table(answer, daily::NAME).filter(|_| view.report.name == "overview");
    let asked = view.pairs.get("chart");
    let Some(table) = table.filter(|_| asked == Some(daily::NAME)) else {
        let charts: &[&str] = if table.is_some() { &[daily::NAME] } else { &[] };
        return Err(Refused::no_such("chart", asked, charts, view));
    };
    let setting = Setting::new(view, answer);
    let title = format!(
        "{} · {} · {}",
        daily::title(setting),
        answer.host,
        answer.period.long()
    );
    let simulated = answer.simulated.map(|seed| Sentence::simulated(seed).text);
    let first = answer.caveats.first().map(|sentence| sentence.text.clone());
    let notes: Vec<String> = simulated.into_iter().chain(first).collect();
    Ok(daily::figure(setting, table).standalone(&title, &notes))
}
