//! What a reader may ask for beside the report's name: the keys of the query string and of the command line.

use crate::calendar::{Bucket, Day, Period};
use crate::error::Error;
use crate::policy;

/// A key, what it takes and what it does; help texts and errors are made from this table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As written in a URL, and after `--` on the command line.
    pub name: &'static str,
    /// What may stand behind it.
    pub takes: &'static str,
    /// One line for the help.
    pub what: &'static str,
}

/// Every key, in the order in which a URL is written.
pub const KEYS: &[Key] = &[
    Key {
        name: "period",
        takes: PRESETS,
        what: "complete UTC days, ending with the last complete one or with `to`",
    },
    Key {
        name: "from",
        takes: "YYYY-MM-DD, today or yesterday",
        what: "first UTC day",
    },
    Key {
        name: "to",
        takes: "YYYY-MM-DD, today or yesterday",
        what: "last UTC day, included",
    },
    Key {
        name: "host",
        takes: "the project's tool",
        what: "which tool's project",
    },
    Key {
        name: "version",
        takes: "0.67 (the line) or 0.67.1 (exactly)",
        what: "version of the tool; twice means or",
    },
    Key {
        name: "platform",
        takes: "Darwin, Linux, Windows, ...",
        what: "operating system; twice means or",
    },
    Key {
        name: "model",
        takes: "a main model as the report prints it",
        what: "main model; twice means or",
    },
    Key {
        name: "by",
        takes: "day, week or month",
        what: "how a report over time is cut",
    },
    Key {
        name: "sort",
        takes: "a column, with - for largest first",
        what: "order of the rows, then by name",
    },
    Key {
        name: "top",
        takes: "a number or all",
        what: "rows before the rest becomes one row",
    },
];

const PRESETS: &str = "7d, 28d, 91d, 364d or all";
const DAYS: &str = "a day as YYYY-MM-DD, today or yesterday";

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
            host: None,
            version: Vec::new(),
            platform: Vec::new(),
            model: Vec::new(),
            by: None,
            sort: None,
            top: None,
        }
    }

    /// Reads keys and values as they stand in a query string.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] and [`Error::BadValue`] name what was not understood and what would be.
    pub fn parse<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        today: Day,
    ) -> Result<Filters, Error> {
        let mut filters = Filters::new(today);
        let (mut period, mut from) = (None, None);
        for (key, value) in pairs {
            match key {
                "period" => period = Some(once(key, value, period.is_some())?),
                "from" => from = Some(once(key, value, from.is_some())?),
                "to" => {
                    filters.to = Some(day(key, once(key, value, filters.to.is_some())?, today)?)
                }
                "host" => filters.host = Some(once(key, value, filters.host.is_some())?.to_owned()),
                "version" => filters.version.push(version(value)?),
                "platform" => filters.platform.push(value.to_owned()),
                "model" => filters.model.push(value.to_owned()),
                "by" => filters.by = Some(bucket(once(key, value, filters.by.is_some())?)?),
                "sort" => filters.sort = Some(sort(once(key, value, filters.sort.is_some())?)),
                "top" => filters.top = Some(top(once(key, value, filters.top.is_some())?)?),
                _ => return Err(unknown_key(key)),
            }
        }
        filters.length = length(period, from, today)?;
        filters.check_order()?;
        Ok(filters)
    }

    fn check_order(&self) -> Result<(), Error> {
        match (self.length, self.to) {
            (Length::From(from), Some(to)) if from > to => Err(Error::BadValue {
                key: "to".into(),
                value: to.iso(),
                valid: format!("a day not before from={}", from.iso()),
            }),
            _ => Ok(()),
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
    }
}

fn unknown_key(key: &str) -> Error {
    Error::UnknownKey {
        key: key.to_owned(),
        valid: KEYS
            .iter()
            .map(|key| key.name)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn bad(key: &str, value: &str, valid: &str) -> Error {
    Error::BadValue {
        key: key.into(),
        value: value.into(),
        valid: valid.into(),
    }
}

fn once<'a>(key: &str, value: &'a str, seen: bool) -> Result<&'a str, Error> {
    if seen {
        Err(bad(key, value, "one value only"))
    } else {
        Ok(value)
    }
}

