//! What nobody will deliver any more: events of an id that was replaced (promise P17), and of
//! destinations that are not used any more. They must not lie about for ever.

use std::fs;
use std::path::{Path, PathBuf};

use super::Waiting;
use super::claim::take;
use crate::policy;

/// Drops every file of an id that is not `live`, and those of the others that have waited too
/// long. Files that a process is writing are left to it. Gives how many events were dropped.
///
/// `live` gives the folders of the ids there are. It is asked after the folders were listed:
/// an id is stored before its folder is made, so a new one is among them.
pub(crate) fn sweep(spool: &Path, live: impl FnOnce() -> Option<Vec<PathBuf>>, now_ms: i64) -> u64 {
    let folders: Vec<PathBuf> = fs::read_dir(spool)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|it| it.is_dir()))
        .map(|entry| entry.path())
        .collect();
    let Some(live) = live() else {
        return 0;
    };
    let mut dropped = 0_u64;
    for folder in folders {
        let ended = !live.contains(&folder);
        let waiting = Waiting::look(&folder);
        // Most of the time there is nothing to do, and nothing is opened.
        let files = match ended || waiting.has_expired(now_ms) {
            true => waiting.files,
            false => Vec::new(),
        };
        for path in files {
            dropped = dropped.saturating_add(drop_file(&path, ended, now_ms));
        }
        if ended {
            // Only if it is empty.
            let _ = fs::remove_dir(&folder);
        }
    }
    dropped
}

fn drop_file(path: &Path, ended: bool, now_ms: i64) -> u64 {
    let Ok(Some(file)) = take(path) else {
        return 0;
    };
    let old = file
        .modified_ms()
        .is_some_and(|at| now_ms.saturating_sub(at) > policy::SPOOL_AGE_MS);
    let events = file.len() as u64;
    match (ended || old) && file.remove().is_ok() {
        true => events,
        false => 0,
    }
}
