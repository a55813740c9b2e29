//! Nothing lasts for ever (promise P17), and one wrong clock empties no store (decision D34).

use std::sync::Arc;

use askfirst_store::testing::{Crash, Dice, FakeDisk, ManualClock};
use askfirst_store::{
    Batch, Error, LineKey, ProjectId, ProjectView, Reason, Retention, Row, Snapshot, Store, Tally,
    verify,
};

use crate::rows::*;

const DAY: i64 = 86_400_000;
/// The day of [`NOON`].
const TODAY: i32 = 20_059;

/// A store whose project keeps what it receives for 30 days, and what is imported for 5.
fn keeping() -> (FakeDisk, Arc<ManualClock>, Store, ProjectId) {
    let (disk, clock, store, project) = store();
    let retention = Retention {
        received_days: 30,
        imported_days: 5,
    };
    store.set_retention(project, retention).unwrap();
    (disk, clock, store, project)
}

/// A message that happened some days after noon of the first day.
fn on_day(n: u64, day: i64) -> Row {
    Row {
        ts: NOON + day * DAY,
        ..message(n)
    }
}

fn send(store: &Store, project: ProjectId, rows: Vec<Row>) -> u64 {
    let batch = Batch {
        project,
        received_ms: store.now_ms(),
        rows,
        tally: Tally::default(),
    };
    store.append_wait(batch).unwrap().accepted
}

fn import(store: &Store, project: ProjectId, rows: Vec<Row>) -> u64 {
    let mut importer = store.importer(project).unwrap();
    for row in rows {
        importer.push(LineKey::Line(row.key), row, &[]).unwrap();
    }
    importer.finish().unwrap().stored
}

/// Lets days pass while the store is open.
fn live(store: &Store, clock: &ManualClock, days: i64) {
    for _ in 0..days {
        clock.advance(DAY);
        store.expire_if_due().unwrap();
    }
}

fn seen(disk: &FakeDisk, clock: &ManualClock, project: ProjectId) -> Arc<ProjectView> {
    let snapshot = Snapshot::open(root(), Arc::new(disk.clone()), clock).unwrap();
    snapshot.project(project).unwrap()
}

fn segments(disk: &FakeDisk) -> usize {
    let files = disk.files().into_keys();
    let segment = |path: &std::path::PathBuf| path.extension() == Some("parquet".as_ref());
    files.filter(segment).count()
}

fn sound(disk: &FakeDisk) {
    let found = verify(root(), Arc::new(disk.clone()), &mut |_| {}).unwrap();
    assert_eq!(found.problems, []);
}

#[test]
fn p17_received_rows_are_hidden_the_day_after_their_last_and_then_deleted() {
    let (disk, clock, store, project) = keeping();
    send(&store, project, vec![on_day(1, 0)]);
    store.seal().unwrap();
    live(&store, &clock, 30);
    let midnight = NOON + 30 * DAY + DAY / 2;
    clock.set(midnight - 1);
    assert!(!store.expire_if_due().unwrap());
    assert_eq!(messages(&seen(&disk, &clock, project)), [1], "its last day");
    clock.set(midnight);
    for view in [
        seen(&disk, &clock, project),
        store.snapshot().unwrap().project(project).unwrap(),
    ] {
        assert_eq!(messages(&view), [] as [i64; 0], "the day after");
        assert_eq!((view.rows(), view.bytes(), view.segments.len()), (0, 0, 0));
    }
    assert_eq!(segments(&disk), 1, "hidden before it is deleted");
    assert!(store.expire_if_due().unwrap());
    assert_eq!(segments(&disk), 0);
    assert!(!store.expire_if_due().unwrap());
    let view = seen(&disk, &clock, project);
    assert_eq!(view.tally.total(Reason::Accepted), 1, "counts stay");
    assert_eq!(view.recorded().event("message_send"), Some(TODAY));
    sound(&disk);
}

#[test]
fn p17_corrected_time_decides_and_not_the_senders_clock() {
    let (disk, clock, store, project) = keeping();
    let late = Row {
        skew_s: 86_400,
        ..on_day(1, -1)
    };
    let early = Row {
        skew_s: -86_400,
        ..on_day(2, 0)
    };
    send(&store, project, vec![late, early]);
    store.seal().unwrap();
    live(&store, &clock, 30);
    assert_eq!(messages(&seen(&disk, &clock, project)), [1]);
}

