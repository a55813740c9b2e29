//! What breaks a promise, as pure functions over what was seen. Each gives the evidence, or
//! nothing where nothing is broken.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use askfirst_catalog::{Discard, Gate, Raw};
use serde_json::Value;

use crate::bench::canary::{Canaries, contains};
use crate::bench::files::Files;
use crate::bench::http::Request;
use crate::bench::process::Run;
use crate::bench::wire::{self, Event, LogLine};
use crate::policy::WAIT;

/// At most so many things are named in one line of evidence.
const NAMED: usize = 4;

/// The first few of many, and how many more there are.
pub(crate) fn few(all: impl IntoIterator<Item = String>) -> String {
    let mut seen = BTreeSet::new();
    let all: Vec<String> = all
        .into_iter()
        .filter(|one| seen.insert(one.clone()))
        .collect();
    let mut text = all
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if all.len() > NAMED {
        text.push_str(&format!(" and {} more", all.len() - NAMED));
    }
    text
}

/// Something was sent.
pub(crate) fn sent(requests: &[Request]) -> Option<String> {
    if requests.is_empty() {
        return None;
    }
    let events = wire::events(requests);
    let names = few(events.into_iter().map(|event| event.name));
    let of = match names.is_empty() {
        true => few(requests
            .iter()
            .map(|request| format!("{} {}", request.method, request.target))),
        false => names,
    };
    let requests = requests.len();
    Some(format!(
        "{requests} {} arrived: {of}",
        if requests == 1 { "request" } else { "requests" }
    ))
}

/// Events were put by to be sent later.
pub(crate) fn kept(before: &Files, after: &Files) -> Option<String> {
    let holds = |name: &&std::path::PathBuf| {
        let entry = after.0.get(*name);
        entry.is_some_and(|entry| contains(&entry.bytes, b"\"event\""))
    };
    let changed = before.changed(after);
    let names: Vec<String> = changed
        .iter()
        .filter(holds)
        .map(|name| name.display().to_string())
        .collect();
    (!names.is_empty()).then(|| format!("events wait in {}", few(names)))
}

/// An identifier lies in the state directory.
pub(crate) fn identified(files: &Files) -> Option<String> {
    let found = files.0.iter().filter_map(|(name, entry)| {
        let id = wire::uuids(&String::from_utf8_lossy(&entry.bytes))
            .into_iter()
            .next()?;
        Some(format!("{} holds {id}", name.display()))
    });
    let found: Vec<String> = found.collect();
    (!found.is_empty()).then(|| few(found))
}

/// Words of the user's came out; of these places alone, or of any.
pub(crate) fn leaked(canaries: &Canaries, of: &[&str], from: &[(&str, &[u8])]) -> Option<String> {
    let found: Vec<String> = from
        .iter()
        .flat_map(|(place, bytes)| {
            let mut found = canaries.in_bytes(bytes);
            found.retain(|found| of.is_empty() || of.contains(&found.place));
            found
                .into_iter()
                .map(move |found| format!("{} in {place} ({})", found.place, found.form))
        })
        .collect();
    (!found.is_empty()).then(|| few(found))
}

/// Every value of an event, with its name.
fn leaves(value: &Value, name: &str, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                leaves(value, key, into);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| leaves(value, name, into)),
        other => into.push((name.to_owned(), other.clone())),
    }
}

/// What an event says that no line of the log says. The log calls the sender `user_id`.
fn unlogged(event: &Event, lines: &[&LogLine]) -> Option<String> {
    let mut said = Vec::new();
    leaves(&event.whole, "", &mut said);
    let best = lines.iter().map(|line| {
        let mut logged = Vec::new();
        leaves(&line.whole, "", &mut logged);
        let has = |(name, value): &&(String, Value)| {
            let name = if name == "distinct_id" {
                "user_id"
            } else {
                name
            };
            logged
                .iter()
                .any(|(other, logged)| other == name && logged == value)
        };
        let missing: Vec<String> = said
            .iter()
            .filter(|one| !has(one))
            .map(|(name, _)| name.clone())
            .collect();
        missing
    });
    match best.min_by_key(Vec::len) {
        None => Some(format!("`{}` stands in no line", event.name)),
        Some(missing) if missing.is_empty() => None,
        Some(missing) => Some(format!("`{}`: {}", event.name, few(missing))),
    }
}

