//! `askfirst.json`.

use askfirst_catalog::{Class, ClassSet};
use serde::{Deserialize, Serialize};

use super::draw::DrawnNumber;
use super::identity::ForgetKey;
use crate::calendar::Day;
use crate::policy::KEY_DAYS;
use crate::settings::Destination;

/// The version of the form this program writes, and the newest it reads.
pub(super) const VERSION: u32 = 1;

/// Our choice, as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Whether this user is of the random subset; deleted by an answer.
    pub draw: Option<DrawnNumber>,
    /// Questions that were shown and not answered.
    pub attempts: u8,
    /// The yes.
    pub yes: Option<Yes>,
    /// A key for each destination.
    pub keys: Vec<Held>,
}

/// A yes, and what it covers (promise P16).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yes {
    /// The day, in days since 1970-01-01.
    pub consented_on: i32,
    /// The version of the question.
    pub question_version: u32,
    /// Who the profile said receives what is sent.
    pub recipient: String,
    /// What may be collected.
    pub classes: ClassSet,
}

/// A forget key, for one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The host it is for.
    pub host: String,
    /// The project it is for.
    pub project_key: String,
    /// The key.
    pub forget_key: ForgetKey,
    /// The day it was drawn, in days since 1970-01-01.
    pub since: i32,
}

impl Held {
    /// Whether it is for this destination.
    pub fn is_for(&self, destination: &Destination) -> bool {
        self.host == destination.host.as_str()
            && self.project_key == destination.project_key.as_str()
    }

    /// Whether it has to be replaced (promise P17). A day in the future is a clock that was
    /// wrong then or is now: replaced too, it must not last longer than it may.
    pub fn is_over(&self, today: i32) -> bool {
        self.since > today.saturating_add(1) || self.last_day() < today
    }

    /// The last day it is used.
    pub fn last_day(&self) -> i32 {
        self.since.saturating_add(KEY_DAYS).saturating_sub(1)
    }
}

impl Record {
    /// The key for a destination.
    pub fn key_for(&self, destination: &Destination) -> Option<&Held> {
        self.keys.iter().find(|held| held.is_for(destination))
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Record, NotOurs> {
        match serde_json::from_slice::<Written>(bytes) {
            Ok(written) if written.version > VERSION => Err(NotOurs::Newer),
            Ok(written) => written.read().ok_or(NotOurs::Foreign),
            Err(_) => Err(NotOurs::why(bytes)),
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        // Numbers, texts and lists: nothing here can fail to be written.
        let mut bytes = serde_json::to_vec_pretty(&Written::of(self)).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// Why a file is not a choice of ours that can be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotOurs {
    Torn,
    Foreign,
    Newer,
}

impl NotOurs {
    /// What bytes are that are not of our form.
    fn why(bytes: &[u8]) -> NotOurs {
        let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) else {
            return NotOurs::Torn;
        };
        let version = value.get("version").and_then(serde_json::Value::as_u64);
        match version.is_some_and(|version| version > u64::from(VERSION)) {
            true => NotOurs::Newer,
            false => NotOurs::Foreign,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    draw: Option<String>,
    attempts: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    yes: Option<WrittenYes>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<WrittenKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenYes {
    consented_on: String,
    question_version: u32,
    recipient: String,
    classes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    host: String,
    project_key: String,
    forget_key: String,
    since: String,
}

impl Written {
    fn of(record: &Record) -> Written {
        let yes = record.yes.as_ref().map(|yes| WrittenYes {
            consented_on: Day(yes.consented_on).to_string(),
            question_version: yes.question_version,
            recipient: yes.recipient.clone(),
            classes: yes
                .classes
                .iter()
                .map(|class| class.name().to_owned())
                .collect(),
        });
        let keys = record.keys.iter().map(|held| WrittenKey {
            host: held.host.clone(),
            project_key: held.project_key.clone(),
            forget_key: held.forget_key.spelled(),
            since: Day(held.since).to_string(),
        });
        Written {
            version: VERSION,
            draw: record.draw.map(DrawnNumber::spelled),
            attempts: record.attempts,
            yes,
            keys: keys.collect(),
        }
    }

    /// The outer `None` of a part that is there and cannot be read makes the whole unreadable.
    fn read(self) -> Option<Record> {
        let draw = match self.draw {
            Some(text) => Some(DrawnNumber::parse(&text)?),
            None => None,
        };
        let yes = match self.yes {
            Some(yes) => Some(Yes {
                consented_on: Day::of(&yes.consented_on)?.0,
                question_version: yes.question_version,
                recipient: yes.recipient,
                classes: classes(&yes.classes)?,
            }),
            None => None,
        };
        let keys = self.keys.into_iter().map(|key| {
            Some(Held {
                forget_key: ForgetKey::parse(&key.forget_key)?,
                since: Day::of(&key.since)?.0,
                host: key.host,
                project_key: key.project_key,
            })
        });
        Some(Record {
            draw,
            attempts: self.attempts,
            yes,
            keys: keys.collect::<Option<_>>()?,
        })
    }
}

fn classes(names: &[String]) -> Option<ClassSet> {
    let classes = names.iter().map(|name| Class::from_name(name));
    classes.collect::<Option<ClassSet>>()
}
