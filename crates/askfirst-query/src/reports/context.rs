//! What every report needs: the rows, the days, the filters as columns of the catalog.

use std::cell::Cell;

use askfirst_catalog::Catalog;

use crate::calendar::{Bucket, Period};
use crate::error::Error;
use crate::filters::Filters;
use crate::policy;
use crate::question::{Allowed, Filter, Selection};
use crate::reader::Reader;
use crate::reports::Project;

/// A project, asked by one reader with one set of filters.
pub(crate) struct Context<'a> {
    pub(crate) project: &'a Project<'a>,
    pub(crate) catalog: &'a Catalog,
    pub(crate) filters: &'a Filters,
    pub(crate) reader: Reader<'a>,
    pub(crate) period: Period,
    /// The period to compare with, until it turns out to hold nothing of what the report is about.
    before: Cell<Option<Period>>,
    /// Whether that was looked at.
    looked: Cell<bool>,
    rows: Vec<Filter>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        project: &'a Project<'a>,
        catalog: &'a Catalog,
        filters: &'a Filters,
    ) -> Result<Context<'a>, Error> {
        if let Some(host) = filters.host.as_ref().filter(|host| *host != project.host) {
            return Err(Error::BadValue {
                key: "host".into(),
                value: host.clone(),
                valid: project.host.to_owned(),
            });
        }
        let period = filters.period(project.days);
        let before = filters
            .compared(period)
            .filter(|before| project.days.is_some_and(|(first, _)| first <= before.to));
        Ok(Context {
            project,
            catalog,
            filters,
            reader: Reader::new(project.parts.clone()),
            period,
            before: Cell::new(before),
            looked: Cell::new(false),
            rows: row_filters(catalog, filters),
        })
    }

    /// The period to compare with: none if nothing was asked for or nothing is recorded of it.
    pub(crate) fn before(&self) -> Option<Period> {
        self.before.get()
    }

    /// Told of the first question of a report, which is about everything it counts: an empty period is
    /// nothing to compare with.
    pub(crate) fn found_before(&self, any: bool) {
        if !self.looked.replace(true) && !any {
            self.before.set(None);
        }
    }

    /// Rows of these events, in the period, that pass the filters.
    pub(crate) fn selection(&self, events: &[&str]) -> Selection {
        self.selection_in(events, Some(self.period))
    }

    /// The same for another period; `None` means all time.
    pub(crate) fn selection_in(&self, events: &[&str], period: Option<Period>) -> Selection {
        Selection {
            period,
            filters: self.rows.clone(),
            ..self.unfiltered(events, period)
        }
    }

    /// Rows of these events, whatever the filters say.
    pub(crate) fn unfiltered(&self, events: &[&str], period: Option<Period>) -> Selection {
        Selection {
            events: events.iter().map(|&event| event.to_owned()).collect(),
            period,
            filters: Vec::new(),
        }
    }

    /// The stored column of a property.
    pub(crate) fn column(&self, property: &str) -> String {
        column(self.catalog, property)
    }

    /// How the points of a spark are cut, and what a point is: as many whole ones as fit, the last
    /// one ending with the period.
    pub(crate) fn slices(&self) -> (Bucket, &'static str) {
        const LENGTHS: [(i32, &str); 4] = [
            (1, "per day"),
            (7, "per week"),
            (28, "per 4 weeks"),
            (91, "per 13 weeks"),
        ];
        let fits = |&&(days, _): &&(i32, &str)| {
            (self.period.days() + days - 1) / days <= policy::SPARK_POINTS
        };
        let (days, name) = LENGTHS
            .iter()
            .find(fits)
            .copied()
            .unwrap_or((364, "per 52 weeks"));
        (
            Bucket::Slice {
                end: self.period.to,
                days,
            },
            name,
        )
    }
}

/// The stored column of a property, also of one an older catalog had.
pub(crate) fn column(catalog: &Catalog, property: &str) -> String {
    match catalog.find_property(property) {
        Some(id) => catalog.property(id).column.clone(),
        None => format!("p_{property}"),
    }
}

/// Property behind each filter key that chooses rows, with the values asked for.
pub(crate) fn chosen(filters: &Filters) -> [(&'static str, &'static str, &[String]); 3] {
    [
        ("version", "version", &filters.version),
        ("platform", "os_platform", &filters.platform),
        ("model", "main_model", &filters.model),
    ]
}

fn row_filters(catalog: &Catalog, filters: &Filters) -> Vec<Filter> {
    let any = |key: &str, values: &[String]| -> Vec<Allowed> {
        let line = |value: &String| key == "version" && value.split('.').count() == 2;
        let allowed = |v: &String| {
            if line(v) {
                Allowed::Line(v.clone())
            } else {
                Allowed::Exactly(v.clone())
            }
        };
        values.iter().map(allowed).collect()
    };
    let asked = chosen(filters)
        .into_iter()
        .filter(|(_, _, values)| !values.is_empty());
    asked
        .map(|(key, property, values)| Filter {
            column: column(catalog, property),
            any: any(key, values),
        })
        .collect()
}
