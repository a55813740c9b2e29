//! Every combination there is: for the tests and for the table in the documentation.

use askfirst_catalog::YesLasts;

use super::input::{Choice, Draw, Flag, Input};
use crate::policy::MAX_ATTEMPTS;

/// None, the last that still counts, and the first that does not.
const ATTEMPTS: [u8; 3] = [0, MAX_ATTEMPTS.saturating_sub(1), MAX_ATTEMPTS];

impl Input {
    /// A person at a terminal who was never asked, is not of the subset, and typed nothing;
    /// the host has a place to send to.
    pub const PLAIN: Input = Input {
        disable: false,
        flag: Flag::Unset,
        held_off: false,
        choice: Choice::NeverAsked,
        state_writable: true,
        do_not_track: false,
        ci: false,
        has_destination: true,
        yes_lasts: YesLasts::UntilWithdrawn,
        terminal: true,
        agent: false,
        automated: false,
        prints_only: false,
        draw: Draw::Outside,
        attempts: 0,
        log_named: false,
    };

    /// Calls `visit` with every combination of all values.
    pub fn every(visit: &mut impl FnMut(&Input)) {
        fn vary<T: Copy>(
            from: &Input,
            values: &[T],
            set: impl Fn(&mut Input, T),
            next: &mut impl FnMut(&Input),
        ) {
            for value in values {
                let mut input = *from;
                set(&mut input, *value);
                next(&input);
            }
        }
        let plain = Input::PLAIN;
        vary(&plain, &Flag::ALL, |it, v| it.flag = v, &mut |it| {
            vary(it, &Choice::ALL, |it, v| it.choice = v, &mut |it| {
                vary(it, &Draw::ALL, |it, v| it.draw = v, &mut |it| {
                    vary(it, &ATTEMPTS, |it, v| it.attempts = v, &mut |it| {
                        vary(it, &YesLasts::ALL, |it, v| it.yes_lasts = v, &mut |it| {
                            for bits in 0..1_u16 << BOOLS.len() {
                                let mut input = *it;
                                for (bit, (_, field)) in BOOLS.iter().enumerate() {
                                    *field(&mut input) = bits >> bit & 1 != 0;
                                }
                                visit(&input);
                            }
                        });
                    });
                });
            });
        });
    }

    /// In how many values it differs from [`Input::PLAIN`].
    pub(super) fn unlike_plain(&self) -> u32 {
        let (mut mine, mut plain) = (*self, Input::PLAIN);
        let bools = BOOLS
            .iter()
            .map(|(_, field)| *field(&mut mine) != *field(&mut plain));
        let others = [
            self.flag != Input::PLAIN.flag,
            self.choice != Input::PLAIN.choice,
            self.yes_lasts != Input::PLAIN.yes_lasts,
            self.draw != Input::PLAIN.draw,
            self.attempts != Input::PLAIN.attempts,
        ];
        bools.chain(others).map(u32::from).sum()
    }

    /// What differs from [`Input::PLAIN`], in words.
    pub fn described(&self) -> Vec<String> {
        let mut words = Vec::new();
        let plain = Input::PLAIN;
        if self.flag != plain.flag {
            words.push(flag(self.flag));
        }
        if self.choice != plain.choice {
            words.push(self.choice.words().to_owned());
        }
        let mut mine = *self;
        let mut plains = plain;
        for ((on, off), field) in BOOLS {
            let value = *field(&mut mine);
            if value != *field(&mut plains) {
                words.push(if value { on } else { off }.to_owned());
            }
        }
        if self.yes_lasts != plain.yes_lasts {
            words.push("a yes lasts for a session".to_owned());
        }
        if self.draw != plain.draw {
            words.push(self.draw.words().to_owned());
        }
        if self.attempts != plain.attempts {
            words.push(format!("{} unanswered", self.attempts));
        }
        words
    }
}

type Field = fn(&mut Input) -> &mut bool;

/// The values that are yes or no, with what is said where they are the one or the other.
const BOOLS: [((&str, &str), Field); 11] = [
    (("`--analytics-disable`", ""), |it| &mut it.disable),
    (
        ("a project says off, or a setting is not understood", ""),
        |it| &mut it.held_off,
    ),
    (("", "state directory not writable"), |it| {
        &mut it.state_writable
    }),
    (("`DO_NOT_TRACK`", ""), |it| &mut it.do_not_track),
    (("CI", ""), |it| &mut it.ci),
    (("", "no destination"), |it| &mut it.has_destination),
    (("", "no terminal"), |it| &mut it.terminal),
    (("an agent", ""), |it| &mut it.agent),
    (("told to answer its own questions", ""), |it| {
        &mut it.automated
    }),
    (("a run that only prints", ""), |it| &mut it.prints_only),
    (("a log is named", ""), |it| &mut it.log_named),
];

fn flag(flag: Flag) -> String {
    match flag {
        Flag::Unset => "no flag".to_owned(),
        Flag::On(source) => format!("on, {}", source.words()),
        Flag::Off(source) => format!("off, {}", source.words()),
    }
}
