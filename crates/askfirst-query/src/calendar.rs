//! Days, periods and time buckets. Everything is UTC, weeks start on Monday.

use std::ops::Range;

use jiff::civil::Date;

const DAY_MS: i64 = 86_400_000;

/// A UTC day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day a moment lies in; `ms` are milliseconds since 1970 UTC.
    pub fn of_ms(ms: i64) -> Day {
        let day = ms.div_euclid(DAY_MS);
        Day(i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Its first millisecond.
    pub fn start_ms(self) -> i64 {
        i64::from(self.0) * DAY_MS
    }

    /// Reads `2024-12-31`. `None` if that is no day of the calendar.
    pub fn parse(text: &str) -> Option<Day> {
        let date: Date = text.parse().ok()?;
        (text.len() == 10).then(|| Day::of_date(date))
    }

    /// The day `n` days later (earlier if negative).
    pub fn plus(self, n: i32) -> Day {
        Day(self.0.saturating_add(n))
    }

    /// `2024-12-31`, for exports.
    pub fn iso(self) -> String {
        self.date().to_string()
    }

    /// `31 Dec 2024`, for sentences.
    pub fn long(self) -> String {
        let date = self.date();
        format!("{} {} {}", date.day(), month(date), date.year())
    }

    /// `Tue 31 Dec`, for the rows of a table whose head names the year.
    pub fn short(self) -> String {
        let date = self.date();
        format!("{} {} {}", weekday(date), date.day(), month(date))
    }

    /// `30 Nov`, where the year is plain from what stands around it.
    pub fn brief(self) -> String {
        let date = self.date();
        format!("{} {}", date.day(), month(date))
    }

    /// `Dec 2024`.
    pub fn month(self) -> String {
        let date = self.date();
        format!("{} {}", month(date), date.year())
    }

    /// Whether both lie in one year.
    pub fn same_year(self, other: Day) -> bool {
        self.date().year() == other.date().year()
    }

    fn date(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        let span = jiff::Span::new().try_days(self.0);
        span.and_then(|days| epoch.checked_add(days))
            .unwrap_or(if self.0 < 0 { Date::MIN } else { Date::MAX })
    }

    fn of_date(date: Date) -> Day {
        let days = date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
        Day(i32::try_from(days).unwrap_or(0))
    }

    fn monday(self) -> Day {
        // 1970-01-01 was a Thursday, three days after a Monday
        Day((self.0 + 3).div_euclid(7) * 7 - 3)
    }

    fn first_of_month(self) -> Day {
        Day::of_date(self.date().first_of_month())
    }
}

fn month(date: Date) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    usize::try_from(date.month())
        .ok()
        .and_then(|m| NAMES.get(m - 1))
        .copied()
        .unwrap_or("?")
}

fn weekday(date: Date) -> &'static str {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    usize::try_from(date.weekday().to_monday_zero_offset())
        .ok()
        .and_then(|d| NAMES.get(d))
        .copied()
        .unwrap_or("?")
}

/// Whole UTC days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day; not before `from`.
    pub to: Day,
}

impl Period {
    /// Number of days, at least 1.
    pub fn days(self) -> i32 {
        self.to.0 - self.from.0 + 1
    }

    /// First millisecond, and the first one after it.
    pub fn ms(self) -> (i64, i64) {
        (self.from.start_ms(), self.to.plus(1).start_ms())
    }

    /// Whether the day is one of its days.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// The same without the year where the other period says it.
    pub fn within(self, other: Period) -> String {
        let long = self.long();
        let year = format!(" {}", self.to.date().year());
        match long.strip_suffix(&year) {
            Some(short) if self.to.same_year(other.from) && other.from.same_year(other.to) => {
                short.to_owned()
            }
            _ => long,
        }
    }

    /// The period before: as long, shifted back by as many whole weeks as it takes not to overlap.
    pub fn before(self) -> Period {
        let days = (self.days() + 6) / 7 * 7;
        self.shifted(-days)
    }

    /// A year earlier: 52 weeks, so that weekdays align; more, for a longer period.
    pub fn year_before(self) -> Period {
        let years = (self.days() + 363) / 364;
        self.shifted(-364 * years)
    }

    /// The period that begins and ends this many days later.
    pub fn shifted(self, days: i32) -> Period {
        Period {
            from: self.from.plus(days),
            to: self.to.plus(days),
        }
    }

    /// `4 – 31 Dec 2024`, with what both ends share said once.
    pub fn long(self) -> String {
        let (a, b) = (self.from.date(), self.to.date());
        if a == b {
            self.to.long()
        } else if a.year() != b.year() {
            format!("{} – {}", self.from.long(), self.to.long())
        } else if a.month() != b.month() {
            format!("{} {} – {}", a.day(), month(a), self.to.long())
        } else {
            format!("{} – {}", a.day(), self.to.long())
        }
    }
}

/// How a report over time is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// One UTC day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// As many days each, ending with this one: the points of a spark, where the last one is always whole.
    Slice {
        /// Last day of the last slice.
        end: Day,
        /// Days of a slice, at least 1.
        days: i32,
    },
    /// One of two periods, each with its first day; days of neither have a bucket that lies in none.
    Sides {
        /// The later one.
        now: Period,
        /// The earlier one.
        before: Period,
    },
}

