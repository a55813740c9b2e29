//! `askfirst status`: what is stored, and what became of everything received.

mod figures;

use std::fmt::Write as _;
use std::path::Path;

use askfirst_query::calendar::Day;
use askfirst_store::{Outcome, Tally};
use serde_json::{Map, Value, json};

use crate::args::{Format, StatusArgs};
use crate::commands::store;
use crate::data_dir;
use crate::failure::Failure;
use crate::operator::Operator;
use crate::output::{Output, csv, grouped, wrapped};

use figures::Figures;

/// Does what was asked.
pub(crate) fn run(args: &StatusArgs, data: &Path, output: &Output) -> anyhow::Result<()> {
    let snapshot = data_dir::read(data)?;
    let served = Operator::of(data)?
        .filter(Operator::answers)
        .map(|server| server.url());
    let receipt_key = receipt_key(data)?;
    let mut projects = Vec::new();
    for project in snapshot.projects() {
        if let Some(view) = snapshot.project(project.id) {
            projects.push(Figures::of(&view)?);
        }
    }
    match args.format.format {
        Format::Json => {
            let projects: Vec<Value> = projects.iter().map(object).collect();
            output.json(&json!({
                "data": data.display().to_string(),
                "served": served,
                "receipt_key": receipt_key,
                "clock_doubted": store::clock_object(snapshot.doubt()),
                "projects": projects,
            }))?;
        }
        Format::Csv => {
            let rows: Vec<Vec<String>> = projects.iter().flat_map(rows).collect();
            output.result(&csv(
                &["project", "host", "outcome", "reason", "events"],
                &rows,
            ))?;
        }
        Format::Table => {
            let mut text = format!("data directory {}, ", data.display());
            match served {
                Some(url) => writeln!(text, "served at {url}")?,
                None => writeln!(text, "not served now")?,
            }
            if let Some(key) = receipt_key {
                writeln!(text, "receipts are signed with {key}")?;
            }
            if let Some(doubt) = store::clock_words(snapshot.doubt()) {
                text += &wrapped("clock doubted: ", &doubt, output.look().width);
            }
            if projects.is_empty() {
                writeln!(
                    text,
                    "no project yet; make one: askfirst project add NAME --host PROFILE"
                )?;
            }
            for project in &projects {
                words(&mut text, project)?;
            }
            output.result(&output.readable(&text))?;
        }
    }
    Ok(())
}

/// The public half of the key receipts are signed with: what a profile pins.
fn receipt_key(data: &Path) -> Result<Option<String>, Failure> {
    let key = askfirst_collector::receipt_key(data);
    let key = key.map_err(|error| Failure::of(&error, error.remedy()))?;
    Ok(key.map(|key| key.to_string()))
}

fn words(text: &mut String, figures: &Figures) -> std::fmt::Result {
    writeln!(text, "\n{} ({})", figures.name, figures.host)?;
    match figures.days {
        Some((first, last)) => {
            let (first, last) = (Day(first).long(), Day(last).long());
            writeln!(
                text,
                "  events     {}, {first} – {last}",
                grouped(figures.events)
            )?;
        }
        None => writeln!(text, "  events     none yet")?,
    }
    if let Some(last) = figures.last_event_ms {
        writeln!(text, "  last       {} UTC", moment(last))?;
    }
    writeln!(
        text,
        "  installs   {}; {} without one",
        grouped(figures.installs),
        plural(figures.events_without_install, "event", "events")
    )?;
    writeln!(text, "  on disk    {}", bytes(figures.bytes))?;
    writeln!(
        text,
        "  kept       {}; imported events {} after their import",
        plural(figures.retention.received_days.into(), "day", "days"),
        plural(figures.retention.imported_days.into(), "day", "days")
    )?;
    if figures.masked > 0 {
        writeln!(
            text,
            "  masked     {}; erased from every report, still in files",
            plural(figures.masked as u64, "identifier", "identifiers")
        )?;
    }
    writeln!(text, "  received   {}", grouped(received(&figures.tally)))?;
    for outcome in Outcome::ALL {
        let reasons = by_reason(&figures.tally, outcome);
        let total: u64 = reasons.iter().map(|(_, n)| n).sum();
        if total == 0 && outcome != Outcome::Accepted {
            continue;
        }
        let named = reasons
            .iter()
            .filter(|(reason, _)| *reason != outcome.name());
        let named: Vec<String> = named
            .map(|(reason, n)| format!("{} {}", reason.replace('_', " "), grouped(*n)))
            .collect();
        let name = outcome.name().replace('_', " ");
        let line = format!("    {name:<12}{:>10}  {}", grouped(total), named.join(", "));
        writeln!(text, "{}", line.trim_end())?;
    }
    let notes = notes(&figures.tally);
    if !notes.is_empty() {
        writeln!(text, "  left out or corrected in what is stored")?;
    }
    for (note, n) in notes {
        writeln!(text, "    {:<22}{:>10}", note.replace('_', " "), grouped(n))?;
    }
    Ok(())
}

