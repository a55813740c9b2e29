//! The promises, restated and held against every combination.
//!
//! None of these looks at a row: each says what a promise means for what goes in and what
//! comes out, and together they leave no combination undecided.

use askfirst_catalog::YesLasts;

use super::*;

/// Holds `promise` against every combination there is.
fn always(promise: impl Fn(&Input, &Verdict) -> bool) {
    let mut tried = 0_u64;
    Input::every(&mut |input| {
        tried += 1;
        let verdict = decide(input);
        assert!(
            promise(input, &verdict),
            "{input:?}\n{verdict:?}\n{:?}",
            input.described()
        );
    });
    assert_eq!(tried, 7 * 8 * 3 * 3 * 2 * 2048);
}

/// Nothing stands against analytics but what a person may still answer.
fn nothing_against(it: &Input) -> bool {
    !it.disable
        && !it.flag.is_off()
        && !it.held_off
        && !it.choice.is_no()
        && it.choice != Choice::Unreadable
        && it.state_writable
        && !it.do_not_track
        && !it.ci
        && it.has_destination
}

#[test]
fn p01_nothing_is_on_without_a_stored_yes_of_a_person() {
    always(|it, verdict| {
        let lasts = it.flag.is_on() || it.yes_lasts == YesLasts::UntilWithdrawn;
        verdict.on == (nothing_against(it) && it.choice.is_yes() && lasts)
    });
}

#[test]
fn p01_only_the_answer_yes_turns_on_what_was_off() {
    always(|_, verdict| {
        Answer::ALL.iter().all(|answer| {
            let after = verdict.after(*answer);
            let by_yes = verdict.ask && *answer == Answer::Yes;
            (by_yes && after.on) || (!by_yes && (!after.on || verdict.on))
        })
    });
}

#[test]
fn p01_nothing_is_sent_unless_on() {
    always(|_, verdict| {
        let afters = Answer::ALL.map(|answer| verdict.after(answer));
        verdict.network == verdict.on && afters.iter().all(|after| after.network == after.on)
    });
}

#[test]
fn p05_disable_stores_a_no_whatever_else_is_said_and_says_so() {
    always(|it, verdict| {
        let stored = verdict.store == Store::Disabled;
        let said = verdict.line == Some(Line::Disable);
        it.disable == stored
            && it.disable == said
            && (!it.disable || (!verdict.on && !verdict.ask && !verdict.network))
    });
}

#[test]
fn p05_a_stored_no_is_never_on_never_asked_and_never_touched() {
    always(|it, verdict| {
        !it.choice.is_no()
            || (!verdict.on && !verdict.ask && (it.disable || verdict.store == Store::Nothing))
    });
}

#[test]
fn p06_the_flag_asks_who_has_not_answered_and_turns_on_who_said_yes() {
    always(|it, verdict| {
        let open = nothing_against(it) && it.flag.is_on();
        let unanswered = it.choice == Choice::NeverAsked || it.choice.is_yes_to_others();
        (!(open && unanswered) || verdict.ask == it.can_ask())
            && (!(open && it.choice.is_yes()) || verdict.on)
    });
}

#[test]
fn p06_typed_without_effect_says_so_in_one_line() {
    always(|it, verdict| {
        let effect = verdict.on || verdict.ask;
        match (it.disable, it.on_is_typed()) {
            (true, _) => verdict.line == Some(Line::Disable),
            (false, true) => verdict.line.is_some() != effect,
            (false, false) => verdict.line.is_none(),
        }
    });
}

#[test]
fn p07_no_analytics_is_off_stores_nothing_and_delivers_nothing() {
    always(|it, verdict| {
        !it.flag.is_off()
            || it.disable
            || (!verdict.on
                && !verdict.ask
                && !verdict.network
                && verdict.store == Store::Nothing
                && verdict.line.is_none())
    });
}

#[test]
fn p08_without_a_flag_exactly_the_drawn_who_can_answer_are_asked() {
    always(|it, verdict| {
        let among = match it.choice {
            Choice::NeverAsked => it.draw == Draw::Inside,
            Choice::LegacyYes | Choice::YesToAnother => it.draw != Draw::NoShare,
            _ => false,
        };
        let expected = nothing_against(it) && among && it.can_ask() && it.attempts < 3;
        it.flag != Flag::Unset || verdict.ask == expected
    });
}

#[test]
fn p08_a_host_with_no_share_asks_by_the_flag_only() {
    always(|it, verdict| !verdict.ask || it.draw != Draw::NoShare || it.flag.is_on());
}

