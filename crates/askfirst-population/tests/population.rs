//! What the default population holds, and what the catalog makes of it.

#![expect(
    clippy::unwrap_used,
    reason = "the functions the tests share are tests too: they stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};

use askfirst_catalog::{Catalog, Gate, Profile, Raw};
use askfirst_population::{Event, Plan, Population, write_batch, write_log};
use serde_json::{Map, Value};

const TODAY: i64 = 20_776;
const DAY_MS: i64 = 86_400_000;

/// Half of the default one, for the tests' sake.
fn population() -> Population {
    Population::new(Plan {
        installs: 400,
        ..Plan::until(TODAY)
    })
}

/// Events by what `of` says of them.
fn count<'p, K: Ord>(
    events: impl Iterator<Item = Event<'p>>,
    of: impl Fn(&Event<'p>) -> Option<K>,
) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in events.filter_map(|event| of(&event)) {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn word(event: &Event<'_>, property: &str) -> Option<String> {
    Some(event.properties().get(property)?.as_str()?.to_owned())
}

fn log(plan: Plan) -> Vec<u8> {
    let mut log = Vec::new();
    write_log(&mut log, &Population::new(plan)).unwrap();
    log
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    let short = Plan {
        installs: 200,
        ..Plan::until(TODAY)
    };
    assert_eq!(log(short), log(short));
    assert_ne!(log(short), log(Plan { seed: 2, ..short }));
}

#[test]
fn a_day_is_as_it_is_whatever_was_simulated_before_it() {
    let plan = Plan {
        installs: 300,
        ..Plan::until(TODAY)
    };
    let population = Population::new(plan);
    let all: Vec<i64> = population.events().map(|it| it.time_ms()).collect();
    let again: Vec<i64> = population
        .days()
        .skip(100)
        .flatten()
        .map(|it| it.time_ms())
        .collect();
    assert_eq!(all[all.len() - again.len()..], again);
}

#[test]
fn events_come_in_order_of_time_within_the_days_of_the_plan() {
    let population = population();
    let times: Vec<i64> = population.events().map(|it| it.time_ms()).collect();
    assert!(times.is_sorted());
    let plan = population.plan();
    assert!(times[0] >= plan.first_day * DAY_MS);
    assert!(times[times.len() - 1] < plan.end() * DAY_MS);
}

#[test]
fn every_line_of_the_log_is_json_and_no_event_has_the_id_of_another() {
    let plan = Plan {
        installs: 100,
        ..Plan::until(TODAY)
    };
    let text = String::from_utf8(log(plan)).unwrap();
    for line in text.lines() {
        let line: Map<String, Value> = serde_json::from_str(line).unwrap();
        assert_eq!(line["user_id"].as_str().map(str::len), Some(36));
        assert!(line["properties"].is_object());
    }
    let population = Population::new(plan);
    let mut body = Vec::new();
    let events: Vec<Event<'_>> = population.events().collect();
    write_batch(&mut body, "phc_x", &events, 0, TODAY * DAY_MS);
    let body: Value = serde_json::from_slice(&body).unwrap();
    let batch = body["batch"].as_array().unwrap();
    let ids: BTreeSet<&str> = batch
        .iter()
        .map(|it| it["uuid"].as_str().unwrap())
        .collect();
    assert_eq!(
        (batch.len(), ids.len()),
        (text.lines().count(), batch.len())
    );
}

/// The catalog's word on every event: what is refused, and what of the others is left out.
fn gated(population: &Population) -> (BTreeMap<String, usize>, BTreeMap<&'static str, u64>) {
    let gate = Gate::new(Catalog::builtin(), Profile::builtin("aider").unwrap());
    let (mut refused, mut notes) = (BTreeMap::new(), BTreeMap::new());
    for event in population.events().step_by(3) {
        let properties = event.properties();
        let raw: Vec<(&str, Raw<'_>)> = properties
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Bool(yes) => Raw::Bool(*yes),
                    Value::String(text) => Raw::Str(text),
                    Value::Number(number) if number.is_f64() => {
                        Raw::Float(number.as_f64().unwrap())
                    }
                    Value::Number(number) => Raw::Int(number.as_i64().unwrap().into()),
                    other => panic!("{other}"),
                };
                (name.as_str(), value)
            })
            .collect();
        match gate.admit(event.name(), &raw, 20_700) {
            Err(reason) => *refused.entry(format!("{reason:?}")).or_default() += 1,
            Ok(admitted) => {
                let of = admitted.notes();
                for (name, count) in [
                    ("unknown_property", of.unknown_property),
                    ("not_listed", of.not_listed),
                    ("wrong_kind", of.wrong_kind),
                    ("out_of_range", of.out_of_range),
                    ("money_refused", of.money_refused),
                    ("redacted", of.redacted),
                ] {
                    *notes.entry(name).or_default() += u64::from(count);
                }
            }
        }
    }
    (refused, notes)
}

#[test]
fn what_it_says_is_in_the_catalog_but_for_what_real_tools_say_beside_it() {
    let population = population();
    let (refused, notes) = gated(&population);
    assert_eq!(refused.keys().collect::<Vec<_>>(), ["UnknownEvent"]);
    assert_eq!(
        (notes["wrong_kind"], notes["out_of_range"]),
        (0, 0),
        "{notes:?}"
    );
    for expected in ["unknown_property", "not_listed", "money_refused"] {
        assert!(notes[expected] > 0, "{expected}: {notes:?}");
    }
}

