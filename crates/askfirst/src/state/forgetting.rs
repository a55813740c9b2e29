//! `askfirst-forget.json`: what a person asked to be erased and no collector has confirmed yet.
//!
//! It is the one thing that holds a key beside the choice, and the one thing that is sent while
//! analytics are off. The bytes are described in `docs/formats/choice.md`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::identity::ForgetKey;
use super::{Error, State};
use crate::calendar::Day;
use crate::policy::{ENDED, FORGET_DAYS, MAX_FILE};

const VERSION: u32 = 1;

/// What was asked, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Forgetting {
    /// Not answered yet.
    pub(crate) waiting: Vec<Waiting>,
    /// Answered without anybody looking, or given up: the newest last, for status.
    pub(crate) ended: Vec<Ended>,
}

/// A request that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) host: String,
    pub(crate) project_key: String,
    pub(crate) forget_key: ForgetKey,
    /// The day it was asked, since 1970-01-01.
    pub(crate) asked_on: i32,
}

impl Waiting {
    /// The last day it is tried.
    pub(crate) fn last_day(&self) -> i32 {
        self.asked_on.saturating_add(FORGET_DAYS).saturating_sub(1)
    }

    /// Whether it has waited long enough.
    pub(crate) fn is_over(&self, today: i32) -> bool {
        self.last_day() < today
    }

    fn is(&self, other: &Waiting) -> bool {
        let place = |it: &Waiting| (it.host.clone(), it.project_key.clone());
        self.forget_key == other.forget_key && place(self) == place(other)
    }
}

/// A request that does not wait any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ended {
    pub(crate) host: String,
    /// The day: `2026-11-21`.
    pub(crate) on: String,
    /// What became of it, in words.
    pub(crate) how: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    waiting: Vec<WrittenWaiting>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ended: Vec<Ended>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWaiting {
    host: String,
    project_key: String,
    forget_key: String,
    asked_on: String,
}

impl Forgetting {
    fn parse(bytes: &[u8]) -> Option<Forgetting> {
        let written: Written = serde_json::from_slice(bytes).ok()?;
        let waiting = written.waiting.into_iter().map(|it| {
            Some(Waiting {
                forget_key: ForgetKey::parse(&it.forget_key)?,
                asked_on: Day::of(&it.asked_on)?.0,
                host: it.host,
                project_key: it.project_key,
            })
        });
        (written.version == VERSION).then_some(())?;
        Some(Forgetting {
            waiting: waiting.collect::<Option<_>>()?,
            ended: written.ended,
        })
    }

    fn bytes(&self) -> Vec<u8> {
        let waiting = self.waiting.iter().map(|it| WrittenWaiting {
            host: it.host.clone(),
            project_key: it.project_key.clone(),
            forget_key: it.forget_key.spelled(),
            asked_on: Day(it.asked_on).to_string(),
        });
        let written = Written {
            version: VERSION,
            waiting: waiting.collect(),
            ended: self.ended.clone(),
        };
        // Texts and lists of them: nothing here can fail to be written.
        let mut bytes = serde_json::to_vec_pretty(&written).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

impl State {
    /// What was asked to be erased; `None` if the file cannot be understood, and is left alone.
    pub(crate) fn forgetting(&self) -> Option<Forgetting> {
        match self.disk.read(&self.places.forgetting(), MAX_FILE) {
            Ok(bytes) => Forgetting::parse(&bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Some(Forgetting::default())
            }
            Err(_) => None,
        }
    }

    /// Whether there may be a request that waits: one look at a name.
    pub(crate) fn may_be_forgetting(&self) -> bool {
        self.disk.exists(&self.places.forgetting()).unwrap_or(false)
    }

    /// Adds requests. The caller holds the lock.
    pub(super) fn wait_to_forget(&self, requests: &[Waiting]) -> Result<(), Error> {
        let mut forgetting = self.forgetting().ok_or_else(|| self.not_understood())?;
        for request in requests {
            // Asked anew, it waits anew.
            forgetting.waiting.retain(|it| !it.is(request));
            forgetting.waiting.push(request.clone());
        }
        self.put_forgetting(&forgetting)
    }

    /// Takes a request away, and notes how it ended if that is to be read later.
    pub(crate) fn end_forgetting(
        &self,
        request: &Waiting,
        ended: Option<Ended>,
    ) -> Result<(), Error> {
        let _lock = self.lock_barrier()?;
        let mut forgetting = self.forgetting().ok_or_else(|| self.not_understood())?;
        let before = forgetting.clone();
        forgetting.waiting.retain(|it| !it.is(request));
        // Another process may have seen the same end.
        if forgetting.waiting.len() < before.waiting.len() {
            forgetting.ended.extend(ended);
            let old = forgetting.ended.len().saturating_sub(ENDED);
            drop(forgetting.ended.drain(..old));
        }
        match forgetting == before {
            true => Ok(()),
            false => self.put_forgetting(&forgetting),
        }
    }

    fn put_forgetting(&self, forgetting: &Forgetting) -> Result<(), Error> {
        let path = self.places.forgetting();
        if *forgetting != Forgetting::default() {
            return self.replace(&path, &forgetting.bytes());
        }
        let gone = self.absent(&path).and_then(|()| self.sync_around(&path));
        gone.map_err(|source| Error::Disk { path, source })
    }

    /// Keeps a receipt, and says where.
    pub(crate) fn keep_receipt(&self, name: &str, text: &str) -> Result<PathBuf, Error> {
        let dir = self.places.receipts();
        let made = self.disk.create_dir(&dir);
        made.map_err(|source| Error::Disk {
            path: dir.clone(),
            source,
        })?;
        let path = dir.join(name);
        self.replace(&path, format!("{text}\n").as_bytes())?;
        Ok(path)
    }

    fn not_understood(&self) -> Error {
        let path = self.places.forgetting();
        let source = std::io::Error::new(std::io::ErrorKind::InvalidData, "it is not ours");
        Error::Disk { path, source }
    }
}
