use super::*;
use crate::consent::Draw;
use crate::random::SystemRandom;

fn number(text: &str) -> DrawnNumber {
    DrawnNumber::parse(text).unwrap()
}

#[test]
fn p08_of_100_000_draws_10_percent_are_asked_give_or_take_0_3_points() {
    let share = Share::percent(10);
    let inside = (0..100_000)
        .map(|_| DrawnNumber::draw(&SystemRandom).unwrap())
        .filter(|number| share.holds(*number) == Draw::Inside)
        .count();
    // 0.3 points are 3.2 standard deviations of a fair draw: one run in 650 would lie outside,
    // so this takes the share of four times as many where the first were not enough.
    if inside.abs_diff(10_000) > 300 {
        let more = (0..400_000)
            .map(|_| DrawnNumber::draw(&SystemRandom).unwrap())
            .filter(|number| share.holds(*number) == Draw::Inside)
            .count();
        assert!(
            more.abs_diff(40_000) <= 1_200,
            "{inside} of 100,000, {more} of 400,000"
        );
    }
}

#[test]
fn p08_the_threshold_is_that_of_the_existing_tools() {
    let share = Share::percent(10);
    for (text, draw) in [
        ("000000", Draw::Inside),
        ("190000", Draw::Inside),
        ("199999", Draw::Inside),
        ("19999a", Draw::Outside),
        ("1a0000", Draw::Outside),
        ("ffffff", Draw::Outside),
    ] {
        assert_eq!(share.holds(number(text)), draw, "{text}");
    }
}

#[test]
fn p08_no_share_is_nobody_and_the_whole_is_everybody() {
    for text in ["000000", "7fffff", "ffffff"] {
        assert_eq!(Share::percent(0).holds(number(text)), Draw::NoShare);
        assert_eq!(Share::percent(100).holds(number(text)), Draw::Inside);
    }
}

#[test]
fn p08_one_home_and_a_thousand_starts_are_one_draw() {
    let world = World::new();
    let first = world.state.draw(&world.dice).unwrap();
    for _ in 0..1_000 {
        assert_eq!(world.state.draw(&SystemRandom).unwrap(), first);
    }
    let stored = world.text(&home(".aider/askfirst.json")).unwrap();
    assert!(stored.contains(&first.spelled()), "{stored}");
}

#[test]
fn p08_a_draw_that_cannot_be_stored_is_no_draw() {
    for fault in [crate::testing::Fault::Full, crate::testing::Fault::ReadOnly] {
        let world = World::new();
        world.disk.set_fault(Some(fault));
        assert!(world.state.draw(&world.dice).is_err());
        world.disk.set_fault(None);
        assert_eq!(world.state.read().drawn(), None);
    }
}

#[test]
fn p08_who_was_drawn_by_the_tool_before_us_is_not_drawn_again() {
    let world = World::legacy(r#"{"uuid": "19ABcd12-0000-4000-8000-000000000000"}"#);
    assert_eq!(world.state.draw(&world.dice).unwrap(), number("19abcd"));
    assert_eq!(
        world.disk.get(&home(".aider/askfirst.json")),
        None,
        "nothing was written"
    );
    for short in ["", "000", "zzzzzz-", "\u{e9}\u{e9}\u{e9}"] {
        let world = World::legacy(&format!(r#"{{"uuid": "{short}"}}"#));
        assert_eq!(world.state.read().drawn(), None, "{short:?}");
    }
}

#[test]
fn p08_an_answer_deletes_the_draw_and_the_attempts() {
    let world = World::new();
    world.state.draw(&world.dice).unwrap();
    world.state.count_attempt().unwrap();
    world.agree(TODAY);
    let record = world.state.read().record().clone();
    assert_eq!((record.draw, record.attempts), (None, 0));
}
