//! What a receipt says.

use serde::{Deserialize, Serialize};

use crate::hex;
use crate::key::{ForgetKey, commitment};

/// The state of a receipt given at once: the events are masked. They are still in files, which
/// are written anew without them later.
pub const STATE_ACCEPTED: &str = "accepted";

/// What is reached, in words for whoever reads the file.
const COVERS: [&str; 2] = [
    "every event stored under the identifier of this key: no report shows or counts it from now on",
    "every event that still arrives under it: refused",
];

/// What is not reached (decision D30).
const DOES_NOT_COVER: [&str; 4] = [
    "the stored bytes themselves, until the files that hold them are written anew or reach the end of their retention",
    "pages, CSV files and other copies of reports made before",
    "backups made before",
    "counts without identifiers",
];

/// What a collector says about a request. Every text of it is the collector's; nothing in it
/// tells whether there was anything to erase, because a collector answers the same to every key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Receipt {
    /// [`STATE_ACCEPTED`].
    pub state: String,
    /// The tool: the id of its profile.
    pub tool: String,
    /// The name of the project at the collector.
    pub project: String,
    /// Who received the events, as the tool's profile says.
    pub recipient: String,
    /// [`commitment`] of the forget key, in hex: not the key, and not the identifier.
    pub asked: String,
    /// The day it was accepted, UTC: `2026-11-21`.
    pub accepted_on: String,
    /// What is reached.
    pub covers: Vec<String>,
    /// What is not.
    pub does_not_cover: Vec<String>,
}

impl Receipt {
    /// A receipt for a request that was accepted on a day, in days since 1970.
    pub fn accepted(
        tool: &str,
        project: &str,
        recipient: &str,
        key: &ForgetKey,
        day: i32,
    ) -> Receipt {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Receipt {
            state: STATE_ACCEPTED.to_owned(),
            tool: tool.to_owned(),
            project: project.to_owned(),
            recipient: recipient.to_owned(),
            asked: hex::encode(&commitment(key)),
            accepted_on: date(day),
            covers: texts(&COVERS),
            does_not_cover: texts(&DOES_NOT_COVER),
        }
    }

    /// Whether it is the answer to a request with this key.
    pub fn is_for(&self, key: &ForgetKey) -> bool {
        self.asked == hex::encode(&commitment(key))
    }
}

fn date(day: i32) -> String {
    let first = jiff::civil::Date::constant(1970, 1, 1);
    let span = jiff::Span::new().try_days(day);
    let date = span.and_then(|span| first.checked_add(span));
    date.unwrap_or(jiff::civil::Date::MAX).to_string()
}
