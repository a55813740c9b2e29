//! A change in words and in exports.

use crate::answer::Change;
use crate::render::number::{self, NARROW};

/// `+10 %`, `3 from 1`, `new`; what people read.
pub fn change(change: Change) -> String {
    match change {
        Change::Same => "same".into(),
        Change::Percent { before, now } => {
            format!("{}{NARROW}%", signed(now - before, before))
        }
        Change::Few { before, now } => {
            format!("{} from {}", number::exact(now), number::exact(before))
        }
        Change::Points { before, now } => {
            let (part, whole) = difference(before, now);
            format!("{} points", signed(part, whole))
        }
        Change::New => "new".into(),
        Change::Back => "back".into(),
        Change::Gone => "gone".into(),
        Change::Since(day) => format!("recorded since {}", day.brief()),
    }
}

/// The same for programs: a share of the number before (`-0.1787`), a difference of rates, or one word; nothing
/// where it is not compared, which `not_compared` explains. Few events are no reason to keep a number from a
/// program.
pub(crate) enum Exact {
    Number(String),
    Word(&'static str),
    Nothing,
}

pub(crate) fn exact(change: Change) -> Exact {
    let ratio = |part: i128, whole: i128| {
        let sign = if part < 0 { "-" } else { "" };
        Exact::Number(format!("{sign}{}", number::ratio(part.abs(), whole)))
    };
    match change {
        Change::Same => Exact::Number("0".into()),
        Change::Percent { before, now } | Change::Few { before, now } => {
            ratio(now - before, before)
        }
        Change::Points { before, now } => {
            let (part, whole) = difference(before, now);
            ratio(part, whole)
        }
        Change::New => Exact::Word("new"),
        Change::Back => Exact::Word("back"),
        Change::Gone => Exact::Word("gone"),
        Change::Since(_) => Exact::Nothing,
    }
}

impl Exact {
    /// As it stands in a cell of plain output or CSV.
    pub(crate) fn text(self) -> Option<String> {
        match self {
            Exact::Number(number) => Some(number),
            Exact::Word(word) => Some(word.into()),
            Exact::Nothing => None,
        }
    }
}

/// The difference of two rates as one fraction.
fn difference(before: (i128, i128), now: (i128, i128)) -> (i128, i128) {
    (now.0 * before.1 - before.0 * now.1, now.1 * before.1)
}

/// A hundred times the fraction with its sign; below one with a decimal, so that a change never reads as none.
fn signed(part: i128, whole: i128) -> String {
    let sign = if part < 0 { '−' } else { '+' };
    let times = |scale: i128| (part.abs() * scale * 2 + whole) / (whole * 2);
    match times(1000) {
        tenths @ 0..10 => format!("{sign}0.{}", tenths.max(1)),
        _ => format!("{sign}{}", number::exact(times(100))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;

    fn words(before: i128, now: i128) -> String {
        change(Change::of(before, now, true)).replace(NARROW, " ")
    }

    #[test]
    fn a_change_reads_as_what_it_is() {
        assert_eq!(words(694, 570), "−18 %");
        assert_eq!(words(110, 237), "+115 %");
        assert_eq!(words(1000, 1004), "+0.4 %");
        assert_eq!(words(1_000_000, 1_000_001), "+0.1 %");
        assert_eq!(words(20, 2_000), "+9,900 %");
        assert_eq!(words(1, 3), "3 from 1");
        assert_eq!(words(5, 0), "gone");
        let points = Change::of_rates((1, 10), (13, 100)).unwrap();
        assert_eq!(change(points), "+3 points");
        let since = Change::Since(Day::parse("2024-11-30").unwrap());
        assert_eq!(change(since), "recorded since 30 Nov");
    }

    #[test]
    fn exports_have_a_ratio_or_a_word() {
        let of = |before, now| exact(Change::of(before, now, false)).text().unwrap();
        assert_eq!(of(694, 570), "-0.1787");
        assert_eq!(of(0, 5), "new");
        assert_eq!(of(1, 3), "2.0000");
        assert_eq!(of(3, 3), "0");
        assert_eq!(exact(Change::Since(Day(0))).text(), None);
    }
}