impl Bucket {
    /// First day of the bucket that holds `day`.
    pub fn start(self, day: Day) -> Day {
        match self {
            Bucket::Day => day,
            Bucket::Week => day.monday(),
            Bucket::Month => day.first_of_month(),
            Bucket::Slice { end, days } => {
                end.plus(1 - days * ((end.0 - day.0).div_euclid(days) + 1))
            }
            Bucket::Sides { now, .. } if now.contains(day) => now.from,
            Bucket::Sides { before, .. } if before.contains(day) => before.from,
            Bucket::Sides { .. } => Day(i32::MIN),
        }
    }

    /// First day of the bucket after the one that starts at `start`.
    pub fn next(self, start: Day) -> Day {
        match self {
            Bucket::Day => start.plus(1),
            Bucket::Week => start.plus(7),
            Bucket::Month => start.plus(31).first_of_month(),
            Bucket::Slice { days, .. } => start.plus(days),
            Bucket::Sides { now, .. } if start == now.from => now.to.plus(1),
            Bucket::Sides { before, .. } => before.to.plus(1),
        }
    }

    /// The milliseconds of the bucket that holds a time; of its day alone, if it is in no bucket.
    pub(crate) fn around(self, time: i64) -> Range<i64> {
        let day = Day::of_ms(time);
        let (from, next) = match self {
            Bucket::Sides { now, .. } if now.contains(day) => (now.from, now.to.plus(1)),
            Bucket::Sides { before, .. } if before.contains(day) => {
                (before.from, before.to.plus(1))
            }
            Bucket::Sides { .. } => (day, day.plus(1)),
            _ => (self.start(day), self.next(self.start(day))),
        };
        from.start_ms()..next.start_ms()
    }

    /// First days of all buckets a period touches, in order.
    pub fn starts(self, period: Period) -> Vec<Day> {
        let mut starts = vec![self.start(period.from)];
        loop {
            let next = self.next(starts[starts.len() - 1]);
            if next > period.to {
                return starts;
            }
            starts.push(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn times_around_a_time_are_those_of_its_bucket() {
        let period = |from, to| Period {
            from: Day(from),
            to: Day(to),
        };
        let sides = Bucket::Sides {
            now: period(40, 60),
            before: period(19, 38),
        };
        let slice = Bucket::Slice {
            end: Day(60),
            days: 9,
        };
        for bucket in [Bucket::Day, Bucket::Week, Bucket::Month, slice, sides] {
            for time in (0..70 * 24).map(|hour| hour * DAY_MS / 24) {
                let around = bucket.around(time);
                let start = |time| bucket.start(Day::of_ms(time));
                assert!(around.contains(&time), "{bucket:?}");
                assert_eq!(start(around.start), start(time), "{bucket:?}");
                assert_eq!(start(around.end - 1), start(time), "{bucket:?}");
                if !matches!(bucket, Bucket::Sides { .. }) {
                    assert_eq!(start(time).start_ms(), around.start, "{bucket:?}");
                    assert_ne!(start(around.end), start(time), "{bucket:?}");
                }
            }
        }
    }

    #[test]
    fn days_are_read_strictly_and_written_as_read() {
        assert_eq!(day("1970-01-01"), Day(0));
        assert_eq!(day("2024-12-31").iso(), "2024-12-31");
        assert_eq!(day("2024-12-31").short(), "Tue 31 Dec");
        for wrong in [
            "2024-02-30",
            "2024-1-1",
            "31.12.2024",
            "20241231",
            "",
            "2024-12-31T00:00",
        ] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_moment_before_1970_lies_in_the_day_before() {
        assert_eq!(Day::of_ms(-1), Day(-1));
        assert_eq!(Day::of_ms(DAY_MS), Day(1));
    }

    #[test]
    fn a_period_says_what_its_ends_share_once() {
        let long = |a, b| {
            Period {
                from: day(a),
                to: day(b),
            }
            .long()
        };
        assert_eq!(long("2024-12-04", "2024-12-31"), "4 – 31 Dec 2024");
        assert_eq!(long("2024-10-30", "2024-12-31"), "30 Oct – 31 Dec 2024");
        assert_eq!(long("2024-12-30", "2025-01-02"), "30 Dec 2024 – 2 Jan 2025");
        assert_eq!(long("2024-12-30", "2024-12-30"), "30 Dec 2024");
    }

    #[test]
    fn weeks_start_on_monday_and_months_on_the_first() {
        assert_eq!(Bucket::Week.start(day("2024-12-31")), day("2024-12-30"));
        assert_eq!(Bucket::Week.start(day("2024-12-30")), day("2024-12-30"));
        assert_eq!(Bucket::Week.start(day("2024-12-29")), day("2024-12-23"));
        assert_eq!(Bucket::Month.start(day("2024-12-31")), day("2024-12-01"));
        assert_eq!(Bucket::Month.next(day("2024-01-01")), day("2024-02-01"));
    }

    #[test]
    fn slices_end_with_the_period() {
        let period = Period {
            from: day("2024-12-01"),
            to: day("2024-12-31"),
        };
        let slice = Bucket::Slice {
            end: period.to,
            days: 7,
        };
        let starts: Vec<String> = slice.starts(period).into_iter().map(Day::iso).collect();
        assert_eq!(
            starts,
            [
                "2024-11-27",
                "2024-12-04",
                "2024-12-11",
                "2024-12-18",
                "2024-12-25"
            ]
        );
        assert_eq!(slice.start(day("2024-12-31")), day("2024-12-25"));
        assert_eq!(slice.start(day("2024-12-24")), day("2024-12-18"));
    }
}
