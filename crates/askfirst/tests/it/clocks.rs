//! Clocks that jump, on real files: no event is torn, none is sent twice, and what is thrown
//! away is counted.

use std::time::Duration;

use serde_json::Value;

use crate::world::{Launched, TODAY, World, record_and_rotate};

fn hours(events: &[Value]) -> Vec<&str> {
    let hours = events.iter().map(|it| it["timestamp"].as_str().unwrap());
    hours.collect()
}

#[test]
fn p17_a_clock_that_jumps_stamps_the_hour_it_shows_and_the_session_keeps_its_order() {
    let world = World::new();
    let analytics = world.begin();
    for day in [TODAY, TODAY - 1_000, TODAY + 20, 0, -5] {
        world.clock.set_day(day);
        world.clock.advance(Duration::from_secs(4));
        analytics.record(Launched::default());
    }
    drop(analytics);
    let events = world.waiting();
    assert_eq!(
        hours(&events),
        [
            "2024-10-04T00:00:00Z",
            "2022-01-08T00:00:00Z",
            "2024-10-24T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
        ]
    );
    let place = |name: &str| -> Vec<u64> {
        let of = |it: &Value| it["properties"][name].as_u64().unwrap();
        events.iter().map(of).collect()
    };
    assert_eq!(place("seq"), [0, 1, 2, 3, 4]);
    assert_eq!(place("since_start"), [2_048, 4_096, 8_192, 8_192, 16_384]);
}

#[test]
fn a_clock_at_the_end_of_time_breaks_nothing() {
    let world = World::new();
    let analytics = world.begin();
    for ms in [i64::MAX, i64::MIN, i64::MAX / 1_000, -1] {
        world.clock.set_ms(ms);
        analytics.record(Launched::default());
    }
    assert!(analytics.is_recording());
    drop(analytics);
    assert_eq!(world.waiting().len(), 4);
}

#[test]
fn b13_what_waits_while_the_clock_jumps_back_is_kept() {
    let world = World::new();
    let analytics = world.begin();
    analytics.record(Launched::default());
    world.clock.set_day(TODAY - 3_000);
    record_and_rotate(&world, &analytics);
    assert_eq!(world.waiting().len(), 3);
}

#[test]
fn b13_what_a_jump_forward_makes_too_old_is_dropped_and_counted() {
    let world = World::new();
    for _ in 0..3 {
        world.begin().record(Launched::default());
    }
    world.date_files();
    assert_eq!(world.waiting().len(), 3);
    world.clock.set_day(TODAY + 100);
    let analytics = world.begin();
    record_and_rotate(&world, &analytics);
    analytics.record(Launched::default());
    let events = world.waiting();
    let names: Vec<_> = events
        .iter()
        .map(|it| it["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        names.iter().filter(|name| **name == "launched").count(),
        3,
        "{names:?}"
    );
    let losses = events.iter().find(|it| it["event"] == "losses").unwrap();
    let losses = &losses["properties"];
    assert_eq!(
        (&losses["loss"], &losses["lost"]),
        (&"expired".into(), &3.into())
    );
}
