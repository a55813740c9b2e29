//! What a file says of its rows saves reading them, and comes to the same.

use std::path::Path;

use askfirst_catalog::Catalog;
use askfirst_query::calendar::Day;
use askfirst_query::testing::Population;
use askfirst_query::{Filters, render, run};

use crate::support::stored::Stored;

/// The key under which a file says how many of its rows have values.
const KEY: &[u8] = b"askfirst.values";

#[test]
fn what_an_old_file_does_not_say_is_read_from_its_rows() {
    let population = Population {
        seed: 3,
        installs: 40,
        first: Day(20_000),
    };
    let stored = Stored::population(population, Day(20_009), 5);
    let filters = Filters::parse([("to", &*Day(20_009).iso())], Day(20_500)).unwrap();
    let quality = || {
        let view = stored.view();
        let segments = view.segments.iter().filter(|it| it.is_sealed());
        let says = |it: &askfirst_store::Segment| it.values("message_send", &["p_version"]);
        let say = segments.map(|it| says(it).unwrap().is_some());
        let answer = run(&view, &Catalog::builtin(), "quality", &filters).unwrap();
        (say.collect::<Vec<bool>>(), render::json(&answer))
    };
    let (say, new) = quality();
    assert_eq!(say, [true, true]);
    make_old(&stored.files()[0]);
    let (say, old_and_new) = quality();
    assert_eq!(say, [false, true]);
    assert_eq!(old_and_new, new);
}

/// Makes a file one of before 2026-11-21: it says nothing of values under a key that anybody knows.
fn make_old(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let at = bytes.windows(KEY.len()).position(|it| it == KEY).unwrap();
    bytes[at] = b'-';
    std::fs::write(file, bytes).unwrap();
}
