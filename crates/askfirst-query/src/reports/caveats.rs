//! The sentences under a report's title: first what is counted, then whose events they are, then what a reader must know
//! before believing a number. Only those that apply, and only those that are true: the words "opted in" stand for
//! events that carry our consent record, never for imported logs or for senders that say nothing.

use askfirst_catalog::Profile;

use crate::answer::{Hint, NotCompared, Sentence};
use crate::calendar::Period;
use crate::error::Error;
use crate::policy;
use crate::question::{Ask, Measure};
use crate::render::number::{exact, percent_in_words};
use crate::reports::{Built, Context, Coverage, Report, context, coverage::Part};

/// All sentences, most important first.
pub(crate) fn of(
    context: &Context<'_>,
    report: &Report,
    built: &Built,
) -> Result<Vec<Sentence>, Error> {
    let (coverage, share_of) = (&built.coverage, built.share_of);
    let mut said = vec![report.counts.to_owned()];
    said.extend(built.caveats.iter().cloned());
    said.extend(not_compared(context, &built.not_compared));
    said.push(counted(coverage));
    said.extend(largest(coverage));
    said.extend(not_people(context, coverage));
    if share_of.is_some_and(|installs| installs < policy::INSTALLS_FOR_SHARES) {
        let least = policy::INSTALLS_FOR_SHARES;
        said.push(format!(
            "Fewer than {least} installs: they are counted, shares of them would be noise."
        ));
    }
    said.extend(left_out(context, coverage));
    let mut all: Vec<Sentence> = said.into_iter().map(Sentence::from).collect();
    all.extend(today(context, report)?);
    Ok(all)
}

/// What is not compared, and why; or that there is nothing to compare with.
fn not_compared(context: &Context<'_>, missing: &[NotCompared]) -> Option<String> {
    let asked = context.filters.compared(context.period);
    if let (Some(before), None) = (asked, context.before()) {
        let days = before.days();
        let length = match days % 7 {
            0 if days > 7 => format!("{} weeks", days / 7),
            _ => many(u64::try_from(days).unwrap_or(0), "day", "days"),
        };
        return Some(format!(
            "No data in the {length} before, so nothing is compared."
        ));
    }
    let all: Vec<String> = missing
        .iter()
        .map(|missing| format!("{}, {}", missing.what, missing.because))
        .collect();
    (!all.is_empty()).then(|| format!("Not compared: {}.", all.join("; ")))
}

/// `3 installs`, `1 install`.
pub(crate) fn many(count: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        exact(count.into()),
        if count == 1 { one } else { many }
    )
}

fn counted(coverage: &Coverage) -> String {
    let events = many(coverage.events, "event", "events");
    let installs = many(coverage.installs, "install", "installs");
    let kinds = [
        (
            coverage.agreed,
            "that opted in",
            "from installs that opted in",
        ),
        (
            coverage.imported,
            "in imported logs, which do not say who agreed",
            "from imported logs",
        ),
        (
            coverage.unknown,
            "whose senders say nothing about consent",
            "from senders that say nothing about consent",
        ),
    ];
    let there: Vec<&(Part, &str, &str)> =
        kinds.iter().filter(|(part, ..)| part.events > 0).collect();
    let mut sentence = match there.as_slice() {
        [(_, alone, _)] => format!("Counts {events} from {installs} {alone}."),
        several => {
            let part = |(part, _, among): &&(Part, &str, &str)| {
                format!("{} {among}", exact(part.events.into()))
            };
            let parts: Vec<String> = several.iter().map(part).collect();
            format!("Counts {events} from {installs}: {}.", parts.join(", "))
        }
    };
    if coverage.without_install > 0 {
        sentence.push_str(&format!(
            " {} no install id and {} as events, never as an install.",
            many(coverage.without_install, "event carries", "events carry"),
            if coverage.without_install == 1 {
                "counts"
            } else {
                "count"
            },
        ));
    }
    sentence
}

fn largest(coverage: &Coverage) -> Option<String> {
    let (part, whole) = (i128::from(coverage.largest), i128::from(coverage.events));
    if part == whole {
        return (whole > 1).then(|| {
            "One install sent every event, so every figure describes that install.".into()
        });
    }
    let dominant = part * 100 > whole * i128::from(policy::DOMINANT_PERCENT);
    dominant.then(|| {
        format!(
            "One install sent {} of the events.",
            percent_in_words(part, whole)
        )
    })
}

fn not_people(context: &Context<'_>, coverage: &Coverage) -> Vec<String> {
    if coverage.agreed.events == 0 {
        return vec!["Installs are not people, and those that send are not a fair sample.".into()];
    }
    let mut all =
        vec!["Installs are not people; those who opt in are not a fair sample.".to_owned()];
    if let Some(profile) =
        Profile::builtin(context.project.host).filter(|profile| profile.ask_percent < 100)
    {
        all.push(format!(
            "{} asks {}\u{202f}% of its users.",
            profile.title, profile.ask_percent
        ));
    }
    all
}

/// What a filter left out because the events do not say.
fn left_out(context: &Context<'_>, coverage: &Coverage) -> Vec<String> {
    let asked = context::chosen(context.filters)
        .into_iter()
        .filter(|(_, _, values)| !values.is_empty());
    let sentence = |((key, ..), &count): ((&str, &str, &[String]), &u64)| match count {
        0 => None,
        1 => Some(format!("1 event carries no {key} and is left out.")),
        _ => Some(format!(
            "{} events carry no {key} and are left out.",
            exact(count.into())
        )),
    };
    asked
        .zip(&coverage.unrecorded)
        .filter_map(sentence)
        .collect()
}

/// Today is not over, so a period ends before it; but who has just set up looks for today's events.
fn today(context: &Context<'_>, report: &Report) -> Result<Option<Sentence>, Error> {
    let today = context.filters.today;
    if context.period.to != today.plus(-1)
        || context.project.days.is_none_or(|(_, last)| last < today)
    {
        return Ok(None);
    }
    let count = Ask {
        by: vec![],
        bucket: None,
        measures: vec![Measure::Events],
    };
    let selection = context.selection_in(
        report.events,
        Some(Period {
            from: today,
            to: today,
        }),
    );
    let events = single(&context.reader.ask(&selection, &[count])?.asks[0]);
    let so_far = many(events, "event", "events");
    let said = format!("Today so far: {so_far}, not counted.");
    Ok((events > 0).then(|| Sentence::hinted(said, Hint::Today)))
}

/// The number of an ask without groups.
pub(crate) fn single(grouped: &crate::scan::Grouped) -> u64 {
    let cell = grouped.groups.first().and_then(|group| group.cells.first());
    cell.map_or(0, |cell| u64::try_from(cell.number()).unwrap_or(0))
}