#[test]
fn p17_imported_rows_are_counted_from_their_import() {
    let (disk, clock, store, project) = keeping();
    let lines = || (0..10).map(|n| on_day(n, -700 - n as i64)).collect();
    assert_eq!(import(&store, project, lines()), 10);
    live(&store, &clock, 5);
    assert_eq!(messages(&seen(&disk, &clock, project)).len(), 10);
    clock.advance(DAY);
    assert_eq!(messages(&seen(&disk, &clock, project)).len(), 0);
    assert!(store.expire_if_due().unwrap());
    assert_eq!(segments(&disk), 0);
    assert_eq!(import(&store, project, lines()), 0, "it came back");
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(import(&store, project, lines()), 0, "it came back");
    sound(&disk);
}

#[test]
fn p17_expired_rows_of_a_file_show_in_nothing_it_says() {
    let (disk, clock, store, project) = keeping();
    let mut rows: Vec<Row> = (0..40).map(|n| on_day(n, n as i64 % 4 - 3)).collect();
    rows.push(Row {
        ts: NOON - 3 * DAY,
        ..exit(99)
    });
    send(&store, project, rows);
    store.seal().unwrap();
    live(&store, &clock, 29);
    assert_eq!(segments(&disk), 1);
    let view = seen(&disk, &clock, project);
    let expected: Vec<i64> = (0..40).filter(|n| n % 4 >= 2).collect();
    assert_eq!(messages(&view), expected);
    assert_eq!(view.rows(), 20);
    let segment = &view.segments[0];
    assert_eq!((segment.min_day(), segment.max_day()), (TODAY - 1, TODAY));
    let events: Vec<_> = segment.events().collect();
    assert_eq!(events, [("message_send", 0..20)]);
    assert_eq!(segment.event_range("exit"), None);
    let rows = |columns: &[&str], event| -> usize {
        let batches = scan(&view, columns, event);
        batches.iter().map(|batch| batch.num_rows()).sum()
    };
    assert_eq!(rows(&[], None), 20, "without a column");
    assert_eq!(rows(&["event"], None), 20);
    assert_eq!(rows(&["p_reason", "install_id"], Some("exit")), 0);
    let oldest = scan(&view, &["ts"], None)
        .iter()
        .flat_map(|batch| times(batch, 0))
        .min();
    assert_eq!(oldest, Some(NOON - DAY));
}

#[test]
fn p17_rows_that_are_not_sealed_yet_expire_too() {
    let (disk, clock, store, project) = keeping();
    send(
        &store,
        project,
        vec![on_day(1, -29), on_day(2, -30), on_day(3, -31)],
    );
    for view in [
        seen(&disk, &clock, project),
        store.snapshot().unwrap().project(project).unwrap(),
    ] {
        assert_eq!(messages(&view), [1, 2]);
    }
}

#[test]
fn p17_a_shorter_retention_hides_at_once_and_survives_a_start() {
    let (disk, clock, store, project) = keeping();
    send(&store, project, vec![on_day(1, -3)]);
    store.seal().unwrap();
    send(&store, project, vec![on_day(2, 0)]);
    import(&store, project, vec![on_day(3, -900)]);
    let shorter = Retention {
        received_days: 2,
        imported_days: 900,
    };
    store.set_retention(project, shorter).unwrap();
    assert_eq!(messages(&seen(&disk, &clock, project)), [2, 3]);
    sound(&disk);
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(store.project(project).unwrap().retention, shorter);
    assert!(store.expire_if_due().unwrap());
    assert_eq!(messages(&seen(&disk, &clock, project)), [2, 3]);
    assert_eq!(segments(&disk), 1);
    let nobody = store.set_retention(ProjectId(9), shorter);
    assert!(matches!(nobody, Err(Error::UnknownProject(_))));
    sound(&disk);
}

