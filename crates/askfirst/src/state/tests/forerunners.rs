//! The tool a host was made from: cecli was made from aider.

use super::*;

const YES: &str = r#"{"uuid": "000000aa-0000-4000-8000-000000000000", "permanently_disable": null, "asked_opt_in": true}"#;

/// A home of cecli, with a file in the folder of aider.
fn cecli(name: &str, text: &str) -> World {
    let world = World::of("cecli");
    if !name.is_empty() {
        world.disk.put(&home(".aider").join(name), text);
    }
    world
}

#[test]
fn p05_a_no_to_the_forerunner_is_a_no_and_its_file_is_named() {
    for (name, text) in [
        ("analytics.disabled", ""),
        ("analytics.disabled", YES),
        ("analytics.json", r#"{"permanently_disable": true}"#),
        (
            "analytics.json",
            r#"{"asked_opt_in": true, "permanently_disable": true}"#,
        ),
    ] {
        let world = cecli(name, text);
        assert_eq!(world.choice(), Choice::Disabled, "{name} {text}");
        let stored = world.state.read();
        let path = home(".aider").join(name);
        assert_eq!(stored.no(), Some(&No::Forerunner(path)), "{name} {text}");
        // And it stands above a yes that was said to cecli.
        let agreed = cecli("", "");
        agreed.agree(TODAY);
        assert_eq!(agreed.choice(), Choice::Yes);
        let delivery = agreed.state.deliver().unwrap();
        agreed.disk.put(&home(".aider").join(name), text);
        assert_eq!(agreed.choice(), Choice::Disabled, "{name} {text}");
        assert!(!delivery.still_holds(), "{name} {text}");
        assert!(agreed.state.deliver().is_err());
    }
}

#[test]
fn p05_the_users_own_no_is_the_one_that_is_named_first() {
    let world = cecli("analytics.disabled", "");
    world.disk.put(&home(".cecli/analytics.disabled"), "");
    let own = No::User(home(".cecli/analytics.disabled"));
    assert_eq!(world.state.read().no(), Some(&own));
}

#[test]
fn p01_nothing_else_of_the_forerunner_counts() {
    let world = cecli("analytics.json", YES);
    world.disk.put(
        &home(".aider/askfirst.json"),
        "{\"version\": 1, \"attempts\": 3, \"draw\": \"000000\"}",
    );
    assert_eq!(world.choice(), Choice::NeverAsked, "a yes to another tool");
    let stored = world.state.read();
    assert_eq!(stored.drawn(), None, "its draw");
    assert_eq!(stored.record().attempts, 0, "its questions");
    // A choice of aider's that only aider could read is aider's alone.
    world.disk.put(&home(".aider/askfirst.json"), "{");
    assert_eq!(world.choice(), Choice::NeverAsked);
}

#[test]
fn b06_a_choice_of_the_forerunner_that_cannot_be_understood_may_be_a_no() {
    for text in ["", "{\"permanently_dis", "[]", "null"] {
        let world = cecli("analytics.json", text);
        assert_eq!(world.choice(), Choice::Unreadable, "{text:?}");
        let why = world.state.read().trouble().unwrap().to_string();
        assert_eq!(why, "/home/me/.aider/analytics.json cannot be understood");
    }
    let world = cecli("analytics.json", "{}");
    world.disk.give_away(&home(".aider/analytics.json"));
    assert_eq!(world.choice(), Choice::Unreadable, "somebody else's");
}

#[test]
fn b12_the_folder_of_the_forerunner_is_only_read() {
    for (name, text) in [
        ("", ""),
        ("analytics.json", YES),
        ("analytics.json", "{}"),
        ("analytics.json", "{"),
        ("analytics.disabled", ""),
    ] {
        let world = cecli(name, text);
        let before = world.disk.files();
        drop(world.state.draw(&world.dice));
        drop(world.state.count_attempt());
        drop(world.state.reset(&|| {}));
        let destination = to("collect.example.org");
        drop(
            world
                .state
                .agree(&world.profile, &destination, TODAY, &world.dice),
        );
        world.state.disable(&|| {}).stored.unwrap();
        let files = world.disk.files();
        let of_aider = |path: &&PathBuf| path.starts_with(home(".aider"));
        for path in files.keys().filter(of_aider) {
            assert_eq!(files.get(path), before.get(path), "{name} {text}");
        }
        assert_eq!(
            files.keys().filter(of_aider).count(),
            before.keys().filter(of_aider).count()
        );
    }
}

#[test]
fn b12_a_tool_without_a_forerunner_looks_into_no_other_folder() {
    let world = World::agreed();
    world.disk.put(&home(".cecli/analytics.disabled"), "");
    assert_eq!(world.choice(), Choice::Yes);
}

#[test]
fn b05_tools_of_one_family_that_alternate_on_one_home_never_turn_the_other_on() {
    let cecli = World::of("cecli");
    let aider = World::with(cecli.disk.clone(), "aider");
    cecli.agree(TODAY);
    assert_eq!(aider.choice(), Choice::NeverAsked, "a yes to cecli");
    let (cecli, aider) = {
        let aider = World::agreed();
        (World::with(aider.disk.clone(), "cecli"), aider)
    };
    assert_eq!(cecli.choice(), Choice::NeverAsked, "a yes to aider");
    // A no to the one that came later says nothing of the other,
    cecli.state.disable(&|| {}).stored.unwrap();
    assert_eq!(aider.choice(), Choice::Yes);
    // and what is said to that one from then on does not undo it.
    aider.agree(TODAY);
    aider.disk.put(&aider.state.places().legacy(), YES);
    assert_eq!(cecli.choice(), Choice::Disabled);
}
