//! Since when what is recorded.

use askfirst_store::{LineKey, ProjectView, Row, Store};

use crate::rows::*;

const DAY: i64 = 86_400_000;
const TODAY: i32 = (NOON / DAY) as i32;

/// A row that happened some days before noon.
fn before(days: i64, row: Row) -> Row {
    Row {
        ts: NOON - days * DAY,
        ..row
    }
}

fn said(view: &ProjectView) -> [Option<i32>; 4] {
    let recorded = view.recorded();
    [
        recorded.event("message_send"),
        recorded.property("message_send", "main_model"),
        recorded.event("exit"),
        recorded.property("exit", "main_model"),
    ]
}

#[test]
fn the_first_day_of_events_and_properties_is_known_sealed_or_not() {
    let (disk, clock, store, project) = store();
    let send = |store: &Store, row: Row| {
        store.append_wait(batch(project, vec![row])).unwrap();
        said(&view(&disk, project))
    };
    let first = send(&store, before(2, message(1)));
    assert_eq!(first, [Some(TODAY - 2), Some(TODAY - 2), None, None]);
    store.seal().unwrap();
    assert_eq!(said(&view(&disk, project)), first, "sealed");
    // Late and uncorrected: what counts is when it happened.
    let mut late = before(5, message(2));
    late.values.clear();
    late.skew_s = 86_400;
    let joined = send(&store, late);
    assert_eq!(joined, [Some(TODAY - 4), Some(TODAY - 2), None, None]);
    let running = store.snapshot().unwrap().project(project).unwrap();
    assert_eq!(said(&running), joined);
    store.close().unwrap();
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    let later = send(&store, before(0, exit(3)));
    assert_eq!(
        later,
        [Some(TODAY - 4), Some(TODAY - 2), Some(TODAY), None],
        "after a restart"
    );
}

#[test]
fn an_import_makes_days_earlier_but_never_later() {
    let (disk, _clock, store, project) = store();
    store.append_wait(batch(project, vec![message(1)])).unwrap();
    for (key, days) in [(1, 100), (2, 50)] {
        let mut importer = store.importer(project).unwrap();
        let line = before(days, message(key));
        importer.push(LineKey::Line(key), line, &[]).unwrap();
        importer.finish().unwrap();
        let [event, property, ..] = said(&view(&disk, project));
        assert_eq!(event, Some(TODAY - 100));
        assert_eq!(property, Some(TODAY - 100));
    }
}
