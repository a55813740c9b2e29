//! What a value can be and how exact it is, in words.

use super::markdown::{code, grouped};
use crate::catalog::Property;
use crate::kind::{Kind, Precision, Unit};
use crate::policy::{MAX_AMOUNT_NANO, MAX_FRAMES};
use crate::profile::Profile;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const NANOS: i64 = 1_000_000_000;

/// What values a property can have, with its bounds.
pub(super) fn values(property: &Property, profile: &Profile) -> String {
    match &property.kind {
        Kind::Bool => "yes or no".to_owned(),
        Kind::Count { max, .. } => format!("a whole number up to {}", grouped(*max)),
        Kind::Amount {
            unit: Unit::Usd, ..
        } => {
            let most = u64::try_from(MAX_AMOUNT_NANO / NANOS).unwrap_or_default();
            format!("an amount of US dollars up to {}", grouped(most))
        }
        Kind::Duration { max, .. } => format!("a time up to {}", days(*max)),
        Kind::Enum { values, other } => {
            let rest = if *other {
                "is sent as `other`"
            } else {
                "is not sent"
            };
            format!("one of the {} words below; any other {rest}", values.len())
        }
        Kind::Version { parts: 2 } => "`MAJOR.MINOR`".to_owned(),
        Kind::Version { .. } => "`MAJOR.MINOR.PATCH`".to_owned(),
        Kind::Model => {
            "a public model name; any other is sent as `PROVIDER/REDACTED` or `REDACTED`".to_owned()
        }
        Kind::Error { values } => format!(
            "one of the {} classes below; any other is sent as `other`",
            values.len()
        ),
        Kind::Frames => format!(
            "at most {MAX_FRAMES} times `MODULE:LINE`, the module one of {}'s own",
            profile.name
        ),
        Kind::Catalog => "8 hex digits, the beginning of the list's SHA-256".to_owned(),
        Kind::Constant(value) => format!("always {}", code(value)),
    }
}

/// How finely a value is sent.
pub(super) fn precision(property: &Property) -> String {
    match property.kind.precision() {
        Some(Precision::TwoDigits) => "two digits".to_owned(),
        Some(Precision::PowerOfTwo) => "power of two".to_owned(),
        Some(Precision::Exact) => match &property.exact_because {
            Some(because) => format!("exact: {because}"),
            None => "exact".to_owned(),
        },
        None => match property.kind {
            Kind::Version { .. } => "cut to that".to_owned(),
            _ => "as it is".to_owned(),
        },
    }
}

/// A bound of milliseconds in the largest unit that says it exactly.
fn days(ms: u64) -> String {
    for (unit, length) in [
        ("days", DAY_MS),
        ("hours", DAY_MS / 24),
        ("minutes", 60_000),
        ("seconds", 1000),
    ] {
        if ms >= length && ms.is_multiple_of(length) {
            return format!("{} {unit}", grouped(ms / length));
        }
    }
    format!("{} milliseconds", grouped(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_said_exactly() {
        for (ms, text) in [
            (31 * DAY_MS, "31 days"),
            (36 * 60 * 60 * 1000, "36 hours"),
            (90_000, "90 seconds"),
            (1500, "1,500 milliseconds"),
        ] {
            assert_eq!(days(ms), text);
        }
    }
}