#[test]
fn few_installs_send_most_events_and_many_are_seen_only_for_days() {
    let population = population();
    let counts = count(population.events(), |it| Some(it.install().id().to_owned()));
    let mut counts: Vec<usize> = counts.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let all: usize = counts.iter().sum();
    let top: usize = counts[..counts.len() / 20].iter().sum();
    assert!(
        top * 100 > all * 30,
        "the largest twentieth sent {top} of {all}"
    );
    assert!(
        counts[0] * 100 < all * 5,
        "one install sent {} of {all}",
        counts[0]
    );
    let small = counts.iter().filter(|it| **it < 60).count();
    assert!(small * 4 > counts.len(), "{small} of {}", counts.len());
}

#[test]
fn more_is_done_in_the_end_than_in_the_beginning_and_less_at_weekends() {
    let population = population();
    let days: Vec<usize> = population.days().map(|it| it.len()).collect();
    let of = |days: &[usize]| days.iter().sum::<usize>();
    let (first, last) = (of(&days[..28]), of(&days[days.len() - 28..]));
    assert!(last > first && last < first * 4, "{first} then {last}");
    let first_day = population.plan().first_day;
    let (mut weekend, mut week) = (0, 0);
    for (day, events) in (first_day..).zip(&days) {
        match day.rem_euclid(7) {
            2 | 3 => weekend += events,
            _ => week += events,
        }
    }
    assert!(weekend * 5 < week * 2, "{weekend} at weekends, {week} else");
}

#[test]
fn a_model_appears_in_the_middle_and_one_fades() {
    let population = population();
    let split = (TODAY - 60) * DAY_MS;
    let of = |late: bool| {
        count(population.events(), |it| {
            (it.name() == "message_send" && (it.time_ms() >= split) == late)
                .then(|| word(it, "main_model"))?
        })
    };
    let (before, after) = (of(false), of(true));
    assert!(!before.contains_key("claude-sonnet-4-6"));
    let share = |counts: &BTreeMap<String, usize>, name| {
        counts[name] * 1000 / counts.values().sum::<usize>()
    };
    assert!(share(&after, "claude-sonnet-4-6") > 80);
    assert!(
        share(&after, "claude-sonnet-4-20250514") * 2 < share(&before, "claude-sonnet-4-20250514")
    );
    assert!(after["openai/REDACTED"] > 0);
}

#[test]
fn the_newest_version_line_is_adopted_and_some_stay_behind_or_do_not_say() {
    let population = population();
    let week = (TODAY - 7) * DAY_MS;
    let counts = count(
        population.events().filter(|it| it.time_ms() >= week),
        |it| {
            let version = word(it, "aider_version").unwrap_or_default();
            Some(
                version
                    .rsplit_once('.')
                    .map_or(version.clone(), |it| it.0.to_owned()),
            )
        },
    );
    let all: usize = counts.values().sum();
    assert!(counts["0.89"] * 100 / all > 25, "{counts:?}");
    assert!(counts["0.88"] * 100 / all > 10, "{counts:?}");
    assert!(counts[""] > 0, "{counts:?}");
    assert!(counts.len() > 5, "{counts:?}");
}

#[test]
fn an_error_begins_and_ends_within_the_last_weeks() {
    let population = population();
    let errors = count(population.events(), |it| {
        let class = word(it, "error")?;
        (class == "litellm.BadRequestError" || class == "AttributeError")
            .then(|| Some((class, word(it, "aider_version")?)))?
    });
    for (class, version) in [
        ("litellm.BadRequestError", "0.88.0"),
        ("AttributeError", "0.89.0"),
    ] {
        let key = (class.to_owned(), version.to_owned());
        assert!(
            errors.get(&key).is_some_and(|it| *it >= 5),
            "{key:?}: {errors:?}"
        );
    }
    let fixed = ("AttributeError".to_owned(), "0.89.1".to_owned());
    assert_eq!(errors.get(&fixed), None);
}

#[test]
fn some_runs_have_no_end_and_most_have() {
    let population = population();
    let counts = count(population.events(), |it| Some(it.name()));
    let (starts, ends) = (counts["launched"], counts["exit"]);
    assert!(
        ends * 100 > starts * 85 && ends * 100 < starts * 98,
        "{ends} of {starts}"
    );
}

#[test]
fn costs_follow_tokens_at_public_prices() {
    let population = population();
    let mut seen = 0;
    for event in population
        .events()
        .filter(|it| it.name() == "message_send")
        .take(20_000)
    {
        let properties = event.properties();
        let of = |name: &str| properties[name].as_f64().unwrap();
        assert_eq!(
            of("prompt_tokens") + of("completion_tokens"),
            of("total_tokens")
        );
        if properties["main_model"] == "gpt-5" {
            let price = (of("prompt_tokens") * 1.25 + of("completion_tokens") * 10.0) / 1e6;
            assert!((of("cost") - price).abs() < 1e-9, "{properties:?}");
            seen += 1;
        }
        assert!(of("total_cost") >= of("cost") - 1e-9);
    }
    assert!(seen > 100);
}

#[test]
fn some_events_arrive_days_late_and_none_too_late_to_be_taken() {
    let population = population();
    let delays = population
        .events()
        .map(|it| (it.arrives_ms() - it.time_ms()) / DAY_MS);
    let delays: Vec<i64> = delays.collect();
    assert!(delays.iter().all(|days| (0..13).contains(days)));
    assert!(delays.iter().any(|days| *days > 7));
    let at_once = population
        .events()
        .filter(|it| it.arrives_ms() == it.time_ms());
    assert!(at_once.count() * 100 > delays.len() * 95);
    assert!(
        population
            .events()
            .any(|it| it.install().clock_off_ms() != 0)
    );
}

#[test]
fn as_many_installs_are_taken_as_make_so_many_events() {
    let plan = Plan::until(TODAY).with_events(1_000_000);
    let made = Population::new(plan).events().count();
    assert!((900_000..1_100_000).contains(&made), "{made}");
}
