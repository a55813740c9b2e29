//! Events as existing tools write and send them.

use std::io::{self, Write};

use crate::event::{Event, digits};
use crate::population::Population;

const DAY_MS: i64 = 86_400_000;

/// Writes a population's events as aider writes its analytics log, one JSON object a line with
/// `event`, `properties`, `user_id` and `time`, and gives the number of lines.
///
/// # Errors
///
/// Those of `out`.
pub fn write_log(out: &mut impl Write, population: &Population) -> io::Result<usize> {
    let mut lines = 0;
    let mut line = Vec::with_capacity(1024);
    for event in population.events() {
        line.clear();
        line.extend_from_slice(b"{\"event\":\"");
        line.extend_from_slice(event.name().as_bytes());
        line.extend_from_slice(b"\",\"properties\":{");
        event.write_properties(&mut line);
        line.extend_from_slice(b"},\"user_id\":\"");
        line.extend_from_slice(event.install().id().as_bytes());
        line.extend_from_slice(b"\",\"time\":");
        digits(&mut line, (event.time_ms() / 1000).unsigned_abs(), 1);
        line.extend_from_slice(b"}\n");
        out.write_all(&line)?;
        lines += 1;
    }
    Ok(lines)
}

/// Writes the body that PostHog's Python SDK sends to `/batch/`: `events`, each `shift_ms`
/// later than it happened, sent at `sent_at_ms` by the sender's clock. The events must be of
/// one install, or of installs whose clocks are right.
pub fn write_batch(
    out: &mut Vec<u8>,
    key: &str,
    events: &[Event<'_>],
    shift_ms: i64,
    sent_at_ms: i64,
) {
    let shifted = events.iter().map(|event| (*event, shift_ms));
    write_shifted(out, key, shifted, sent_at_ms);
}

/// The same, each event with a shift of its own.
pub fn write_shifted<'p>(
    out: &mut Vec<u8>,
    key: &str,
    events: impl Iterator<Item = (Event<'p>, i64)>,
    sent_at_ms: i64,
) {
    out.extend_from_slice(b"{\"batch\":[");
    for (number, (event, shift_ms)) in events.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"{\"properties\":{");
        event.write_properties(out);
        out.extend_from_slice(
            b",\"$lib\":\"posthog-python\",\"$lib_version\":\"7.8.6\",\"$geoip_disable\":true},\
              \"timestamp\":\"",
        );
        write_time(out, event.time_ms() + shift_ms);
        out.extend_from_slice(b"\",\"distinct_id\":\"");
        out.extend_from_slice(event.install().id().as_bytes());
        out.extend_from_slice(b"\",\"event\":\"");
        out.extend_from_slice(event.name().as_bytes());
        out.extend_from_slice(b"\",\"uuid\":\"");
        event.write_uuid(out);
        out.extend_from_slice(b"\"}");
    }
    out.extend_from_slice(b"],\"historical_migration\":false,\"sentAt\":\"");
    write_time(out, sent_at_ms);
    out.extend_from_slice(b"\",\"api_key\":\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\"}");
}

/// RFC 3339 with microseconds, as the SDK writes it.
fn write_time(out: &mut Vec<u8>, ms: i64) {
    let (year, month, day) = civil(ms.div_euclid(DAY_MS));
    let rest = ms.rem_euclid(DAY_MS).unsigned_abs();
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    for (before, value, least) in [
        ("", year, 4),
        ("-", month, 2),
        ("-", day, 2),
        ("T", hour, 2),
        (":", minute, 2),
        (":", second, 2),
        (".", rest % 1000 * 1000, 6),
    ] {
        out.extend_from_slice(before.as_bytes());
        digits(out, value, least);
    }
    out.extend_from_slice(b"+00:00");
}

/// Year, month and day of a day since 1970-01-01, after Howard Hinnant's `civil_from_days`.
fn civil(day: i64) -> (u64, u64, u64) {
    let day = (day + 719_468).max(0).unsigned_abs();
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(ms: i64) -> String {
        let mut text = Vec::new();
        write_time(&mut text, ms);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn timestamps_are_those_of_the_calendar() {
        assert_eq!(time(7), "1970-01-01T00:00:00.007000+00:00");
        assert_eq!(time(1_785_542_399_000), "2026-07-31T23:59:59.000000+00:00");
        assert_eq!(time(1_709_164_800_000), "2024-02-29T00:00:00.000000+00:00");
        assert_eq!(time(4_107_542_400_000), "2100-03-01T00:00:00.000000+00:00");
        assert_eq!(time(951_868_800_000), "2000-03-01T00:00:00.000000+00:00");
    }
}
