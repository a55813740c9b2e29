//! Projects and their keys.

use std::path::PathBuf;

use askfirst_store::{Error, LineKey, OldKeys, Retention, Store};

use crate::rows::*;

#[test]
fn d28_a_key_leads_to_its_project_and_is_kept_nowhere() {
    let (disk, clock, store, _) = store();
    let (info, key) = store.add_project(project_of("cecli", "cecli", 90)).unwrap();
    assert_eq!(store.project_by_key(key.as_str()).unwrap().id, info.id);
    assert!(store.project_by_key("phc_wrong").is_none());
    let newer = store.rotate_key(info.id, OldKeys::Keep).unwrap();
    for key in [&key, &newer] {
        assert_eq!(store.project_by_key(key.as_str()).unwrap().id, info.id);
    }
    let newest = store.rotate_key(info.id, OldKeys::Refuse).unwrap();
    assert!(store.project_by_key(key.as_str()).is_none());
    assert!(store.project_by_key(newer.as_str()).is_none());
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    let found = store.project_by_key(newest.as_str()).unwrap();
    assert_eq!(
        (found.name.as_str(), found.host.as_str()),
        ("cecli", "cecli")
    );
    assert_eq!(found.retention, Retention::days(90));
    assert_eq!(found.created_ms, NOON);
    for (path, bytes) in disk.files() {
        for key in [&key, &newer, &newest] {
            let secret = &key.as_str().as_bytes()[4..];
            let found = bytes.windows(secret.len()).any(|it| it == secret);
            assert!(!found, "{} has a key", path.display());
        }
    }
}

#[test]
fn p13_a_placeholder_key_is_accepted_where_it_was_set_up_and_nowhere_else() {
    let (_, _, store, project) = store();
    let (other, _) = store.add_project(project_of("other", "cecli", 90)).unwrap();
    assert!(store.project_by_key("askfirst-aider").is_none());
    store.accept_key(project, "askfirst-aider").unwrap();
    store.accept_key(project, "askfirst-aider").unwrap();
    assert_eq!(store.project_by_key("askfirst-aider").unwrap().id, project);
    let taken = store.accept_key(other.id, "askfirst-aider");
    assert!(matches!(taken, Err(Error::KeyTaken)));
}

#[test]
fn a_name_is_taken_once() {
    let (_, _, store, _) = store();
    let again = store
        .add_project(project_of("aider", "aider", 180))
        .unwrap_err();
    assert!(matches!(again, Error::ProjectExists { .. }) && again.remedy().is_some());
    let odd = store
        .add_project(project_of("../etc", "aider", 180))
        .unwrap_err();
    assert!(matches!(odd, Error::ProjectName { .. }) && odd.remedy().is_some());
}

/// Every file with a word in it, also where it is compressed.
fn files_with(disk: &askfirst_store::testing::FakeDisk, project: &str) -> Vec<PathBuf> {
    let own = PathBuf::from(format!("/data/projects/{project}"));
    let named = |bytes: &[u8]| bytes.windows(7).any(|it| it == b"\"gone\",");
    let files = disk.files().into_iter();
    files
        .filter(|(path, bytes)| path.starts_with(&own) || named(bytes))
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn d28_removing_a_project_leaves_no_byte_of_it_and_all_of_the_others() {
    let (disk, clock, store, kept) = store();
    let (gone, key) = store.add_project(project_of("gone", "cecli", 90)).unwrap();
    let marked = |n: u64| {
        let mut row = message(n);
        row.install = Some(*b"installs-of-gone");
        row
    };
    store.append_wait(batch(gone.id, vec![marked(1)])).unwrap();
    store.append_wait(batch(kept, vec![message(2)])).unwrap();
    store.seal().unwrap();
    store.append_wait(batch(gone.id, vec![marked(3)])).unwrap();
    store.append_wait(batch(kept, vec![message(4)])).unwrap();
    let mut importer = store.importer(gone.id).unwrap();
    importer.push(LineKey::Line(1), marked(5), &[]).unwrap();
    let running = store.remove_project(gone.id).unwrap_err();
    assert!(matches!(running, Error::ImportRunning(_)), "{running}");
    importer.finish().unwrap();
    assert!(!files_with(&disk, "2").is_empty());

    store.remove_project(gone.id).unwrap();
    assert_eq!(files_with(&disk, "2"), Vec::<PathBuf>::new());
    for (path, bytes) in disk.files() {
        let found = bytes.windows(16).any(|it| it == b"installs-of-gone");
        assert!(!found, "{} has an install id", path.display());
    }
    assert!(store.project_by_key(key.as_str()).is_none());
    assert!(matches!(
        store.remove_project(gone.id),
        Err(Error::UnknownProject(_))
    ));
    let refused = store.append_wait(batch(gone.id, vec![marked(6)]));
    assert_eq!(refused, Err(askfirst_store::AppendError::UnknownProject));
    assert_eq!(messages(&view(&disk, kept)), [2, 4]);
    let (next, _) = store.add_project(project_of("next", "cecli", 90)).unwrap();
    assert!(next.id > gone.id, "a number is never used again");
    drop(store);
    let store = Store::open(root(), options(&disk, &clock)).unwrap();
    let names: Vec<_> = store.projects().iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["aider", "next"]);
    assert_eq!(messages(&view(&disk, kept)), [2, 4]);
}

#[test]
fn one_import_into_a_project_at_a_time() {
    let (_, _, store, project) = store();
    let first = store.importer(project).unwrap();
    assert!(matches!(
        store.importer(project),
        Err(Error::ImportRunning(_))
    ));
    drop(first);
    store.importer(project).expect("the first has ended");
}

#[test]
fn the_same_event_in_two_projects_is_two_events() {
    let (disk, _, store, first) = store();
    let (second, _) = store
        .add_project(project_of("second", "cecli", 90))
        .unwrap();
    for project in [first, second.id] {
        let sent = store.append_wait(batch(project, vec![message(1)])).unwrap();
        assert_eq!(sent.accepted, 1);
    }
    store.seal().unwrap();
    assert_eq!(messages(&view(&disk, first)), [1]);
    assert_eq!(messages(&view(&disk, second.id)), [1]);
}
