//! How many people, how many days, and the events they make.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::dice::Dice;
use crate::person::Person;
use crate::session::Session;

/// What to simulate. Equal plans give equal events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Where the dice begin.
    pub seed: u64,
    /// How many installs there are.
    pub people: usize,
    /// The first day, days since 1970-01-01 UTC.
    pub first_day: i64,
    /// How many days are simulated.
    pub days: i64,
}

impl Plan {
    /// Sixty people, 91 days from Saturday 2026-08-01: some twenty thousand events.
    pub const TOUR: Plan = Plan {
        seed: 20_260_801,
        people: 60,
        first_day: 20_666,
        days: 91,
    };
}

/// One simulated event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The event's name as tools send it: `command_ask`.
    pub name: String,
    /// Its properties.
    pub properties: Map<String, Value>,
    /// The install's id, a UUID v4.
    pub install: String,
    /// When it happened, seconds since 1970-01-01 UTC.
    pub time: i64,
}

/// The events of each day, in order of time; a day at a time, so that long plans need the
/// memory of one day.
pub fn days(plan: Plan) -> impl Iterator<Item = Vec<Event>> {
    let mut dice = Dice::new(plan.seed);
    let people: Vec<Person> = (0..plan.people).map(|_| Person::new(&mut dice)).collect();
    (plan.first_day..plan.first_day + plan.days).map(move |day| {
        let mut events = Vec::new();
        for person in &people {
            while dice.percent(person.chance(day)) {
                // Sessions last minutes, so one that starts by 21:00 ends the same day.
                let start = day * 86_400 + dice.between(7 * 3600, 21 * 3600);
                Session::run(person, &mut dice, start, &mut events);
            }
        }
        events.sort_by_key(|event| event.time); // stable: a session's events keep their order
        events
    })
}

/// Writes the events of a plan as aider writes its analytics log, one JSON object a line with
/// `event`, `properties`, `user_id` and `time`, and gives the number of lines.
///
/// # Errors
///
/// Those of `out`.
pub fn write_log(out: &mut impl Write, plan: Plan) -> io::Result<usize> {
    let mut lines = 0;
    for event in days(plan).flatten() {
        let line = json!({
            "event": event.name,
            "properties": event.properties,
            "user_id": event.install,
            "time": event.time,
        });
        writeln!(out, "{line}")?;
        lines += 1;
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::MODELS;

    fn tour() -> Vec<Event> {
        days(Plan::TOUR).flatten().collect()
    }

    fn count(name: &str) -> usize {
        tour().iter().filter(|event| event.name == name).count()
    }

    #[test]
    fn the_tour_has_some_twenty_thousand_events_and_is_the_same_every_time() {
        let first = tour();
        assert!((17_000..23_000).contains(&first.len()), "{}", first.len());
        assert_eq!(first, tour());
        let other = Plan {
            seed: Plan::TOUR.seed + 1,
            ..Plan::TOUR
        };
        assert_ne!(first, days(other).flatten().collect::<Vec<_>>());
    }

    #[test]
    fn every_session_begins_and_ends() {
        assert_eq!(count("launched"), count("exit"));
        assert_eq!(count("launched"), count("cli session"));
    }

    #[test]
    fn events_come_in_order_of_time_over_midnight_too() {
        assert!(tour().is_sorted_by_key(|event| event.time));
    }

    #[test]
    fn the_cost_follows_the_tokens() {
        for event in tour().iter().filter(|event| event.name == "message_send") {
            let of = |name: &str| event.properties[name].as_f64().unwrap();
            let named = |model: &&crate::person::Model| event.properties["main_model"] == model.0;
            let (_, input, output, _) = MODELS.iter().find(named).unwrap();
            let price = (of("prompt_tokens") * input + of("completion_tokens") * output) / 1e6;
            assert!((of("cost") - price).abs() < 1e-9, "{event:?}");
            assert_eq!(
                of("prompt_tokens") + of("completion_tokens"),
                of("total_tokens")
            );
        }
    }

    #[test]
    fn the_log_has_a_line_for_each_event() {
        let mut log = Vec::new();
        let short = Plan {
            days: 3,
            ..Plan::TOUR
        };
        let lines = write_log(&mut log, short).unwrap();
        let text = String::from_utf8(log).unwrap();
        assert_eq!(text.lines().count(), lines);
        let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["event"], "launched");
        assert_eq!(first["user_id"].as_str().map(str::len), Some(36));
    }
}
