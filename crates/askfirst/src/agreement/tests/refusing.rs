//! A no, and a session without.

use super::*;

#[test]
fn p05_a_yes_is_off_where_a_no_could_not_be_stored() {
    let world = World::agreed();
    world.disk.set_fault(Some(Fault::ReadOnly));
    let agreement = world.start(&flag(None));
    assert_eq!(agreement.verdict.row, Row::Unreadable);
    assert!(agreement.grant.is_none());
}

#[test]
fn p05_how_to_erase_names_the_destination_where_a_later_run_would_ask_another() {
    let mut world = World::agreed();
    world.variables = vec![("AIDER_ANALYTICS_POSTHOG_HOST", "elsewhere.example.org")];
    let agreement = world.start(&disable());
    let [_, erase] = &agreement.lines[..] else {
        panic!("{:?}", agreement.lines);
    };
    let flags = " --analytics-posthog-host https://collect.example.org \
                 --analytics-posthog-project-api-key askfirst-aider";
    assert!(erase.ends_with(flags), "{erase}");
}

#[test]
fn p05_disable_says_done_and_how_to_erase_once() {
    let world = World::agreed();
    let agreement = world.start(&disable());
    let [done, erase] = &agreement.lines[..] else {
        panic!("{:?}", agreement.lines)
    };
    assert!(done.starts_with("Analytics are permanently disabled: "));
    let key = erase
        .strip_prefix("To have what was sent erased: aider --analytics-forget ")
        .unwrap();
    assert_eq!(key.len(), 64);
    let again = world.start(&disable());
    assert_eq!(again.lines.len(), 1, "once");
    assert!(
        world
            .disk
            .files()
            .values()
            .all(|bytes| !bytes.windows(64).any(|it| it == key.as_bytes()))
    );
}

#[test]
fn p05_disable_that_cannot_be_stored_says_path_and_remedy() {
    let world = World::agreed();
    world.disk.set_fault(Some(Fault::ReadOnly));
    let agreement = world.start(&disable());
    let [line] = &agreement.lines[..] else {
        panic!("{:?}", agreement.lines)
    };
    for part in [
        "could not be stored",
        "Make the empty file /home/me/.aider/analytics.disabled",
    ] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!agreement.verdict.on && !world.start(&on()).verdict.on);
}

#[test]
fn p07_no_analytics_touches_no_file() {
    for world in [World::new(&["y"]), World::agreed()] {
        let (files, spent) = (world.disk.files(), world.disk.spent());
        let agreement = world.start(&flag(Some(false)));
        assert!(agreement.grant.is_none() && !agreement.verdict.network);
        assert_eq!((world.disk.files(), world.disk.spent()), (files, spent));
        assert!(agreement.lines.is_empty());
    }
}

#[test]
fn b04_what_the_host_read_in_the_project_by_itself_says_off_for_this_session() {
    let mut world = World::agreed();
    world.said_off = Some("the settings aider read".to_owned());
    let agreement = world.start(&on());
    assert_eq!(agreement.verdict.row, Row::SwitchedOff);
    assert!(agreement.grant.is_none());
    assert_eq!(
        agreement.settings.project_off.as_deref(),
        Some("the settings aider read")
    );
    world.said_off = None;
    assert!(world.start(&on()).verdict.on, "for this session alone");
}
