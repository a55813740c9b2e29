//! Simulated events as PostHog's Python SDK would send them.

use askfirst_population::{Event, Plan, Population, write_batch};

const DAY_MS: i64 = 86_400_000;

/// Installs whose events fill one day's bodies: a day of them makes some thousands.
const INSTALLS: usize = 20_000;

/// Request bodies for `/batch/` of `size` events each, at least `events` events in all, under
/// `key`. Every event has a uuid of its own, so nothing is a duplicate; its time is within the
/// day before `now_s`, so nothing is too old.
pub fn bodies(key: &str, events: usize, size: usize, now_s: i64) -> Vec<Vec<u8>> {
    let plan = Plan {
        seed: 1,
        installs: INSTALLS,
        first_day: 0,
        days: 10_000,
    };
    let population = Population::new(plan);
    let mut all = Vec::new();
    let mut waiting: Vec<Event<'_>> = Vec::new();
    for (day, today) in (plan.first_day..).zip(population.days()) {
        // Each simulated day becomes the last 24 hours.
        let shift_ms = now_s * 1000 - (day + 1) * DAY_MS;
        waiting.extend(today);
        while waiting.len() >= size {
            let mut body = Vec::with_capacity(size * 700);
            let rest = waiting.split_off(size);
            write_batch(&mut body, key, &waiting, shift_ms, now_s * 1000);
            waiting = rest;
            all.push(body);
            if all.len() * size >= events {
                return all;
            }
        }
        waiting.clear();
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn bodies_hold_as_many_events_as_asked_for_of_the_last_day_and_no_uuid_twice() {
        let bodies = bodies("phc_x", 250, 100, 1_785_542_400); // 2026-08-01
        let mut uuids = BTreeSet::new();
        for body in &bodies {
            let body: Value = serde_json::from_slice(body).unwrap();
            for event in body["batch"].as_array().unwrap() {
                let time = event["timestamp"].as_str().unwrap();
                assert!(time.starts_with("2026-07-31T"), "{time}");
                uuids.insert(event["uuid"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!((bodies.len(), uuids.len()), (3, 300));
    }
}
