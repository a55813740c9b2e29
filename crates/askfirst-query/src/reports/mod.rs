//! The named reports: one definition each, so that terminal, page and exports cannot disagree.

mod activity;
mod both;
mod caveats;
mod commands;
mod compare;
mod context;
mod coverage;
mod edits;
mod empty;
mod errors;
mod exits;
mod models;
mod names;
mod overview;
mod quality;
mod table;
mod values;
mod versions;

use askfirst_catalog::Catalog;
use askfirst_store::Tally;

use crate::answer::{Answer, NotCompared, Table};
use crate::calendar::Day;
use crate::error::Error;
use crate::filters::Filters;
use crate::source::Part;

pub(crate) use context::Context;
use coverage::Coverage;

/// A question with a name and a fixed meaning.
#[derive(Clone, Copy)]
pub struct Report {
    /// In the terminal, in a URL and in JSON.
    pub name: &'static str,
    /// As a head.
    pub title: &'static str,
    /// The sentence that says what it counts.
    pub counts: &'static str,
    /// The events it is about; empty means every event.
    events: &'static [&'static str],
    build: fn(&Context<'_>) -> Result<Built, Error>,
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What a report made of the rows.
pub(crate) struct Built {
    tables: Vec<Table>,
    coverage: Coverage,
    /// Sentences after the report's own.
    caveats: Vec<String>,
    not_compared: Vec<NotCompared>,
    /// The installs that shares of installs are shares of, if the report shows such.
    share_of: Option<u64>,
}

/// Every report, in the order of a maintainer's questions.
pub const REPORTS: &[Report] = &[
    Report {
        name: "overview",
        title: "Overview",
        counts: "Messages are those a model answered; failed ones are those the tool reported an exception for.",
        events: &[],
        build: overview::build,
    },
    Report {
        name: "activity",
        title: "Activity",
        counts: "An install is active on a day if it sent any event that day.",
        events: &[],
        build: activity::build,
    },
    Report {
        name: "models",
        title: "Models, tokens and cost",
        counts: "Each answered message counts once, for its main model, with the tokens and cost the tool reported.",
        events: &["message_send"],
        build: models::build,
    },
    Report {
        name: "edits",
        title: "Edit formats",
        counts: "A message counts once, by the format the tool asked for.",
        events: &["message_send", "edit"],
        build: edits::build,
    },
    Report {
        name: "errors",
        title: "Errors",
        counts: "Groups by class and own frames. Messages, paths and source are never received.",
        events: &[
            "message_send_exception",
            "exception",
            "message_send_starting",
        ],
        build: errors::build,
    },
    Report {
        name: "versions",
        title: "Versions and platforms",
        counts: "By the version an install last reported in the period.",
        events: &[],
        build: versions::build,
    },
    Report {
        name: "commands",
        title: "Commands and features",
        counts: "Reach is the share of active installs that used it at least once. \
                 A command used by an old version only still counts.",
        events: &["command"],
        build: commands::build,
    },
    Report {
        name: "exits",
        title: "How runs end",
        counts: "A run lasts from one start to the next of the same install. A run without an exit event \
                 (killed, crashed, or its report not arrived) is shown as “no exit recorded”.",
        events: &["exit", "launched"],
        build: exits::build,
    },
    Report {
        name: "quality",
        title: "Data quality",
        counts: "Losses are what clients counted and told us with a later batch; \
                 a client that never came back is not in it.",
        events: &[],
        build: quality::build,
    },
];

/// The report with this name.
///
/// # Errors
/// [`Error::UnknownReport`] names the reports there are.
pub fn find(name: &str) -> Result<&'static Report, Error> {
    REPORTS
        .iter()
        .find(|report| report.name == name)
        .ok_or_else(|| Error::UnknownReport {
            name: name.to_owned(),
            valid: REPORTS
                .iter()
                .map(|report| report.name)
                .collect::<Vec<_>>()
                .join(", "),
        })
}

/// What a report is made from: the rows of one project.
pub struct Project<'a> {
    /// Id of the tool, for titles.
    pub host: &'a str,
    /// Its rows.
    pub parts: Vec<&'a dyn Part>,
    /// First and last day it has events of, by corrected time; `None` if it has none.
    pub days: Option<(Day, Day)>,
    /// The seed, if the events are made up.
    pub simulated: Option<u64>,
    /// The first day of an event, or of one of its properties (catalog names), if it was recorded at all.
    pub recorded: Box<Recorded<'a>>,
    /// Outcomes by day of arrival; `None` where rows alone are asked.
    pub tally: Option<&'a Tally>,
}

/// The first day on which an event, or a property of it, was recorded.
pub type Recorded<'a> = dyn Fn(&str, Option<&str>) -> Option<Day> + 'a;

impl std::fmt::Debug for Project<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Project")
            .field("host", &self.host)
            .field("parts", &self.parts.len())
            .finish_non_exhaustive()
    }
}

/// Answers a named report about one project.
///
/// # Errors
/// A name or value that does not exist is named with those that do; a segment that cannot be read is named.
pub fn answer(
    project: &Project<'_>,
    catalog: &Catalog,
    name: &str,
    filters: &Filters,
) -> Result<Answer, Error> {
    let report = find(name)?;
    let context = Context::new(project, catalog, filters)?;
    values::check(&context)?;
    let mut answer = Answer {
        report: report.name,
        title: report.title,
        host: project.host.to_owned(),
        simulated: project.simulated,
        period: context.period,
        compared: None,
        so_far: context.period.to >= filters.today,
        filters: filters.spelled(project.host, context.period),
        top: filters.top,
        empty: None,
        tables: Vec::new(),
        caveats: Vec::new(),
        not_compared: Vec::new(),
    };
    let built = (report.build)(&context)?;
    answer.compared = context.before();
    if built.coverage.events == 0 {
        answer.empty = Some(empty::why(&context, report)?);
        answer.tables = built
            .tables
            .into_iter()
            .take(1)
            .map(Table::emptied)
            .collect();
    } else {
        answer.caveats = caveats::of(&context, report, &built)?;
        // the report's own table stays, so that it is always the first
        let mut tables = built.tables.into_iter();
        answer.tables.extend(tables.next());
        answer
            .tables
            .extend(tables.filter(|table| !table.rows.is_empty()));
        answer.not_compared = built.not_compared;
    }
    if let Some(table) = answer.tables.first_mut() {
        table::sort_as_asked(table, filters)?;
    }
    Ok(answer)
}
