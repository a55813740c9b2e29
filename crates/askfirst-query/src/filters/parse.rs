//! From keys and values as they were typed to what they mean.

use super::keys::{COMPARED, KEYS, PRESETS};
use super::{Compare, Filters, Length, Sort, Top};
use crate::calendar::{Bucket, Day};
use crate::error::Error;
use crate::policy;

const DAYS: &str = "a day as YYYY-MM-DD, today or yesterday";

impl Filters {
    /// Reads keys and values as they stand in a query string.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] and [`Error::BadValue`] name what was not understood and what would be.
    pub fn parse<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        today: Day,
    ) -> Result<Filters, Error> {
        let mut filters = Filters::new(today);
        let (mut period, mut from, mut compared) = (None, None, None);
        for (key, value) in pairs {
            match key {
                "period" => period = Some(once(key, value, period.is_some())?),
                "from" => from = Some(once(key, value, from.is_some())?),
                "to" => {
                    filters.to = Some(day(key, once(key, value, filters.to.is_some())?, today)?)
                }
                "compare" => compared = Some(compare(once(key, value, compared.is_some())?)?),
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
        filters.compare = compared.unwrap_or_default();
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

fn compare(value: &str) -> Result<Compare, Error> {
    match value {
        "previous" => Ok(Compare::Previous),
        "year" => Ok(Compare::Year),
        "none" => Ok(Compare::None),
        _ => Err(bad("compare", value, COMPARED)),
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

    fn refusal(pairs: &[(&str, &str)]) -> String {
        Filters::parse(pairs.iter().copied(), Day(20_103))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_not_understood_is_named_with_what_would_be() {
        insta::assert_snapshot!(refusal(&[("modle", "o1")]), @"unknown filter `modle`; filters are period, from, to, compare, host, version, platform, model, by, sort, top");
        insta::assert_snapshot!(refusal(&[("period", "30d")]), @"`period` does not take `30d`; valid: 7d, 28d, 91d, 364d or all");
        insta::assert_snapshot!(refusal(&[("from", "2024-02-30")]), @"`from` does not take `2024-02-30`; valid: a day as YYYY-MM-DD, today or yesterday");
        insta::assert_snapshot!(refusal(&[("from", "2024-03-01"), ("to", "2024-02-01")]), @"`to` does not take `2024-02-01`; valid: a day not before from=2024-03-01");
        insta::assert_snapshot!(refusal(&[("period", "7d"), ("from", "2024-02-01")]), @"`period` does not take `7d`; valid: nothing beside `from`");
        insta::assert_snapshot!(refusal(&[("version", "latest")]), @"`version` does not take `latest`; valid: a line such as 0.67 or a version such as 0.67.1");
        insta::assert_snapshot!(refusal(&[("by", "hour")]), @"`by` does not take `hour`; valid: day, week or month");
        insta::assert_snapshot!(refusal(&[("top", "0")]), @"`top` does not take `0`; valid: a number above 0, or all");
        insta::assert_snapshot!(refusal(&[("to", "today"), ("to", "today")]), @"`to` does not take `today`; valid: one value only");
    }
}
