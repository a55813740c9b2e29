//! Taking off a model name what is not its name: regions, contract terms, dates.
//!
//! `catalogs/refresh-models.py` cuts the list by the same words; keep the two alike.

use jiff::civil::Date;

/// Where a model runs says where its user is.
const AREAS: [&str; 11] = [
    "us", "us-gov", "eu", "ap", "apac", "au", "ca", "global", "in", "jp", "sa",
];

/// First parts of a zone such as `us-east-1`.
const ZONES: [&str; 11] = [
    "af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us", "us-gov", "us-iso",
];

/// The name without region, zone and contract term: `bedrock/us-east-1/NAME`,
/// `azure/eu/NAME`, `us.anthropic.NAME`. `None` if there is nothing to cut.
pub(super) fn without_region(name: &str) -> Option<String> {
    let (head, last) = match name.rsplit_once('/') {
        Some((head, last)) => (Some(head), last),
        None => (None, name),
    };
    let mut kept = String::with_capacity(name.len());
    for part in head.into_iter().flat_map(|head| head.split('/')) {
        if !(is_area(part) || is_zone(part) || is_term(part)) {
            kept.push_str(part);
            kept.push('/');
        }
    }
    kept.push_str(without_dotted_area(last));
    (kept.len() < name.len()).then_some(kept)
}

/// The name without a real date or `-latest` at its end. `None` if it has neither.
///
/// Only whole dates count: the four digits of a `-MMDD` are also a version number.
pub(super) fn without_date(name: &str) -> Option<&str> {
    if let Some(base) = name.strip_suffix("-latest") {
        return Some(base);
    }
    [10, 8].into_iter().find_map(|len| {
        let at = name.len().checked_sub(len)?;
        let base = name.get(..at)?.strip_suffix('-')?;
        is_date(name.get(at..)?).then_some(base)
    })
}

/// `YYYYMMDD` or `YYYY-MM-DD`, a day that exists, in the years models have been published.
fn is_date(text: &str) -> bool {
    let (year, month, day) = match text.len() {
        8 => (text.get(..4), text.get(4..6), text.get(6..)),
        10 if text.get(4..5) == Some("-") && text.get(7..8) == Some("-") => {
            (text.get(..4), text.get(5..7), text.get(8..))
        }
        _ => return false,
    };
    let (Some(year), Some(month), Some(day)) = (digits(year), digits(month), digits(day)) else {
        return false;
    };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return false;
    };
    (2020..2100).contains(&year) && Date::new(year, month, day).is_ok()
}

fn digits(text: Option<&str>) -> Option<i16> {
    text.filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?
        .parse()
        .ok()
}

fn is_area(part: &str) -> bool {
    part == "global-standard" || AREAS.contains(&part)
}

/// `us-east-1`, `us-gov-west-1`.
fn is_zone(part: &str) -> bool {
    let Some((place, number)) = part.rsplit_once('-') else {
        return false;
    };
    let Some((area, side)) = place.rsplit_once('-') else {
        return false;
    };
    ZONES.contains(&area)
        && !side.is_empty()
        && side.bytes().all(|b| b.is_ascii_lowercase())
        && matches!(number.as_bytes(), [b'0'..=b'9'])
}

/// `1-month-commitment`, and the `*` price lists write for any zone.
fn is_term(part: &str) -> bool {
    part == "*"
        || part
            .strip_suffix("-month-commitment")
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// `us.anthropic.NAME` without `us.`; a vendor and another dot must follow.
fn without_dotted_area(last: &str) -> &str {
    let Some((area, rest)) = last.split_once('.') else {
        return last;
    };
    let vendor = rest.split_once('.').map(|(vendor, _)| vendor);
    let is_vendor = |v: &str| {
        !v.is_empty()
            && v.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if AREAS.contains(&area) && vendor.is_some_and(is_vendor) {
        rest
    } else {
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_dates() {
        for (name, base) in [
            ("gpt-4o-2024-08-06", Some("gpt-4o")),
            ("claude-3-5-haiku-20241022", Some("claude-3-5-haiku")),
            ("claude-3-5-haiku-latest", Some("claude-3-5-haiku")),
            ("m-20240229", Some("m")),
            ("m-20230229", None),
            ("m-20241301", None),
            ("m-2024-13-01", None),
            ("m-2024-1-001", None),
            ("m-19991231", None),
            ("m-20241022x", None),
            ("m20241022", None),
            ("m-+0241022", None),
            ("-20241022", Some("")),
            ("20241022", None),
            ("gpt-4-0613", None),
            ("é-2024102é", None),
        ] {
            assert_eq!(without_date(name), base, "{name}");
        }
    }

    #[test]
    fn regions_and_terms_are_cut() {
        for (name, cut) in [
            ("us.anthropic.claude-v2", Some("anthropic.claude-v2")),
            ("us-gov.anthropic.claude-v2", Some("anthropic.claude-v2")),
            ("bedrock/eu.meta.llama", Some("bedrock/meta.llama")),
            ("bedrock/us-east-1/claude", Some("bedrock/claude")),
            (
                "bedrock/us-gov-west-1/6-month-commitment/c",
                Some("bedrock/c"),
            ),
            ("azure/eu/gpt-4o", Some("azure/gpt-4o")),
            ("azure/global-standard/gpt-4o", Some("azure/gpt-4o")),
            ("us.gpt", None),
            ("use.anthropic.claude", None),
            ("azure/europe/gpt-4o", None),
            ("bedrock/us-east-12/claude", None),
            ("bedrock/us-East-1/claude", None),
            ("gpt-4o", None),
        ] {
            assert_eq!(without_region(name).as_deref(), cut, "{name}");
        }
    }
}
