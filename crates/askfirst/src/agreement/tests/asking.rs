//! The question, and what becomes of the answer.

use super::*;

#[test]
fn p06_never_asked_and_switched_on_asks_and_a_yes_is_on_from_then_on() {
    let world = World::new(&["y"]);
    let agreement = world.start(&on());
    let grant = agreement.grant.unwrap();
    assert_eq!(grant.classes(), world.profile.classes);
    assert_eq!(
        grant.destination().host.as_str(),
        "https://collect.example.org"
    );
    assert_eq!(
        agreement.lines,
        [
            "Analytics are on. To turn them off: `aider --no-analytics` for a session, \
             `aider --analytics-disable` for good.",
            "Analytics go to https://collect.example.org (host from the environment).",
        ]
    );
    let next = world.start(&flag(None));
    assert_eq!(next.verdict.row, Row::YesFlagUnset);
    assert_eq!(next.grant.unwrap().install_id(), grant.install_id());
    assert_eq!(world.person.asked(), 1);
}

#[test]
fn p10_a_no_disables_for_good_and_no_flag_undoes_it() {
    let world = World::new(&["n"]);
    let agreement = world.start(&on());
    assert!(agreement.grant.is_none() && !agreement.verdict.on);
    let said = "Analytics are permanently disabled: /home/me/.aider/analytics.disabled says so.";
    assert_eq!(agreement.lines, [said]);
    let again = world.start(&on());
    let off = "Analytics stay off: they are disabled: /home/me/.aider/analytics.disabled exists.";
    assert_eq!(again.lines, [off]);
    assert_eq!(world.start(&flag(None)).lines, Vec::<String>::new());
    assert_eq!(world.person.asked(), 1);
}

#[test]
fn b07_a_no_leaves_no_key_and_there_was_none_before() {
    let world = World::new(&["n"]);
    world.start(&on());
    assert_eq!(world.file("askfirst.json"), None);
    assert_eq!(world.file("analytics.disabled").unwrap(), "");
    let undecided = World::new(&[]);
    undecided.start(&on());
    let text = undecided.file("askfirst.json").unwrap();
    assert_eq!(text, "{\n  \"version\": 1,\n  \"attempts\": 1\n}\n");
}

#[test]
fn the_attempt_is_on_disk_before_the_question_is_shown() {
    let world = World::new(&[]);
    let disk = world.disk.clone();
    let counted = move || {
        let stored = disk.get(Path::new("/home/me/.aider/askfirst.json"));
        let stored = String::from_utf8(stored.unwrap()).unwrap();
        assert!(stored.contains("\"attempts\": 1"));
    };
    world.start_while(&on(), counted);
    assert_eq!(world.person.asked(), 1);
}

#[test]
fn p05_a_no_of_another_process_holds_while_the_question_stands_unanswered() {
    for no in [true, false] {
        let mut world = World::agreed();
        world.profile.classes = askfirst_catalog::Class::ALL.into_iter().collect();
        let before = world.start(&flag(None)).grant.unwrap().install_id();
        let state = world.host().state().unwrap();
        let elsewhere = move || match no {
            true => drop(state.disable(&|| {})),
            false => state.reset(&|| {}).unwrap(),
        };
        let agreement = world.start_while(&on(), elsewhere);
        assert_eq!(world.person.asked(), 1);
        match agreement.grant {
            None => assert!(no, "a reset leaves the yes"),
            Some(grant) => assert!(!no && grant.install_id() != before, "it is deleted"),
        }
        assert_eq!(agreement.verdict.on, !no);
    }
}

#[test]
fn what_cannot_be_counted_is_not_asked() {
    for (fault, why) in [
        // An empty file can be made there, so a no can be stored; the attempt cannot.
        (Fault::Full, "/askfirst.json: no storage space"),
        (Fault::NoFiles, ": no storage space"),
        (Fault::ReadOnly, ": read-only filesystem or storage medium"),
    ] {
        let world = World::new(&["y"]);
        world.disk.set_fault(Some(fault));
        let agreement = world.start(&on());
        assert_eq!(
            (agreement.verdict.row, world.person.asked()),
            (Row::Unreadable, 0),
            "{fault:?}"
        );
        let says = format!("Analytics stay off for this session: /home/me/.aider{why}.");
        assert_eq!(agreement.lines, [says]);
    }
}

#[test]
fn a_yes_that_cannot_be_stored_is_off_and_says_so() {
    // The disk fills up while the person reads: enough is left for what was counted.
    let world = World::new(&["y"]);
    let counted = World::new(&[]);
    counted.start(&on());
    world.disk.stop_after(counted.disk.spent());
    let agreement = world.start(&on());
    assert!(agreement.grant.is_none() && !agreement.verdict.on);
    let [line] = &agreement.lines[..] else {
        panic!("{:?}", agreement.lines)
    };
    assert!(
        line.starts_with("Analytics stay off: your yes could not be stored ("),
        "{line}"
    );
}
