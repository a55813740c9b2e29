use super::*;
use crate::testing::Fault;

#[test]
fn p05_disable_makes_an_empty_file_and_deletes_id_key_and_what_waits() {
    let world = World::agreed();
    let key = world.agree(TODAY).forget_key;
    let waiting = std::cell::Cell::new(true);
    let marker = home(".aider/analytics.disabled");
    let disabled = world.state.disable(&|| {
        assert!(
            world.disk.get(&marker).is_some(),
            "first the marker, then the rest"
        );
        waiting.set(false);
    });
    disabled.stored.as_ref().unwrap();
    assert_eq!(disabled.keys().collect::<Vec<_>>(), [&key]);
    assert!(!waiting.get());
    let names: Vec<PathBuf> = world.disk.files().into_keys().collect();
    assert_eq!(names, [marker.clone(), home(".aider/askfirst.lock")]);
    assert_eq!(world.disk.get(&marker).unwrap(), b"");
    assert_eq!(world.choice(), Choice::Disabled);
}

#[test]
fn p05_a_marker_is_a_no_whatever_any_other_file_says() {
    for marker in [
        ("/home/me/.aider/analytics.disabled", Choice::Disabled),
        ("/etc/aider/analytics.disabled", Choice::DisabledForMachine),
        ("/etc/askfirst/disabled", Choice::DisabledForMachine),
    ] {
        for other in ["", "{", "{\"version\": 99}"] {
            let world = World::agreed();
            if !other.is_empty() {
                world.disk.put(&home(".aider/askfirst.json"), other);
            }
            world.disk.put(Path::new(marker.0), "");
            assert_eq!(world.choice(), marker.1, "{marker:?} {other:?}");
        }
    }
}

#[test]
fn b12_a_marker_of_another_tool_is_none_of_ours() {
    let world = World::agreed();
    world
        .disk
        .put(Path::new("/home/me/.llmcode/analytics.disabled"), "");
    world
        .disk
        .put(Path::new("/etc/llmcode/analytics.disabled"), "");
    assert_eq!(world.choice(), Choice::Yes);
    let before = world.disk.files();
    drop(world.state.disable(&|| {}));
    let after = world.disk.files();
    let touched = |path: &PathBuf| before.get(path) != after.get(path);
    let elsewhere = before
        .keys()
        .chain(after.keys())
        .filter(|path| !path.starts_with(home(".aider")));
    assert!(!elsewhere.into_iter().any(touched));
}

#[test]
fn p05_disable_works_on_a_full_disk() {
    let world = World::agreed();
    world.disk.set_fault(Some(Fault::Full));
    world.state.disable(&|| {}).stored.unwrap();
    assert_eq!(world.choice(), Choice::Disabled);
    assert_eq!(world.disk.get(&home(".aider/askfirst.json")), None);
}

#[test]
fn p05_where_no_file_can_be_made_the_yes_goes() {
    let world = World::agreed();
    world.disk.set_fault(Some(Fault::NoFiles));
    let disabled = world.state.disable(&|| {});
    let error = disabled.stored.unwrap_err().to_string();
    assert!(
        error.starts_with("/home/me/.aider/analytics.disabled: "),
        "{error}"
    );
    assert_eq!(
        world.choice(),
        Choice::NeverAsked,
        "the yes is gone, disk well or not"
    );
}

#[test]
fn p05_where_no_no_could_be_stored_nothing_is_sent() {
    let world = World::agreed();
    world.state.deliver().unwrap();
    let files = world.disk.files();
    world.disk.set_fault(Some(Fault::NoFiles));
    let error = world.state.deliver().unwrap_err().to_string();
    assert!(
        error.starts_with("/home/me/.aider/askfirst.probe: "),
        "{error}"
    );
    world.disk.set_fault(None);
    world.state.deliver().unwrap();
    assert_eq!(world.disk.files(), files, "nothing stays behind");
    world.disk.put(&home(".aider/analytics.disabled"), "");
    world.disk.set_fault(Some(Fault::NoFiles));
    let no = world.state.deliver();
    assert!(matches!(no, Err(Error::Disabled(_))), "{no:?}");
}

#[test]
fn p05_on_a_read_only_disk_the_yes_stays_and_nothing_can_be_on() {
    let world = World::agreed();
    world.disk.set_fault(Some(Fault::ReadOnly));
    assert!(world.state.disable(&|| {}).stored.is_err());
    assert_eq!(world.choice(), Choice::Yes);
    assert!(!world.state.is_writable());
}

#[test]
fn p05_disable_again_is_fine_and_changes_nothing() {
    let world = World::new();
    world.state.disable(&|| {}).stored.unwrap();
    let files = world.disk.files();
    let again = world.state.disable(&|| {});
    again.stored.as_ref().unwrap();
    assert_eq!(again.keys().count(), 0);
    assert_eq!(world.disk.files(), files);
}

