//! What a reader may ask for beside the report's name: the keys of the query string and of the command line.

mod keys;
mod parse;

use crate::calendar::{Bucket, Day, Period};
use crate::policy;

pub use keys::{KEYS, Key};

/// How long the period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Days(i32),
    All,
    From(Day),
}

/// Rows shown before the rest becomes one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Top {
    /// Every row.
    All,
    /// At most this many, at least 1.
    Rows(usize),
}

/// What the numbers are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    /// The same length, shifted back by whole weeks.
    #[default]
    Previous,
    /// The same days 52 weeks earlier.
    Year,
    /// Nothing.
    None,
}

/// Order of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Key of the column, with or without its unit (`cost` for `cost_usd`).
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

/// What was asked for, understood but not yet held against the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filters {
    /// The day on which the question is asked; it is not over yet.
    pub today: Day,
    length: Length,
    to: Option<Day>,
    /// What the numbers are compared with.
    pub compare: Compare,
    /// The tool whose project is asked; checked against the project.
    pub host: Option<String>,
    /// Versions or version lines, any of them; empty means all.
    pub version: Vec<String>,
    /// Operating systems, any of them; empty means all.
    pub platform: Vec<String>,
    /// Main models, any of them; empty means all.
    pub model: Vec<String>,
    /// How a report over time is cut, if asked for.
    pub by: Option<Bucket>,
    /// Order of the rows, if asked for.
    pub sort: Option<Sort>,
    /// Rows shown, if asked for.
    pub top: Option<Top>,
}

impl Filters {
    /// No filter: the default period before `today`.
    pub fn new(today: Day) -> Filters {
        Filters {
            today,
            length: Length::Days(policy::DEFAULT_DAYS),
            to: None,
            compare: Compare::default(),
            host: None,
            version: Vec::new(),
            platform: Vec::new(),
            model: Vec::new(),
            by: None,
            sort: None,
            top: None,
        }
    }

    /// Whether rows are chosen by anything but the period.
    pub fn choose_rows(&self) -> bool {
        !(self.version.is_empty() && self.platform.is_empty() && self.model.is_empty())
    }

    /// The days asked for, given the first and last day that have events at all.
    ///
    /// A period ends with the last complete day, unless another end was asked for or everything so far
    /// happened today.
    pub fn period(&self, recorded: Option<(Day, Day)>) -> Period {
        let yesterday = self.today.plus(-1);
        let (first, last) = recorded.unwrap_or((yesterday, yesterday));
        let complete = if first >= self.today {
            self.today
        } else {
            yesterday
        };
        let to = self.to.unwrap_or(complete);
        match self.length {
            Length::Days(days) => Period {
                from: to.plus(1 - days),
                to,
            },
            Length::All => {
                let to = self.to.unwrap_or(complete.min(last));
                Period {
                    from: first.min(to),
                    to,
                }
            }
            Length::From(from) => Period {
                from,
                to: self.to.unwrap_or(complete.max(from)),
            },
        }
    }

    /// The days a period is compared with: none for all days there are, before which nothing lies.
    pub fn compared(&self, period: Period) -> Option<Period> {
        match self.length {
            Length::All => None,
            _ => self.compare.period(period),
        }
    }

    /// How a report over time is cut: as asked, else by the length of the period.
    pub fn bucket(&self, period: Period) -> Bucket {
        self.by.unwrap_or(match period.days() {
            days if days <= policy::DAYS_BY_DAY => Bucket::Day,
            days if days <= policy::DAYS_BY_WEEK => Bucket::Week,
            _ => Bucket::Month,
        })
    }

    /// What was asked, as key and values, in the order of [`KEYS`], with the period as two days.
    pub fn spelled(&self, host: &str, period: Period) -> Vec<(&'static str, Vec<String>)> {
        let mut all = vec![
            ("from", vec![period.from.iso()]),
            ("to", vec![period.to.iso()]),
            ("compare", self.compare.spelled()),
            ("host", vec![host.to_owned()]),
            ("version", self.version.clone()),
            ("platform", self.platform.clone()),
            ("model", self.model.clone()),
        ];
        all.push((
            "by",
            self.by
                .iter()
                .map(|by| bucket_name(*by).to_owned())
                .collect(),
        ));
        all.push(("sort", self.sort.iter().map(Sort::spelled).collect()));
        all.push(("top", self.top.iter().map(Top::spelled).collect()));
        all.retain(|(_, values)| !values.is_empty());
        all
    }
}

