//! A tally as JSON: `{"reasons":{"20060":{"accepted":9}},"notes":{...}}`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::outcome::{Note, Reason};
use crate::tally::Tally;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    reasons: BTreeMap<i32, BTreeMap<String, u64>>,
    notes: BTreeMap<i32, BTreeMap<String, u64>>,
}

pub(super) fn serialize<S: Serializer>(tally: &Tally, serializer: S) -> Result<S::Ok, S::Error> {
    let mut counts = Counts {
        reasons: BTreeMap::new(),
        notes: BTreeMap::new(),
    };
    for (day, reason, n) in tally.reasons() {
        let of_day = counts.reasons.entry(day).or_default();
        of_day.insert(reason.name().to_owned(), n);
    }
    for (day, note, n) in tally.notes() {
        let of_day = counts.notes.entry(day).or_default();
        of_day.insert(note.name().to_owned(), n);
    }
    counts.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tally, D::Error> {
    let counts = Counts::deserialize(deserializer)?;
    let mut tally = Tally::default();
    for (day, of_day) in &counts.reasons {
        for (name, n) in of_day {
            let reason = Reason::from_name(name).ok_or_else(|| D::Error::custom("no reason"))?;
            tally.add(*day, reason, *n);
        }
    }
    for (day, of_day) in &counts.notes {
        for (name, n) in of_day {
            let note = Note::from_name(name).ok_or_else(|| D::Error::custom("no note"))?;
            tally.note(*day, note, *n);
        }
    }
    Ok(tally)
}