#[test]
fn p10_the_answer_no_disables_for_good() {
    always(|_, verdict| {
        let after = verdict.after(Answer::No);
        !verdict.ask || (after.store == Store::Disabled && !after.on && !after.network)
    });
}

#[test]
fn p11_a_named_log_is_written_whatever_the_choice() {
    always(|it, verdict| {
        verdict.log == it.log_named
            && Answer::ALL
                .iter()
                .all(|answer| verdict.after(*answer).log == it.log_named)
    });
}

#[test]
fn p14_a_setting_means_what_the_flag_means_and_is_silent() {
    always(|it, verdict| {
        let typed = match it.flag {
            Flag::On(_) => Flag::On(Source::Typed),
            Flag::Off(_) => Flag::Off(Source::Typed),
            Flag::Unset => return true,
        };
        let said = decide(&Input { flag: typed, ..*it });
        // Only who types it is asked again for classes the yes does not cover.
        let asks_anew = it.choice == Choice::YesToFewer && it.flag.is_on();
        (said.on, said.row, said.network) == (verdict.on, verdict.row, verdict.network)
            && (asks_anew || (said.ask, said.store) == (verdict.ask, verdict.store))
            && (it.flag == typed || it.disable || verdict.line.is_none())
    });
}

#[test]
fn p16_a_yes_to_another_recipient_is_off_until_it_is_answered_again() {
    always(|it, verdict| it.choice != Choice::YesToAnother || !verdict.on);
}

#[test]
fn p16_a_yes_to_fewer_classes_holds_for_those_while_the_rest_is_asked_for() {
    always(|it, verdict| {
        if it.choice != Choice::YesToFewer {
            return true;
        }
        let whole = decide(&Input {
            choice: Choice::Yes,
            ..*it
        });
        let asks = nothing_against(it) && it.on_is_typed() && it.can_ask();
        verdict.on == whole.on
            && verdict.ask == asks
            && verdict.after(Answer::Unanswered).on == whole.on
    });
}

#[test]
fn b04_a_project_can_only_turn_off_and_stores_nothing() {
    always(|it, verdict| {
        !it.held_off
            || it.disable
            || (!verdict.on && !verdict.ask && verdict.store == Store::Nothing)
    });
}

#[test]
fn b05_nobody_is_asked_who_cannot_answer() {
    always(|it, verdict| {
        !verdict.ask || (it.terminal && !it.agent && !it.automated && !it.prints_only)
    });
}

#[test]
fn b05_no_answer_is_not_a_yes_and_stores_nothing_more() {
    always(|_, verdict| {
        let after = verdict.after(Answer::Unanswered);
        !verdict.ask || (after.on == verdict.on && after.store == Store::Nothing)
    });
}

#[test]
fn b05_a_legacy_yes_is_no_yes() {
    always(|it, verdict| it.choice != Choice::LegacyYes || !verdict.on);
}

#[test]
fn b06_what_cannot_be_read_or_written_is_off_and_left_alone() {
    always(|it, verdict| {
        (it.choice != Choice::Unreadable && it.state_writable)
            || (!verdict.on && !verdict.ask && (it.disable || verdict.store == Store::Nothing))
    });
}

#[test]
fn b07_only_a_yes_writes_a_key_and_nothing_is_written_without_being_asked() {
    always(|it, verdict| {
        verdict.store != Store::Yes
            && (verdict.store == Store::Attempt) == verdict.ask
            && (it.disable || verdict.ask || verdict.store == Store::Nothing)
    });
}

#[test]
fn do_not_track_and_ci_are_off_whatever_is_stored_or_typed() {
    always(|it, verdict| !(it.do_not_track || it.ci) || (!verdict.on && !verdict.ask));
}

#[test]
fn p13_without_a_destination_nothing_is_on_and_nobody_is_asked() {
    always(|it, verdict| it.has_destination || (!verdict.on && !verdict.ask));
}

#[test]
fn an_agent_is_never_asked_but_a_stored_yes_holds() {
    always(|it, verdict| {
        let by_hand = decide(&Input {
            agent: false,
            ..*it
        });
        !it.agent || (!verdict.ask && verdict.on == by_hand.on)
    });
}

#[test]
fn every_row_decides_something() {
    let mut met = std::collections::BTreeSet::new();
    Input::every(&mut |input| {
        met.insert(decide(input).row);
    });
    assert_eq!(
        met.into_iter().collect::<Vec<_>>(),
        Row::all().collect::<Vec<_>>()
    );
}
