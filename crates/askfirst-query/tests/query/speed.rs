//! How long reports take. Not a test of speed, because machines differ: run it in release with
//! `--ignored --nocapture`. `MILLIONS` at build time says how many events, 20 if it does not; `SPEED_DIR` keeps them,
//! `REPORT` asks one report only.

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
    let stored = option_env!("SPEED_DIR").map_or_else(Stored::new, Stored::kept);
    if stored.view().rows() == 0 {
        stored.live(population, last, 30);
    }
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
        let chosen = |name| option_env!("REPORT").is_none_or(|report| report == name);
        for report in REPORTS.iter().filter(|report| chosen(report.name)) {
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
            let before = cpu_ticks();
            let best = (0..3).map(seconds).fold(f64::MAX, f64::min);
            let cpu = (cpu_ticks() - before) as f64 / 300.0;
            println!("{:>10} {best:.3} s, CPU {cpu:.3} s  {pairs:?}", report.name);
        }
    }
}

/// Hundredths of a second of processor time of this process so far (Linux), 0 where that is not known.
fn cpu_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok());
    ticks(11)
        .zip(ticks(12))
        .map_or(0, |(user, system)| user + system)
}