impl Compare {
    /// The days a period is compared with.
    pub fn period(self, period: Period) -> Option<Period> {
        match self {
            Compare::Previous => Some(period.before()),
            Compare::Year => Some(period.year_before()),
            Compare::None => None,
        }
    }

    /// As in a URL; nothing for the default.
    fn spelled(self) -> Vec<String> {
        match self {
            Compare::Previous => vec![],
            Compare::Year => vec!["year".into()],
            Compare::None => vec!["none".into()],
        }
    }
}

impl Sort {
    fn spelled(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.column)
    }
}

impl Top {
    fn spelled(&self) -> String {
        match self {
            Top::All => "all".into(),
            Top::Rows(rows) => rows.to_string(),
        }
    }
}

/// The word for a bucket in a URL and in a column's head.
pub(crate) fn bucket_name(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Day => "day",
        Bucket::Week => "week",
        Bucket::Month => "month",
        Bucket::Slice { .. } => "slice",
        Bucket::Sides { .. } => "period",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        Day::parse("2025-01-15").unwrap()
    }

    fn period(pairs: &[(&str, &str)], recorded: Option<(&str, &str)>) -> String {
        let recorded = recorded.map(|(a, b)| (Day::parse(a).unwrap(), Day::parse(b).unwrap()));
        let period = Filters::parse(pairs.iter().copied(), today())
            .unwrap()
            .period(recorded);
        format!("{} {}", period.from.iso(), period.to.iso())
    }

    #[test]
    fn a_preset_ends_with_the_last_complete_day_or_with_the_day_asked_for() {
        let old = Some(("2024-08-13", "2024-12-31"));
        assert_eq!(period(&[], old), "2024-12-18 2025-01-14");
        assert_eq!(period(&[("period", "7d")], old), "2025-01-08 2025-01-14");
        assert_eq!(
            period(&[("period", "28d"), ("to", "2024-12-31")], old),
            "2024-12-04 2024-12-31"
        );
        assert_eq!(period(&[("period", "all")], old), "2024-08-13 2024-12-31");
        assert_eq!(
            period(&[("from", "2024-10-30"), ("to", "2024-12-31")], old),
            "2024-10-30 2024-12-31"
        );
        assert_eq!(
            period(&[("from", "2025-01-10")], old),
            "2025-01-10 2025-01-14"
        );
        assert_eq!(period(&[("from", "today")], old), "2025-01-15 2025-01-15");
    }

    #[test]
    fn what_only_happened_today_is_shown_today() {
        let fresh = Some(("2025-01-15", "2025-01-15"));
        assert_eq!(period(&[], fresh), "2024-12-19 2025-01-15");
        assert_eq!(period(&[("period", "all")], fresh), "2025-01-15 2025-01-15");
        let running = Some(("2025-01-02", "2025-01-15"));
        assert_eq!(
            period(&[("period", "all")], running),
            "2025-01-02 2025-01-14"
        );
    }

    #[test]
    fn the_bucket_follows_the_length_of_the_period() {
        let by = |days| {
            let period = Period {
                from: Day(20_000),
                to: Day(20_000 + days - 1),
            };
            Filters::new(today()).bucket(period)
        };
        assert_eq!((by(28), by(92), by(93), by(732), by(733)), {
            (
                Bucket::Day,
                Bucket::Day,
                Bucket::Week,
                Bucket::Week,
                Bucket::Month,
            )
        });
    }

    #[test]
    fn spelled_filters_keep_the_order_of_the_keys_and_leave_defaults_out() {
        let pairs = [
            ("top", "all"),
            ("model", "o1"),
            ("to", "2024-12-31"),
            ("model", "gpt-4o"),
            ("sort", "-cost"),
        ];
        let filters = Filters::parse(pairs, today()).unwrap();
        let spelled = filters.spelled("aider", filters.period(None));
        let line: Vec<String> = spelled
            .iter()
            .map(|(key, values)| format!("{key}={}", values.join("|")))
            .collect();
        assert_eq!(
            line.join(" "),
            "from=2024-12-04 to=2024-12-31 host=aider model=o1|gpt-4o sort=-cost top=all"
        );
    }
}
