//! One line of an existing analytics log, as `--analytics-log FILE` of the tools writes it:
//! `{"event": ..., "properties": {...}, "user_id": ..., "time": ...}`, newer ones with `uuid`
//! and `timestamp` besides.

use std::cell::OnceCell;

use askfirst_store::{LineKey, Reason};

use crate::decode::{Incoming, Member, read_member};
use crate::identity::{hash64, random_uuid};
use crate::policy;

/// A line, and what tells it from the others.
#[derive(Debug)]
pub(crate) struct Read<'l> {
    pub(crate) key: LineKey,
    pub(crate) incoming: Result<Incoming<'l>, Reason>,
}

/// Reads a line without its newline. What Python's encoder writes beside the standard (NaN, lone
/// surrogates) is repaired, into `repaired`, which outlives what is borrowed from it.
///
/// # Errors
///
/// [`Reason::TooLarge`] beyond [`policy::LINE_BYTES`]; [`Reason::BadJson`], also for half a line
/// and for bytes that are no text; [`Reason::NotAnObject`].
pub fn parse<'l>(line: &'l [u8], repaired: &'l OnceCell<String>) -> Result<Incoming<'l>, Reason> {
    if line.len() > policy::LINE_BYTES {
        return Err(Reason::TooLarge);
    }
    let text = str::from_utf8(line).map_err(|_| Reason::BadJson)?;
    match read_member(text, repaired).ok_or(Reason::BadJson)? {
        Member::Event(incoming) => Ok(incoming),
        Member::NotAnObject => Err(Reason::NotAnObject),
    }
}

/// Reads a line and its key: the hash of its random `uuid` if it has one, else of its bytes.
pub(crate) fn read<'l>(line: &'l [u8], repaired: &'l OnceCell<String>) -> Read<'l> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let incoming = parse(line, repaired);
    let uuid = incoming
        .as_ref()
        .ok()
        .and_then(|incoming| incoming.uuid.as_deref());
    let key = match uuid.and_then(random_uuid) {
        Some(uuid) => LineKey::Uuid(hash64(&uuid)),
        None => LineKey::Line(hash64(line)),
    };
    Read { key, incoming }
}
