//! Simulated events as PostHog's Python SDK would send them.

use askfirst_population::{Event, Plan, days};
use serde_json::{Value, json};

/// Request bodies for `/batch/` of `size` events each, at least `events` events in all, under
/// `key`. Every event has a uuid of its own, so nothing is a duplicate; its time is within the
/// day before `now_s`, so nothing is too old.
pub fn bodies(key: &str, events: usize, size: usize, now_s: i64) -> Vec<Vec<u8>> {
    let plan = Plan {
        people: events.div_ceil(40).max(50),
        days: 10_000,
        ..Plan::TOUR
    };
    let mut simulated = days(plan).flatten().enumerate();
    let mut all = Vec::new();
    while all.len() * size < events {
        let batch: Vec<Value> = simulated
            .by_ref()
            .take(size)
            .map(|(n, event)| one(n, event, now_s))
            .collect();
        let body = json!({ "batch": batch, "historical_migration": false, "api_key": key });
        all.push(body.to_string().into_bytes());
    }
    all
}

fn one(number: usize, event: Event, now_s: i64) -> Value {
    let Event {
        name,
        mut properties,
        install,
        time,
    } = event;
    properties.insert("$lib".into(), json!("posthog-python"));
    properties.insert("$lib_version".into(), json!("7.8.6"));
    properties.insert("$geoip_disable".into(), json!(true));
    let seconds = (now_s - 86_400) + time.rem_euclid(86_400);
    json!({
        "properties": properties,
        "timestamp": timestamp(seconds, number),
        "distinct_id": install,
        "event": name,
        "uuid": uuid4(number),
    })
}

/// RFC 3339 with microseconds, as the SDK writes it. Days of 1970-01-01 plus.
fn timestamp(seconds: i64, number: usize) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let micros = number % 1_000_000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}+00:00")
}

/// The date of a day, by walking the years: benchmarks need no speed here.
fn civil(mut day: i64) -> (i64, usize, i64) {
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut year = 1970;
    while day >= 365 + i64::from(leap(year)) {
        day -= 365 + i64::from(leap(year));
        year += 1;
    }
    let february = 28 + i64::from(leap(year));
    for (month, length) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .into_iter()
        .enumerate()
    {
        if day < length {
            return (year, month + 1, day + 1);
        }
        day -= length;
    }
    (year, 12, 31)
}

/// A different UUID v4 for every number, with its bits spread as random ones are.
fn uuid4(number: usize) -> String {
    let mut mix = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    mix ^= mix >> 29;
    mix = mix.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        mix >> 32,
        (mix >> 16) & 0xffff,
        mix & 0xfff,
        (mix >> 4) & 0xfff,
        number
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_those_of_the_calendar() {
        assert_eq!(timestamp(0, 7), "1970-01-01T00:00:00.000007+00:00");
        assert_eq!(
            timestamp(1_785_542_399, 0),
            "2026-07-31T23:59:59.000000+00:00"
        );
        assert_eq!(
            timestamp(1_709_164_800, 0),
            "2024-02-29T00:00:00.000000+00:00"
        );
    }

    #[test]
    fn bodies_hold_as_many_events_as_asked_for_and_no_uuid_twice() {
        let bodies = bodies("phc_x", 250, 100, 1_785_542_400);
        let mut uuids = std::collections::BTreeSet::new();
        for body in &bodies {
            let body: Value = serde_json::from_slice(body).unwrap();
            for event in body["batch"].as_array().unwrap() {
                uuids.insert(event["uuid"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!((bodies.len(), uuids.len()), (3, 300));
    }
}
