//! Calendar months, UTC.

/// A calendar month: months since January of the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(i32);

/// Days from 1 March of the year 0 to 1970-01-01.
const EPOCH: i64 = 719_468;
/// Days of 400 years.
const ERA: i64 = 146_097;

impl Month {
    /// The month a day (since 1970-01-01) lies in.
    pub(crate) fn of(day: i32) -> Month {
        // Years begin in March, so that the leap day is the last of a year.
        let day = i64::from(day) + EPOCH;
        let (era, of_era) = (day.div_euclid(ERA), day.rem_euclid(ERA));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let since_march = (5 * of_year + 2) / 153;
        let months = (era * 400 + year) * 12 + since_march + 2;
        Month(i32::try_from(months).unwrap_or(i32::MAX))
    }

    /// Its last day, since 1970-01-01.
    pub(crate) fn last_day(self) -> i32 {
        let since_march = i64::from(self.0) + 1 - 2;
        let (year, month) = (since_march.div_euclid(12), since_march.rem_euclid(12));
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let days = of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5;
        i32::try_from(era * ERA + days - EPOCH - 1).unwrap_or(i32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_where_the_calendar_says() {
        for (day, last) in [
            (0, 30),          // January 1970
            (30, 30),         // its last day
            (31, 58),         // February
            (-1, -1),         // December 1969
            (11_016, 11_016), // 29 February 2000
            (20_059, 20_088), // 2 December 2024
            (47_540, 47_540), // 28 February 2100, no leap year
        ] {
            assert_eq!(Month::of(day).last_day(), last, "day {day}");
        }
    }

    #[test]
    fn every_day_lies_in_the_month_that_ends_next() {
        let mut month = Month::of(-800_000);
        for day in -800_000..800_000 {
            let next = Month::of(day);
            assert!(next == month || (day - 1 == month.last_day() && next > month));
            assert!(next.last_day() >= day && next.last_day() - day < 31);
            month = next;
        }
    }

    #[test]
    fn days_of_broken_clocks_do_not_panic() {
        for day in [i32::MIN, i32::MAX] {
            let _ = Month::of(day).last_day();
        }
    }
}
