use askfirst_catalog::{Class, ClassSet};

use super::*;

const WHOLE: &str = r#"{
  "version": 1,
  "attempts": 0,
  "yes": {
    "consented_on": "2024-10-04",
    "question_version": 1,
    "recipient": "whoever runs the PostHog project or collector that you name",
    "classes": [
      "models",
      "edits",
      "features",
      "errors",
      "platform"
    ]
  },
  "keys": [
    {
      "host": "https://collect.example.org",
      "project_key": "phc_mine",
      "forget_key": "KEY",
      "since": "2024-10-04"
    }
  ]
}
"#;

#[test]
fn p08_what_another_start_makes_while_this_one_looks_is_no_trouble() {
    let world = World::new();
    world.disk.make_appear(&home(".aider"), None);
    assert_eq!(world.choice(), Choice::NeverAsked, "its folder");
    let drawn = "{\"version\": 1, \"attempts\": 0, \"draw\": \"00000a\"}\n";
    let ours = home(".aider/askfirst.json");
    world.disk.make_appear(&ours, Some(drawn));
    assert!(world.state.read().drawn().is_some(), "its draw");
    assert_eq!(world.choice(), Choice::NeverAsked);
}

#[test]
fn p16_what_is_stored_is_what_was_agreed_that_day_byte_for_byte() {
    let world = World::new();
    let held = world.agree(TODAY);
    let text = world.text(&home(".aider/askfirst.json")).unwrap();
    assert_eq!(text, WHOLE.replace("KEY", &held.forget_key.spelled()));
    assert_eq!(world.choice(), Choice::Yes);
    assert_eq!(world.state.read().yes().unwrap().consented_on, TODAY);
}

#[test]
fn reading_changes_nothing_not_even_a_folder() {
    let world = World::new();
    assert_eq!(world.choice(), Choice::NeverAsked);
    assert!(world.disk.files().is_empty());
    assert!(world.state.is_writable());
    assert_eq!(world.disk.spent(), 0);
}

#[test]
fn b06_a_choice_that_is_not_wholly_ours_is_off_and_says_why() {
    let foreign = "was not written by this program";
    for (text, why) in [
        (String::new(), "torn"),
        ("{\"version\": 1".to_owned(), "torn"),
        ("\0\0\0\0".to_owned(), "torn"),
        ("[]".to_owned(), foreign),
        ("null".to_owned(), foreign),
        ("{}".to_owned(), foreign),
        ("{\"version\": \"1\"}".to_owned(), foreign),
        ("{\"version\": 1}".to_owned(), foreign),
        (
            "{\"version\": 1, \"attempts\": 0, \"new\": 1}".to_owned(),
            foreign,
        ),
        ("{\"version\": 1, \"attempts\": 300}".to_owned(), foreign),
        (
            "{\"version\": 1, \"attempts\": 0, \"draw\": \"+19999\"}".to_owned(),
            foreign,
        ),
        (
            "{\"version\": 2, \"anything\": 1}".to_owned(),
            "newer version",
        ),
        (WHOLE.to_owned(), foreign),
        (
            WHOLE
                .replace("KEY", &"0".repeat(64))
                .replace("edits", "secrets"),
            foreign,
        ),
        (
            WHOLE
                .replace("KEY", &"0".repeat(64))
                .replace("10-04", "13-04"),
            foreign,
        ),
    ] {
        let world = World::ours(&text);
        assert_eq!(world.choice(), Choice::Unreadable, "{text}");
        let stored = world.state.read();
        let trouble = stored.trouble().unwrap().to_string();
        assert!(
            trouble.starts_with("/home/me/.aider/askfirst.json "),
            "{trouble}"
        );
        assert!(trouble.contains(why), "{text}: {trouble}");
        // Nothing that a start does touches it.
        assert!(world.state.draw(&world.dice).is_err());
        assert!(world.state.count_attempt().is_err());
        let destination = to("collect.example.org");
        assert!(
            world
                .state
                .agree(&world.profile, &destination, TODAY, &world.dice)
                .is_err()
        );
        assert!(world.state.reset(&|| {}).is_err());
        assert_eq!(world.text(&home(".aider/askfirst.json")).unwrap(), text);
    }
    let whole = World::ours(&WHOLE.replace("KEY", &"0".repeat(64)));
    assert_eq!(whole.choice(), Choice::Yes, "and this one is");
}

#[test]
fn b06_what_belongs_to_another_user_or_cannot_be_read_is_off() {
    for path in [".aider", ".aider/askfirst.json", ".aider/analytics.json"] {
        let world = World::agreed();
        world.disk.put(&home(".aider/analytics.json"), "{}");
        world.disk.give_away(&home(path));
        assert_eq!(world.choice(), Choice::Unreadable, "{path}");
        let why = world.state.read().trouble().unwrap().to_string();
        assert!(why.ends_with("belongs to another user"), "{why}");
    }
    let world = World::new();
    world.disk.give_away(Path::new(HOME));
    assert_eq!(world.choice(), Choice::Unreadable, "somebody else's home");
    let world = World::agreed();
    world.disk.make_unreadable(&home(".aider/askfirst.json"));
    assert_eq!(world.choice(), Choice::Unreadable);
}

#[test]
fn a_stored_yes_of_the_tool_before_us_is_a_legacy_yes_and_its_no_is_a_no() {
    for (text, choice) in [
        ("{}", Choice::NeverAsked),
        (
            r#"{"uuid": "19abcd00-x", "asked_opt_in": false}"#,
            Choice::NeverAsked,
        ),
        (
            r#"{"uuid": null, "asked_opt_in": null, "permanently_disable": null}"#,
            Choice::NeverAsked,
        ),
        (
            r#"{"uuid": "19abcd00-x", "asked_opt_in": true}"#,
            Choice::LegacyYes,
        ),
        (
            r#"{"asked_opt_in": true, "permanently_disable": true}"#,
            Choice::Disabled,
        ),
        (r#"{"permanently_disable": true}"#, Choice::Disabled),
    ] {
        assert_eq!(World::legacy(text).choice(), choice, "{text}");
    }
}

#[test]
fn p16_a_yes_to_another_recipient_is_none_for_the_profiles_own_host() {
    let mut world = World::agreed();
    world.profile.host = Some("https://new.example.org".to_owned());
    // The user's own destination is the user's choice, and is not asked again.
    assert_eq!(world.choice(), Choice::Yes);
    let stored = world.state.read();
    assert_eq!(stored.choice(&world.profile, None), Choice::YesToAnother);
    let mut other = world.profile.clone();
    other.host = None;
    assert_eq!(stored.choice(&other, None), Choice::Yes);
    other.notice.recipient = Some("somebody else".to_owned());
    assert_eq!(stored.choice(&other, None), Choice::YesToAnother);
}

#[test]
fn p16_a_yes_does_not_cover_a_class_that_came_later() {
    let mut world = World::agreed();
    let timing = ClassSet::EMPTY.with(Class::Timing);
    world.profile.classes = world.profile.classes.iter().chain(timing.iter()).collect();
    assert_eq!(world.choice(), Choice::YesToFewer);
    // One that went away needs no question.
    world.profile.classes = ClassSet::EMPTY.with(Class::Models);
    assert_eq!(world.choice(), Choice::Yes);
}
