//! A question nobody wants to wait for any longer.

use std::sync::atomic::{AtomicUsize, Ordering};

use askfirst_catalog::Catalog;
use askfirst_query::calendar::Day;
use askfirst_query::testing::Population;
use askfirst_query::{Error, Filters, render, run, run_until};

use crate::support::stored::Stored;

#[test]
fn d23_a_question_is_given_up_between_two_batches_and_nothing_is_told_of_it() {
    let population = Population {
        seed: 3,
        installs: 40,
        first: Day(20_000),
    };
    let stored = Stored::population(population, Day(20_009), 2);
    let (view, catalog) = (stored.view(), Catalog::builtin());
    let filters = Filters::parse([("to", &*Day(20_009).iso())], Day(20_500)).unwrap();
    let asked = ["models", "quality"].map(|report| {
        let whole = run(&view, &catalog, report, &filters).unwrap();
        let asked = AtomicUsize::new(0);
        let never = || asked.fetch_add(1, Ordering::Relaxed) > usize::MAX / 2;
        let waited = run_until(&view, &catalog, report, &filters, &never).unwrap();
        assert_eq!(render::json(&waited), render::json(&whole));

        let batches = asked.load(Ordering::Relaxed);
        for after in [0, 1, batches / 2, batches - 1] {
            let asked = AtomicUsize::new(0);
            let stop = || asked.fetch_add(1, Ordering::Relaxed) >= after;
            let stopped = run_until(&view, &catalog, report, &filters, &stop);
            assert!(
                matches!(stopped, Err(Error::Stopped)),
                "{report} after {after}"
            );
        }
        batches
    });
    let [models, quality] = asked;
    assert!(models > 4, "{models} times asked");
    // A look at each file for each event it has rows of, and none for one it has not.
    let events = view.segments.iter().map(|it| it.events().count());
    let looks: usize = events.sum();
    let all = view.segments.len() * catalog.events().len();
    assert!((looks..all).contains(&quality), "{quality} times asked");
}
