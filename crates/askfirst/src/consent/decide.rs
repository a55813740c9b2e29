//! The decision table.

use askfirst_catalog::YesLasts;

use super::input::{Choice, Draw, Flag, Input};
use super::verdict::{Line, Store, Verdict};
use crate::policy::MAX_ATTEMPTS;

/// The row of the table that decided: the reason, as status names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// 1: `--analytics-disable`.
    Disable,
    /// 2: off for this session.
    SwitchedOff,
    /// 3: disabled for good.
    Disabled,
    /// 4: what is stored cannot be read, or nothing can be stored.
    Unreadable,
    /// 5: `DO_NOT_TRACK`, or CI.
    DoNotTrack,
    /// 5a: nowhere to send to.
    NoDestination,
    /// 6: opted in, and switched on.
    YesFlagOn,
    /// 7: opted in.
    YesFlagUnset,
    /// 8: switched on for the first time.
    AskFlagOn,
    /// 9: switched on for the first time, and nobody to ask.
    CannotAsk,
    /// 10: of the random subset.
    AskDrawn,
    /// 11: everything else.
    Otherwise,
}

/// One row: when it fits, in words and in code, and what follows, in words.
struct Entry {
    row: Row,
    number: &'static str,
    when: &'static str,
    result: &'static str,
    fits: fn(&Input) -> bool,
}

/// Read top-down; the first that fits decides.
const TABLE: [Entry; 12] = [
    Entry {
        row: Row::Disable,
        number: "1",
        when: "`--analytics-disable` from the user",
        result: "disabled stored, off; the program goes on",
        fits: |it| it.disable,
    },
    Entry {
        row: Row::SwitchedOff,
        number: "2",
        when: "flag off, or a project's file says off; a setting that cannot be understood is off",
        result: "off; nothing asked or stored",
        fits: |it| it.flag.is_off() || it.held_off,
    },
    Entry {
        row: Row::Disabled,
        number: "3",
        when: "disabled (by the user or machine-wide)",
        result: "off, never asked",
        fits: |it| it.choice.is_no(),
    },
    Entry {
        row: Row::Unreadable,
        number: "4",
        when: "choice unreadable, newer than understood, or owned by another user; \
               state directory not writable",
        result: "off, never asked, every file left exactly as it is",
        fits: |it| it.choice == Choice::Unreadable || !it.state_writable,
    },
    Entry {
        row: Row::DoNotTrack,
        number: "5",
        when: "`DO_NOT_TRACK`, or CI",
        result: "off for this session whatever is stored",
        fits: |it| it.do_not_track || it.ci,
    },
    Entry {
        row: Row::NoDestination,
        number: "5a",
        when: "no destination, neither in the profile nor from the user",
        result: "off, never asked",
        fits: |it| !it.has_destination,
    },
    Entry {
        row: Row::YesFlagOn,
        number: "6",
        when: "yes, flag on",
        result: "on; if the page names more classes than the yes covers, those are withheld, \
                 and who types `--analytics` is asked again",
        fits: |it| it.choice.is_yes() && it.flag.is_on(),
    },
    Entry {
        row: Row::YesFlagUnset,
        number: "7",
        when: "yes, flag unset",
        result: "on where a yes lasts until it is withdrawn; off where it lasts for a session",
        fits: |it| it.choice.is_yes() && it.flag == Flag::Unset,
    },
    Entry {
        row: Row::AskFlagOn,
        number: "8",
        when: "never asked, legacy yes or yes to another recipient; flag on; can ask",
        result: "ask: yes -> store, mint, on; no -> disabled",
        fits: |it| asks_for_a_yes(it.choice) && it.flag.is_on() && it.can_ask(),
    },
    Entry {
        row: Row::CannotAsk,
        number: "9",
        when: "never asked, legacy yes or yes to another recipient; flag on; cannot ask",
        result: "off, still never asked",
        fits: |it| asks_for_a_yes(it.choice) && it.flag.is_on(),
    },
    Entry {
        row: Row::AskDrawn,
        number: "10",
        when: "never asked and drawn, or legacy yes or yes to another recipient in a host whose \
               share is not 0; flag unset; can ask; fewer than 3 unanswered",
        result: "ask, as above",
        fits: |it| {
            may_be_asked(it) && it.flag == Flag::Unset && it.can_ask() && it.attempts < MAX_ATTEMPTS
        },
    },
    Entry {
        row: Row::Otherwise,
        number: "11",
        when: "otherwise",
        result: "off",
        fits: |_| true,
    },
];

/// Whether there is no answer of a person to our question yet.
fn asks_for_a_yes(choice: Choice) -> bool {
    choice == Choice::NeverAsked || choice.is_yes_to_others()
}

/// Whether the user is among those who are asked without a flag.
fn may_be_asked(it: &Input) -> bool {
    match it.choice {
        Choice::NeverAsked => it.draw == Draw::Inside,
        choice => choice.is_yes_to_others() && it.draw != Draw::NoShare,
    }
}

/// Decides. The same input always gives the same verdict; nothing is read or written.
pub fn decide(input: &Input) -> Verdict {
    let row = TABLE
        .iter()
        .find(|entry| (entry.fits)(input))
        .map_or(Row::Otherwise, |entry| entry.row);
    let on = is_on(row, input);
    let ask = is_asked(row, input);
    Verdict {
        row,
        on,
        ask,
        store: match (row, ask) {
            (Row::Disable, _) => Store::Disabled,
            (_, true) => Store::Attempt,
            (_, false) => Store::Nothing,
        },
        log: input.log_named,
        network: on,
        line: line(row, input),
    }
}

fn is_on(row: Row, input: &Input) -> bool {
    match row {
        Row::YesFlagOn => true,
        Row::YesFlagUnset => input.yes_lasts == YesLasts::UntilWithdrawn,
        _ => false,
    }
}

fn is_asked(row: Row, input: &Input) -> bool {
    match row {
        Row::AskFlagOn | Row::AskDrawn => true,
        // A yes that covers less than the page names today: only who typed the flag, and can
        // answer, is asked for the rest (P16).
        Row::YesFlagOn => {
            input.choice == Choice::YesToFewer && input.on_is_typed() && input.can_ask()
        }
        _ => false,
    }
}

/// The one line on standard error, before any question.
fn line(row: Row, input: &Input) -> Option<Line> {
    match row {
        Row::Disable => Some(Line::Disable),
        _ if !input.on_is_typed() => None,
        Row::SwitchedOff
        | Row::Disabled
        | Row::Unreadable
        | Row::DoNotTrack
        | Row::NoDestination => Some(Line::StaysOff),
        Row::CannotAsk => Some(Line::HowToOptIn),
        _ => None,
    }
}

impl Row {
    /// Every row, in the order they are tried.
    pub fn all() -> impl Iterator<Item = Row> {
        TABLE.iter().map(|entry| entry.row)
    }

    /// Its number in the table: `5a`.
    pub fn number(self) -> &'static str {
        self.entry().map_or("11", |entry| entry.number)
    }

    /// When it fits, in words.
    pub fn when(self) -> &'static str {
        self.entry().map_or("", |entry| entry.when)
    }

    /// What follows, in words.
    pub fn result(self) -> &'static str {
        self.entry().map_or("", |entry| entry.result)
    }

    fn entry(self) -> Option<&'static Entry> {
        TABLE.iter().find(|entry| entry.row == self)
    }
}
