//! Who is asked, and who is not.

use super::*;

#[test]
fn p08_only_where_it_decides_a_number_is_drawn() {
    for (variables, draws) in [
        (vec![("CI", "1")], false),
        (vec![("DO_NOT_TRACK", "1")], false),
        (vec![("CLAUDECODE", "1")], false),
        (vec![("TERM", "xterm")], true),
    ] {
        let mut world = World::new(&["n"]);
        world.variables.extend(variables.clone());
        world.start(&flag(None));
        assert_eq!(!world.disk.files().is_empty(), draws, "{variables:?}");
    }
}

#[test]
fn p08_the_share_is_asked_without_a_flag_three_times_at_most() {
    let mut world = World::new(&[]);
    world.profile.ask_percent = 100;
    for start in 1..=6 {
        let agreement = world.start(&flag(None));
        assert!(!agreement.verdict.on);
        assert_eq!(world.person.asked(), start.min(3));
    }
    world.start(&on());
    assert_eq!(world.person.asked(), 4, "only `--analytics` asks then");
    world.profile.ask_percent = 0;
    let nobody = World {
        profile: world.profile,
        ..World::new(&["y"])
    };
    nobody.start(&flag(None));
    assert_eq!((nobody.person.asked(), nobody.disk.spent()), (0, 0));
}

#[test]
fn b05_nobody_answers_for_a_person() {
    let mut automated = World::new(&["y"]);
    automated.automated = true;
    let mut printing = World::new(&["y"]);
    printing.prints_only = true;
    let mut agent = World::new(&["y"]);
    agent.variables.push(("CLAUDECODE", "1"));
    let mut piped = World::new(&["y"]);
    piped.person = Person::nobody(&piped.clock);
    for (world, because) in [
        (automated, "it was told to answer its own questions"),
        (printing, "this run only prints"),
        (agent, "a coding agent runs this (Claude Code)"),
        (piped, "there is no terminal to ask at"),
    ] {
        let agreement = world.start(&on());
        assert_eq!(
            (agreement.verdict.row, world.person.asked()),
            (Row::CannotAsk, 0)
        );
        let line = format!(
            "Analytics stay off: nobody has answered the question yet, and {because}. \
             To opt in, run `aider --analytics` in a terminal and answer."
        );
        assert_eq!(agreement.lines, [line]);
        assert!(world.disk.files().is_empty());
    }
}

#[test]
fn an_agents_events_say_so() {
    let mut world = World::agreed();
    assert!(!world.start(&flag(None)).grant.unwrap().agent());
    world.variables.push(("CODEX_SANDBOX", "seatbelt"));
    assert!(world.start(&flag(None)).grant.unwrap().agent());
}

#[test]
fn b05_a_legacy_yes_is_off_until_a_person_answers_our_question() {
    let legacy = r#"{"uuid": "19abcd00-0000", "asked_opt_in": true}"#;
    let world = World::new(&["y"]);
    world
        .disk
        .put(Path::new("/home/me/.aider/analytics.json"), legacy);
    let agreement = world.start(&flag(None));
    assert_eq!(agreement.verdict.row, Row::AskDrawn, "drawn or not");
    let id = agreement.grant.unwrap().install_id().to_string();
    assert!(!id.starts_with("19abcd"), "its uuid is never sent");
    assert_eq!(world.file("analytics.json").unwrap(), legacy);
    // In a host whose share is 0 only the flag asks.
    let mut world = World::new(&["y"]);
    world.profile.ask_percent = 0;
    world
        .disk
        .put(Path::new("/home/me/.aider/analytics.json"), legacy);
    assert_eq!(world.start(&flag(None)).verdict.row, Row::Otherwise);
}
