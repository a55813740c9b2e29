use std::time::Duration;

use askfirst_catalog::{Catalog, Profile};

use super::*;
use crate::clock::Clock as _;
use crate::consent::Answer;
use crate::testing::{Person, TestClock, Typing};

fn wording() -> Wording {
    let profile = Profile::builtin("aider").unwrap();
    Wording::of(&profile, "what is collected".to_owned())
}

fn answer(person: &Person, clock: &TestClock) -> Answer {
    ask(&mut person.clone(), clock, &wording())
}

fn typed(lines: &[&'static str]) -> (Answer, Person) {
    let clock = TestClock::on_day(20_000);
    let person = Person::typing(&clock, lines);
    (answer(&person, &clock), person)
}

#[test]
fn p09_b17_the_question_is_the_pages_word_for_word() {
    let (_, person) = typed(&["n"]);
    let page = "\
Aider respects your privacy and never collects your code, prompts, chats, keys or any personal
info.
For more info: https://aider.chat/docs/more/analytics.html
Allow collection of anonymous analytics to help improve aider? (Y)es/(N)o [Yes]: n
";
    assert_eq!(person.screen(), page);
}

#[test]
fn b17_in_every_host_the_question_stands_on_its_page() {
    for id in Profile::builtin_ids() {
        let profile = Profile::builtin(id).unwrap();
        let clock = TestClock::on_day(20_000);
        let person = Person::typing(&clock, &["n"]);
        ask(
            &mut person.clone(),
            &clock,
            &Wording::of(&profile, String::new()),
        );
        let shown = person.screen().replace(" n\n", "\n");
        let page = askfirst_catalog::page(&Catalog::builtin(), &profile);
        assert!(page.contains(&shown), "{id}: {shown}");
    }
}

#[test]
fn p09_in_a_narrow_terminal_only_the_line_breaks_differ() {
    let clock = TestClock::on_day(20_000);
    let words = |person: &Person| {
        let screen = person.screen();
        screen
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let wide = Person::typing(&clock, &["n"]);
    answer(&wide, &clock);
    for columns in [40, 80, 0] {
        let narrow = Person::typing(&clock, &["n"]).with_columns(columns);
        answer(&narrow, &clock);
        assert_eq!(words(&narrow), words(&wide));
        let limit = if columns == 0 { 80 } else { columns };
        let screen = narrow.screen().replace(" n\n", "\n");
        let fits = |line: &&str| line.len() <= limit || line.starts_with("For more info: ");
        assert!(screen.lines().all(|line| fits(&line)), "{screen}");
    }
}

#[test]
fn p09_yes_and_no_in_any_case_answer() {
    for (line, expected) in [
        ("y", Answer::Yes),
        ("Y", Answer::Yes),
        ("yes", Answer::Yes),
        (" YES ", Answer::Yes),
        ("", Answer::Yes),
        ("n", Answer::No),
        ("N", Answer::No),
        ("No", Answer::No),
    ] {
        assert_eq!(typed(&[line]).0, expected, "{line:?}");
    }
}

#[test]
fn b05_an_enter_in_the_first_300_ms_is_not_an_answer() {
    let clock = TestClock::on_day(20_000);
    let at = |ms| Typing::Line("", Duration::from_millis(ms));
    let person = Person::doing(&clock, [at(0), at(299), at(299), Typing::End]);
    assert_eq!(answer(&person, &clock), Answer::Unanswered);
    assert_eq!(person.asked(), 4, "each of them only asks again");
    let person = Person::doing(&clock, [at(299), at(300)]);
    assert_eq!(answer(&person, &clock), Answer::Yes);
}

#[test]
fn b05_what_waits_is_discarded_before_every_question() {
    let (_, person) = typed(&["what", "?", "n"]);
    assert_eq!((person.asked(), person.discarded()), (3, 3));
}

#[test]
fn b05_end_of_input_a_signal_and_a_lost_terminal_are_no_answer() {
    let clock = TestClock::on_day(20_000);
    for end in [Typing::End, Typing::Signal, Typing::Failure] {
        let person = Person::doing(&clock, [end.clone()]);
        assert_eq!(answer(&person, &clock), Answer::Unanswered, "{end:?}");
    }
}

#[test]
fn p09_anything_else_asks_again_twice() {
    let (answer, person) = typed(&["maybe", "sure", "ja", "y"]);
    assert_eq!((answer, person.asked()), (Answer::Unanswered, 3));
    assert_eq!(typed(&["maybe", "sure", "y"]).0, Answer::Yes);
    for word in ["yess", "nope", "yes please", "1", "true", "\u{1b}[A"] {
        assert_eq!(typed(&[word, word, word]).0, Answer::Unanswered, "{word:?}");
    }
}

#[test]
fn p09_a_question_mark_explains_and_asks_again_as_often_as_wanted() {
    let (answer, person) = typed(&["?", "?", "?", "?", "n"]);
    assert_eq!(answer, Answer::No);
    assert_eq!(person.screen().matches("what is collected").count(), 4);
}

#[test]
fn p09_the_explanation_says_what_to_whom_where_how_long_and_shows_an_event() {
    let catalog = Catalog::builtin();
    let profile = Profile::builtin("cecli").unwrap();
    let example = example(&catalog, &profile);
    let text = explanation(&profile, None, &example);
    for part in [
        "which LLMs are used and with how many tokens",
        "Sent to: nowhere",
        "Received by: PostHog, for the owner of the project whose key you name",
        "Region: the United States for app.posthog.com",
        "Kept: 180 days",
        "https://cecli.dev/docs/more/analytics.html",
        "{\"event\": \"message_send\", \"properties\": {",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let event: serde_json::Value = serde_json::from_str(&example).unwrap();
    assert_eq!(event["properties"]["main_model"], "gpt-4o");
}

#[test]
fn p17_the_key_lasts_as_long_as_the_page_says() {
    let profile = Profile::builtin("aider").unwrap();
    let said = format!("replaced after {} days", crate::policy::KEY_DAYS);
    assert!(askfirst_catalog::privacy(&profile).contains(&said));
    assert!(explanation(&profile, None, "").contains(&said));
}

#[test]
fn the_test_clock_stands_still_until_it_is_told_to_go_on() {
    let clock = TestClock::on_day(3);
    assert_eq!((clock.today(), clock.now_ms()), (3, 3 * 86_400_000));
    clock.advance(Duration::from_secs(86_400));
    assert_eq!(clock.today(), 4);
}
