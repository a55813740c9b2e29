//! How long reports take. Not a test of speed, because machines differ: run it in release with
//! `--ignored --nocapture`. `MILLIONS` at build time says how many events, 20 if it does not.

use std::time::Instant;

use askfirst_catalog::Catalog;
use askfirst_query::calendar::Day;
use askfirst_query::reports::REPORTS;
use askfirst_query::testing::Population;
use askfirst_query::{Filters, run};

use crate::support::stored::Stored;

/// Events a day of the population below, about.
const A_DAY: i32 = 32_000;

#[test]
#[ignore = "takes minutes and measures the machine"]
fn reports_over_millions_of_events() {
    let millions: i32 = option_env!("MILLIONS")
        .and_then(|n| n.parse().ok())
        .unwrap_or(20);
    let population = Population {
        seed: 1,
        installs: 10_000,
        first: Day(20_000),
    };
    let last = Day(20_000 + millions * 1_000_000 / A_DAY);
    let stored = Stored::population(population, last, 30);
    let view = stored.view();
    println!(
        "{} rows, {} segments, {} bytes",
        view.rows(),
        view.segments.len(),
        view.bytes()
    );
    let catalog = Catalog::builtin();
    let asked: [&[(&str, &str)]; 3] = [
        &[("period", "all")],
        &[("period", "28d")],
        &[
            ("period", "all"),
            ("version", "0.67"),
            ("platform", "Linux"),
        ],
    ];
    for pairs in asked {
        let filters = Filters::parse(pairs.iter().copied(), last.plus(1)).unwrap();
        for report in REPORTS {
            let seconds = |_| {
                let start = Instant::now();
                assert!(
                    run(&view, &catalog, report.name, &filters)
                        .unwrap()
                        .empty
                        .is_none()
                );
                start.elapsed().as_secs_f64()
            };
            let best = (0..3).map(seconds).fold(f64::MAX, f64::min);
            println!("{:>10} {best:.3} s  {pairs:?}", report.name);
        }
    }
}
