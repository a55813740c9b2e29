//! Why there is nothing to show. Never an empty table without a word, never a bare 0 for unknown.

use crate::calendar::Period;
use crate::error::Error;
use crate::question::{Ask, Measure, Selection};
use crate::reports::caveats::{many, single};
use crate::reports::{Context, Report, context};

/// The sentence that stands instead of the table.
pub(crate) fn why(context: &Context<'_>, report: &Report) -> Result<String, Error> {
    let Some((first, last)) = context.project.recorded else {
        return Ok("Nothing was received yet.".into());
    };
    if let Some(sentence) = never_carried(context, report) {
        return Ok(sentence);
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
        ));
    }
    Ok(format!(
        "No {names} events {}, though there were others.",
        period.long()
    ))
}

fn nothing_in(period: Period, recorded: Period) -> String {
    if period.to < recorded.from {
        let first = recorded.from;
        return format!(
            "No events {}. First event {} (--from {}).",
            period.long(),
            first.long(),
            first.iso()
        );
    }
    let last = recorded.to;
    if period.from > last {
        return format!(
            "No events {}. Last event {} (--to {}).",
            period.long(),
            last.long(),
            last.iso()
        );
    }
    format!(
        "No events {}. There are events {} (--period all).",
        period.long(),
        recorded.long()
    )
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
