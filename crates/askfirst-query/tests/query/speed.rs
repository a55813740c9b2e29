//! How long reports take. Not a test of speed: machines differ. Run with `--ignored --nocapture`, in release.

use std::time::Instant;

use crate::support::Line;
use crate::support::files::{Stored, project};
use askfirst_catalog::Catalog;
use askfirst_query::calendar::{Day, Period};
use askfirst_query::reports::REPORTS;
use askfirst_query::testing::Population;
use askfirst_query::{Filters, reports};

/// Days of a segment; about two a month.
const DAYS: i32 = 15;

#[test]
#[ignore = "takes minutes; ROWS million events"]
fn reports_over_millions_of_events() {
    let millions: usize = option_env!("MILLIONS")
        .and_then(|n| n.parse().ok())
        .unwrap_or(20);
    let population = Population {
        seed: 1,
        installs: 10_000,
        first: Day(20_000),
    };
    let dir = tempfile::tempdir().unwrap();
    let (mut files, mut day, mut rows) = (Vec::new(), Day(20_000), 0);
    while rows < millions * 1_000_000 {
        let period = Period {
            from: day,
            to: day.plus(DAYS - 1),
        };
        let lines: Vec<Line> = (period.from.0..=period.to.0)
            .flat_map(|day| population.day(Day(day)))
            .map(Line::from)
            .collect();
        files.push(Stored::write(
            &dir.path().join(format!("{}.parquet", day.0)),
            lines,
        ));
        rows += files.last().unwrap().rows();
        day = day.plus(DAYS);
    }
    println!(
        "{rows} rows in {} files, {} days",
        files.len(),
        day.0 - 20_000
    );
    let catalog = Catalog::builtin();
    for filters in [
        &[("period", "all")][..],
        &[("period", "28d")],
        &[
            ("period", "all"),
            ("version", "0.67"),
            ("platform", "Linux"),
        ],
    ] {
        let filters = Filters::parse(filters.iter().copied(), day).unwrap();
        for report in REPORTS {
            let mut best = f64::MAX;
            for _ in 0..3 {
                let start = Instant::now();
                let answer =
                    reports::answer(&project("aider", &files), &catalog, report.name, &filters)
                        .unwrap();
                assert!(answer.empty.is_none());
                best = best.min(start.elapsed().as_secs_f64());
            }
            println!(
                "{:>10} {best:.3} s  {:?}",
                report.name,
                filters.spelled("aider", filters.period(None)).len()
            );
        }
    }
}
