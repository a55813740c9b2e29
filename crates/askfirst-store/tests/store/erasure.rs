//! Erasing what an install sent (decisions D29, D30).

use std::sync::Arc;

use askfirst_store::testing::{Crash, Dice, FakeDisk, ManualClock};
use askfirst_store::{
    Clock, Consent, Error, LineKey, ProjectId, ProjectView, Reason, Row, Snapshot, Store, policy,
    verify,
};

use crate::rows::*;

/// The install that is erased; [`message`] has two others, and rows of none.
const ERASED: [u8; 16] = [1; 16];

/// A message or an exit, numbered by its sender, so that it is the same row whatever else is
/// stored.
fn told(n: u64) -> Row {
    let mut row = if n.is_multiple_of(4) {
        exit(n)
    } else {
        message(n)
    };
    row.consent = Consent::Agreed;
    row.common.seq = Some(n);
    row
}

fn is_others(row: &Row) -> bool {
    row.install != Some(ERASED)
}

/// Sealed rows, merged rows and unsealed rows, in that order. Without the erased install's if
/// `all` says no.
fn fill(store: &Store, project: ProjectId, all: bool) {
    let send = |numbers: std::ops::Range<u64>| {
        let rows = numbers.map(told).filter(|row| all || is_others(row));
        store.append_wait(batch(project, rows.collect())).unwrap();
    };
    for part in 0..4 {
        send(part * 40..part * 40 + 40);
        store.seal().unwrap();
    }
    while store.merge_if_due().unwrap() {}
    let rows = (200..240).map(told).filter(|row| all || is_others(row));
    send(160..200);
    store.seal().unwrap();
    let mut importer = store.importer(project).unwrap();
    for row in rows {
        importer.push(LineKey::Line(row.key), row, &[]).unwrap();
    }
    importer.finish().unwrap();
    send(240..280);
}

/// What a reader can know of a view, but for its counts.
#[derive(Debug, PartialEq)]
struct Seen {
    lines: Vec<String>,
    rows: u64,
    events: Vec<(String, u64)>,
    days: (i32, i32),
}

fn seen(view: &ProjectView) -> Seen {
    let mut events = std::collections::BTreeMap::new();
    for segment in &view.segments {
        for (event, rows) in segment.events() {
            *events.entry(event.to_owned()).or_insert(0) += rows.end - rows.start;
        }
    }
    let first = view.segments.iter().map(|it| it.min_day()).min().unwrap();
    let last = view.segments.iter().map(|it| it.max_day()).max().unwrap();
    let mut lines: Vec<String> = everything(view).into_iter().map(without_seq).collect();
    lines.sort_unstable();
    Seen {
        lines,
        rows: view.rows(),
        events: events.into_iter().collect(),
        days: (first, last),
    }
}

/// An imported row is numbered by the store.
fn without_seq(line: String) -> String {
    match line.contains("Some(\"imported\")") {
        true => line
            .split("PrimitiveArray<Int64>")
            .next()
            .unwrap()
            .to_owned(),
        false => line,
    }
}

fn of_store(store: &Store, project: ProjectId) -> Arc<ProjectView> {
    store.snapshot().unwrap().project(project).unwrap()
}

fn shows(view: &ProjectView, install: [u8; 16]) -> bool {
    let batches = scan(view, &["install_id"], None);
    let mut ids = batches.iter().flat_map(|batch| installs(batch, 0));
    ids.any(|id| id == Some(install))
}

