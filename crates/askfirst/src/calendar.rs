//! Days and hours as they are written, in UTC.
//!
//! Only the arithmetic is the library's. Its parser and printer take every form a date can
//! have, time zones too, and would be 160 kB of each tool.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A day since 1970-01-01, shown as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) i32);

impl Day {
    /// The day of a date: `2026-11-22`, and no other form.
    pub(crate) fn of(date: &str) -> Option<Day> {
        let (year, rest) = date.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        if [year.len(), month.len(), day.len()] != [4, 2, 2] {
            return None;
        }
        let date = Date::new(number(year)?, number(month)?, number(day)?).ok()?;
        let start = Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
        let day = start.as_second().div_euclid(DAY_SECONDS);
        i32::try_from(day).ok().map(Day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = i64::from(self.0).saturating_mul(DAY_SECONDS);
        match moment(second) {
            Some(moment) => date(moment.date(), f),
            None => f.write_str("9999-12-31"),
        }
    }
}

/// An hour, by its first second since 1970: `2026-11-22T13:00:00Z`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hour(pub(crate) i64);

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = moment(self.0).unwrap_or(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
        date(moment.date(), f)?;
        write!(f, "T{:02}:00:00Z", moment.hour())
    }
}

fn moment(second: i64) -> Option<DateTime> {
    let timestamp = Timestamp::from_second(second).ok()?;
    Some(Offset::UTC.to_datetime(timestamp))
}

fn date(date: Date, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (year, month, day) = (date.year(), date.month(), date.day());
    write!(f, "{year:04}-{month:02}-{day:02}")
}

fn number<N: FromStr>(digits: &str) -> Option<N> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_date_is_no_day() {
        for text in [
            "",
            "2026",
            "2026-11",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-001",
            "2026-11-22-",
            "+026-11-22",
            "20261122",
            " 2026-11-2",
            "2026-11-22T10",
            "\u{662}26-11-22",
        ] {
            assert_eq!(Day::of(text), None, "{text:?}");
        }
        assert_eq!(Day::of("1970-01-01"), Some(Day(0)));
        assert_eq!(Day::of("1969-12-31"), Some(Day(-1)));
        assert_eq!(Day(i32::MAX).to_string(), "9999-12-31");
    }

    proptest! {
        #[test]
        fn a_day_and_an_hour_are_written_as_the_library_writes_them(hour in 0_i64..70_389_504) {
            let second = hour * 3_600;
            let theirs = Timestamp::from_second(second).unwrap().to_string();
            prop_assert_eq!(Hour(second).to_string(), theirs.clone());
            let day = Day(i32::try_from(hour / 24).unwrap());
            prop_assert_eq!(day.to_string(), &theirs[..10]);
            prop_assert_eq!(Day::of(&theirs[..10]), Some(day));
        }
    }
}