fn object(figures: &Figures) -> Value {
    let day = |day: i32| Day(day).iso();
    let outcomes: Map<String, Value> = Outcome::ALL
        .into_iter()
        .map(|outcome| {
            let reasons = by_reason(&figures.tally, outcome).into_iter();
            let reasons: Map<String, Value> = reasons
                .map(|(reason, n)| (reason.to_owned(), n.into()))
                .collect();
            (outcome.name().to_owned(), reasons.into())
        })
        .collect();
    let notes: Map<String, Value> = notes(&figures.tally)
        .into_iter()
        .map(|(note, n)| (note.to_owned(), n.into()))
        .collect();
    json!({
        "name": figures.name,
        "host": figures.host,
        "events": figures.events,
        "installs": figures.installs,
        "events_without_install": figures.events_without_install,
        "first_day": figures.days.map(|(first, _)| day(first)),
        "last_day": figures.days.map(|(_, last)| day(last)),
        "last_event": figures.last_event_ms.map(|ms| format!("{}Z", moment(ms).replace(' ', "T"))),
        "bytes": figures.bytes,
        "kept_days": figures.retention.received_days,
        "imported_days": figures.retention.imported_days,
        "masked": figures.masked,
        "received": received(&figures.tally),
        "outcomes": outcomes,
        "notes": notes,
    })
}

fn rows(figures: &Figures) -> Vec<Vec<String>> {
    let row = |outcome: &str, reason: &str, n: u64| {
        vec![
            figures.name.clone(),
            figures.host.clone(),
            outcome.into(),
            reason.into(),
            n.to_string(),
        ]
    };
    let of = |outcome: Outcome| {
        let reasons = by_reason(&figures.tally, outcome).into_iter();
        reasons.map(move |(reason, n)| (outcome.name(), reason, n))
    };
    Outcome::ALL
        .into_iter()
        .flat_map(of)
        .map(|(outcome, reason, n)| row(outcome, reason, n))
        .collect()
}

/// How many events got each reason of an outcome, over all days; those that none got left out.
fn by_reason(tally: &Tally, outcome: Outcome) -> Vec<(&'static str, u64)> {
    let reasons = askfirst_store::Reason::ALL
        .iter()
        .filter(|reason| reason.outcome() == outcome);
    reasons
        .map(|reason| (reason.name(), tally.total(*reason)))
        .filter(|(_, n)| *n > 0)
        .collect()
}

fn notes(tally: &Tally) -> Vec<(&'static str, u64)> {
    let all = askfirst_store::Note::ALL.iter();
    all.map(|note| (note.name(), tally.total_note(*note)))
        .filter(|(_, n)| *n > 0)
        .collect()
}

fn received(tally: &Tally) -> u64 {
    Outcome::ALL
        .into_iter()
        .map(|outcome| tally.outcome(outcome))
        .sum()
}

/// `2024-12-31 15:04:05`, UTC.
fn moment(ms: i64) -> String {
    let seconds = ms.rem_euclid(86_400_000) / 1000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{} {hour:02}:{minute:02}:{second:02}", Day::of_ms(ms).iso())
}

/// Three figures and a binary unit.
fn bytes(n: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    if n < 1024 {
        return plural(n, "byte", "bytes");
    }
    let mut size = n as f64 / 1024.0;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < units.len() {
        size /= 1024.0;
        unit += 1;
    }
    let digits = if size < 10.0 {
        2
    } else {
        usize::from(size < 100.0)
    };
    format!("{size:.digits$} {}", units[unit])
}

fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_three_figures_and_a_binary_unit() {
        let cases = [0, 1, 1023, 1024, 98_304, 1_468_006, 1_046_478_848, 5 << 40];
        let texts: Vec<String> = cases.into_iter().map(bytes).collect();
        assert_eq!(
            texts,
            [
                "0 bytes",
                "1 byte",
                "1,023 bytes",
                "1.00 KiB",
                "96.0 KiB",
                "1.40 MiB",
                "998 MiB",
                "5.00 TiB"
            ]
        );
    }

    #[test]
    fn a_moment_is_utc_to_the_second() {
        assert_eq!(moment(1_735_689_599_999), "2024-12-31 23:59:59");
        assert_eq!(moment(-1), "1969-12-31 23:59:59");
    }
}