/// Something was sent that is not in the log.
pub(crate) fn sent_unlogged(events: &[Event], log: &[LogLine]) -> Option<String> {
    let mut by_name: BTreeMap<&str, Vec<&LogLine>> = BTreeMap::new();
    for line in log {
        by_name.entry(&line.event).or_default().push(line);
    }
    let missing: Vec<String> = events
        .iter()
        .filter_map(|event| {
            unlogged(
                event,
                by_name
                    .get(event.name.as_str())
                    .map_or(&[][..], Vec::as_slice),
            )
        })
        .collect();
    (!missing.is_empty()).then(|| format!("sent and not logged: {}", few(missing)))
}

/// Events or properties arrived that the catalog does not have, or values it does not admit.
pub(crate) fn undeclared(gate: &Gate, events: &[Event], today: i32) -> Option<String> {
    let found: Vec<String> = events
        .iter()
        .filter_map(|event| refused(gate, event, today))
        .collect();
    (!found.is_empty()).then(|| few(found))
}

fn refused(gate: &Gate, event: &Event, today: i32) -> Option<String> {
    let properties: Vec<(&str, Raw<'_>)> = event
        .properties
        .iter()
        .map(|(name, value)| (name.as_str(), raw(value)))
        .collect();
    let name = &event.name;
    let notes = match gate.admit(name, &properties, today) {
        Ok(admitted) => *admitted.notes(),
        Err(Discard::UnknownEvent) => return Some(format!("event `{name}`")),
        Err(reason) => return Some(format!("event `{name}` ({reason:?})")),
    };
    let counts = [
        (notes.unknown_property, "undeclared properties"),
        (notes.not_collected, "properties of classes that are off"),
        (notes.wrong_kind, "values of another kind"),
        (
            notes.money_refused,
            "amounts beside a model that is not public",
        ),
    ];
    let said: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!said.is_empty()).then(|| format!("`{name}`: {}", said.join(", ")))
}

fn raw(value: &Value) -> Raw<'_> {
    match value {
        Value::Null => Raw::Null,
        Value::Bool(is) => Raw::Bool(*is),
        Value::String(text) => Raw::Str(text),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Raw::Int(whole.into()),
            (None, Some(float)) => Raw::Float(float),
            (None, None) => Raw::Null,
        },
        Value::Array(_) | Value::Object(_) => Raw::Null,
    }
}

/// Whom events come from.
pub(crate) fn senders(events: &[Event]) -> BTreeSet<&str> {
    events.iter().map(|event| event.id.as_str()).collect()
}

/// Prices beside models that are not public.
pub(crate) fn priced(events: &[Event], public: impl Fn(&str) -> bool) -> Option<String> {
    let amounts = ["cost", "total_cost"];
    let found: Vec<String> = events
        .iter()
        .filter(|event| !event.text("main_model").is_none_or(&public))
        .flat_map(|event| {
            let model = event.text("main_model").unwrap_or_default();
            amounts.iter().filter_map(move |name| {
                let amount = event.properties.get(*name)?.as_f64()?;
                (amount > 0.0)
                    .then(|| format!("`{}` has {name} {amount} beside {model}", event.name))
            })
        })
        .collect();
    (!found.is_empty()).then(|| few(found))
}

/// Events from whose connection the receiver takes the address.
pub(crate) fn addressed(events: &[Event]) -> Option<String> {
    let hides = |event: &&Event| {
        event
            .text("$ip")
            .is_some_and(|ip| ip == "0.0.0.0" || ip == "::")
    };
    let open: Vec<String> = events
        .iter()
        .filter(|event| !hides(event))
        .map(|event| format!("`{}`", event.name))
        .collect();
    (!open.is_empty()).then(|| format!("no `$ip` of nobody in {}", few(open)))
}

/// Two runs that should be alike and are not; what differs is quoted.
pub(crate) fn differ(run: &Run, quiet: &Run) -> Option<String> {
    if run.code != quiet.code || run.hung != quiet.hung {
        return Some(format!("{}; without analytics {}", run.end(), quiet.end()));
    }
    let more = |with: &str, without: &str| -> Option<String> {
        let mut old: Vec<&str> = without.lines().collect();
        let new = with
            .lines()
            .find(|line| match old.iter().position(|other| other == line) {
                Some(at) => {
                    old.remove(at);
                    false
                }
                None => true,
            });
        let gone = || {
            old.first()
                .map(|line| format!("it no longer prints {:?}", cut(line)))
        };
        match new {
            Some(line) => Some(format!("it prints {:?}", cut(line))),
            None => gone(),
        }
    };
    more(&run.stdout, &quiet.stdout).or_else(|| more(&run.stderr, &quiet.stderr))
}

