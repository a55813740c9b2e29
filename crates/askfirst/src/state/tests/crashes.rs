//! A process that is killed after any byte leaves what was there before or what comes after.

use super::*;

/// Runs `change` again and again, killed after every possible number of steps, and gives what
/// the next process finds each time.
fn killed_anywhere(start: &FakeDisk, change: impl Fn(&World)) -> Vec<World> {
    let whole = World::on(start.after_crash());
    let before = whole.disk.spent();
    change(&whole);
    let steps = whole.disk.spent() - before;
    assert!(steps > 2, "the change does something");
    (0..=steps)
        .map(|step| {
            let world = World::on(start.after_crash());
            world.disk.stop_after(before + step);
            change(&world);
            World::on(world.disk.after_crash())
        })
        .collect()
}

#[test]
fn b06_a_yes_is_stored_wholly_or_not_at_all() {
    let start = World::new();
    start.state.count_attempt().unwrap();
    let ends = killed_anywhere(&start.disk, |world| {
        let destination = to("collect.example.org");
        drop(
            world
                .state
                .agree(&world.profile, &destination, TODAY, &world.dice),
        );
    });
    let choices: Vec<Choice> = ends.iter().map(World::choice).collect();
    assert!(
        choices
            .iter()
            .all(|choice| [Choice::NeverAsked, Choice::Yes].contains(choice))
    );
    assert_eq!(choices.first(), Some(&Choice::NeverAsked));
    assert_eq!(choices.last(), Some(&Choice::Yes));
    // What is left of a killed write is in nobody's way.
    for world in ends {
        world.state.count_attempt().unwrap();
        world.agree(TODAY);
        assert_eq!(world.choice(), Choice::Yes);
        assert_eq!(world.disk.get(&home(".aider/askfirst.json.tmp")), None);
    }
}

#[test]
fn p05_a_disable_that_is_killed_anywhere_never_leaves_more_than_there_was() {
    let start = World::agreed();
    start
        .disk
        .put(&home(".aider/analytics.json"), r#"{"asked_opt_in": true}"#);
    let ends = killed_anywhere(&start.disk, |world| drop(world.state.disable(&|| {})));
    let choices: Vec<Choice> = ends.iter().map(World::choice).collect();
    assert_eq!(choices[0], Choice::Yes, "before its first step");
    assert!(
        choices[1..]
            .iter()
            .all(|choice| *choice == Choice::Disabled),
        "{choices:?}"
    );
    for world in &ends {
        let text = world.text(&home(".aider/analytics.json")).unwrap();
        assert!(
            serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            "{text}"
        );
    }
}

#[test]
fn p17_a_replacement_that_is_killed_leaves_one_whole_key() {
    let start = World::agreed();
    let ends = killed_anywhere(&start.disk, |world| {
        drop(
            world
                .state
                .key(&to("collect.example.org"), TODAY + 200, &world.dice),
        );
    });
    for world in ends {
        assert_eq!(world.choice(), Choice::Yes);
        assert_eq!(world.state.read().record().keys.len(), 1);
    }
}
