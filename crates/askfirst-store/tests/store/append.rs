//! Appending, sealing, reading back.

use askfirst_store::{Appended, Health, Outcome, Reason, Store};

use crate::rows::*;

#[test]
fn what_was_appended_is_read_back_unsealed_and_sealed() {
    let (disk, _, store, project) = store();
    let rows = (0..10).map(message).chain((10..13).map(exit)).collect();
    let appended = store.append_wait(batch(project, rows)).unwrap();
    assert_eq!(
        appended,
        Appended {
            accepted: 13,
            duplicates: 0
        }
    );

    let columns = [
        "ts",
        "event",
        "install_id",
        "consent",
        "seq",
        "p_main_model",
        "p_cost",
        "skew_s",
        "p_edit_format",
        "session",
        "p_no_such_property",
    ];
    let read = |view: &askfirst_store::ProjectView| {
        let batches = scan(view, &columns, None);
        assert_eq!(batches.len(), 1);
        let batch = &batches[0];
        let all = (
            times(batch, 0),
            texts(batch, 1),
            installs(batch, 2),
            texts(batch, 3),
            integers(batch, 4),
            texts(batch, 5),
            integers(batch, 6),
        );
        assert_eq!(
            batch.column(8).null_count(),
            13,
            "edit_format was never sent"
        );
        (all, batch.schema())
    };
    let unsealed = view(&disk, project);
    assert!(!unsealed.segments[0].is_sealed());
    let before = read(&unsealed);
    store.seal().unwrap();
    let sealed = view(&disk, project);
    assert!(sealed.segments[0].is_sealed());
    let after = read(&sealed);
    assert_eq!(before, after);

    let (times, events, installs, consent, seq, models, costs) = after.0;
    assert_eq!(events[..3], vec![Some("exit".to_owned()); 3]);
    assert_eq!(events[3..], vec![Some("message_send".to_owned()); 10]);
    assert_eq!(
        installs[3..5],
        [None, None],
        "rows without an install come first"
    );
    assert!(times[3] < times[4] && installs[5] == installs[6]);
    assert_eq!(consent[0].as_deref(), Some("unknown"));
    let mut arrival: Vec<_> = seq.into_iter().map(Option::unwrap).collect();
    arrival.sort_unstable();
    assert_eq!(
        arrival,
        (0..13).collect::<Vec<i64>>(),
        "the order of arrival"
    );
    assert_eq!(models[0], None);
    assert!(models[3].is_some());
    assert_eq!(costs.iter().flatten().sum::<i64>(), 45_000);
    let segment = &sealed.segments[0];
    assert_eq!(segment.event_range("exit"), Some(0..3));
    assert_eq!(segment.event_range("message_send"), Some(3..13));
    assert_eq!(segment.event_range("launched"), None);
    assert_eq!(sealed.tally.total(Reason::Accepted), 13);
}

#[test]
fn an_event_that_comes_again_is_a_duplicate_whether_sealed_or_not() {
    let (disk, clock, mut store, project) = store();
    let send = |store: &Store, n| store.append_wait(batch(project, vec![message(n)])).unwrap();
    let new = Appended {
        accepted: 1,
        duplicates: 0,
    };
    let again = Appended {
        accepted: 0,
        duplicates: 1,
    };
    assert_eq!(send(&store, 1), new);
    assert_eq!(send(&store, 1), again);
    store.seal().unwrap();
    assert_eq!(send(&store, 1), again, "sealed");
    assert_eq!(send(&store, 2), new);
    drop(store);
    store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(send(&store, 1), again, "sealed, after a restart");
    assert_eq!(send(&store, 2), again, "in the WAL, after a restart");
    store.close().unwrap();
    store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(send(&store, 2), again, "after a graceful stop");
    let view = view(&disk, project);
    assert_eq!(messages(&view), [1, 2]);
    assert_eq!(view.tally.outcome(Outcome::Duplicate), 5);
    assert_eq!(store.health(), Health::Good);
}

#[test]
fn a_graceful_stop_leaves_no_record_in_the_log() {
    let (disk, _, store, project) = store();
    store.append_wait(batch(project, vec![message(1)])).unwrap();
    store.close().unwrap();
    assert!(
        disk.files()
            .keys()
            .all(|path| path.extension() != Some("wal".as_ref()))
    );
    assert_eq!(messages(&view(&disk, project)), [1]);
}