/// The start of a line, for evidence.
pub(crate) fn cut(line: &str) -> String {
    let line = line.trim();
    match line.char_indices().nth(90) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line.to_owned(),
    }
}

/// The middle one of several.
pub(crate) fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A run that waits for its analytics: in the middle longer than without by more than two runs
/// differ, and even the shortest longer than any without. A busy machine does the one or the
/// other to a run; a wait does both to all.
pub(crate) fn waits(with: &[Duration], without: &[Duration]) -> Option<String> {
    let apart = with.iter().min() > without.iter().max();
    let (with, without) = (median(with), median(without));
    (apart && with > without + WAIT).then(|| figures(with, without))
}

/// `8.6 s; without analytics 2.5 s`.
pub(crate) fn figures(with: Duration, without: Duration) -> String {
    format!(
        "{:.1} s; without analytics {:.1} s",
        with.as_secs_f64(),
        without.as_secs_f64()
    )
}

/// The words of a text, however its lines are broken and coloured.
pub(crate) fn squeezed(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            // An escape sequence ends with a letter.
            '\u{1b}' => {
                let _ = characters
                    .by_ref()
                    .skip_while(|c| *c == '[')
                    .find(char::is_ascii_alphabetic);
            }
            other => plain.push(other),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The program fell over.
pub(crate) fn fell(run: &Run) -> Option<String> {
    let said = run.said();
    let words = [
        "Traceback (most recent call last)",
        "panicked at",
        "Uncaught exception",
    ];
    let line = said
        .lines()
        .find(|line| words.iter().any(|word| line.contains(word)));
    match (line, run.hung) {
        (_, true) => Some(run.end()),
        (Some(line), _) => Some(format!("{:?}, {}", cut(line), run.end())),
        (None, false) => None,
    }
}

/// How often each event name comes, in the log and among those that a receiver keeps.
pub(crate) fn lost(log: &[LogLine], events: &[Event]) -> Option<String> {
    let mut missing: BTreeMap<&str, i64> = BTreeMap::new();
    for line in log {
        *missing.entry(&line.event).or_default() += 1;
    }
    for event in wire::kept(events) {
        if let Some(count) = missing.get_mut(event.name.as_str()) {
            *count -= 1;
        }
    }
    let lost: i64 = missing.values().filter(|count| **count > 0).sum();
    let names = missing.iter().filter(|(_, count)| **count > 0);
    let names = few(names.map(|(name, count)| format!("{count} `{name}`")));
    (lost > 0).then(|| format!("{lost} of {} events never arrived: {names}", log.len()))
}

/// Events that a receiver counts twice, or that change while they are sent again.
pub(crate) fn doubled(events: &[Event]) -> Option<String> {
    let named = |twice: Vec<&Event>, how: &str| {
        let names = few(twice.iter().map(|event| format!("`{}`", event.name)));
        (!twice.is_empty()).then(|| format!("{} {how}: {names}", twice.len()))
    };
    named(changed(events), "came again with other content")
        .or_else(|| named(alike(events), "are counted twice"))
}

/// Those that came earlier under the same id, saying something else: one of the two is lost.
fn changed(events: &[Event]) -> Vec<&Event> {
    let mut contents: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut events: Vec<&Event> = events.iter().collect();
    events.retain(|event| {
        let id = event.uuid.as_deref();
        id.is_some_and(|id| *contents.entry(id).or_insert(&event.whole) != &event.whole)
    });
    events
}

/// Those of another id than one before, or of none, and otherwise that event, at its time. Where
/// no time is sent nobody can say that two are one.
fn alike(events: &[Event]) -> Vec<&Event> {
    let mut seen = BTreeSet::new();
    let mut kept = wire::kept(events);
    kept.retain(|event| {
        let mut content = event.whole.clone();
        content["uuid"].take();
        !content["timestamp"].is_null() && !seen.insert(content.to_string())
    });
    kept
}

/// Chance of at most `seen` of `n` where each is so with probability `p`.
pub(crate) fn at_most(seen: usize, n: usize, p: f64) -> f64 {
    let mut term = (1.0 - p).powi(i32::try_from(n).unwrap_or(i32::MAX));
    let mut sum = term;
    for k in 0..seen.min(n) {
        term *= (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
        sum += term;
    }
    sum
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
