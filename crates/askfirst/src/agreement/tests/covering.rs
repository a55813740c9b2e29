//! What a yes covers: classes, recipient, session.

use super::*;

#[test]
fn p16_classes_that_came_later_are_withheld_until_they_are_agreed_to() {
    let mut world = World::agreed();
    let agreed = world.profile.classes;
    world.profile.classes = askfirst_catalog::Class::ALL.into_iter().collect();
    world.person = Person::typing(&world.clock, &[]);
    assert_eq!(world.start(&flag(None)).grant.unwrap().classes(), agreed);
    let unanswered = world.start(&on());
    assert_eq!(
        unanswered.grant.unwrap().classes(),
        agreed,
        "an open question changes nothing"
    );
    world.person = Person::typing(&world.clock, &["yes"]);
    assert_eq!(
        world.start(&on()).grant.unwrap().classes(),
        world.profile.classes
    );
    assert_eq!(
        world.start(&flag(None)).grant.unwrap().classes(),
        world.profile.classes
    );
}

#[test]
fn p16_another_recipient_of_the_profiles_is_asked_for_anew() {
    let mut world = World::new(&["y"]);
    world.variables.clear();
    world.profile.host = Some("https://one.example.org".to_owned());
    let first = world.start(&on()).grant.unwrap();
    world.profile.host = Some("https://two.example.org".to_owned());
    world.person = Person::nobody(&world.clock);
    assert!(world.start(&flag(None)).grant.is_none());
    world.person = Person::typing(&world.clock, &["y"]);
    let second = world.start(&on()).grant.unwrap();
    assert_ne!(first.install_id(), second.install_id());
}

#[test]
fn p16_a_destination_of_the_users_own_is_not_asked_again() {
    let world = World::agreed();
    let typed = Typed {
        posthog_host: Some(HostAddress::parse("other.example.org").unwrap()),
        posthog_project_api_key: Some(ProjectKey::parse("phc_other").unwrap()),
        ..Typed::default()
    };
    let agreement = world.start(&typed);
    assert!(agreement.grant.is_some());
    assert_eq!(
        agreement.lines,
        ["Analytics go to https://other.example.org (host typed, project key typed)."]
    );
}

#[test]
fn p08_blackboxai_asks_by_the_flag_only_and_a_yes_is_for_a_session() {
    let mut world = World::new(&["y"]);
    world.profile = Profile::clone(&Profile::builtin("blackboxai").unwrap());
    world.variables = vec![("BLACKBOXAI_ANALYTICS_POSTHOG_HOST", "collect.example.org")];
    assert_eq!(world.start(&flag(None)).verdict.row, Row::Otherwise);
    assert!(world.start(&on()).grant.is_some());
    let without = world.start(&flag(None));
    assert_eq!(
        (without.verdict.row, without.grant),
        (Row::YesFlagUnset, None)
    );
    assert!(world.start(&on()).grant.is_some());
    assert_eq!(world.person.asked(), 1);
}
