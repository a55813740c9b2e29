//! From a store's view of a project to an answered report.

use std::ops::Range;

use askfirst_catalog::Catalog;
use askfirst_store::{ProjectView, Segment};

use crate::answer::Answer;
use crate::calendar::Day;
use crate::error::Error;
use crate::filters::Filters;
use crate::reports::{self, Project};
use crate::source::{Batches, Part};

/// Answers a named report about what a project has stored.
///
/// # Errors
/// An unknown report, filter or value is named with the valid ones; a segment that cannot be read is named.
pub fn run(
    view: &ProjectView,
    catalog: &Catalog,
    report: &str,
    filters: &Filters,
) -> Result<Answer, Error> {
    reports::answer(&project(view), catalog, report, filters)
}

/// The same, but gives up as soon as `stop` says so; it is asked before every batch of rows and every look
/// at what a file says of its rows.
///
/// # Errors
/// [`Error::Stopped`] then; else those of [`run`].
pub fn run_until(
    view: &ProjectView,
    catalog: &Catalog,
    report: &str,
    filters: &Filters,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Answer, Error> {
    let whole = project(view);
    let each = whole.parts.iter();
    let watched: Vec<Watched<'_>> = each.map(|&part| Watched { part, stop }).collect();
    let parts = watched.iter().map(|part| part as &dyn Part).collect();
    reports::answer(&Project { parts, ..whole }, catalog, report, filters)
}

/// A part that is read as long as nobody says stop.
struct Watched<'a> {
    part: &'a dyn Part,
    stop: &'a (dyn Fn() -> bool + Sync),
}

impl Watched<'_> {
    fn going_on(&self) -> Result<(), Error> {
        match (self.stop)() {
            true => Err(Error::Stopped),
            false => Ok(()),
        }
    }
}

impl Part for Watched<'_> {
    fn days(&self) -> (Day, Day) {
        self.part.days()
    }

    fn pieces(&self, event: Option<&str>) -> Vec<Range<u64>> {
        self.part.pieces(event)
    }

    fn scan<'a>(&'a self, columns: &[&str], piece: Range<u64>) -> Result<Batches<'a>, Error> {
        self.going_on()?;
        let batches = self.part.scan(columns, piece)?;
        Ok(Box::new(
            batches.map(move |batch| self.going_on().and(batch)),
        ))
    }

    fn values(&self, event: &str, columns: &[&str]) -> Result<Option<Vec<u64>>, Error> {
        self.going_on()?;
        self.part.values(event, columns)
    }
}

fn project(view: &ProjectView) -> Project<'_> {
    let filled = || view.segments.iter().filter(|segment| segment.rows() > 0);
    let first = filled().map(Segment::min_day).min();
    let last = filled().map(Segment::max_day).max();
    Project {
        host: &view.info.host,
        parts: filled().map(|segment| segment as &dyn Part).collect(),
        days: first.zip(last).map(|(first, last)| (Day(first), Day(last))),
        simulated: view.info.simulated,
        recorded: Box::new(|event, property| recorded(view, event, property)),
        tally: Some(&view.tally),
    }
}

fn recorded(view: &ProjectView, event: &str, property: Option<&str>) -> Option<Day> {
    let recorded = view.recorded();
    let first = match property {
        Some(property) => recorded.property(event, property),
        None => recorded.event(event),
    };
    first.map(Day)
}

impl Part for Segment {
    fn days(&self) -> (Day, Day) {
        (Day(self.min_day()), Day(self.max_day()))
    }

    fn pieces(&self, event: Option<&str>) -> Vec<Range<u64>> {
        Segment::pieces(self, event)
    }

    fn scan<'a>(&'a self, columns: &[&str], piece: Range<u64>) -> Result<Batches<'a>, Error> {
        let batches = self.scan_rows(columns, piece).map_err(Error::store)?;
        Ok(Box::new(batches.map(|batch| batch.map_err(Error::store))))
    }

    fn values(&self, event: &str, columns: &[&str]) -> Result<Option<Vec<u64>>, Error> {
        Segment::values(self, event, columns).map_err(Error::store)
    }
}