#[test]
fn d29_from_the_receipt_on_readers_see_a_store_that_never_had_the_install() {
    let (never_disk, _, never, other) = store();
    fill(&never, other, false);
    let (disk, clock, store, project) = store();
    fill(&store, project, true);
    assert!(shows(&view(&disk, project), ERASED), "a test of nothing");
    let expected = seen(&view(&never_disk, other));

    store.forget(project, ERASED).unwrap();
    let beside = view(&disk, project);
    assert_eq!(seen(&beside), expected, "in another process");
    assert_eq!(seen(&of_store(&store, project)), expected);
    assert_eq!(seen(&of_store(&store, project)), expected, "a second time");
    let others = telling(&view(&never_disk, other));
    assert!(
        others > 0 && telling(&beside) == 0,
        "its rows are counted in no answer"
    );
    assert_eq!(beside.masked(), 1);
    for event in ["message_send", "exit"] {
        let only = |view: &ProjectView| {
            let mut rows = scan(view, &["event", "p_prompt_tokens"], Some(event))
                .iter()
                .map(|it| it.num_rows())
                .sum::<usize>();
            for segment in &view.segments {
                for piece in segment.pieces(Some(event)) {
                    let batches = segment.scan_rows(&["ts"], piece).unwrap();
                    rows += batches.map(|it| it.unwrap().num_rows()).sum::<usize>();
                }
            }
            rows
        };
        assert_eq!(only(&beside), only(&view(&never_disk, other)), "{event}");
    }

    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    assert_eq!(seen(&of_store(&store, project)), expected, "after a start");
    store.seal().unwrap();
    while store.merge_if_due().unwrap() {}
    assert_eq!(seen(&of_store(&store, project)), expected, "after a merge");
    assert_eq!(seen(&view(&disk, project)), expected);
    store.close().unwrap();
    let found = verify(root(), Arc::new(disk.clone()), &mut |_| {}).unwrap();
    assert_eq!(found.problems, [], "masking takes no row away");
}

#[test]
fn d29_what_comes_later_is_refused_and_counted_received_or_imported() {
    let (disk, clock, store, project) = store();
    store.forget(project, ERASED).unwrap();
    let mut sent = batch(project, (0..30).map(told).collect());
    let refused = sent.rows.iter().filter(|row| !is_others(row)).count() as u64;
    assert!(refused > 5);
    let appended = store.append_wait(sent.clone()).unwrap();
    assert_eq!((appended.accepted, appended.duplicates), (30 - refused, 0));
    sent.rows.retain(|row| !is_others(row));
    let appended = store.append_wait(sent).unwrap();
    assert_eq!(appended.accepted, 0, "again, and alone");
    let count = |disk: &FakeDisk| view(disk, project).tally.total(Reason::Forgotten);
    assert_eq!(count(&disk), 2 * refused);

    let mut importer = store.importer(project).unwrap();
    for n in 0..30 {
        importer.push(LineKey::Line(n), told(n), &[]).unwrap();
    }
    let imported = importer.finish().unwrap();
    assert_eq!(imported.stored, 30 - refused);
    assert_eq!(imported.refused.get(&Reason::Forgotten), Some(&refused));
    assert_eq!(count(&disk), 3 * refused);
    assert!(!shows(&view(&disk, project), ERASED));

    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    let late = store.append_wait(batch(project, vec![told(1)])).unwrap();
    assert_eq!(late.accepted, 0, "after a start");
    store.close().unwrap();
    let found = verify(root(), Arc::new(disk.clone()), &mut |_| {}).unwrap();
    assert_eq!(found.problems, []);
}

#[test]
fn d28_an_id_is_erased_in_the_project_that_was_asked_alone() {
    let (disk, _, store, project) = store();
    let (other, _) = store.add_project(project_of("other", "cecli", 90)).unwrap();
    for id in [project, other.id] {
        let rows = (0..20).map(told).collect();
        store.append_wait(batch(id, rows)).unwrap();
    }
    store.forget(project, ERASED).unwrap();
    assert!(!shows(&view(&disk, project), ERASED));
    assert!(shows(&view(&disk, other.id), ERASED));
    let marks = |path: &str| {
        let bytes = &disk.files()[std::path::Path::new(path)];
        String::from_utf8(bytes.clone()).unwrap()
    };
    store.forget(other.id, ERASED).unwrap();
    let manifest = marks("/data/MANIFEST");
    let mut found: Vec<&str> = manifest
        .split("\"mark\":\"")
        .skip(1)
        .map(|it| &it[..64])
        .collect();
    assert_eq!(found.len(), 2);
    found.dedup();
    assert_eq!(
        found.len(),
        2,
        "the same id has another tombstone in another project"
    );
    assert!(
        !manifest.contains(&"01".repeat(16)),
        "the id itself is in none"
    );
}