#[test]
fn p05_disable_deletes_a_choice_that_cannot_be_read_because_a_key_may_be_in_it() {
    for text in ["", "{\"version\": 1, \"ke", "{\"version\": 2}", "[]"] {
        let world = World::ours(text);
        world.state.disable(&|| {}).stored.unwrap();
        assert_eq!(
            world.disk.get(&home(".aider/askfirst.json")),
            None,
            "{text:?}"
        );
    }
}

#[test]
fn p05_after_a_no_nothing_can_be_stored() {
    let world = World::agreed();
    world.state.disable(&|| {}).stored.unwrap();
    let files = world.disk.files();
    let destination = to("collect.example.org");
    let agreed = world
        .state
        .agree(&world.profile, &destination, TODAY, &world.dice);
    assert!(matches!(agreed, Err(Error::Disabled(_))));
    assert!(matches!(
        world.state.draw(&world.dice),
        Err(Error::Disabled(_))
    ));
    assert!(matches!(
        world.state.count_attempt(),
        Err(Error::Disabled(_))
    ));
    assert!(matches!(world.state.reset(&|| {}), Err(Error::Disabled(_))));
    assert!(matches!(world.state.deliver(), Err(Error::Disabled(_))));
    assert_eq!(world.disk.files(), files);
}

#[test]
fn a_no_is_written_into_the_file_of_the_tool_before_us() {
    let world = World::legacy(r#"{"uuid": null, "permanently_disable": null, "more": [1]}"#);
    world.state.disable(&|| {}).stored.unwrap();
    let text = world.text(&home(".aider/analytics.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["permanently_disable"], true);
    assert_eq!(value["more"], serde_json::json!([1]), "the rest stays");
}

#[test]
fn b06_a_file_of_the_tool_before_us_that_cannot_be_read_is_left_as_it_is() {
    for text in [
        "",
        "{\"uuid\": \"19",
        "[]",
        "null",
        "{\"permanently_disable\": \"yes\"}",
    ] {
        let world = World::legacy(text);
        assert_eq!(world.choice(), Choice::Unreadable, "{text:?}");
        world.state.disable(&|| {}).stored.unwrap();
        assert_eq!(world.text(&home(".aider/analytics.json")).unwrap(), text);
    }
}

#[test]
fn our_yes_is_never_written_into_the_file_of_the_tool_before_us() {
    let text = r#"{"uuid": "19abcd00", "permanently_disable": null, "asked_opt_in": null}"#;
    let world = World::legacy(text);
    world.agree(TODAY);
    assert_eq!(world.text(&home(".aider/analytics.json")).unwrap(), text);
}

#[test]
fn two_tools_that_alternate_on_one_home_never_turn_the_other_on() {
    let legacy = home(".aider/analytics.json");
    // Ours says yes, then theirs says no: it counts for us.
    let world = World::agreed();
    world.disk.put(
        &legacy,
        r#"{"permanently_disable": true, "asked_opt_in": true}"#,
    );
    assert_eq!(world.choice(), Choice::Disabled);
    // Ours says no, then theirs stores a yes over it: ours stays.
    let world = World::legacy(r#"{"asked_opt_in": false}"#);
    world.state.disable(&|| {}).stored.unwrap();
    world.disk.put(
        &legacy,
        r#"{"uuid": "00", "permanently_disable": false, "asked_opt_in": true}"#,
    );
    assert_eq!(world.choice(), Choice::Disabled);
    // Theirs says yes: ours does not.
    let world = World::legacy(r#"{"uuid": "00", "asked_opt_in": true}"#);
    assert_eq!(world.choice(), Choice::LegacyYes);
    // Ours says yes after that: theirs is as it was.
    world.agree(TODAY);
    assert_eq!(
        world.text(&legacy).unwrap(),
        r#"{"uuid": "00", "asked_opt_in": true}"#
    );
}

#[test]
fn d5_a_delivery_keeps_a_yes_from_changing_under_it_and_sees_the_marker() {
    let world = World::agreed();
    let delivery = world.state.deliver().unwrap();
    assert!(delivery.still_holds());
    assert!(matches!(world.state.reset(&|| {}), Err(Error::Busy { .. })));
    let second = world.state.deliver().unwrap();
    drop(second);
    // Disable waits at most two seconds and then goes on: the marker is there.
    world.state.disable(&|| {}).stored.unwrap();
    assert!(!delivery.still_holds());
    drop(delivery);
    assert!(world.state.deliver().is_err());
}

#[test]
fn d5_nothing_is_delivered_without_a_yes() {
    for world in [
        World::new(),
        World::ours("{\"version\": 1, \"attempts\": 0}"),
        World::ours("{"),
        World::legacy(r#"{"asked_opt_in": true}"#),
    ] {
        assert!(world.state.deliver().is_err());
    }
}
