//! `askfirst report`: a named question to one project, answered beside whoever writes.

use std::path::Path;

use askfirst_catalog::Catalog;
use askfirst_query::answer::Answer;
use askfirst_query::calendar::Day;
use askfirst_query::render::{self, Style};
use askfirst_query::reports::{self, REPORTS};
use askfirst_query::{Error, Filters};
use askfirst_store::{Clock as _, SystemClock};
use serde_json::json;

use crate::args::{Format, ReportArgs};
use crate::choose::{self, Candidate};
use crate::data_dir;
use crate::failure::Failure;
use crate::output::{Output, csv, wrapped};

/// Does what was asked.
pub(crate) fn run(args: &ReportArgs, data: &Path, output: &Output) -> anyhow::Result<()> {
    let Some(name) = &args.name else {
        return list(args.format.format, output);
    };
    // What was typed is judged before anything is read, so that it is refused anywhere.
    reports::find(name).map_err(failure)?;
    let today = Day::of_ms(SystemClock.now_ms());
    let filters = Filters::parse(pairs(args), today).map_err(failure)?;
    let snapshot = data_dir::read(data)?;
    let all = snapshot.projects();
    let candidates: Vec<Candidate<'_>> = all
        .iter()
        .map(|project| Candidate {
            name: &project.name,
            host: &project.host,
        })
        .collect();
    let chosen = choose::one(&args.choose, &candidates)?;
    let view = snapshot
        .project(all[chosen].id)
        .ok_or_else(|| choose::unknown(candidates[chosen].name, &candidates))?;
    let answer = askfirst_query::run(&view, &Catalog::builtin(), name, &filters);
    show(&answer.map_err(failure)?, args.format.format, output)
}

/// The filters as keys and values, in the words of a query string.
fn pairs(args: &ReportArgs) -> Vec<(&'static str, &str)> {
    let once = [
        ("period", &args.period),
        ("from", &args.from),
        ("to", &args.to),
        ("compare", &args.compare),
        ("by", &args.by),
        ("sort", &args.sort),
        ("top", &args.top),
    ];
    let many = [
        ("version", &args.tool_version),
        ("platform", &args.platform),
        ("model", &args.model),
    ];
    let once = once
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.as_deref()?)));
    let many = many
        .into_iter()
        .flat_map(|(key, values)| values.iter().map(move |value| (key, value.as_str())));
    once.chain(many).collect()
}

/// Prints an answer.
pub(super) fn show(answer: &Answer, format: Format, output: &Output) -> anyhow::Result<()> {
    let look = output.look();
    let style = Style::new(look.width, look.color, look.unicode);
    match format {
        Format::Json => output.result(&render::json(answer))?,
        Format::Table if look.terminal => output.result(&render::terminal(answer, &style))?,
        Format::Table => {
            aside(answer, output);
            output.result(&render::plain(answer))?;
        }
        Format::Csv => {
            aside(answer, output);
            output.result(&render::csv(answer))?;
        }
    }
    Ok(())
}

/// What must be said but not stand among the rows.
fn aside(answer: &Answer, output: &Output) {
    let look = output.look();
    let caveats = render::caveats(answer, &Style::new(look.width, false, look.unicode));
    if !caveats.is_empty() {
        output.note(caveats.trim_end());
    }
}

/// Every report with the sentence that says what it counts.
fn list(format: Format, output: &Output) -> anyhow::Result<()> {
    let look = output.look();
    match format {
        Format::Json => {
            let of = |report: &reports::Report| json!({ "name": report.name, "title": report.title, "counts": report.counts });
            output.json(&json!({ "reports": REPORTS.iter().map(of).collect::<Vec<_>>() }))?;
        }
        Format::Csv => {
            let of = |report: &reports::Report| {
                vec![
                    report.name.to_owned(),
                    report.title.to_owned(),
                    report.counts.to_owned(),
                ]
            };
            let rows: Vec<Vec<String>> = REPORTS.iter().map(of).collect();
            output.result(&csv(&["report", "title", "counts"], &rows))?;
        }
        Format::Table => {
            let names = REPORTS
                .iter()
                .map(|report| report.name.len())
                .max()
                .unwrap_or(0);
            let width = if look.terminal {
                look.width
            } else {
                usize::MAX
            };
            let of = |report: &reports::Report| {
                let head = format!("{:names$}  ", report.name);
                wrapped(
                    &head,
                    &format!("{}. {}", report.title, report.counts),
                    width,
                )
            };
            let text: String = REPORTS.iter().map(of).collect();
            output.result(&output.readable(&text))?;
        }
    }
    Ok(())
}

/// The query's refusals, in the words of the command line.
pub(super) fn failure(error: Error) -> Failure {
    match error {
        Error::UnknownReport { name, valid } => Failure::wrong_use(
            format!("there is no report `{name}`"),
            format!("choose one of: {valid}"),
        ),
        Error::BadValue { key, value, valid } => Failure::wrong_use(
            format!("{} does not take `{value}`", flag(&key)),
            format!("it takes: {valid}"),
        ),
        Error::NeverSeen { key, value, seen } => Failure::wrong_use(
            format!("no event ever carried {} `{value}`", flag(&key)),
            seen,
        ),
        Error::Store(error) => (*error).into(),
        other => Failure::of(other, None),
    }
}

/// The flag of a filter. `--version` is the program's own.
fn flag(key: &str) -> String {
    match key {
        "version" => "--tool-version".to_owned(),
        other => format!("--{other}"),
    }
}