#[test]
fn d29_a_directory_that_never_erased_stays_one_that_earlier_programs_read() {
    let (disk, _, store, project) = store();
    let manifest = || {
        let bytes = &disk.files()[std::path::Path::new("/data/MANIFEST")];
        String::from_utf8(bytes.clone()).unwrap()
    };
    assert!(manifest().starts_with("{\"askfirst_manifest\":1,"));
    assert!(!manifest().contains("erasure"));
    store.forget(project, ERASED).unwrap();
    assert!(manifest().starts_with("{\"askfirst_manifest\":2,"));
}

#[test]
fn d29_wherever_the_machine_stops_a_receipt_has_its_tombstone() {
    let (disk, clock, store, project) = store();
    fill(&store, project, true);
    drop(store);
    // The same without an end says how long it is.
    let rehearsal = disk.crash(Crash::Kill, &mut Dice::new(0));
    let store = Store::open(root(), options(&rehearsal, &clock)).unwrap();
    let begun = rehearsal.spent();
    store.forget(project, ERASED).unwrap();
    let steps = rehearsal.spent() - begun;
    drop(store);
    let (mut given, mut masked) = (0, 0);
    // At each byte of the manifest would be thousands: those around every call, and some between.
    for at in (0..steps).filter(|at| *at < 8 || *at + 40 > steps || at.is_multiple_of(97)) {
        for how in [Crash::Kill, Crash::PowerLoss] {
            let mut dice = Dice::new(at);
            let disk = disk.crash(Crash::Kill, &mut dice);
            let store = Store::open(root(), options(&disk, &clock)).unwrap();
            disk.stop_after(disk.spent() + at);
            let receipt = store.forget(project, ERASED).is_ok();
            drop(store);
            let disk = disk.crash(how, &mut dice);
            let store = Store::open(root(), options(&disk, &clock)).expect("a start");
            let there = !shows(&view(&disk, project), ERASED);
            assert!(
                there || !receipt,
                "step {at}: a receipt without a tombstone"
            );
            assert_eq!(there, !shows(&of_store(&store, project), ERASED));
            given += u32::from(receipt);
            masked += u32::from(there);
            drop(store);
        }
    }
    assert!(masked > given, "some stopped between tombstone and receipt");
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    store.forget(project, ERASED).unwrap();
    drop(store);
    for how in [Crash::Kill, Crash::PowerLoss] {
        let after = disk.crash(how, &mut Dice::new(1));
        assert!(
            !shows(&view(&after, project), ERASED),
            "right after the receipt"
        );
    }
}

#[test]
fn d29_an_append_beside_a_request_leaves_nothing_to_be_seen() {
    for seed in 0..20 {
        let (disk, _, store, project) = store();
        std::thread::scope(|scope| {
            let sender = scope.spawn(|| {
                for n in 0..40 {
                    store
                        .append_wait(batch(project, vec![told(3 * n + 1)]))
                        .unwrap();
                }
            });
            for n in 0..seed {
                store
                    .append_wait(batch(project, vec![told(3000 + n)]))
                    .unwrap();
            }
            store.forget(project, ERASED).unwrap();
            assert!(!shows(&view(&disk, project), ERASED));
            sender.join().unwrap();
        });
        assert!(!shows(&view(&disk, project), ERASED));
        let of = |reason| view(&disk, project).tally.total(reason);
        assert_eq!(of(Reason::Accepted) + of(Reason::Forgotten), 40 + seed);
    }
}

