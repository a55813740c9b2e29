use super::*;

#[test]
fn p04_the_install_id_is_the_sha256_of_the_key_cut_to_a_uuid4() {
    let key = ForgetKey::parse(&"00".repeat(32)).unwrap();
    // sha256 of 32 zero bytes: 66687aadf862bd776c8fc18b8e9f8e20...
    assert_eq!(
        key.install_id().to_string(),
        "66687aad-f862-4d77-ac8f-c18b8e9f8e20"
    );
    let key = ForgetKey::parse(&"ff".repeat(32)).unwrap();
    // sha256 of 32 bytes of ff: af9613760f72635fbdb44a5a0a63c39f...
    assert_eq!(
        key.install_id().to_string(),
        "af961376-0f72-435f-bdb4-4a5a0a63c39f"
    );
}

#[test]
fn p04_a_key_is_spelled_as_64_hex_digits_and_nothing_else_is_one() {
    let spelled = "0123456789abcdef".repeat(4);
    assert_eq!(ForgetKey::parse(&spelled).unwrap().spelled(), spelled);
    for bad in [
        "",
        "00",
        &"0".repeat(63),
        &"0".repeat(65),
        &"g".repeat(64),
        &"A".repeat(64),
    ] {
        assert_eq!(ForgetKey::parse(bad), None, "{bad}");
    }
}

#[test]
fn p04_b07_there_is_no_key_before_a_yes() {
    let world = World::new();
    world.state.draw(&world.dice).unwrap();
    world.state.count_attempt().unwrap();
    let key = world
        .state
        .key(&to("collect.example.org"), TODAY, &world.dice);
    assert!(matches!(key, Err(Error::NoYes)), "{key:?}");
    assert!(world.state.read().record().keys.is_empty());
}

#[test]
fn p04_every_destination_has_an_id_of_its_own() {
    let world = World::agreed();
    let here = world
        .state
        .key(&to("collect.example.org"), TODAY, &world.dice)
        .unwrap();
    let there = world
        .state
        .key(&to("other.example.org"), TODAY, &world.dice)
        .unwrap();
    assert_ne!(here.forget_key, there.forget_key);
    let again = world
        .state
        .key(&to("collect.example.org"), TODAY, &world.dice)
        .unwrap();
    assert_eq!(here, again);
}

#[test]
fn p04_the_key_is_never_shown_by_accident() {
    let world = World::agreed();
    let held = world.agree(TODAY);
    let key = held.forget_key.spelled();
    let shown = format!("{held:?} {:?}", world.state.read());
    assert!(!shown.contains(&key));
}

#[test]
fn p17_the_key_is_replaced_after_180_days_and_nothing_links_the_two() {
    let world = World::agreed();
    let destination = to("collect.example.org");
    let first = world.state.key(&destination, TODAY, &world.dice).unwrap();
    let last = world
        .state
        .key(&destination, TODAY + 179, &world.dice)
        .unwrap();
    assert_eq!(first, last);
    let next = world
        .state
        .key(&destination, TODAY + 180, &world.dice)
        .unwrap();
    assert_ne!(first.forget_key, next.forget_key);
    let text = world.text(&home(".aider/askfirst.json")).unwrap();
    assert!(!text.contains(&first.forget_key.spelled()));
    assert_eq!(world.state.read().record().keys.len(), 1);
    assert!(world.state.read().yes().is_some(), "the yes goes on");
}

#[test]
fn p17_the_key_of_a_destination_that_is_not_used_ends_too() {
    let world = World::agreed();
    world
        .state
        .key(&to("other.example.org"), TODAY + 100, &world.dice)
        .unwrap();
    world
        .state
        .key(&to("other.example.org"), TODAY + 190, &world.dice)
        .unwrap();
    let record = world.state.read().record().clone();
    assert_eq!(record.keys.len(), 1);
    assert!(record.keys[0].is_for(&to("other.example.org")));
}

#[test]
fn p17_a_clock_that_was_ahead_does_not_make_a_key_last_longer() {
    let world = World::new();
    let ahead = world.agree(TODAY + 3_000);
    let now = world
        .state
        .key(&to("collect.example.org"), TODAY, &world.dice)
        .unwrap();
    assert_ne!(ahead.forget_key, now.forget_key);
}

#[test]
fn reset_keeps_the_choice_and_draws_a_new_id() {
    let world = World::agreed();
    let before = world.agree(TODAY);
    let deleted = std::cell::Cell::new(false);
    world.state.reset(&|| deleted.set(true)).unwrap();
    assert!(deleted.get());
    assert!(world.state.read().record().keys.is_empty());
    assert_eq!(world.choice(), Choice::Yes);
    let after = world
        .state
        .key(&to("collect.example.org"), TODAY, &world.dice)
        .unwrap();
    assert_ne!(before.forget_key, after.forget_key);
}

#[test]
fn reset_of_a_home_without_state_makes_nothing() {
    let world = World::new();
    world.state.reset(&|| {}).unwrap();
    assert!(world.disk.files().is_empty());
}