#[test]
fn p17_wherever_the_machine_stops_what_has_not_expired_is_there_and_nothing_else() {
    let (disk, clock, store, project) = keeping();
    for day in [-2_i64, -1, 0] {
        send(&store, project, vec![on_day(day.unsigned_abs(), day)]);
        store.seal().unwrap();
    }
    live(&store, &clock, 28);
    drop(store);
    clock.advance(DAY);
    let before = disk.crash(Crash::Kill, &mut Dice::new(0));
    let drop_some = |disk: &FakeDisk| {
        let store = Store::open(root(), options(disk, &clock))?;
        store.expire_if_due()
    };
    let rehearsal = before.crash(Crash::Kill, &mut Dice::new(0));
    assert!(drop_some(&rehearsal).unwrap());
    let mut dice = Dice::new(7);
    let all = 0..rehearsal.spent();
    for point in all.step_by(61) {
        let disk = before.crash(Crash::Kill, &mut dice);
        disk.stop_after(point);
        let _ = drop_some(&disk);
        let how = [Crash::Kill, Crash::PowerLoss][(point % 2) as usize];
        let disk = disk.crash(how, &mut dice);
        assert_eq!(messages(&seen(&disk, &clock, project)), [0, 1], "{point}");
        drop_some(&disk).expect("a start after a crash");
        assert_eq!(messages(&seen(&disk, &clock, project)), [0, 1], "{point}");
        assert_eq!(segments(&disk), 2, "{point}");
        sound(&disk);
    }
}

/// A store of one file with a message of each of the last 21 days, on the day before the
/// oldest of them have been expired for a week.
fn before_a_rewrite() -> (FakeDisk, Arc<ManualClock>, Store, ProjectId) {
    let (disk, clock, store, project) = keeping();
    let rows = (0..21).map(|n| on_day(n, n as i64 - 20)).collect();
    send(&store, project, rows);
    store.seal().unwrap();
    live(&store, &clock, 17);
    (disk, clock, store, project)
}

#[test]
fn p17_a_file_is_written_anew_without_rows_that_expired_a_week_ago() {
    let (disk, clock, store, project) = before_a_rewrite();
    assert!(!store.rewrite_if_due().unwrap(), "six days ago");
    clock.advance(DAY);
    assert!(store.rewrite_if_due().unwrap());
    assert!(!store.rewrite_if_due().unwrap(), "again");
    let kept: Vec<i64> = (8..21).collect();
    assert_eq!(messages(&seen(&disk, &clock, project)), kept);
    let found = verify(root(), Arc::new(disk.clone()), &mut |_| {}).unwrap();
    assert_eq!(found.problems, []);
    let counted = &found.projects[0];
    assert_eq!(
        (counted.accepted, counted.stored, counted.expired),
        (21, 13, 8)
    );
    for (days, due) in [(7, false), (1, true)] {
        live(&store, &clock, days);
        assert_eq!(store.rewrite_if_due().unwrap(), due, "{days} days later");
    }
    let kept: Vec<i64> = (16..21).collect();
    assert_eq!(messages(&seen(&disk, &clock, project)), kept);
    let again = (0..21).map(|n| on_day(n, n as i64 - 20)).collect();
    assert_eq!(send(&store, project, again), 0, "their keys are known");
}

#[test]
fn d34_nothing_is_written_anew_by_a_clock_that_is_doubted() {
    let (_, clock, store, _) = before_a_rewrite();
    clock.advance(12 * DAY);
    assert!(!store.rewrite_if_due().unwrap());
    store.accept_clock().unwrap();
    assert!(store.rewrite_if_due().unwrap());
}

#[test]
fn p17_wherever_the_machine_stops_a_rewrite_loses_and_doubles_nothing() {
    let (disk, clock, store, project) = before_a_rewrite();
    drop(store);
    clock.advance(DAY);
    let before = disk.crash(Crash::Kill, &mut Dice::new(0));
    let rewrite = |disk: &FakeDisk| {
        let store = Store::open(root(), options(disk, &clock))?;
        store.rewrite_if_due()
    };
    let rehearsal = before.crash(Crash::Kill, &mut Dice::new(0));
    assert!(rewrite(&rehearsal).unwrap());
    let kept: Vec<i64> = (8..21).collect();
    let mut dice = Dice::new(7);
    let all = 0..rehearsal.spent();
    for point in all.step_by(97) {
        let disk = before.crash(Crash::Kill, &mut dice);
        disk.stop_after(point);
        let _ = rewrite(&disk);
        let how = [Crash::Kill, Crash::PowerLoss][(point % 2) as usize];
        let disk = disk.crash(how, &mut dice);
        assert_eq!(messages(&seen(&disk, &clock, project)), kept, "{point}");
        rewrite(&disk).expect("a start after a crash");
        assert_eq!(messages(&seen(&disk, &clock, project)), kept, "{point}");
        assert_eq!(segments(&disk), 1, "{point}");
        sound(&disk);
    }
}

