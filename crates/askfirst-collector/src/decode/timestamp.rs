//! The ways senders write a time (`posthog-protocol.md`, 6.2).

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::scalar::Scalar;

/// The time of an event as its sender wrote it.
#[derive(Debug, Clone, PartialEq)]
pub enum Stamp<'t> {
    /// Not there, or null.
    Absent,
    /// A text, in any of the ways of [`parse_timestamp`], or in none.
    Text(Cow<'t, str>),
    /// A number: seconds or milliseconds since 1970, told apart by size.
    Number(f64),
}

impl<'t> Stamp<'t> {
    pub(super) fn of(value: Scalar<'t>) -> Stamp<'t> {
        match value {
            Scalar::Null => Stamp::Absent,
            Scalar::Str(text) => Stamp::Text(text),
            #[expect(clippy::cast_precision_loss, reason = "times of this era have 53 bits")]
            Scalar::Int(number) => Stamp::Number(number as f64),
            Scalar::Float(number) => Stamp::Number(number),
            Scalar::Bool(_) | Scalar::Json(_) => Stamp::Text(Cow::Borrowed("")),
        }
    }

    /// The text, empty if it is none: finer than [`Stamp::ms`] in most senders.
    pub(crate) fn text(&self) -> &str {
        match self {
            Stamp::Text(text) => text,
            Stamp::Absent | Stamp::Number(_) => "",
        }
    }

    /// Milliseconds since 1970, if it can be understood.
    pub fn ms(&self) -> Option<i64> {
        match self {
            Stamp::Absent => None,
            Stamp::Text(text) => parse_timestamp(text),
            Stamp::Number(number) => epoch(*number),
        }
    }
}

/// Milliseconds since 1970 of a time written as RFC 3339 (with any offset, or none: then it is
/// UTC), with a space for the T, as a date alone, as RFC 2822, or as a number of seconds or
/// milliseconds. Everything PostHog's v0 reads.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.as_millisecond());
    }
    if let Ok(number) = text.parse::<f64>() {
        return epoch(number);
    }
    let civil = text.parse::<DateTime>();
    let civil = civil.or_else(|_| text.parse::<Date>().map(DateTime::from));
    if let Ok(civil) = civil {
        return Offset::UTC
            .to_timestamp(civil)
            .ok()
            .map(Timestamp::as_millisecond);
    }
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text);
    zoned.ok().map(Timestamp::as_millisecond)
}

/// Up to this number a time is in seconds (until the year 5138), from it on in milliseconds.
const SECONDS_END: f64 = 1e11;

fn epoch(number: f64) -> Option<i64> {
    if !number.is_finite() {
        return None;
    }
    let ms = if number.abs() < SECONDS_END {
        number * 1000.0
    } else {
        number
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounded, and `as` saturates"
    )]
    Some(ms.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::parse_timestamp;

    #[test]
    fn every_way_of_writing_a_time_that_posthog_reads_is_read() {
        let noon = Some(1_795_176_000_000);
        for text in [
            "2026-11-20T12:00:00Z",
            "2026-11-20T12:00:00.000000+00:00",
            "2026-11-20T12:00:00.000000123Z",
            "2026-11-20T15:00:00+03",
            "2026-11-20T17:30:00+05:30",
            "2026-11-20 12:00:00",
            "2026-11-20T12:00:00",
            "Fri, 20 Nov 2026 12:00:00 +0000",
            "1795176000",
            "1795176000000",
        ] {
            assert_eq!(parse_timestamp(text), noon, "{text}");
        }
        assert_eq!(parse_timestamp("2026-11-20"), Some(1_795_132_800_000));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "not a date", "NaN", "2026-13-40", "tomorrow"] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
    }
}