fn day(key: &str, value: &str, today: Day) -> Result<Day, Error> {
    match value {
        "today" => Ok(today),
        "yesterday" => Ok(today.plus(-1)),
        _ => Day::parse(value).ok_or_else(|| bad(key, value, DAYS)),
    }
}

fn length(period: Option<&str>, from: Option<&str>, today: Day) -> Result<Length, Error> {
    match (period, from) {
        (Some(period), Some(_)) => Err(bad("period", period, "nothing beside `from`")),
        (None, Some(from)) => Ok(Length::From(day("from", from, today)?)),
        (None, None) => Ok(Length::Days(policy::DEFAULT_DAYS)),
        (Some("7d"), None) => Ok(Length::Days(7)),
        (Some("28d"), None) => Ok(Length::Days(28)),
        (Some("91d"), None) => Ok(Length::Days(91)),
        (Some("364d"), None) => Ok(Length::Days(364)),
        (Some("all"), None) => Ok(Length::All),
        (Some(other), None) => Err(bad("period", other, PRESETS)),
    }
}

fn version(value: &str) -> Result<String, Error> {
    let parts: Vec<&str> = value.split('.').collect();
    let number = |part: &&str| {
        !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit())
    };
    if (2..=3).contains(&parts.len()) && parts.iter().all(number) {
        Ok(value.to_owned())
    } else {
        Err(bad(
            "version",
            value,
            "a line such as 0.67 or a version such as 0.67.1",
        ))
    }
}

fn bucket(value: &str) -> Result<Bucket, Error> {
    match value {
        "day" => Ok(Bucket::Day),
        "week" => Ok(Bucket::Week),
        "month" => Ok(Bucket::Month),
        _ => Err(bad("by", value, "day, week or month")),
    }
}

fn sort(value: &str) -> Sort {
    let column = value.strip_prefix('-');
    Sort {
        column: column.unwrap_or(value).to_owned(),
        descending: column.is_some(),
    }
}

fn top(value: &str) -> Result<Top, Error> {
    match value.parse() {
        _ if value == "all" => Ok(Top::All),
        Ok(rows) if rows > 0 => Ok(Top::Rows(rows)),
        _ => Err(bad("top", value, "a number above 0, or all")),
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

    fn refusal(pairs: &[(&str, &str)]) -> String {
        Filters::parse(pairs.iter().copied(), today())
            .unwrap_err()
            .to_string()
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
    fn what_is_not_understood_is_named_with_what_would_be() {
        insta::assert_snapshot!(refusal(&[("modle", "o1")]), @"unknown filter `modle`; filters are period, from, to, host, version, platform, model, by, sort, top");
        insta::assert_snapshot!(refusal(&[("period", "30d")]), @"`period` does not take `30d`; valid: 7d, 28d, 91d, 364d or all");
        insta::assert_snapshot!(refusal(&[("from", "2024-02-30")]), @"`from` does not take `2024-02-30`; valid: a day as YYYY-MM-DD, today or yesterday");
        insta::assert_snapshot!(refusal(&[("from", "2024-03-01"), ("to", "2024-02-01")]), @"`to` does not take `2024-02-01`; valid: a day not before from=2024-03-01");
        insta::assert_snapshot!(refusal(&[("period", "7d"), ("from", "2024-02-01")]), @"`period` does not take `7d`; valid: nothing beside `from`");
        insta::assert_snapshot!(refusal(&[("version", "latest")]), @"`version` does not take `latest`; valid: a line such as 0.67 or a version such as 0.67.1");
        insta::assert_snapshot!(refusal(&[("by", "hour")]), @"`by` does not take `hour`; valid: day, week or month");
        insta::assert_snapshot!(refusal(&[("top", "0")]), @"`top` does not take `0`; valid: a number above 0, or all");
        insta::assert_snapshot!(refusal(&[("to", "today"), ("to", "today")]), @"`to` does not take `today`; valid: one value only");
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
