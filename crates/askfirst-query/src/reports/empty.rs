//! Why there is nothing to show. Never an empty table without a word, never a bare 0 for unknown.

use crate::answer::{Hint, Sentence};
use crate::calendar::Period;
use crate::error::Error;
use crate::question::{Ask, Measure, Selection};
use crate::reports::caveats::{many, single};
use crate::reports::{Context, Report, context};

/// The sentence that stands instead of the table.
pub(crate) fn why(context: &Context<'_>, report: &Report) -> Result<Sentence, Error> {
    let Some((first, last)) = context.project.days else {
        return Ok("Nothing was received yet.".into());
    };
    if let Some(sentence) = never_recorded(context, report) {
        return Ok(sentence.into());
    }
    if let Some(sentence) = never_carried(context, report) {
        return Ok(sentence.into());
    }
    let count = |selection: &Selection| -> Result<u64, Error> {
        let ask = Ask {
            by: vec![],
            bucket: None,
            measures: vec![Measure::Events],
        };
        Ok(single(&context.reader.ask(selection, &[ask])?.asks[0]))
    };
    let period = context.period;
    if count(&context.unfiltered(&[], Some(period)))? == 0 {
        return Ok(nothing_in(
            period,
            Period {
                from: first,
                to: last,
            },
        ));
    }
    let names = report.events.join(" or ");
    let without = count(&context.unfiltered(report.events, Some(period)))?;
    if context.filters.choose_rows() && without > 0 {
        let there = many(without, "event", "events");
        return Ok(format!(
            "The filters exclude everything: without them there would be {there} to count."
        )
        .into());
    }
    Ok(format!(
        "No {names} events {}, though there were others.",
        period.long()
    )
    .into())
}

/// Events that no version of the tool ever sent are not "none".
fn never_recorded(context: &Context<'_>, report: &Report) -> Option<String> {
    let mut events = report.events.iter();
    let never =
        !report.events.is_empty() && events.all(|event| context.recorded(event, None).is_none());
    never.then(|| format!("No version recorded {} yet.", report.events.join(" or ")))
}

fn nothing_in(period: Period, days: Period) -> Sentence {
    let (first, last) = (days.from, days.to);
    let none = format!("No events {}.", period.long());
    if period.to < first {
        let text = format!("{none} First event {}.", first.long());
        Sentence::hinted(text, Hint::From(first))
    } else if period.from > last {
        let text = format!("{none} Last event {}.", last.long());
        Sentence::hinted(text, Hint::To(last))
    } else {
        let text = format!("{none} There are events {}.", days.long());
        Sentence::hinted(text, Hint::AllTime)
    }
}

/// A filter on a property that the report's events never carry leaves nothing, whatever its value.
fn never_carried(context: &Context<'_>, report: &Report) -> Option<String> {
    let asked = context::chosen(context.filters)
        .into_iter()
        .filter(|(_, _, values)| !values.is_empty());
    let mut missing = asked.filter(|(_, property, _)| {
        !report.events.is_empty() && !carried(context, report, property)
    });
    let (key, ..) = missing.next()?;
    Some(format!(
        "{} events carry no {key}, so a filter by {key} leaves nothing.",
        report.events.join(" and ")
    ))
}

fn carried(context: &Context<'_>, report: &Report, property: &str) -> bool {
    let catalog = context.catalog;
    let Some(id) = catalog.find_property(property) else {
        return false;
    };
    let events = report
        .events
        .iter()
        .filter_map(|event| catalog.find_event(event));
    catalog.property(id).common
        || events
            .into_iter()
            .any(|event| catalog.event(event).properties.contains(&id))
}
