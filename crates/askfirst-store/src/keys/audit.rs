//! A run, checked from its first byte to its last.

use super::filter::may_hold;
use super::read::Reader;
use super::run::Run;
use super::{CRC, EventKey, mixed};
use crate::codec::Cursor;
use crate::error::Error;
use crate::manifest::{KeyRun, RunKind};
use crate::policy::KEY_FILTER;

/// What its keys say.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    pub(crate) keys: u64,
    /// The first and the last key.
    pub(crate) ends: Option<(EventKey, EventKey)>,
    /// Whether each key is greater than the one before.
    pub(crate) ordered: bool,
    /// Keys that a look-up would miss, because their filter does not have them.
    pub(crate) hidden: u64,
}

/// Reads every filter and every block.
pub(crate) fn audit(run: &Run) -> Result<Audit, Error> {
    let mut reader = Reader::new(run);
    let mut audit = Audit {
        ordered: true,
        ..Audit::default()
    };
    let mut filter = None;
    while audit.keys < run.keys() {
        let Some(key) = reader.next()? else { break };
        let at = audit.keys;
        if at.is_multiple_of(KEY_FILTER as u64) {
            filter = Some(run.filter((at / KEY_FILTER as u64) as u32)?);
        }
        let held = filter
            .as_ref()
            .is_none_or(|it| may_hold(&it[CRC..], mixed(key)));
        audit.hidden += u64::from(!held || !run.directory.has_time(key.0));
        if let Some((_, last)) = audit.ends {
            audit.ordered &= last < key;
        }
        audit.ends = Some((audit.ends.map_or(key, |(first, _)| first), key));
        audit.keys += 1;
    }
    Ok(audit)
}

/// What a manifest would say of a run, by its first bytes and its length.
pub(crate) fn named(begin: &[u8], bytes: u64) -> Option<KeyRun> {
    let mut cursor = Cursor::new(begin.get(12..24)?);
    let kind = match cursor.u8() {
        Ok(1) => RunKind::Received,
        Ok(2) => RunKind::Lines,
        _ => return None,
    };
    let _zeros: [u8; 3] = cursor.array().ok()?;
    Some(KeyRun {
        file: 0,
        kind,
        keys: u64::from_le_bytes(cursor.array().ok()?),
        bytes,
        sha256: [0; 32],
        arrived: (0, 0),
    })
}