#[test]
fn d34_one_wrong_clock_empties_no_store() {
    let (disk, clock, store, project) = keeping();
    send(&store, project, vec![on_day(1, 0)]);
    store.seal().unwrap();
    import(&store, project, vec![on_day(2, -900)]);
    assert_eq!(store.doubt(), None);
    clock.advance(4000 * DAY);
    let all = [1, 2, 10, 11, 12, 13, 14];
    for n in 10..15 {
        // Whatever writes a generation goes by the wrong clock; none of them may believe it.
        assert!(!store.expire_if_due().unwrap());
        store
            .rotate_key(project, askfirst_store::OldKeys::Keep)
            .unwrap();
        assert_eq!(send(&store, project, vec![on_day(n, 0)]), 1);
        store.seal().unwrap();
        clock.advance(3_600_000);
    }
    assert_eq!(
        messages(&seen(&disk, &clock, project)),
        all,
        "hidden by a wrong clock"
    );
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert!(!store.expire_if_due().unwrap());
    let doubt = store.doubt().expect("a doubt");
    assert_eq!((doubt.believed_ms, doubt.held_back), (NOON, 7));
    let said = Snapshot::open(root(), Arc::new(disk.clone()), &*clock).unwrap();
    assert_eq!(said.doubt().map(|it| it.held_back), Some(7));
    clock.set(NOON + DAY);
    assert_eq!(messages(&seen(&disk, &clock, project)), all);
    assert_eq!(
        send(&store, project, vec![on_day(1, 0)]),
        0,
        "its key was forgotten"
    );
    store.seal().unwrap();
    sound(&disk);
}

#[test]
fn d34_a_clock_far_behind_deletes_nothing_either_and_brings_nothing_back() {
    let (disk, clock, store, project) = keeping();
    send(&store, project, vec![on_day(1, 0), on_day(2, -2)]);
    store.seal().unwrap();
    live(&store, &clock, 29);
    assert_eq!(messages(&seen(&disk, &clock, project)), [1]);
    drop(store);
    clock.set(1000);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert!(!store.expire_if_due().unwrap());
    assert_eq!(messages(&seen(&disk, &clock, project)), [1]);
    assert!(store.doubt().is_some());
}

#[test]
fn d34_the_operator_says_that_the_clock_is_right() {
    let (disk, clock, store, project) = keeping();
    send(&store, project, vec![on_day(1, 0)]);
    store.close().unwrap();
    clock.advance(90 * DAY);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert!(!store.expire_if_due().unwrap());
    store.accept_clock().unwrap();
    assert_eq!(store.doubt(), None);
    assert_eq!(messages(&seen(&disk, &clock, project)), [] as [i64; 0]);
    assert!(store.expire_if_due().unwrap());
    assert_eq!(segments(&disk), 0);
}

#[test]
fn d34_a_clock_that_goes_on_is_believed_after_two_days() {
    let (disk, clock, store, project) = keeping();
    send(&store, project, vec![on_day(1, 0)]);
    store.close().unwrap();
    clock.advance(90 * DAY);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    live(&store, &clock, 2);
    assert_eq!(segments(&disk), 1);
    live(&store, &clock, 1);
    assert_eq!(segments(&disk), 0, "it was seen on three days");
}

#[test]
fn d34_a_store_in_which_nothing_happens_knows_what_day_it_is() {
    let (disk, clock, store, _) = keeping();
    live(&store, &clock, 20);
    // Killed: nothing is committed at its end.
    drop(store);
    clock.advance(DAY);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(store.doubt(), None);
}

#[test]
fn d34_times_stamped_by_a_wrong_clock_are_not_gone_on_from_once_it_is_accepted() {
    let (disk, clock, store, project) = keeping();
    clock.advance(4000 * DAY);
    send(&store, project, vec![on_day(1, 0)]);
    clock.set(NOON + DAY);
    assert_eq!(store.now_ms(), NOON + 4000 * DAY, "never less than before");
    assert!(store.doubt().is_some(), "what comes is stamped years ahead");
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert!(store.doubt().is_some());
    store.accept_clock().unwrap();
    assert_eq!((store.now_ms(), store.doubt()), (NOON + DAY, None));
    assert_eq!(
        send(&store, project, vec![on_day(1, 0)]),
        0,
        "its key was forgotten"
    );
    assert_eq!(send(&store, project, vec![on_day(2, 1)]), 1);
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!((store.now_ms(), store.doubt()), (NOON + DAY, None));
    assert_eq!(messages(&seen(&disk, &clock, project)), [1, 2]);
    sound(&disk);
}