const DAY: i64 = policy::DAY_MS;

/// Lets days pass, on each of which the store looks at the clock.
fn live(store: &Store, clock: &ManualClock, days: i64) {
    for _ in 0..days {
        clock.advance(DAY);
        store.expire_if_due().unwrap();
    }
}

fn masked(disk: &FakeDisk, clock: &ManualClock, project: ProjectId) -> usize {
    let snapshot = Snapshot::open(root(), Arc::new(disk.clone()), clock as &dyn Clock).unwrap();
    snapshot.project(project).unwrap().masked()
}

#[test]
fn d30_a_tombstone_goes_when_nothing_can_come_and_no_file_can_hold_a_row() {
    let (disk, clock, store, project) = store();
    store.expire_if_due().unwrap();
    store.forget(project, ERASED).unwrap();
    live(&store, &clock, i64::from(policy::TOMBSTONE_DAYS) - 1);
    assert_eq!(masked(&disk, &clock, project), 1);
    live(&store, &clock, 1);
    assert_eq!(masked(&disk, &clock, project), 0);
    let late = store.append_wait(batch(project, vec![told(1)])).unwrap();
    assert_eq!(late.accepted, 1);
}

#[test]
fn d30_a_tombstone_stays_while_a_file_of_its_time_is_there() {
    for sealed in [true, false] {
        let (disk, clock, store, project) = store();
        store.expire_if_due().unwrap();
        let rows = (0..20).map(told).collect();
        store.append_wait(batch(project, rows)).unwrap();
        if sealed {
            store.seal().unwrap();
        }
        store.forget(project, ERASED).unwrap();
        live(&store, &clock, 170);
        assert_eq!(masked(&disk, &clock, project), 1);
        assert!(!shows(&view(&disk, project), ERASED));
        store.seal().unwrap();
        // Its rows expire after 180 days, and the file goes.
        live(&store, &clock, 20);
        assert_eq!(masked(&disk, &clock, project), 0);
        store.close().unwrap();
        let found = verify(root(), Arc::new(disk.clone()), &mut |_| {}).unwrap();
        assert_eq!(found.problems, []);
    }
}

#[test]
fn d34_a_clock_that_is_doubted_takes_no_tombstone() {
    let (disk, clock, store, project) = store();
    store.expire_if_due().unwrap();
    store.forget(project, ERASED).unwrap();
    clock.advance(400 * DAY);
    store.expire_if_due().unwrap();
    assert_eq!(masked(&disk, &clock, project), 1);
}

#[test]
fn d29_strangers_who_draw_keys_fill_neither_the_disk_nor_the_hour_of_another_project() {
    let (disk, clock, store, project) = store();
    let (other, _) = store.add_project(project_of("other", "cecli", 90)).unwrap();
    let drawn = |n: u32| {
        let mut id = [9; 16];
        id[..4].copy_from_slice(&n.to_le_bytes());
        id
    };
    let mut n = 0;
    let mut ask = || {
        n += 1;
        store.forget(project, drawn(n))
    };
    for _ in 0..policy::FORGETS_AN_HOUR {
        ask().unwrap();
    }
    let refused = ask().unwrap_err();
    assert!(matches!(refused, Error::ForgetLater) && refused.remedy().is_some());
    store.forget(other.id, ERASED).unwrap();
    clock.advance(3_600_000);
    ask().unwrap();
    assert_eq!(
        masked(&disk, &clock, project),
        policy::FORGETS_AN_HOUR as usize + 1
    );
}

#[test]
fn d29_asking_again_is_accepted_and_leaves_one_tombstone() {
    let (disk, clock, store, project) = store();
    for _ in 0..3 {
        store.forget(project, ERASED).unwrap();
    }
    assert_eq!(masked(&disk, &clock, project), 1);
    assert!(matches!(
        store.forget(ProjectId(77), ERASED),
        Err(Error::UnknownProject(_))
    ));
}
